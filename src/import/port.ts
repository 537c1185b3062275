// What is remembered of imports. A log is its own journal: what has been counted of it is byte ranges, and these are kept. Of what another
// tool has counted, it is ranges of days.
import type { ImportSettings } from './line-to-hit.js';

export interface ImportRecord extends ImportSettings {
  /** Stands for a node: begins with a letter. */
  readonly id: string;
  /** By which the log is known again, the shortest first; so a copy from before it grew is known too. Empty where it is no log. */
  readonly beginnings: readonly Beginning[];
  /** Whose numbers it is of, where it is no log. A site has one import from each tool. */
  readonly tool?: string;
}

/** The first whole lines of the unpacked log. */
export interface Beginning {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** A range of bytes of the unpacked log, of whole lines; or of days in one report of a tool. As it was decided to be counted. */
export interface PlannedRange {
  /** From 1, without gaps. */
  readonly number: number;
  /** In days since 1970-01-01 where there is a report. */
  readonly from: number;
  /** Not included. */
  readonly to: number;
  readonly report?: string;
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
  /** All that were begun into the site, in the order of their ids. */
  begun(site: string): Promise<readonly ImportRecord[]>;
  range(importId: string, number: number): Promise<PlannedRange | undefined>;
  /** Decides a range. Where it has been decided already, by an earlier run or one beside this, that stands and is returned. */
  plan(importId: string, range: PlannedRange): Promise<PlannedRange>;
  /** Forgets everything about imports into a site. Gives their number. */
  removeSite(site: string): Promise<number>;
}
