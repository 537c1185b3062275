// Unique visitors of a site. Browsers with a record are counted exactly: the record shows whether a view is the first of
// its hour, day, month or year. All others are estimated with sketches. The traffic report counts them; the visitors report
// reads them from the same documents.
import type { Counters } from '../src/counters/counters.js';
import { type Part, part } from '../src/counters/part.js';
import { STANDARD_ERROR } from '../src/counters/sketch.js';
import type { Point, Visitor } from '../src/hit/hit.js';
import { dayIn, days, hours, partOfHours, readDay, readHour, readHours } from './days.js';
import { declareKeys, sketch, sum } from './keys.js';
import type { Grain } from './period.js';
import type { ReportView } from './report.js';

/** Page views; the same key for the document, its days and its hours. */
const views = sum('v');

const hourKeys = {
  views,
  /** Browsers with a record whose first view of the hour this was. */
  firsts: sum('u'),
};

const dayKeys = {
  views,
  /** Browsers with a record whose first view of the day, month or year this was. */
  firstsOfDay: sum('d'),
  firstsOfMonth: sum('m'),
  firstsOfYear: sum('y'),
  firstEver: sum('n'),
  /**
   * Browsers without a record. Their salts change every day, so a browser counts once a day, and the estimates of two
   * days add up.
   */
  withoutRecord: sketch('t'),
  /** Visitors as another tool has counted them. Only their number is known, so the numbers of two days add up. */
  imported: sum('i'),
  hours: hours(hourKeys),
};

export const trafficKeys = declareKeys({
  views,
  /** Browsers with a record, over the whole range. */
  withRecord: sketch('s'),
  days: days(dayKeys),
});

/** Views by browsers with a record. The visits report counts them. */
export const RECORDED_VIEWS = sum('p');

/** The part of a day that its views and visitors, and those of its hours, are read from. */
export const PART_OF_DAY: Part = new Map([
  ...part(views, dayKeys.firstsOfDay, dayKeys.firstEver, dayKeys.withoutRecord, dayKeys.imported),
  ...partOfHours(part(views, hourKeys.firsts, RECORDED_VIEWS)),
]);

export function countFirsts(visitor: Visitor, day: Counters): void {
  const { first } = visitor;
  if (first === '') return;
  day.sum(dayKeys.firstsOfDay);
  if (first === 'd') return;
  day.sum(dayKeys.firstsOfMonth);
  if (first === 'y') day.sum(dayKeys.firstsOfYear);
}

export function countPoint(point: Point, document: Counters): void {
  if (point.sketch === 'first') document.sketch(trafficKeys.withRecord).add(point.register, point.rank);
  else dayIn(document, point.day).sketch(dayKeys.withoutRecord).add(point.register, point.rank);
}

/** Whether browsers with a record were among a day's visitors. Logs and other tools contain none. */
export function hasRecord(day: Counters): boolean {
  return visitorsWithRecord(day) > 0;
}

/** Describes `error` in answers. */
export const VISITORS_ERROR =
  'One standard error of `visitors`, in visitors, if that is an estimate. Never more than the largest possible error.';

export interface VisitorCount {
  readonly visitors: number;
  /** One standard error of the estimate, in visitors. Absent: the number is exact. */
  readonly error?: number;
}

/** The three groups add up to `visitors`. Those with a record are new or returning, all others are unknown. */
export interface VisitorGroups extends VisitorCount {
  readonly new: number;
  readonly returning: number;
  readonly unknown: number;
}

export function visitorsOfDay(document: Counters, localDay: string): VisitorGroups {
  const day = readDay(document, localDay);
  return grouped(exactly(visitorsWithRecord(day)), [day]);
}

/** Visitors of the first days of a month, or of all of them. `localDays`: from the first day on, without gaps. */
export function visitorsOfMonth(document: Counters, localDays: readonly string[]): VisitorGroups {
  return grouped(exactly(visitorsOfPeriod(document, 'month', localDays)), daysOf(document, localDays));
}

/** Visitors of the range. Those without a record and imported ones count once a day. */
export function visitorsOfRange(document: Counters, view: ReportView): VisitorGroups {
  return grouped(recordVisitors(document, view), daysOf(document, view.days));
}

/** A whole number of visitors and its standard error. */
interface Estimate {
  readonly visitors: number;
  readonly deviation: number;
}

function exactly(visitors: number): Estimate {
  return { visitors, deviation: 0 };
}

/** Limits the sketch's estimate to two certain bounds. If these contradict each other, `most` is used. */
function between(least: number, most: number, sketched: number): Estimate {
  const visitors = Math.min(most, Math.max(least, Math.round(sketched)));
  return { visitors, deviation: Math.min(STANDARD_ERROR * visitors, Math.max(most - visitors, visitors - least)) };
}

