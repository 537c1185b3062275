// What has changed since another range. Where a range is not over, its hours or days that are over are compared with the same
// hours or days of the other one. Where that cannot be done there is no percentage.
import { comparedRange } from '../../time/comparison.js';
import { addDays, addMonths, lastDayOf, monthOf } from '../../time/dates.js';
import { type DayRange, wholePeriod } from '../../time/day-range.js';
import type { Range, Traffic } from './answers.js';
import { change, hourName, number, rangeName } from './format.js';
import { daysIn, isSame } from './ranges.js';
import { COMPARED, LISTS } from './texts.js';

/** The moment up to which hits are counted, on the site's clock. */
export interface Now {
  /** `2026-11-20` */
  readonly day: string;
  /** `09` */
  readonly hour: string;
  /** `09:35` */
  readonly time: string;
  /** The day on which the site was created. */
  readonly siteSince: string;
}

export interface Slots<Numbers> {
  readonly rows: ReadonlyArray<
    Numbers & { readonly key: string; readonly hours: ReadonlyArray<Numbers & { readonly key: string }> }
  >;
}

export interface SoFar {
  readonly now: number;
  readonly before: number;
  /** For an average: how many values it is made of, in the range that has fewer. */
  readonly of?: number;
}

/** A number of hours and days: their sum, or an average, which is one sum divided by another. */
export interface Measure<Numbers> {
  sum(numbers: Numbers): number;
  per?(numbers: Numbers): number;
  /** Hits, where the numbers of a day's hours do not add up to that of the day: those of visitors. */
  hits?(numbers: Numbers): number;
}

/** Below this, one more or less is several per cent. */
const BEFORE_MIN = 20;

/**
 * The same report of the other range. Undefined where days of either are no longer kept: then it is wider than asked for, or
 * has holes, and cannot be compared.
 */
export function comparedOf<Body extends Range>(report: Range & { readonly compared?: Body }): Body | undefined {
  const { compared } = report;
  if (compared === undefined || [report, compared].some(({ expired = [] }) => expired.length > 0)) return undefined;
  return compared.resolution === 'day' ? compared : undefined;
}

/** Undefined where nothing is over yet, or where the other range has no such hours or days. */
export function soFar<Numbers>(
  report: Range & Slots<Numbers> & { readonly compared?: Range & Slots<Numbers> },
  now: Omit<Now, 'time'>,
  { sum: numberOf, per, hits = numberOf }: Measure<Numbers>,
): SoFar | undefined {
  const compared = comparedOf(report);
  if (compared === undefined) return undefined;
  const slots = isDayOf(report, now) ? sameHours(report, compared, now.hour) : sameDays(report, compared, now.day);
  const first = slots?.before[0];
  if (slots === undefined || first === undefined) return undefined;
  // counting may have begun in the middle of it
  if (compared.from <= now.siteSince && numberOf(first) === 0) return undefined;
  const sum = (counted: readonly Numbers[], of = numberOf) => counted.reduce((total, one) => total + of(one), 0);
  // what another tool has counted of a day is in no hour
  const hasAll = ({ rows }: Slots<Numbers>) => rows.every((day) => sum(day.hours, hits) === hits(day));
  if (isDayOf(report, now) && !(hasAll(report) && hasAll(compared))) return undefined;
  // a log has views by the hour, but visitors only by the day
  if ([slots.now, slots.before].some((counted) => sum(counted) === 0 && sum(counted, hits) > 0)) return undefined;
  if (per === undefined) return { now: sum(slots.now), before: sum(slots.before) };
  const [all, allBefore] = [sum(slots.now, per), sum(slots.before, per)];
  if (all === 0 || allBefore === 0) return undefined;
  return { now: sum(slots.now) / all, before: sum(slots.before) / allBefore, of: Math.min(all, allBefore) };
}

/** Whether the range is the current day, of which only the hours that are over can be compared. */
export function isDayOf({ from, to }: DayRange, { day }: Pick<Now, 'day'>): boolean {
  return from === day && to === day;
}

interface SameSlots<Numbers> {
  readonly now: readonly Numbers[];
  readonly before: readonly Numbers[];
}

/** A clock change skips or repeats an hour: such an hour is in one of the days only, and not compared. */
function sameHours<Numbers>({ rows: [here] }: Slots<Numbers>, { rows: [there] }: Slots<Numbers>, hourNow: string) {
  // in order of time; of a repeated hour it is not known here which pass it is, so neither counts as over
  const current = (here?.hours ?? []).findIndex(({ key }) => key.slice(0, 2) === hourNow);
  const over = (here?.hours ?? []).slice(0, Math.max(0, current));
  const others = there?.hours ?? [];
  return {
    now: over.filter(({ key }) => others.some((other) => other.key === key)),
    before: others.filter(({ key }) => over.some((other) => other.key === key)),
  };
}

function sameDays<Numbers>(
  here: DayRange & Slots<Numbers>,
  there: DayRange & Slots<Numbers>,
  today: string,
): SameSlots<Numbers> | undefined {
  const part = partOver(here, there, today);
  const within = ({ rows }: Slots<Numbers>, { from, to }: DayRange) => rows.filter(({ key }) => from <= key && key <= to);
  return part && { now: within(here, part.here), before: within(there, part.there) };
}

/** This part of a range may begin without a view although the site existed. */
const QUIET_PART_MAX = 0.1;

/**
 * Whether the site existed for all of the other range. A site that was created later may have imported history; where that
 * begins far into the range, or there is none, the two cannot be compared.
 */
