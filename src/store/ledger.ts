// The ledger: which work has been done for which site and days. Due work is determined from the ledger, so a job that
// the queue has lost is found again.
import type { DayRange } from '../time/day-range.js';

/** Work that is done for all days up to one. */
export interface Progress {
  /** The last local day (`2026-11-20`) up to which this work is done for the site; undefined if it never was. */
  until(work: string, site: string): Promise<string | undefined>;
  /** By site, for all sites for which this work was ever done. */
  all(work: string): Promise<Map<string, string>>;
  /** Keeps the later of the recorded day and this one. */
  done(work: string, site: string, day: string): Promise<void>;
}

/** Work that is done for ranges of days. */
export interface RecordedDays {
  /** Sorted, disjoint ranges. */
  days(work: string, site: string): Promise<readonly DayRange[]>;
  /** By site, for all sites with a range. */
  allDays(work: string): Promise<Map<string, readonly DayRange[]>>;
  /** Records a range of days. */
  add(work: string, site: string, days: DayRange): Promise<void>;
  /** Removes all ranges of this work and site. */
  clear(work: string, site: string): Promise<void>;
}

/** Everything that an adapter implements. Most callers take one of the interfaces above. */
export interface Ledger extends Progress, RecordedDays {
  /** The names of all work that was ever recorded. */
  works(): Promise<string[]>;
  /** Removes everything about a site. */
  removeSite(site: string): Promise<void>;
}
