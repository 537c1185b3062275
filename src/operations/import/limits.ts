// Decides which local days of a log are counted.

import type { DayLimits } from '../../store/imports.js';

/** Why a line is not counted. These reasons are not refusals, which the reports count. */
export type NotTaken = 'earlier-day' | 'later-day' | 'counted-by-tool' | 'counted-before';

/** The rule returns why a day is not counted, or undefined when it is counted. */
export function createDayRule(limits: DayLimits | undefined): (day: string) => NotTaken | undefined {
  if (limits === undefined) return () => undefined;
  const { from = '', until = '~', without = [] } = limits;
  return (day) => {
    if (day < from) return 'earlier-day';
    if (day > until) return 'later-day';
    return without.some((days) => days.from <= day && day <= days.to) ? 'counted-by-tool' : undefined;
  };
}

/** Whether two imports count the same days. */
export function sameLimits(one: DayLimits | undefined, other: DayLimits | undefined): boolean {
  return limitsText(one) === limitsText(other);
}

function limitsText({ from = '', until = '', without = [] }: DayLimits = {}): string {
  return [from, until, ...without.map((days) => `${days.from}..${days.to}`)].join(' ');
}
