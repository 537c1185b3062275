// Visitors of a row: of a page, a source, a browser. A browser's view counts for the longest period that it is the
// first of, so that one addition says all: the first of a year is also the first of its month and of its day.
import { z } from 'zod';
import type { Counters } from '../src/counters/counters.js';
import type { FirstOf } from '../src/hit/hit.js';
import { wholePeriod } from '../src/time/day-range.js';
import type { ReportView } from './report.js';

/** Their counters in a row. */
export const FIRSTS = ['d', 'm', 'y'] as const;
export type Firsts = Readonly<Record<(typeof FIRSTS)[number], number>>;

export const visitorsSchema = {
  visitors: z
    .int()
    .min(0)
    .optional()
    .describe('Unique browsers with a record. Exact for a day, a month or a year; absent where none of all rows has one.'),
  visitorsError: z
    .int()
    .min(0)
    .optional()
    .describe('Present where `visitors` is an estimate: the true number is not further from it than this.'),
};

export interface RowVisitors {
  readonly visitors?: number;
  readonly visitorsError?: number;
}

export function countFirst(first: FirstOf, row: Counters, times = 1): void {
  if (first !== '') row.sum(first, times);
}

/** A closed list is a map of numbers, so its firsts stand in three maps beside it. */
export interface ClosedList {
  readonly views: string;
  readonly d: string;
  readonly m: string;
  readonly y: string;
}

export function closedList(name: string): ClosedList {
  return { views: name, d: `${name}d`, m: `${name}m`, y: `${name}y` };
}

export function countClosed(list: ClosedList, key: string, first: FirstOf, into: Counters, views = 1): void {
  into.at(list.views).sum(key, views);
  if (first !== '') into.at(list[first]).sum(key, views);
}

export function firstsOf(row: Counters): Firsts {
  return { d: row.get('d'), m: row.get('m'), y: row.get('y') };
}

export function firstsIn(document: Counters, list: ClosedList, key: string): Firsts {
  const of = (first: (typeof FIRSTS)[number]) => document.below(list[first]).get(key);
  return { d: of('d'), m: of('m'), y: of('y') };
}

const GRAINS = ['day', 'month', 'year'] as const;

/** How often a row was viewed; `error` and `missing`: how many more views and visitors it may have had before it was dropped. */
interface RowViews {
  readonly views: number;
  readonly error?: number;
  readonly missing?: number;
}

/**
 * Of a whole day, month or year exactly its firsts. Of another range nobody can know how many came twice: at most
 * those of its days together, or of its months or years where it is made of these; at least those of any one of them.
 * Each visitor has a view of the row, so there are never more visitors than views.
 */
export function rowVisitorsIn(view: ReportView): (firsts: Firsts, row: RowViews) => RowVisitors {
  const whole = wholePeriod(view.from, view.to);
  const shortest = whole ?? GRAINS.find((grain) => view.periods.some((period) => period.grain === grain)) ?? 'year';
  // Firsts of shorter periods than those are of browsers that may have come from elsewhere first.
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

function periodsIn({ days }: ReportView, grain: (typeof GRAINS)[number]): number {
  return Math.max(1, new Set(days.map((day) => day.slice(0, KEY_LENGTHS[grain]))).size);
}
