// What a collection is: one kind of document, how a hit counts into it, and how it reads as a report.
// This is the only type one must know to add one.
import type { z } from 'zod';
import type { Counters } from '../src/counters/counters.js';
import type { Hit, Point, Refusal } from '../src/hit/hit.js';
import type { ImportedRow } from '../src/hit/imported.js';

/**
 * How long the documents of a grain are kept: from the end of their period, or from when the last hit for it was received, whichever is
 * later. A site may have it otherwise.
 */
export type Keep = { readonly months: number } | { readonly years: number } | 'always';

export interface Collection<Body = unknown> {
  /** Lower-case; also the name in the API's paths. */
  readonly name: string;
  /** Year documents stay until a site's own setting says otherwise. */
  readonly keep: { readonly day: Keep; readonly month: Keep };
  /** The capped maps (first-level keys of the document) and how many rows each keeps. */
  readonly caps: Readonly<Record<string, number>>;
  /** Counts one hit. A pure function of the hit; day and month documents get the same counters. */
  count?(hit: Hit, into: Counters): void;
  point?(point: Point, into: Counters): void;
  refusal?(refusal: Refusal, into: Counters): void;
  /** Counts what another tool has counted of a day. Of rows that it has no counter for, nothing. */
  imported?(row: ImportedRow, into: Counters): void;
  /** The public shape of the merged documents of a range. */
  report(document: Counters, view: ReportView): Body;
  /** The schema of what `report` returns; the API's document is made from it. */
  readonly answer: z.ZodType<Body>;
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
  /** At most this many rows of each capped list. */
  readonly limit: number;
  /** Only rows whose key or title holds this, in lower case. Empty: all. */
  readonly search: string;
}

export interface Part {
  readonly grain: 'day' | 'month' | 'year';
  /** `2026-11-20`, `2026-11` or `2026`. */
  readonly key: string;
}

/** Checks at compile time that a collection's report is what its schema says. */
export function collection<Body>(definition: Collection<Body>): Collection<Body> {
  return definition;
}
