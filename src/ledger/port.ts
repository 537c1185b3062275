// What has been done to a site's documents, and up to which day. So what should have been done and was not is found by looking here,
// whatever a queue has forgotten.

export interface Ledger {
  /** The last local day, `2026-11-20`, up to which this work is done for the site; undefined when it never was. */
  until(work: string, site: string): Promise<string | undefined>;
  /** Of all sites for which it was ever done. */
  all(work: string): Promise<Map<string, string>>;
  /** Never goes back: of two days the later one stays. */
  done(work: string, site: string, day: string): Promise<void>;
}