function grouped(withRecord: Estimate, days: readonly Counters[]): VisitorGroups {
  const others = days.map(visitorsWithoutRecord);
  const unknown = sumOf(days, dayKeys.imported) + others.reduce((sum, one) => sum + one.visitors, 0);
  const variance = others.reduce((sum, { deviation }) => sum + deviation ** 2, withRecord.deviation ** 2);
  const firstEver = sumOf(days, dayKeys.firstEver);
  return {
    visitors: withRecord.visitors + unknown,
    ...(variance > 0 && { error: Math.ceil(Math.sqrt(variance)) }),
    new: firstEver,
    returning: withRecord.visitors - firstEver,
    unknown,
  };
}

/**
 * Visitors with a record. The number is exact for a whole day, month or year. For any other range, nobody can know who came
 * in two of its periods, so the sketch estimates the number. The bounds are the visitors that are certainly different, and
 * the sum of the periods. So forged points cannot change it much.
 */
function recordVisitors(document: Counters, view: ReportView): Estimate {
  const inPeriod = (grain: Grain, key: string) =>
    visitorsOfPeriod(
      document,
      grain,
      view.days.filter((day) => day.startsWith(key)),
    );
  const different = [
    sumOf(daysOf(document, view.days), dayKeys.firstEver),
    ...byPeriod(view.days, 'year').map((days) => visitorsOfPeriod(document, 'year', days)),
  ];
  const most = view.periods.reduce((sum, { grain, key }) => sum + inPeriod(grain, key), 0);
  return between(Math.max(...different), most, document.sketchOf(trafficKeys.withRecord).estimate());
}

/**
 * Visitors with a record whose first view of a period was on one of these days. There are at least as many as in each
 * shorter period, because the first view of a visitor may have been lost, or deleted with its day.
 */
function visitorsOfPeriod(document: Counters, grain: Grain, localDays: readonly string[]): number {
  const days = daysOf(document, localDays);
  if (grain === 'day') return days.reduce((most, day) => Math.max(most, visitorsWithRecord(day)), 0);
  const firsts = grain === 'year' ? dayKeys.firstsOfYear : dayKeys.firstsOfMonth;
  const shorter = grain === 'year' ? 'month' : 'day';
  return Math.max(
    sumOf(days, firsts),
    ...byPeriod(localDays, shorter).map((inShorter) => visitorsOfPeriod(document, shorter, inShorter)),
  );
}

/** At least one visitor if there was a view, since the first view of the day may have been lost. */
function visitorsWithRecord(day: Counters): number {
  const firsts = day.get(dayKeys.firstsOfDay);
  return firsts > 0 ? firsts : Math.max(0, ...readHours(day).map(atLeastOne));
}

/**
 * Visitors with a record in each hour of a day. They are limited to those of the day, because a browser whose clock
 * is moved forward and back counts several times in an hour.
 */
export function visitorsOfHours(day: Counters): (hour: string) => number {
  const most = visitorsWithRecord(day);
  return (name) => {
    const hour = readHour(day, name);
    return Math.min(Math.max(hour.get(hourKeys.firsts), atLeastOne(hour)), most);
  };
}

function atLeastOne(hour: Counters): number {
  return hour.get(RECORDED_VIEWS) > 0 ? 1 : 0;
}

/** At least one visitor for each register of the sketch, and at most one for each view. */
function visitorsWithoutRecord(day: Counters): Estimate {
  const points = day.sketchOf(dayKeys.withoutRecord);
  if (points.size === 0) return exactly(0);
  const viewsWithoutRecord = readHours(day).reduce((sum, hour) => sum + hour.get(hourKeys.views) - hour.get(RECORDED_VIEWS), 0);
  return between(points.size, viewsWithoutRecord, points.estimate());
}

const KEY_LENGTHS = { day: '2026-11-20'.length, month: '2026-11'.length, year: '2026'.length };

/** The days grouped by their day, month or year. */
function byPeriod(localDays: readonly string[], grain: Grain): string[][] {
  const periods = new Map<string, string[]>();
  for (const day of localDays) {
    const key = day.slice(0, KEY_LENGTHS[grain]);
    const others = periods.get(key);
    if (others === undefined) periods.set(key, [day]);
    else others.push(day);
  }
  return [...periods.values()];
}

function daysOf(document: Counters, localDays: readonly string[]): Counters[] {
  return localDays.map((day) => readDay(document, day));
}

function sumOf(days: readonly Counters[], counter: typeof dayKeys.firstEver): number {
  return days.reduce((sum, day) => sum + day.get(counter), 0);
}
