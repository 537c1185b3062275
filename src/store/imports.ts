// What is remembered of imports. A log is its own journal: what has been counted of it is byte ranges, and these are
// kept. Of what another tool has counted, it is ranges of days.
import type { Site } from '../hit/site.js';
import type { DayRange } from '../time/day-range.js';

export interface DayLimits {
  /** The first and the last day; absent: no limit. */
  readonly from?: string;
  readonly until?: string;
  /** Days that another tool has counted. */
  readonly without?: readonly DayRange[];
}

/** What the fields of a log are taken for. */
export type Role = 'time' | 'address' | 'forwarded' | 'host' | 'request' | 'method' | 'target' | 'status' | 'referrer' | 'agent';

/**
 * Says of each role where it stands: `field 4`, `request.headers.User-Agent`, `c-ip`. A role that is not there is not
 * in the log.
 */
export type Places = Partial<Record<Role, string>>;

/**
 * How the lines of one format are read. Plain data: it is kept with the import, so that the rest of a log is read
 * like its beginning.
 */
export interface Layout {
  /** Of the format, as `--format` has it. */
  readonly format: string;
  readonly places: Places;
  /** Only the format that made it looks into it. */
  readonly fields?: unknown;
  /** No line that was looked at has a user agent: then its absence says nothing. */
  readonly agentless?: boolean;
}

export interface Recognised {
  /** The most frequent one first. */
  readonly layouts: readonly Layout[];
  /** What is around each line; see envelope.ts. */
  readonly envelope?: string;
}

export interface ImportRecord {
  /** Stands for a node: begins with a letter. */
  readonly id: string;
  readonly site: Site;
  /** Hex; see line-to-hit.ts. */
  readonly key: string;
  /**
   * By which the log is known again, the shortest first; so a copy from before it grew is known too. Empty where it
   * is no log.
   */
  readonly beginnings: readonly Beginning[];
  /** Whose numbers it is of, where it is no log. A site has one import from each tool. */
  readonly tool?: string;
  /** How a log is read. Absent in imports that were begun before formats were recognised. */
  readonly format?: Recognised;
  /** Which days of a log are counted. Absent: all. */
  readonly days?: DayLimits;
  /** Of a bundle of small files: by what each of them is known, in order, and how long they are together. See bundles.ts. */
  readonly members?: readonly string[];
  readonly bytes?: number;
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

/**
 * What a range of a log counts, decided before it is counted: so that another log with the same lines does not count
 * them again.
 */
export interface RangeTrace {
  readonly number: number;
  /** Parts of the range that another log had counted, from and to, in bytes. They are not counted. */
  readonly skipped: ReadonlyArray<readonly [number, number]>;
  /** Of the other lines; see overlap/trace.ts. Empty when nothing could be kept. */
  readonly hours: string;
  /** Views that are counted, by local day. */
  readonly views: Readonly<Record<string, number>>;
}

/** A call that rejects may have been carried out; made again, it gives the same decision. */
export interface Imports {
  /**
   * Begins an import, and returns it; or the one that `isSame` finds among those into the same site, by whichever
   * process and however lately it was begun: then nothing is kept of this. A log gets the key of the logs that were
   * begun into the site before.
   */
  begin(record: ImportRecord, isSame: (known: ImportRecord) => boolean): Promise<ImportRecord>;
  /** Ids of all imports into any site. */
  ids(): Promise<string[]>;
  /** All that were begun into the site, in the order of their ids. */
  begun(site: string): Promise<readonly ImportRecord[]>;
  range(importId: string, number: number): Promise<PlannedRange | undefined>;
  /** Decides a range. Where it has been decided already, by an earlier run or one beside this, that stands and is returned. */
  plan(importId: string, range: PlannedRange): Promise<PlannedRange>;
  /** The same of what is counted of a range. */
  decide(importId: string, trace: RangeTrace): Promise<RangeTrace>;
  /** What was decided about an import's ranges, in order. */
  traces(importId: string): Promise<readonly RangeTrace[]>;
  /** Forgets everything about imports into a site. Gives their number. */
  removeSite(site: string): Promise<number>;
}

/** The record with the key that all logs of a site have in common. */
export function withKeyOf(known: readonly ImportRecord[], record: ImportRecord): ImportRecord {
  const first = record.tool === undefined ? known.find(({ tool }) => tool === undefined) : undefined;
  return first === undefined ? record : { ...record, key: first.key };
}
