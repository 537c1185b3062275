// The range with which a range is compared.
import { addDays, addMonths, firstDayOf, lastDayOf } from './dates.js';
import { type DayRange, wholePeriod } from './day-range.js';
import { DAY_MS } from './units.js';

export const COMPARISONS = ['previous', 'year-before'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/**
 * `previous`: the range of the same length right before; for a whole month or year, the whole month or year before.
 * `year-before`: the same days a year earlier, with 28 February for the 29th; for a whole month, the whole month.
 */
export function comparedRange({ from, to }: DayRange, comparison: Comparison): DayRange {
  const whole = wholePeriod(from, to);
  if (whole === 'month' || whole === 'year') {
    const months = comparison === 'previous' && whole === 'month' ? 1 : 12;
    const period = addMonths(from, -months).slice(0, whole === 'month' ? '2026-11'.length : '2026'.length);
    return { from: firstDayOf(period), to: lastDayOf(period) };
  }
  if (comparison === 'year-before') return { from: addMonths(from, -12), to: addMonths(to, -12) };
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}
