// Visitors: exact firsts by hour, day, month and year from the browser's own record, and sketches for everything else.
// Traffic counts them; visitors are read from the same documents.
import type { Counters } from '../src/counters/counters.js';
import { STANDARD_ERROR } from '../src/counters/sketch.js';
import type { Point, Visitor } from '../src/hit/hit.js';
import type { ReportView } from './collection.js';

// D.<2026-11-20>: the firsts of that day, and its second sketch. Salts change daily, so the second sketches of two days
// have no visitor in common to find: a browser without a record counts once a day, and their estimates add up.
export const DAYS = 'D';
const FIRSTS_OF_DAY = 'd';
const FIRSTS_OF_MONTH = 'm';
const FIRSTS_OF_YEAR = 'y';
const FIRSTS_OF = { day: FIRSTS_OF_DAY, month: FIRSTS_OF_MONTH, year: FIRSTS_OF_YEAR };
const FIRST_EVER = 'n';
const FIRST_SKETCH = 's';
const SECOND_SKETCH = 't';
/** Visitors of the day as another tool has counted them. Nothing is known of them but their number, so those of two days add up. */
const IMPORTED = 'i';

/** Days are absolute, so that months, years and ranges over New Year merge by the same function. */
export function dayNode(document: Counters, day: string): Counters {
  return document.at(DAYS).at(day);
}

export function countFirsts(visitor: Visitor, day: Counters): void {
  const { first } = visitor;
  if (first === '') return;
  day.sum(FIRSTS_OF_DAY);
  if (first === 'd') return;
  day.sum(FIRSTS_OF_MONTH);
  if (first === 'y') day.sum(FIRSTS_OF_YEAR);
}

export function countFirstEver(day: Counters, times: number): void {
  day.sum(FIRST_EVER, times);
}

export function countPoint(point: Point, document: Counters): void {
  if (point.sketch === 'first') document.sketch(FIRST_SKETCH).add(point.register, point.rank);
  else dayNode(document, point.day).sketch(SECOND_SKETCH).add(point.register, point.rank);
}

export function countImportedVisitors(visitors: number, day: Counters): void {
  day.sum(IMPORTED, visitors);
}

export interface People {
  readonly visitors: number;
  /** One standard error of the estimate, in visitors; absent where the number is exact. */
  readonly error?: number;
}

/** The visitors of one local day: its firsts, its second sketch's estimate, and those that another tool has counted. */
export function peopleOfDay(document: Counters, day: string): People {
  const node = document.below(DAYS).below(day);
  return people(node.get(FIRSTS_OF_DAY) + node.get(IMPORTED), 0, secondEstimate(node));
}

/**
 * The visitors of the range. A whole day, month or year: its firsts + the second sketches. Any other: the first sketch's estimate, kept
 * between the largest part's exact visitors and the parts' sum (so forged points cannot blow it up), + the second ones. Imported days add up.
 */
export function peopleOfRange(document: Counters, view: ReportView): People {
  const second = view.days.map((day) => secondEstimate(document.below(DAYS).below(day)));
  const { exact, estimate, spread } = recordVisitors(document, view);
  const withoutRecord = second.reduce((sum, value) => sum + value, 0);
  const variance = second.reduce((sum, value) => sum + (STANDARD_ERROR * value) ** 2, spread ** 2);
  const imported = sumOfDays(document, view.days, IMPORTED);
  return people((exact ?? estimate) + imported, Math.sqrt(variance), withoutRecord);
}

/** New and returning visitors, of those with a record. Visitors without one are neither. */
export function newAndReturning(document: Counters, view: ReportView): { new: number; returning: number } {
  const { exact, estimate } = recordVisitors(document, view);
  const firstEver = sumOfDays(document, view.days, FIRST_EVER);
  return { new: firstEver, returning: Math.max(0, Math.round(exact ?? estimate) - firstEver) };
}

export function newAndReturningOfDay(document: Counters, day: string): { new: number; returning: number } {
  const node = document.below(DAYS).below(day);
  return { new: node.get(FIRST_EVER), returning: Math.max(0, node.get(FIRSTS_OF_DAY) - node.get(FIRST_EVER)) };
}

function recordVisitors(document: Counters, view: ReportView): { exact?: number; estimate: number; spread: number } {
  const whole = wholePeriod(view.from, view.to);
  if (whole !== undefined) return { exact: sumOfDays(document, view.days, FIRSTS_OF[whole]), estimate: 0, spread: 0 };
  const parts = view.parts.map(({ grain, key }) =>
    sumOfDays(
      document,
      view.days.filter((day) => day.startsWith(key)),
      FIRSTS_OF[grain],
    ),
  );
  const least = Math.max(0, ...parts);
  const most = parts.reduce((sum, part) => sum + part, 0);
  const estimate = Math.min(most, Math.max(least, document.sketchOf(FIRST_SKETCH).estimate()));
  return { estimate, spread: least === most ? 0 : STANDARD_ERROR * estimate };
}

/** Whether the range is a whole day, month or year: then its visitors are exact. */
export function wholePeriod(from: string, to: string): 'day' | 'month' | 'year' | undefined {
  if (from === to) return 'day';
  if (from.slice(0, 4) !== to.slice(0, 4)) return undefined;
  if (from.endsWith('-01-01') && to.endsWith('-12-31')) return 'year';
  const last = new Date(Date.UTC(Number(to.slice(0, 4)), Number(to.slice(5, 7)), 0)).getUTCDate();
  const wholeMonth = from.slice(0, 7) === to.slice(0, 7) && from.endsWith('-01') && Number(to.slice(8)) === last;
  return wholeMonth ? 'month' : undefined;
}

function sumOfDays(document: Counters, days: readonly string[], counter: string): number {
  const nodes = document.below(DAYS);
  return days.reduce((sum, day) => sum + nodes.below(day).get(counter), 0);
}

function secondEstimate(day: Counters): number {
  return day.sketchOf(SECOND_SKETCH).estimate();
}

function people(withRecord: number, spread: number, withoutRecord: number): People {
  const visitors = Math.round(withRecord + withoutRecord);
  const error = Math.ceil(spread > 0 ? spread : STANDARD_ERROR * withoutRecord);
  return error > 0 ? { visitors, error } : { visitors };
}
