// The type of a report: how it counts hits, and how it turns documents into an answer. To add a report, implement this.
import type { z } from 'zod';
import type { Counters } from '../src/counters/counters.js';
import type { Hit, Point, Refusal } from '../src/hit/hit.js';
import type { ImportedRow } from '../src/hit/imported.js';
import type { Observation } from '../src/hit/observation.js';
import type { LocalTime } from '../src/time/calendar.js';
import type { Keys } from './keys.js';
import type { CalendarPeriod } from './period.js';

export interface Report<Answer = unknown> {
  /** Lower-case letters; the name in the API's paths and the name of its folder. */
  readonly name: string;
  /** One line for the list of API calls. */
  readonly summary: string;
  /** What the numbers mean beyond the descriptions in the schema, in Markdown: its section in docs/metrics.md. */
  readonly about: string;
  /** The keys under which it counts in the documents of its kind. */
  readonly keys: Keys;
  // The functions below are pure: they add to the given counters and depend on nothing but their arguments.
  count?(hit: Hit, into: Counters): void;
  /**
   * Counts an observation that was made `times` times. In documents of a shard, it is called once for each page that the
   * observation is about, with the documents of that page's shard; in other documents once, and `page` is empty.
   */
  observe?(observation: Observation, times: number, into: Counters, page: string): void;
  point?(point: Point, into: Counters): void;
  refusal?(refusal: Refusal, into: Counters): void;
  /** Counts what another tool has counted for one day. Rows that the report has no counter for are ignored. */
  imported?(row: ImportedRow, into: Counters): void;
  /** The answer depends on `ReportView.now`: it has `online`, which adds up over sites. */
  readonly isAboutNow?: true;
  /** Makes the answer from the merged documents of a range. */
  report(document: Counters, view: ReportView): Answer;
  /** The schema of that answer. The API's description is made from it. */
  readonly answer: z.ZodType<Answer>;
}

/** The shortest periods that a report with days lists. */
export const BY = ['hour', 'day', 'month'] as const;
export type By = (typeof BY)[number];

/** A query for a report. */
export interface ReportView {
  /** Local days, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** The local days of the range, in order. A day that a zone change skipped is not among them. */
  readonly days: readonly string[];
  /** The fewest periods that make up the range: whole years, whole months, and days before and after them. */
  readonly periods: readonly CalendarPeriod[];
  /** Absent: what the report lists by default. */
  readonly by?: By | undefined;
  /** The hours that a local day had, in order of time. */
  hoursOf(day: string): readonly string[];
  /** The most rows of each list. */
  readonly limit: number;
  /** The number of rows to skip at the beginning of each list. */
  readonly offset?: number | undefined;
  /** Only rows whose key or title contains this text, in lower case. Empty: all rows. */
  readonly search: string;
  /** The path of the page, for a report about one page. */
  readonly page: string;
  /** The time until which hits are counted, and five minutes before it. */
  readonly now: LocalTime;
  readonly justBefore: LocalTime;
}

/** Returns the report unchanged. Its type makes the compiler check the answer against the schema. */
export function report<Answer>(definition: Report<Answer>): Report<Answer> {
  return definition;
}
