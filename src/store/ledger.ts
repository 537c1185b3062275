// What has been done to a site's documents, and up to which day. So what should have been done and was not is found
// by looking here, whatever a queue has forgotten.
import { addDays } from '../time/dates.js';

export interface Ledger {
  /** Everything that was ever done for any site, by name. */
  works(): Promise<string[]>;
  /** The last local day, `2026-11-20`, up to which this work is done for the site; undefined when it never was. */
  until(work: string, site: string): Promise<string | undefined>;
  /** Of all sites for which it was ever done. */
  all(work: string): Promise<Map<string, string>>;
  /** Never goes back: of two days the later one stays. */
  done(work: string, site: string, day: string): Promise<void>;
  /** The site's days for which this is so, in order, apart from each other. */
  days(work: string, site: string): Promise<readonly Days[]>;
  /** Of all sites for which it is so on any day. */
  allDays(work: string): Promise<Map<string, readonly Days[]>>;
  /** It is so for these days as well. */
  add(work: string, site: string, days: Days): Promise<void>;
  /** It is so for no day any more. */
  clear(work: string, site: string): Promise<void>;
  /** Forgets everything about a site. */
  removeSite(site: string): Promise<void>;
}

/** Local days, both inclusive. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** Ranges that touch or overlap become one. */
export function joined(ranges: readonly Days[]): Days[] {
  const sorted = [...ranges].sort((a, b) => (a.from < b.from ? -1 : 1));
  const result: Days[] = [];
  for (const { from, to } of sorted) {
    const last = result.at(-1);
    if (last === undefined || from > addDays(last.to, 1)) result.push({ from, to });
    else if (to > last.to) result[result.length - 1] = { from: last.from, to };
  }
  return result;
}
