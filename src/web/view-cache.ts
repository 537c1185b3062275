// First views, for the thread that answers pages. A page does not wait long for its first view: without it, the script asks for
// everything.
import type { FirstView, FirstViewQuery, SitesView, SitesViewQuery } from '../reporting/first-view.js';
import { within } from '../system/within.js';

/** A page that is slower than this with its numbers comes without them. Its head is shown meanwhile. */
const WAIT_MS_MAX = 1_000;
/** All who open the same page within this time get the same first view. The page is up to date a moment later. */
const SHARED_MS = 2_000;
/** With more, the report thread would make nothing else. */
const AT_ONCE_MAX = 8;

/**
 * The function resolves with `undefined` if a first view cannot be made quickly, or too many are being made. It calls `pay` only
 * if one has to be made; if that rejects, none is made.
 */
export type ViewCache<Query, View> = (query: Query, pay: () => Promise<void>) => Promise<View | undefined>;

/** For the page of a site. */
export function createFirstViewCache(make: (query: FirstViewQuery) => Promise<FirstView>, waitMs: number = WAIT_MS_MAX) {
  return createViewCache(make, (query) => JSON.stringify({ ...query, nowMs: 0, asOfMs: 0 }), waitMs);
}

/** The same for the page of all sites. */
export function createSitesViewCache(make: (query: SitesViewQuery) => Promise<SitesView>, waitMs: number = WAIT_MS_MAX) {
  const keyOf = (query: SitesViewQuery) => JSON.stringify({ ...query, overview: { ...query.overview, asOfMs: 0 } });
  return createViewCache(make, keyOf, waitMs);
}

function createViewCache<Query, View>(
  make: (query: Query) => Promise<View>,
  keyOf: (query: Query) => string,
  waitMs: number,
): ViewCache<Query, View> {
  const shared = new Map<string, Promise<View | undefined>>();
  let making = 0;

  return async (query, pay) => {
    const key = keyOf(query);
    const known = shared.get(key);
    if (known !== undefined) return within(known, waitMs);
    if (making >= AT_ONCE_MAX) return undefined;
    making++;
    const paid = pay();
    paid.catch(() => shared.delete(key)); // another caller may be within the limit
    const made = paid
      .then(() => make(query))
      .catch(() => undefined)
      .finally(() => making--);
    shared.set(key, made);
    setTimeout(() => shared.delete(key), SHARED_MS).unref();
    return within(made, waitMs);
  };
}
