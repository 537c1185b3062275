// What the web asks the report thread, and what comes back.
import type { Comparison } from '../time/comparison.js';

export interface ReportQuery {
  /** The name of a report. */
  readonly report: string;
  readonly site: string;
  readonly timezone: string;
  /** Local dates, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** At most this many rows of each list. */
  readonly limit: number;
  /** Without the first so many of each list. */
  readonly offset?: number | undefined;
  /** Rows whose key or title holds this text, whatever the case. Empty: all. */
  readonly search: string;
  /** The path that the report is about; empty where it is about none. */
  readonly page: string;
  /** Paths that may be meant instead: the first that has views is the one, where `page` has none. */
  readonly otherSpellings?: readonly string[];
  /** The same report of another range stands beside it. */
  readonly compare?: Comparison | undefined;
  /** Every hit taken before this moment is in the documents. */
  readonly asOfMs: number;
}

/** A report cannot be made at the moment, but may a little later. The message is a sentence for the reader. */
export class ReportsUnavailable extends Error {}

export interface Reports {
  /**
   * The report as JSON text, made off the thread that answers beacons. Rejects with a ReportsUnavailable while the store
   * does not answer.
   */
  report(query: ReportQuery): Promise<string>;
  close(): Promise<void>;
}
