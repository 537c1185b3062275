// Which local days of a log are counted.

import type { DayLimits } from '../../store/imports.js';
import type { NotTaken } from './line-to-hit.js';

/** Why a day is not counted; undefined when it is. */
export function createDayRule(limits: DayLimits | undefined): (day: string) => NotTaken | undefined {
  if (limits === undefined) return () => undefined;
  const { from = '', until = '~', without = [] } = limits;
  return (day) => {
    if (day < from) return 'earlier-day';
    if (day > until) return 'later-day';
    return without.some((days) => days.from <= day && day <= days.to) ? 'counted-by-tool' : undefined;
  };
}

/** Whether two imports are to count the same days. */
export function sameLimits(one: DayLimits | undefined, other: DayLimits | undefined): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ from = '', until = '', without = [] }: DayLimits = {}): string {
  return [from, until, ...without.map((days) => `${days.from}..${days.to}`)].join(' ');
}
