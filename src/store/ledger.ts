// What has been done to a site's documents, and up to which day. So what should have been done and was not is found
// by looking here, whatever a queue has forgotten.
import type { DayRange } from '../time/day-range.js';

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
  days(work: string, site: string): Promise<readonly DayRange[]>;
  /** Of all sites for which it is so on any day. */
  allDays(work: string): Promise<Map<string, readonly DayRange[]>>;
  /** It is so for these days as well. */
  add(work: string, site: string, days: DayRange): Promise<void>;
  /** It is so for no day any more. */
  clear(work: string, site: string): Promise<void>;
  /** Forgets everything about a site. */
  removeSite(site: string): Promise<void>;
}
