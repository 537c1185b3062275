// Records of imports. A log is its own journal, so only the byte ranges that were counted are stored. For the export
// of another tool, ranges of days are stored.
import type { Site } from '../hit/site.js';
import type { DayRange } from '../time/day-range.js';

export interface DayLimits {
  /** The first and the last day; absent: no limit. */
  readonly from?: string;
  readonly until?: string;
  /** Days that another tool has counted. */
  readonly without?: readonly DayRange[];
}

/** What a field of a log contains. */
export type Role = 'time' | 'address' | 'forwarded' | 'host' | 'request' | 'method' | 'target' | 'status' | 'referrer' | 'agent';

/**
 * The position of each role in a line: `field 4`, `request.headers.User-Agent`, `c-ip`. A role that is absent is not
 * in the log.
 */
export type FieldPositions = Partial<Record<Role, string>>;

/**
 * How the lines of one format are read. Plain data: it is stored with the import, so that the rest of a log is read in
 * the same way as its beginning.
 */
export interface Layout {
  /** The name of the format, as in `--format`. */
  readonly format: string;
  readonly places: FieldPositions;
  /** Only the format itself reads this. */
  readonly fields?: unknown;
  /** No inspected line has a user agent, so its absence means nothing. */
  readonly agentless?: boolean;
}

export interface Recognised {
  /** The most frequent layout first. */
  readonly layouts: readonly Layout[];
  /** The text around each line; see envelope.ts. */
  readonly envelope?: string;
}

export interface ImportRecord {
  /** Used like the id of a node. Begins with a letter. */
  readonly id: string;
  readonly site: Site;
  /** Hex; see line-to-hit.ts. */
  readonly key: string;
  /**
   * Prefixes by which the log is recognised, the shortest first, so that a copy from before it grew is recognised too.
   * Empty if this is not a log.
   */
  readonly beginnings: readonly LogPrefix[];
  /** The tool whose export this is; absent for a log. A site has one import from each tool. */
  readonly tool?: string;
  /** How the log is read. Absent in imports of versions that did not recognise formats. */
  readonly format?: Recognised;
  /** Which days of the log are counted. Absent: all. */
  readonly days?: DayLimits;
  /** For a bundle of small files: the hash of each file, in order, and their total length. See bundles.ts. */
  readonly members?: readonly string[];
  readonly bytes?: number;
}

/** The first whole lines of the unpacked log. */
export interface LogPrefix {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** A range that will be counted: bytes of the unpacked log, in whole lines, or days in one report of a tool. */
export interface PlannedRange {
  /** Starts at 1 and has no gaps. */
  readonly number: number;
  /** In bytes; with `report`, in days since 1970-01-01. */
  readonly from: number;
  /** Not included. */
  readonly to: number;
  readonly report?: string;
  readonly receivedAtMs: number;
  readonly checksum: number;
}

/**
 * States which lines of a range are counted. It is stored before the range is counted, so that another log with the
 * same lines does not count them again.
 */
export interface RangeTrace {
  readonly number: number;
  /** Parts of the range that another log has counted, `from` and `to` in bytes. They are not counted again. */
  readonly skipped: ReadonlyArray<readonly [number, number]>;
  /** The trace of the other lines; see overlap/trace.ts. Empty if none could be stored. */
  readonly hours: string;
  /** Views that are counted, by local day. */
  readonly views: Readonly<Record<string, number>>;
}

/** A call that rejects may still have taken effect. If it is repeated, it returns the same decision. */
export interface ImportRecords {
  /**
   * Begins an import and returns it. If `isSame` finds an import into the same site, that one is returned and nothing
   * is stored, also if another process has just begun it. A log gets the key of the site's earlier logs.
   */
  begin(record: ImportRecord, isSame: (known: ImportRecord) => boolean): Promise<ImportRecord>;
  /** The ids of all imports into all sites. */
  ids(): Promise<string[]>;
  /** All imports into the site, sorted by id. */
  begun(site: string): Promise<readonly ImportRecord[]>;
  /** Removes everything about imports into a site. Returns their number. */
  removeSite(site: string): Promise<number>;
}

/** As for ImportRecords, a call that has rejected can be repeated, and returns the same decision. */
export interface ImportRanges {
  range(importId: string, number: number): Promise<PlannedRange | undefined>;
  /** Decides a range. If an earlier or simultaneous run has decided it already, that decision is returned. */
  plan(importId: string, range: PlannedRange): Promise<PlannedRange>;
  /** As `plan`, for what is counted of a range. */
  decide(importId: string, trace: RangeTrace): Promise<RangeTrace>;
  /** What was decided about the ranges of an import, in order. */
  traces(importId: string): Promise<readonly RangeTrace[]>;
}

/** Everything that an adapter implements. */
export interface Imports extends ImportRecords, ImportRanges {}

/** The record with the key that all logs of a site share. */
export function withKeyOf(known: readonly ImportRecord[], record: ImportRecord): ImportRecord {
  const first = record.tool === undefined ? known.find(({ tool }) => tool === undefined) : undefined;
  return first === undefined ? record : { ...record, key: first.key };
}
