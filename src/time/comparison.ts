// The range with which a range is compared.
import { addDays, addMonths, dayNumber, firstDayOf, lastDayOf } from './dates.js';
import { type DayRange, wholePeriod } from './day-range.js';

export const COMPARISONS = ['previous', 'year-before'] as const;
/** By name, or the other range itself. */
export type Comparison = (typeof COMPARISONS)[number] | DayRange;

/**
 * `previous`: the range of the same length right before; for a whole month or year, the whole month or year before.
 * `year-before`: the same days a year earlier, with 28 February for the 29th; for a whole month, the whole month.
 * With `isByWeekday`, the other range is moved by a few days, so that both begin on the same day of the week. It then has as
 * many days as this one, unless it was given by its days.
 */
export function comparedRange(range: DayRange, comparison: Comparison, isByWeekday = false): DayRange {
  const other = typeof comparison === 'object' ? comparison : namedRange(range, comparison);
  return isByWeekday ? onSameWeekday(range, other, daysAfterFirst(typeof comparison === 'object' ? other : range)) : other;
}

function namedRange({ from, to }: DayRange, name: (typeof COMPARISONS)[number]): DayRange {
  const whole = wholePeriod(from, to);
  if (whole === 'month' || whole === 'year') {
    const months = name === 'previous' && whole === 'month' ? 1 : 12;
    const period = addMonths(from, -months).slice(0, whole === 'month' ? '2026-11'.length : '2026'.length);
    return { from: firstDayOf(period), to: lastDayOf(period) };
  }
  if (name === 'year-before') return { from: addMonths(from, -12), to: addMonths(to, -12) };
  const days = daysAfterFirst({ from, to }) + 1;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}

function daysAfterFirst({ from, to }: DayRange): number {
  return dayNumber(to) - dayNumber(from);
}

/** Moves to the nearest such day; a range that was over before this one began stays so, and is moved back a week instead. */
function onSameWeekday(range: DayRange, other: DayRange, days: number): DayRange {
  const ahead = (((dayNumber(range.from) - dayNumber(other.from)) % 7) + 7) % 7;
  const nearest = addDays(other.from, ahead > 3 ? ahead - 7 : ahead);
  const overlaps = other.to < range.from && addDays(nearest, days) >= range.from;
  const from = overlaps ? addDays(nearest, -7) : nearest;
  return { from, to: addDays(from, days) };
}
