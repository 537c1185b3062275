// Asks the API.
import type { Answered } from './answers.js';
import { type Answer, type Asking, ask, basePath } from './first-view/server.js';

export { basePath };

/** The server no longer answers: the token was revoked, the session has ended, or the token cannot read the site. */
export class SignedOut extends Error {
  constructor(readonly isOfSite: boolean) {
    super();
  }
}

/** The server answers, but not this. */
export class NotAnswered extends Error {
  constructor(readonly status: number) {
    super(`the server answered ${status}`);
  }
}

/** Passes over an error, such as that of a part that the page can do without, unless it means being signed out. */
export function unlessSignedOut(error: unknown): undefined {
  if (error instanceof SignedOut) throw error;
}

export function siteAddress(site: string): string {
  return `${basePath()}/api/v1/sites/${encodeURIComponent(site)}`;
}

/** Resolves if the site can be read; throws as `fetchReport` does. */
export async function fetchSite(site: string): Promise<void> {
  await answered(siteAddress(site));
}

export type Query = Readonly<Record<string, string>>;

/** `query`: see docs/api.md. Throws `SignedOut`, or another error where the server cannot be reached or cannot answer. */
export async function fetchReport<Body>(site: string, name: string, query: Query): Promise<Answered<Body>> {
  const response = await answered(`${siteAddress(site)}/${name}?${new URLSearchParams(query)}`);
  return (await response.json()) as Answered<Body>;
}

/** The query of several reports: see docs/api.md. */
export function queryOfReports(reports: readonly string[], query: Query): string {
  return String(new URLSearchParams({ reports: reports.join(), ...query }));
}

/** Several reports at once, by their names. Throws as `fetchReport` does. */
export async function fetchReports<Answers>(site: string, query: string): Promise<Answers> {
  const response = await answered(`${siteAddress(site)}/reports?${query}`);
  return (await response.json()) as Answers;
}

/** Answers to one question, with the tag by which the server knows them. */
interface Tagged {
  readonly query: string;
  readonly tag: string;
  readonly answers: object;
}

/**
 * Returns a function that is called again and again for several reports. While no number has changed, the server says only as
 * of when that is so. Throws as `fetchReport` does.
 */
export function createFetchAgain(site: string): (query: string) => Promise<object> {
  let last: Tagged | undefined;
  return async (query) => {
    const before = last?.query === query ? last : undefined;
    const response = await answered(`${siteAddress(site)}/reports?${query}`, { known: before?.tag });
    const header = (name: string): string => response.headers?.get(name) ?? '';
    if (response.status === 304 && before !== undefined) {
      const asOf = header('As-Of');
      if (asOf !== '') return asOfNow(before.answers, asOf);
      last = undefined;
      return fetchReports<object>(site, query);
    }
    const answers = (await response.json()) as object;
    const tag = header('ETag');
    // during an upgrade, nodes of the version before give a tag, but do not say as of when it is right
    last = tag === '' || header('As-Of') === '' ? undefined : { query, tag, answers };
    return answers;
  };
}

/** Reports whose numbers are still the same. */
export function asOfNow(reports: object, asOf: string): Record<string, object> {
  return Object.fromEntries(Object.entries(reports).map(([name, report]) => [name, { ...report, asOf }]));
}

/** `address`: with the base path. Throws as `fetchReport` does, and when `signal` is aborted. */
export async function fetchJson<Body>(address: string, signal?: AbortSignal): Promise<Body> {
  return (await (await answered(address, { signal })).json()) as Body;
}

async function answered(address: string, asking: Asking = {}): Promise<Answer> {
  const response = await ask(address, asking);
  if (response.status === 401 || response.status === 404) throw new SignedOut(response.status === 404);
  const isKnown = response.status === 304 && asking.known !== undefined;
  if (!response.ok && !isKnown) throw new NotAnswered(response.status);
  return response;
}
