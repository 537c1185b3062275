// Which range one is compared with.
import { addDays, addMonths, firstDayOf, lastDayOf } from './dates.js';
import { DAY_MS } from './units.js';

export const COMPARISONS = ['previous', 'year-before'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Local days, both inclusive. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/**
 * `previous`: the one of the same length right before it; of a whole month or year, the whole one before.
 * `year-before`: the same days a year earlier, 28 February for the 29th; of a whole month, the whole one.
 */
export function comparedRange({ from, to }: DayRange, comparison: Comparison): DayRange {
  const whole = [from.slice(0, 7), from.slice(0, 4)].find((period) => from === firstDayOf(period) && to === lastDayOf(period));
  if (whole !== undefined) {
    const months = comparison === 'previous' && whole.length === '2026-11'.length ? 1 : 12;
    const period = addMonths(from, -months).slice(0, whole.length);
    return { from: firstDayOf(period), to: lastDayOf(period) };
  }
  if (comparison === 'year-before') return { from: addMonths(from, -12), to: addMonths(to, -12) };
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}
