// Stands in for server.ts while the server renders the first view of a page. The answers are not fetched but made in the
// same thread. Each page has a context of its own, since several pages may be rendered at the same time.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Locale } from '../../../language/locale.js';
import type { Answer } from './server.js';

/** Formatters are made once, so each locale has an instance of this program; its address ends in `?locale=de-AT`. */
export const LOCALE = (new URL(import.meta.url).searchParams.get('locale') ?? LANGUAGE) as Locale;

export interface Rendering {
  /** See `basePath` in server.ts. */
  readonly base: string;
  /** Answers with the text that the API would send. */
  answer(address: string): Promise<string>;
  /** Collects the answers for the page, by their addresses. */
  readonly given: Map<string, string>;
}

export const rendering = new AsyncLocalStorage<Rendering>();

function current(): Rendering {
  const store = rendering.getStore();
  if (store === undefined) throw new Error('no page is being rendered');
  return store;
}

export async function ask(address: string): Promise<Answer> {
  const { answer, given } = current();
  const text = await answer(address);
  given.set(address, text);
  return { ok: true, status: 200, json: async () => JSON.parse(text) };
}

export function basePath(): string {
  return current().base;
}
