// The server, as the page in a browser sees it. While the server itself renders the first view of a page, on-server.ts stands
// in for this module: see scripts/build-browser.mjs.

import type { Locale } from '../../../language/locale.js';

/** What the page needs of a Response. */
export interface Answer extends Pick<Response, 'ok' | 'status' | 'json'> {
  /** Absent where the answer came with the page. */
  readonly headers?: Pick<Headers, 'get'>;
}

/** Answers that came with the page, by the addresses that the page would ask. */
let given = new Map<string, unknown>();
let hasAsked = false;

/** Reads the answers that came with the page. False: none came. */
export function readGiven(): boolean {
  const text = document.getElementById('given')?.textContent ?? '';
  if (text !== '') given = new Map(Object.entries(JSON.parse(text) as object));
  return text !== '';
}

/** They are for the first view: later ones are asked for. */
export function forgetGiven(): void {
  given.clear();
}

/** Whether something was asked for that had not come with the page. */
export function hasAskedServer(): boolean {
  return hasAsked;
}

export interface Asking {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
  /** The tag of an answer that the page has already. */
  readonly known?: string | undefined;
}

export async function ask(address: string, { signal, known }: Asking = {}): Promise<Answer> {
  const body = given.get(address);
  if (body !== undefined) return { ok: true, status: 200, json: async () => body };
  hasAsked = true;
  return fetch(address, { signal: signal ?? null, headers: known === undefined ? {} : { 'If-None-Match': known } });
}

/** As in the attribute `lang` of the page: the language, and the region where the browser says it. Tests have no document. */
export const LOCALE: Locale =
  typeof document === 'undefined' ? LANGUAGE : ((document.documentElement.lang || LANGUAGE) as Locale);

/** Stands before every address on our server; empty unless the service shares its host: see web/pages/layout.ts. */
export function basePath(): string {
  return document.body.dataset.base ?? '';
}
