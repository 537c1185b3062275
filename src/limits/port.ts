// What nodes share about visitors without a record: the day's random key, and nothing else.

export interface Salts {
  /**
   * The random key of a calendar date, `2026-11-20`, the same for every process that asks and after every restart, until the date
   * has passed everywhere; then it is gone for good, and with it any way back from a point to an address.
   */
  salt(day: string): Buffer;
  state(): { shared: boolean };
  close(): Promise<void>;
}
export interface Limits { state(): { shared: boolean }; close(): Promise<void> }
