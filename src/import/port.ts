// What is remembered of imported logs. A log is its own journal: what has been counted of it is byte ranges, and these are kept.
import type { ImportSettings } from './line-to-hit.js';

export interface ImportRecord extends ImportSettings {
  /** Stands for a node: begins with a letter. */
  readonly id: string;
  /** SHA-256, hex, of the first `fingerprintBytes` of the unpacked log. */
  readonly fingerprint: string;
  readonly fingerprintBytes: number;
}

/** A range of the unpacked log, of whole lines, as it was decided to be counted. */
export interface PlannedRange {
  /** From 1, without gaps. */
  readonly number: number;
  readonly from: number;
  /** Not included. */
  readonly to: number;
  readonly receivedAtMs: number;
  readonly checksum: number;
}

export interface Imports {
  /** All imports into a site. */
  ofSite(site: string): ImportRecord[];
  add(record: ImportRecord): Promise<void>;
  range(importId: string, number: number): PlannedRange | undefined;
  /** Decides a range. Where it has been decided already, by an earlier run or one beside this, that stands and is returned. */
  plan(importId: string, range: PlannedRange): Promise<PlannedRange>;
}
