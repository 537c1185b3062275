// Which documents cover a range: the fewest that do. Where they are not kept any more, the range is widened to those that are.
import type { Part } from '../../collections/collection.js';
import { daysBetween } from '../time/calendar.js';
import { addDays, firstDayOf, lastDayOf } from '../time/dates.js';

/** Which documents cannot be read any more: removed, or in an archive. Keys as in `Part`. */
export type IsGone = (part: Part) => boolean;

export interface Plan {
  /** Local days, both inclusive: as asked for, or widened to whole months or years. */
  readonly from: string;
  readonly to: string;
  /** The shortest periods that the range could be cut at. */
  readonly resolution: Part['grain'];
  readonly parts: readonly Part[];
}

/** `isDaily`: there are no documents of longer periods, so nothing can be read in a day's place. */
export function planOf(from: string, to: string, isGone: IsGone, isDaily = false): Plan {
  if (isDaily) return { from, to, resolution: 'day', parts: daysBetween(from, to).map((key) => ({ grain: 'day', key })) };
  let plan: Plan = { from, to, resolution: 'day', parts: partsOf(from, to) };
  for (const grain of ['day', 'month'] as const) {
    for (const part of plan.parts.filter((part) => part.grain === grain && isGone(part))) {
      plan = widened(plan, grain === 'day' ? part.key.slice(0, 7) : part.key.slice(0, 4));
    }
    plan = { ...plan, parts: partsOf(plan.from, plan.to) };
  }
  return plan;
}

/** Whole years and months as one each, the days before and after them one by one. */
export function partsOf(from: string, to: string): Part[] {
  const parts: Part[] = [];
  for (let day = from; day <= to; ) {
    const part = largestPart(day, to);
    parts.push(part);
    day = addDays(lastDayOf(part.key), 1);
  }
  return parts;
}

function largestPart(day: string, to: string): Part {
  const [year, month] = [day.slice(0, 4), day.slice(0, 7)];
  if (day.endsWith('-01-01') && lastDayOf(year) <= to) return { grain: 'year', key: year };
  if (day.endsWith('-01') && lastDayOf(month) <= to) return { grain: 'month', key: month };
  return { grain: 'day', key: day };
}

function widened(plan: Plan, period: string): Plan {
  const [from, , , to] = [firstDayOf(period), lastDayOf(period), plan.from, plan.to].sort() as [string, string, string, string];
  return {
    ...plan,
    from,
    to,
    resolution: period.length === 4 ? 'year' : 'month',
  };
}
