// Which days, hours and months a report lists: `by` of the query.
import { monthOf } from '../src/time/dates.js';
import type { ReportView } from './report.js';

export function daysListed({ by, days }: ReportView): readonly string[] {
  return by === 'month' ? [] : days;
}

export function hoursListed({ by, hoursOf }: ReportView, day: string): readonly string[] {
  return by === 'day' ? [] : hoursOf(day);
}

/** Calls `rowOf` for each month, with its days in the range. Without `months` where the query does not ask for them. */
export function monthsListed<Row>(
  { by, days }: ReportView,
  rowOf: (month: string, days: readonly string[]) => Row,
): { months?: Row[] } {
  if (by !== 'day' && by !== 'month') return {};
  const months = new Map<string, string[]>();
  for (const day of days) {
    const month = monthOf(day);
    const others = months.get(month);
    if (others === undefined) months.set(month, [day]);
    else others.push(day);
  }
  return { months: [...months].map(([month, ofMonth]) => rowOf(month, ofMonth)) };
}
