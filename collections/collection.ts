// What a collection is: one kind of document, how a hit counts into it, and how it reads as a report.
// This is the only type one must know to add one.
import type { z } from 'zod';
import type { Counters } from '../src/counters/counters.js';
import type { Hit, Point, Refusal } from '../src/hit/hit.js';
import type { ImportedRow } from '../src/hit/imported.js';
import type { Observation } from '../src/hit/observation.js';
import type { LocalTime } from '../src/time/calendar.js';

/**
 * How long the documents of a grain are kept: from the end of their period, or from when the last hit for it was
 * received, whichever is later. A site may have it otherwise.
 */
export type Keep = { readonly months: number } | { readonly years: number } | 'always';

export interface Collection<Body = unknown> extends Report<Body> {
  /** Reports that are read from the same documents, and count into them under names of their own: one writing serves them all. */
  readonly beside?: readonly Report[];
  /** Absent: its documents hold everything. */
  readonly part?: PartOfReport;
  /** Without `month` there are documents of days only. Year documents stay until a site's own setting says otherwise. */
  readonly keep: { readonly day: Keep; readonly month?: Keep };
  /** The capped maps (first-level keys of the document) and how many rows each keeps. */
  readonly caps: Readonly<Record<string, number>>;
  /**
   * What the rows of its capped maps are of, by their keys: a row goes when that is deleted. Maps that are not named
   * hold nothing of it.
   */
  readonly rowsOf?: Readonly<Record<string, (key: string) => RowSubjects>>;
  /** The same of rows' details, by their names: only that detail goes. */
  readonly detailsOf?: Readonly<Record<string, (detail: string) => RowSubjects>>;
}

/** What counts into documents, and how these read. */
export interface Report<Body = unknown> {
  /** Lower-case letters; also the name in the API's paths, but where it is a part of a report. */
  readonly name: string;
  /** Counts one hit. A pure function of the hit; day and month documents get the same counters. */
  count?(hit: Hit, into: Counters): void;
  /** Counts what was told so many times beside views: of hours, visits and reading. A pure function too. */
  observe?(observation: Observation, times: number, into: Counters): void;
  point?(point: Point, into: Counters): void;
  refusal?(refusal: Refusal, into: Counters): void;
  /** Counts what another tool has counted of a day. Of rows that it has no counter for, nothing. */
  imported?(row: ImportedRow, into: Counters): void;
  /** The public shape of the merged documents of a range. */
  report(document: Counters, view: ReportView): Body;
  /** The schema of what `report` returns; the API's document is made from it. */
  readonly answer: z.ZodType<Body>;
}

export interface RowSubjects {
  /** Paths. */
  readonly page?: readonly string[];
  /** Sources, hosts, or hosts with a path. */
  readonly referrer?: readonly string[];
}

/**
 * Of what would be too large for one document, each collection of several takes some pages; all of them are one
 * report. They stand one after the other in the list of collections, and count alike: `count` and `observe` are
 * called for what is told of their own pages only.
 */
export interface PartOfReport {
  /** The report's name in the API's paths. It is asked for one page. */
  readonly report: string;
  /** Its place among the parts, from 0. */
  readonly number: number;
  /** The number of the part that takes a page. */
  numberOf(path: string): number;
}

/** What a report is asked for, beside its counters. */
export interface ReportView {
  /** Local days, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** The local days of the range that were, in order. */
  readonly days: readonly string[];
  /** The fewest periods that make up the range: whole years, whole months, and days before and after them. */
  readonly parts: readonly Part[];
  /** The hours that a local day had, in order of time. */
  hoursOf(day: string): readonly string[];
  /** At most this many rows of each list. */
  readonly limit: number;
  /** Without the first so many of each list. */
  readonly offset?: number | undefined;
  /** Only rows whose key or title holds this, in lower case. Empty: all. */
  readonly search: string;
  /** The path that the report is about, where it is about one. */
  readonly page: string;
  /** Up to when hits are counted, and five minutes before that. */
  readonly now: LocalTime;
  readonly justBefore: LocalTime;
}

export interface Part {
  readonly grain: 'day' | 'month' | 'year';
  /** `2026-11-20`, `2026-11` or `2026`. */
  readonly key: string;
}

/** All that is read from its documents, by the names under which it is asked for. */
export function reportsOf(collection: Collection): ReadonlyMap<string, Report> {
  return new Map([
    [reportName(collection), collection],
    ...(collection.beside ?? []).map((report) => [report.name, report] as const),
  ]);
}

/** The name under which its own report is asked for. */
export function reportName({ name, part }: Pick<Collection, 'name' | 'part'>): string {
  return part?.report ?? name;
}

/** The schema of each report's answer, by the report's name. */
export function answersOf(collections: readonly Collection[]): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(collections.flatMap((one) => [...reportsOf(one)].map(([name, { answer }]) => [name, answer])));
}

/** Every report's name with the collection that it is read from; of one in parts, one of them. */
export function byReport<One extends Pick<Collection, 'name' | 'part' | 'beside'>>(
  collections: readonly One[],
): ReadonlyMap<string, One> {
  return new Map(
    collections.flatMap((one) => [reportName(one), ...(one.beside ?? []).map(({ name }) => name)].map((name) => [name, one])),
  );
}

/** Whether a collection takes a page; one that is no part takes all. */
export function holdsPage({ part }: Pick<Collection, 'part'>, path: string): boolean {
  return part === undefined || part.numberOf(path) === part.number;
}

/** The documents that there are of it, from the shortest period to the longest. */
export function grainsOf({ keep }: Pick<Collection, 'keep'>): readonly Part['grain'][] {
  return keep.month === undefined ? ['day'] : ['day', 'month', 'year'];
}

/** Checks at compile time that a collection's report is what its schema says. */
export function collection<Body>(definition: Collection<Body>): Collection<Body> {
  return definition;
}

/** The same of a report that is read from another collection's documents. */
export function report<Body>(definition: Report<Body>): Report<Body> {
  return definition;
}

export function beside(collection: Collection, ...reports: readonly Report[]): Collection {
  return { ...collection, beside: reports };
}
