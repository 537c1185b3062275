// Salts: the random key of each date, from which visitors without a record get their points.
import type { SharedState } from './state.js';

export interface SaltsState extends SharedState {
  /**
   * Why the salt of a date that has begun in some time zone cannot be stored. Hits that need it are not accepted.
   * Undefined: all can.
   */
  readonly failure?: string | undefined;
}

export interface Salts {
  /**
   * The salt of a date (`2026-11-20`). It is the same for every process and after every restart until the date is over
   * in all time zones. Then it is deleted, and with it any way to get from a point back to an address. Never waits.
   * Throws when a new salt cannot be stored.
   */
  salt(day: string): Buffer;
  /** Tries again to store the salts that could not be stored. */
  retry(): void;
  state(): SaltsState;
  close(): Promise<void>;
}

/** The salts of one node alone. */
export interface OwnSalts extends Salts {
  /** Replaces the salt of a date by another node's. */
  adopt(day: string, salt: Buffer): void;
}
