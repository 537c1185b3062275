// What is remembered of imported logs. A log is its own journal: what has been counted of it is byte ranges, and these are kept.
import type { ImportSettings } from './line-to-hit.js';

export interface ImportRecord extends ImportSettings {
  /** Stands for a node: begins with a letter. */
  readonly id: string;
  /** By which the log is known again, the shortest first; so a copy from before it grew is known too. */
  readonly beginnings: readonly Beginning[];
}

/** The first whole lines of the unpacked log. */
export interface Beginning {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
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

/** A call that rejects may have been carried out; made again, it gives the same decision. */
export interface Imports {
  /**
   * Begins an import, and returns it; or the one that `isSame` finds among those into the same site, by whichever process and however
   * lately it was begun: then nothing is kept of this.
   */
  begin(record: ImportRecord, isSame: (known: ImportRecord) => boolean): Promise<ImportRecord>;
  /** Ids of all imports into any site. */
  ids(): Promise<string[]>;
  range(importId: string, number: number): Promise<PlannedRange | undefined>;
  /** Decides a range. Where it has been decided already, by an earlier run or one beside this, that stands and is returned. */
  plan(importId: string, range: PlannedRange): Promise<PlannedRange>;
}
