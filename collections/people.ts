// Visitors: exact firsts by hour, day, month and year from the browser's own record, and sketches for everything else.
// Traffic counts them; visitors are read from the same documents.
import type { Counters } from '../src/counters/counters.js';
import { STANDARD_ERROR } from '../src/counters/sketch.js';
import type { Point, Visitor } from '../src/hit/hit.js';
import type { Grain } from './document-kind.js';
import type { ReportView } from './report.js';

// D.<2026-11-20>: the firsts of that day, and its second sketch. Salts change daily, so the second sketches of two days
// have no visitor in common to find: a browser without a record counts once a day, and their estimates add up.
export const DAYS = 'D';
/** Below a day: its hours. Only hits are in them, never what another tool has counted of the day. */
export const HOURS = 'h';
/** Of a day and of an hour: all page views, and those by browsers with a record. */
export const VIEWS = 'v';
export const VIEWS_WITH_RECORD = 'p';
/** Of an hour: browsers with a record whose first view of that hour it was. */
export const FIRSTS_OF_HOUR = 'u';
const FIRSTS_OF_DAY = 'd';
const FIRSTS_OF_MONTH = 'm';
const FIRSTS_OF_YEAR = 'y';
const FIRST_EVER = 'n';
const FIRST_SKETCH = 's';
const SECOND_SKETCH = 't';
/**
 * Visitors of the day as another tool has counted them. Nothing is known of them but their number, so those of two
 * days add up.
 */
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

/** Whether a browser with a record was among a day's visitors. Neither logs nor other tools tell of any. */
export function hasRecord(day: Counters): boolean {
  return visitorsWithRecord(day) > 0;
}

export interface People {
  readonly visitors: number;
  /** One standard error of the estimate, in visitors; absent where the number is exact. */
  readonly error?: number;
}

/** Those with a record are new or returning, all others unknown; the three add up. */
export interface KnownPeople extends People {
  readonly new: number;
  readonly returning: number;
  readonly unknown: number;
}

/** The visitors of one local day: with a record, imported, and without a record. */
export function peopleOfDay(document: Counters, day: string): KnownPeople {
  const node = document.below(DAYS).below(day);
  return together(exactly(visitorsWithRecord(node)), [node]);
}

/** The visitors of the range. Those without a record, and imported ones, count once a day. */
export function peopleOfRange(document: Counters, view: ReportView): KnownPeople {
  return together(recordVisitors(document, view), nodesOf(document, view.days));
}

/** A whole number of visitors, and one standard error of it. */
interface Estimate {
  readonly visitors: number;
  readonly deviation: number;
}

function exactly(visitors: number): Estimate {
  return { visitors, deviation: 0 };
}

/** What a sketch says, kept between what is known for certain; `most` counts where the two contradict each other. */
function between(least: number, most: number, sketched: number): Estimate {
  const visitors = Math.min(most, Math.max(least, Math.round(sketched)));
  return { visitors, deviation: Math.min(STANDARD_ERROR * visitors, Math.max(most - visitors, visitors - least)) };
}

function together(withRecord: Estimate, days: readonly Counters[]): KnownPeople {
  const others = days.map(visitorsWithoutRecord);
  const unknown = sumOf(days, IMPORTED) + others.reduce((sum, one) => sum + one.visitors, 0);
  const variance = others.reduce((sum, { deviation }) => sum + deviation ** 2, withRecord.deviation ** 2);
  const firstEver = sumOf(days, FIRST_EVER);
  return {
    visitors: withRecord.visitors + unknown,
    ...(variance > 0 && { error: Math.ceil(Math.sqrt(variance)) }),
    new: firstEver,
    returning: withRecord.visitors - firstEver,
    unknown,
  };
}

/**
 * Visitors with a record. Whole days, months and years count them exactly. Of any other range nobody can know who
 * came in two of its parts: the first sketch estimates it, between the visitors that are surely different ones and
 * the sum of the parts, so forged points cannot move it far.
 */
function recordVisitors(document: Counters, view: ReportView): Estimate {
  const inPeriod = (grain: Grain, key: string) =>
    visitorsOfPeriod(
      document,
      grain,
      view.days.filter((day) => day.startsWith(key)),
    );
  const different = [
    sumOf(nodesOf(document, view.days), FIRST_EVER),
    ...byPeriod(view.days, 'year').map((days) => visitorsOfPeriod(document, 'year', days)),
  ];
  const most = view.periods.reduce((sum, { grain, key }) => sum + inPeriod(grain, key), 0);
  return between(Math.max(...different), most, document.sketchOf(FIRST_SKETCH).estimate());
}

/**
 * Visitors with a record on some days of one period: those whose first view of the period was then. At least as many
 * as in each shorter period: the first view of a visitor may have been lost, or deleted with its day.
 */
function visitorsOfPeriod(document: Counters, grain: Grain, days: readonly string[]): number {
  const nodes = nodesOf(document, days);
  if (grain === 'day') return nodes.reduce((most, node) => Math.max(most, visitorsWithRecord(node)), 0);
  const [firsts, shorter] = grain === 'year' ? [FIRSTS_OF_YEAR, 'month' as const] : [FIRSTS_OF_MONTH, 'day' as const];
  return Math.max(
    sumOf(nodes, firsts),
    ...byPeriod(days, shorter).map((inShorter) => visitorsOfPeriod(document, shorter, inShorter)),
  );
}

/** Visitors with a record on a day: one at least if there was a view, since the first view of the day may have been lost. */
function visitorsWithRecord(day: Counters): number {
  const firsts = day.get(FIRSTS_OF_DAY);
  return firsts > 0 ? firsts : Math.max(0, ...hoursOf(day).map(atLeastOne));
}

/**
 * The same of each of its hours, by their names; never more than of the day, since a clock that is put forward and
 * back makes one visitor several.
 */
export function visitorsOfHours(day: Counters): (key: string) => number {
  const most = visitorsWithRecord(day);
  const hours = day.below(HOURS);
  return (key) => {
    const hour = hours.below(key);
    return Math.min(Math.max(hour.get(FIRSTS_OF_HOUR), atLeastOne(hour)), most);
  };
}

function atLeastOne(hour: Counters): number {
  return hour.get(VIEWS_WITH_RECORD) > 0 ? 1 : 0;
}

/** Of a day: at least one for each register of the sketch, and at most one for each view. */
function visitorsWithoutRecord(day: Counters): Estimate {
  const sketch = day.sketchOf(SECOND_SKETCH);
  if (sketch.size === 0) return exactly(0);
  const views = hoursOf(day).reduce((sum, hour) => sum + hour.get(VIEWS) - hour.get(VIEWS_WITH_RECORD), 0);
  return between(sketch.size, views, sketch.estimate());
}

function hoursOf(day: Counters): Counters[] {
  return [...(day.below(HOURS).fields as Map<string, Counters>).values()];
}

const KEY_LENGTHS = { day: '2026-11-20'.length, month: '2026-11'.length, year: '2026'.length };

/** Days of the same day, month or year together. */
function byPeriod(days: readonly string[], grain: Grain): string[][] {
  const periods = new Map<string, string[]>();
  for (const day of days) {
    const key = day.slice(0, KEY_LENGTHS[grain]);
    const others = periods.get(key);
    if (others === undefined) periods.set(key, [day]);
    else others.push(day);
  }
  return [...periods.values()];
}

function nodesOf(document: Counters, days: readonly string[]): Counters[] {
  return days.map((day) => document.below(DAYS).below(day));
}

function sumOf(days: readonly Counters[], counter: string): number {
  return days.reduce((sum, day) => sum + day.get(counter), 0);
}
