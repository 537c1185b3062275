// Unique visitors of a row, such as a page, a source or a browser. A view is counted once, for the longest period of which it
// is the first view: the first view of a year is also the first of its month and of its day.
import { z } from 'zod';
import type { Counters } from '../src/counters/counters.js';
import type { NewInPeriod } from '../src/hit/hit.js';
import { wholePeriod } from '../src/time/day-range.js';
import { type ClosedList, sum } from './keys.js';
import type { Grain } from './period.js';
import type { ReportView } from './report.js';

/** A row's first views of a day, of a month and of a year. The keys are the values of `NewInPeriod`. */
export const firstKeys = { d: sum('d'), m: sum('m'), y: sum('y') };
export const FIRSTS = ['d', 'm', 'y'] as const;
export type Firsts = Readonly<Record<(typeof FIRSTS)[number], number>>;

export const visitorsSchema = {
  visitors: z
    .int()
    .min(0)
    .optional()
    .describe('Unique browsers with a record: see *Visitors of a row*. Absent where no row of the list has any.'),
  visitorsError: z
    .int()
    .min(0)
    .optional()
    .describe('Present where `visitors` is an estimate: the true number differs from it by at most this.'),
};

export interface RowVisitors {
  readonly visitors?: number;
  readonly visitorsError?: number;
}

export function countFirst(first: NewInPeriod, row: Counters, times = 1): void {
  if (first !== '') row.sum(firstKeys[first], times);
}

// biome-ignore lint/complexity/useMaxParams: called for every hit, where an object for each call would cost
export function countInList(list: ClosedList, name: string, first: NewInPeriod, into: Counters, views = 1): void {
  into.at(list.views).sum(name, views);
  if (first !== '') into.at(list[first]).sum(name, views);
}

export function firstsOf(row: Counters): Firsts {
  return { d: row.get(firstKeys.d), m: row.get(firstKeys.m), y: row.get(firstKeys.y) };
}

export function firstsInList(document: Counters, list: ClosedList, name: string): Firsts {
  const of = (first: (typeof FIRSTS)[number]) => document.below(list[first]).get(name);
  return { d: of('d'), m: of('m'), y: of('y') };
}

const GRAINS: readonly Grain[] = ['day', 'month', 'year'];

/** `error` and `missing`: how many more views and visitors the row may have had before it was dropped. */
interface RowViews {
  readonly views: number;
  readonly error?: number;
  readonly missing?: number;
}

/**
 * Returns a function that computes the visitors of a row. For a whole day, month or year, their number is that of its first
 * views. For any other range, nobody can know how many visitors came in two of its periods. Their number is at most the sum
 * over its days (or over its months or years, if it consists of these), and at least the number in any one of them. Each
 * visitor has a view of the row, so there are never more visitors than views.
 */
export function rowVisitorsIn(view: ReportView): (firsts: Firsts, row: RowViews) => RowVisitors {
  const whole = wholePeriod(view.from, view.to);
  const shortest = whole ?? GRAINS.find((grain) => view.periods.some((period) => period.grain === grain)) ?? 'year';
  // First views of shorter periods are excluded, because such a browser may have come from another source before.
  const longer = GRAINS.slice(GRAINS.indexOf(shortest)).map((grain) => [grain, periodsIn(view, grain)] as const);
  return ({ d, m, y }, { views, error = 0, missing = 0 }) => {
    const of = { day: d + m + y, month: m + y, year: y };
    const most = Math.min(of[shortest] + missing, views + error);
    const least = whole ? of[whole] : Math.max(...longer.map(([grain, periods]) => Math.ceil(of[grain] / periods)));
    const visitors = Math.min(least + Math.ceil((most - least) / 2), views);
    const visitorsError = Math.max(most - visitors, visitors - least);
    return visitorsError > 0 ? { visitors, visitorsError } : { visitors };
  };
}

const KEY_LENGTHS = { day: '2026-11-20'.length, month: '2026-11'.length, year: '2026'.length };

/** The number of days, months or years that the range touches. */
function periodsIn({ days }: ReportView, grain: Grain): number {
  return Math.max(1, new Set(days.map((day) => day.slice(0, KEY_LENGTHS[grain]))).size);
}
