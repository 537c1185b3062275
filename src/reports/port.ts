// What the web asks the report thread, and what comes back.
import type { Comparison } from './compared.js';

export interface ReportQuery {
  readonly collection: string;
  readonly site: string;
  readonly timezone: string;
  /** Local dates, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** Rows of each capped list at the most. */
  readonly limit: number;
  /** Rows whose key or title holds this text, whatever the case. Empty: all. */
  readonly search: string;
  /** The path that the report is about; empty where it is about none. */
  readonly page: string;
  /** The same report of another range stands beside it. */
  readonly compare?: Comparison | undefined;
  /** Every hit taken before this moment is in the documents. */
  readonly asOfMs: number;
}

/** A report cannot be made at the moment, but may a little later. The message is a sentence for the reader. */
export class ReportsAway extends Error {}

export interface Reports {
  /** The report as JSON text, made off the thread that answers beacons. Rejects with a ReportsAway while the store does not answer. */
  report(query: ReportQuery): Promise<string>;
  close(): Promise<void>;
}
