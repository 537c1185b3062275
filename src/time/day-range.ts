// Ranges of local days.
import { addDays, firstDayOf, lastDayOf, monthOf } from './dates.js';

/** Local days such as `2026-11-20`, both inclusive. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Sorts the ranges, and merges those that touch or overlap. */
export function joinRanges(ranges: readonly DayRange[]): DayRange[] {
  const sorted = [...ranges].sort((a, b) => (a.from < b.from ? -1 : 1));
  const joined: DayRange[] = [];
  for (const { from, to } of sorted) {
    const last = joined.at(-1);
    if (last === undefined || from > addDays(last.to, 1)) joined.push({ from, to });
    else if (to > last.to) joined[joined.length - 1] = { from: last.from, to };
  }
  return joined;
}

/** Which period the range is, if it is exactly one day, month or year. */
export function wholePeriod(from: string, to: string): 'day' | 'month' | 'year' | undefined {
  if (from === to) return 'day';
  const isWhole = (period: string) => from === firstDayOf(period) && to === lastDayOf(period);
  if (isWhole(monthOf(from))) return 'month';
  return isWhole(from.slice(0, '2026'.length)) ? 'year' : undefined;
}