export function isCovered({ compared }: Pick<Traffic, 'compared'>, { siteSince }: Pick<Now, 'siteSince'>): boolean {
  if (compared === undefined) return false;
  if (siteSince < compared.from) return true;
  const { rows } = compared;
  const first = rows.findIndex(({ views }) => views > 0);
  return first >= 0 && (rows[first]?.key as string) < siteSince && first <= rows.length * QUIET_PART_MAX;
}

/** The part of a range that is over, and the same part of the other one. Local days, both inclusive. */
export interface PartOver {
  readonly here: DayRange;
  readonly there: DayRange;
  /** A list that is compared names both ranges, because the page does not name them at its head. */
  readonly isNamedByLists?: boolean;
}

/**
 * The days before today. They are the same days of the month in two whole months, the same dates a year earlier, and
 * otherwise as many days from the beginning. A range that is over is compared as a whole. Undefined where no day is over.
 */
export function partOver(here: DayRange, there: DayRange, today: string): PartOver | undefined {
  const { from, to } = here;
  if (to < today) return { here: { from, to }, there: { from: there.from, to: there.to } };
  if (from >= today) return undefined;
  const last = addDays(today, -1);
  const whole = wholePeriod(from, to);
  if (whole === 'month' && wholePeriod(there.from, there.to) === 'month') {
    const days = [last, there.to].map((day) => day.slice(8)).sort()[0];
    const part = (range: DayRange) => ({ from: range.from, to: range.from.slice(0, 8) + days });
    return { here: part(here), there: part(there) };
  }
  if (isYearBefore(here, there)) return { here: { from, to: last }, there: { from: there.from, to: yearBefore(last) } };
  const days = Math.min(daysIn({ from, to: last }), daysIn(there)) - 1;
  const firstOf = (range: DayRange) => ({ from: range.from, to: addDays(range.from, days) });
  return { here: firstOf(here), there: firstOf(there) };
}

/** Whether the days of two ranges have the same dates, of different years. */
export function isYearBefore(here: DayRange, there: DayRange): boolean {
  return isSame(there, comparedRange(here, 'year-before'));
}

/** The last day of a month stays the last one. */
function yearBefore(day: string): string {
  const before = addMonths(day, -12);
  const month = '2026-11'.length;
  return day === lastDayOf(day.slice(0, month)) ? lastDayOf(before.slice(0, month)) : before;
}

/** A longer range has its lists from months, so that few documents are read. */
const DAYS_OF_LISTS_MAX = 100;

/**
 * The part by which lists are compared. A long range that begins with a month is cut at months. Undefined for the current
 * day, which has no lists by the hour, and where nothing is over yet.
 */
export function partOfLists(here: DayRange, there: DayRange, today: string): PartOver | undefined {
  const month = `${monthOf(today)}-01`;
  const isCutAtMonth = here.to >= today && month < today && here.from.endsWith('-01') && daysIn(here) > DAYS_OF_LISTS_MAX;
  const part = partOver(here, there, isCutAtMonth ? month : today);
  return part && { ...part, ...(isCutAtMonth && { isNamedByLists: true }) };
}

/** The same where the two ranges are asked for together. Undefined also where they cannot be compared. */
export function comparedParts(traffic: Traffic, now: Now): PartOver | undefined {
  const other = isCovered(traffic, now) ? comparedOf(traffic) : undefined;
  return other && partOfLists(traffic, other, now.day);
}

/** Undefined where the numbers are too small for a percentage. */
export function partChanged({ now, before, of = before }: SoFar): number | undefined {
  return of < BEFORE_MIN || before === 0 ? undefined : (now - before) / before;
}

/** `+12%`; `3 → 15` where there were few before; empty where there was nothing. */
export function changeText(numbers: SoFar): string {
  const part = partChanged(numbers);
  if (part !== undefined) return change(part);
  const { now, before } = numbers;
  return now === 0 && before === 0 ? '' : `${number(before)} → ${number(now)}`;
}

/** The name of the other range. */
export function comparedName(
  here: DayRange,
  { from, to }: DayRange,
  { day }: Pick<Now, 'day'>,
  length: 'long' | 'short' = 'long',
): string {
  const isYesterday = isDayOf(here, { day }) && from === to && to === addDays(day, -1);
  return isYesterday ? COMPARED.yesterday : rangeName({ from, to }, day, length);
}

/** What the changes of a range compare. */
export interface Basis {
  /** In a sentence of its own. */
  readonly sentence: string;
  /** Beside a change. */
  readonly short: string;
  /** After "12% more than". */
  readonly than: string;
  /** The part of the range that is compared. */
  readonly part: string;
}

export function basisOf(here: DayRange, there: DayRange, now: Now): Basis {
  const name = comparedName(here, there, now);
  if (isDayOf(here, now)) {
    return {
      sentence: COMPARED.untilHour(name, hourName(now.hour)),
      short: COMPARED.sameHours(name),
      than: COMPARED.thanHours(name),
      part: COMPARED.until(hourName(now.hour)),
    };
  }
  const over = partOver(here, there, now.day) ?? { here, there };
  const [part, than] = [over.here, over.there].map((range) => rangeName(range, now.day)) as [string, string];
  const isRunning = here.to >= now.day;
  const whole = wholePeriod(here.from, here.to);
  if (isRunning && whole !== undefined && whole === wholePeriod(there.from, there.to)) {
    return { sentence: COMPARED.withSameDays(name), short: COMPARED.sameDays(name), than: COMPARED.thanDays(name), part };
  }
  return { sentence: LISTS.changeNote(part, than), short: COMPARED.with(than), than, part };
}
