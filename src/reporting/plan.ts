// Which documents cover a range: the fewest that do. Where days or months have expired, the range is widened to the
// longer periods that are still there.
import type { CalendarPeriod, Grain } from '../../collections/period.js';
import { daysBetween } from '../time/calendar.js';
import { addDays, firstDayOf, lastDayOf } from '../time/dates.js';

/** Whether the documents of a period cannot be read any more: they have expired or are in an archive. */
export type IsMissing = (period: CalendarPeriod) => boolean;

export interface Plan {
  /** Local days, both inclusive: the given range, or that range widened to whole months or years. */
  readonly from: string;
  readonly to: string;
  /** The shortest periods at which the range could be cut. */
  readonly resolution: Grain;
  readonly periods: readonly CalendarPeriod[];
}

/** `isDaily`: there are documents of days only, so no longer period can be read in place of a day. */
export function planOf(from: string, to: string, isMissing: IsMissing, isDaily = false): Plan {
  if (isDaily) return { from, to, resolution: 'day', periods: daysBetween(from, to).map((key) => ({ grain: 'day', key })) };
  let plan: Plan = { from, to, resolution: 'day', periods: periodsIn(from, to) };
  for (const grain of ['day', 'month'] as const) {
    for (const period of plan.periods.filter((one) => one.grain === grain && isMissing(one))) {
      plan = widened(plan, grain === 'day' ? period.key.slice(0, 7) : period.key.slice(0, 4));
    }
    plan = { ...plan, periods: periodsIn(plan.from, plan.to) };
  }
  return plan;
}

/** Whole years and whole months, and the single days before and after them. */
export function periodsIn(from: string, to: string): CalendarPeriod[] {
  const periods: CalendarPeriod[] = [];
  for (let day = from; day <= to; ) {
    const period = longestPeriod(day, to);
    periods.push(period);
    day = addDays(lastDayOf(period.key), 1);
  }
  return periods;
}

function longestPeriod(firstDay: string, to: string): CalendarPeriod {
  const [year, month] = [firstDay.slice(0, 4), firstDay.slice(0, 7)];
  if (firstDay.endsWith('-01-01') && lastDayOf(year) <= to) return { grain: 'year', key: year };
  if (firstDay.endsWith('-01') && lastDayOf(month) <= to) return { grain: 'month', key: month };
  return { grain: 'day', key: firstDay };
}

function widened(plan: Plan, key: string): Plan {
  const days = [firstDayOf(key), lastDayOf(key), plan.from, plan.to].sort();
  const [from, , , to] = days as [string, string, string, string];
  return { ...plan, from, to, resolution: key.length === 4 ? 'year' : 'month' };
}
