// The ranges of days that the page can show: by name, such as the last seven days, or from one day to another.
import { addDays, addMonths, dayNumber, firstDayOf, isDay, lastDayOf, monthOf } from '../../time/dates.js';
import type { DayRange } from '../../time/day-range.js';
import { FIRST_DAY, isShortEnough, LAST_DAY, type Period, rangeOf as rangeOfPeriod } from '../../time/period.js';
import type { Query } from './fetch.js';

/** By their names in the API, in the order in which they are offered. */
export const PERIODS = [
  'today',
  'yesterday',
  '7d',
  '28d',
  '30d',
  '90d',
  'month',
  'last-month',
  'year',
  'last-year',
  'all',
] as const satisfies readonly Period[];
export type Named = (typeof PERIODS)[number];

/** A named period moves on with the days; a range stays. */
export type Shown = Named | DayRange;

/**
 * `today`: the local day of the site, here and below. All time begins with the first day that there can be: only an answer says
 * where it begins.
 */
export function rangeOf(shown: Shown, today: string): DayRange {
  return typeof shown === 'string' ? rangeOfPeriod(shown, today) : shown;
}

/** What the API is asked for. */
export function queryOf(shown: Shown): Query {
  return typeof shown === 'string' ? { period: shown } : { from: shown.from, to: shown.to };
}

export function daysIn({ from, to }: DayRange): number {
  return dayNumber(to) - dayNumber(from) + 1;
}

export function isSame(one: DayRange, other: DayRange): boolean {
  return one.from === other.from && one.to === other.to;
}

/** A range as somebody has typed it. Undefined where the API would refuse it: it takes at most ten years. */
export function rangeFrom(from: string, to: string): DayRange | undefined {
  const isRange = isDay(from) && isDay(to) && from >= FIRST_DAY && from <= to && to <= LAST_DAY;
  return isRange && isShortEnough({ from, to }) ? { from, to } : undefined;
}

/** By how many whole months a range is long; undefined if it is not made of whole months. */
export function wholeMonthsIn({ from, to }: DayRange): number | undefined {
  const month = monthOf(to);
  if (!from.endsWith('-01') || to !== lastDayOf(month)) return undefined;
  return 12 * (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) + Number(month.slice(5)) - Number(from.slice(5, 7)) + 1;
}

/**
 * The range of the same length right before or after: a month or a year moves by months, another range by days. Undefined
 * where it would begin in the future. A period that has a name is given by its name, so it moves on with the days again.
 */
export function moved(shown: Shown, direction: -1 | 1, today: string): Shown | undefined {
  const range = rangeOf(shown, today);
  const isOfDays = typeof shown === 'string' && shown.endsWith('d');
  const next = movedBy(range, direction, isOfDays ? undefined : wholeMonthsIn(range));
  return next.from > today || next.from < FIRST_DAY ? undefined : named(next, today);
}

/** By its name if it has one, so that it moves on with the days. */
export function named(range: DayRange, today: string): Shown {
  // a month of 28 days is a month rather than the last 28 days
  return [...PERIODS].reverse().find((name) => isSame(rangeOf(name, today), range)) ?? range;
}

/** More days have too many bars, on any screen, and too many numbers. */
const DAYS_AS_BARS_MAX = 2 * 366;

/** The hours of more days are too thin to be told apart. */
export const HOURS_DAYS_MAX = 7;

/**
 * The shortest periods of which the numbers of a range are shown: a parameter of the API. `whole`: all time, as far as known.
 * `hoursDaysMax`: for how many days hours are shown.
 */
export function byOf(shown: Shown, whole: DayRange, hoursDaysMax = 1): 'hour' | 'day' | 'month' {
  const days = daysIn(shown === 'all' ? whole : rangeOf(shown, whole.to));
  return days <= hoursDaysMax && shown !== 'all' ? 'hour' : days <= DAYS_AS_BARS_MAX ? 'day' : 'month';
}

/** The months before this one and the years before the last one, the newest first. `since`: the first day of the site. */
export function monthsAndYears(today: string, since: string): { months: DayRange[]; years: DayRange[] } {
  const whole = (key: string): DayRange => ({ from: firstDayOf(key), to: lastDayOf(key) });
  const month = monthOf(today);
  const months = Array.from({ length: MONTHS_BACK }, (_, i) => whole(addMonths(`${month}-01`, -i - 2).slice(0, month.length)));
  const [thisYear, first] = [today, since].map((day) => Number(day.slice(0, 4))) as [number, number];
  const years = Array.from({ length: Math.max(0, Math.min(YEARS_BACK, thisYear - first - 1)) }, (_, i) =>
    whole(String(thisYear - 2 - i)),
  );
  return { months: months.filter(({ to }) => to >= since), years };
}

/** This month and the last one have names of their own. */
const MONTHS_BACK = 23;
const YEARS_BACK = 30;

function movedBy({ from, to }: DayRange, direction: -1 | 1, months: number | undefined): DayRange {
  if (months === undefined) {
    const days = direction * daysIn({ from, to });
    return { from: addDays(from, days), to: addDays(to, days) };
  }
  const first = addMonths(from, direction * months);
  return { from: first, to: lastDayOf(monthOf(addMonths(first, months - 1))) };
}
