// The local days of a requested period: a word such as `today`, resolved in the time zone of the site.
import { DateTime } from 'luxon';
import { createCalendar } from './calendar.js';
import { addDays, addMonths, firstDayOf, lastDayOf, monthOf } from './dates.js';
import type { DayRange } from './day-range.js';

export const FIRST_DAY = '1990-01-01';
export const LAST_DAY = '2100-12-31';
export const YEARS_MAX = 10;

export const PERIODS = [
  'today',
  'yesterday',
  'day',
  '7d',
  '28d',
  '30d',
  '90d',
  'month',
  'last-month',
  'year',
  'last-year',
  'all',
  'now',
] as const;
export type Period = (typeof PERIODS)[number];

/** Periods that can have a date: the day itself, or the month or year that contains it. */
export const DATED: readonly Period[] = ['day', 'month', 'year'];

/** The live view shows ten minutes. Some more are read, because counting is a little behind. */
const NOW_MINUTES = 15;

/** See `rangeOf`. */
export function resolvePeriod(period: Period, date: string | undefined, timezone: string, nowMs: number): DayRange {
  const now = DateTime.fromMillis(nowMs, { zone: timezone });
  const today = now.toISODate() as string;
  if (period === 'yesterday') {
    const yesterday = dayBefore(today, timezone);
    return { from: yesterday, to: yesterday };
  }
  if (period !== 'now') return rangeOf(period, today, date);
  const [from = '', to = ''] = [now.minus({ minutes: NOW_MINUTES }).toISODate() as string, today].sort();
  return { from, to }; // where the clock goes back at 00:01 (Antarctica/Casey), the range may end on the day before
}

/**
 * By the calendar alone. Months and years are complete, including future days: each is one document, so its visitors are
 * exact. `7d` and the like are that number of days, up to and including today.
 */
export function rangeOf(period: Exclude<Period, 'now'>, today: string, date = today): DayRange {
  switch (period) {
    case 'all': // begins later where the first month is known: see reporting/first-month.ts
      return { from: FIRST_DAY, to: rangeOf('month', today).to };
    case 'today':
      return { from: today, to: today };
    case 'yesterday':
      return rangeOf('today', addDays(today, -1));
    case 'day':
      return { from: date, to: date };
    case '7d':
    case '28d':
    case '30d':
    case '90d':
      return { from: addDays(today, 1 - Number.parseInt(period, 10)), to: today };
    case 'month':
      return whole(monthOf(date));
    case 'last-month':
      return rangeOf('month', addMonths(today, -1));
    case 'year':
      return whole(date.slice(0, '2026'.length));
    case 'last-year':
      return rangeOf('year', addMonths(today, -12));
  }
}

function whole(period: string): DayRange {
  return { from: firstDayOf(period), to: lastDayOf(period) };
}

/** Some zones have skipped a whole day (Pacific/Apia, 2011-12-30). */
function dayBefore(day: string, timezone: string): string {
  const before = addDays(day, -1);
  return createCalendar(timezone).boundsOf(before) === undefined ? dayBefore(before, timezone) : before;
}

/** Whether a range is at most `most` long. */
export function isShortEnough(
  { from, to }: DayRange,
  { days = 0, years = 0 }: { days?: number; years?: number } = { years: YEARS_MAX },
): boolean {
  return to < addDays(addMonths(from, 12 * years), days);
}
