// Visitors: those with a record once each; those without one once per day, unless they look the same.
import { anything, type Check, type Expected, estimate } from '../differences.js';
import type { Fact } from './facts.js';
import { distinct, isWhole, periodsOf, type Range } from './ranges.js';
import { groups } from './rows.js';

export function records(facts: readonly Fact[]): number {
  return distinct(facts.map(({ record }) => record));
}

/** Once on each day. */
export function lookalikes(facts: readonly Fact[]): number {
  return distinct(facts.map(({ lookalike, local }) => lookalike && `${local.day} ${lookalike}`));
}

export function newRecords(facts: readonly Fact[]): number {
  return facts.filter(({ record, before }) => record !== undefined && before === undefined).length;
}

/** `facts`: those of the range. */
export function people(facts: readonly Fact[], range: Range): { visitors: Expected; error: Expected } {
  const [recorded, others] = [records(facts), lookalikes(facts)];
  const isExact = isWhole(range) && others === 0;
  if (isExact) return { visitors: recorded, error: undefined };
  return { visitors: others === 0 ? within(recorded, facts, range) : estimate(recorded + others), error: anything };
}

/** An estimate that is never below the visitors of the largest period in it, and never above the sum of all. */
function within(truth: number, facts: readonly Fact[], range: Range): Check {
  const byDay = groups(facts, ({ local }) => local.day);
  const of = (period: string) => byDay.flatMap(([day, views]) => (day.startsWith(period) ? views : []));
  const parts = periodsOf(range).map((key) => records(of(key)));
  const [least, most] = [Math.max(0, ...parts), parts.reduce((sum, part) => sum + part, 0)];
  return (value, beside) => {
    const visitors = value as number;
    if (visitors < least || visitors > most) return `${visitors} is not from ${least} to ${most}`;
    return estimate(truth)(value, beside);
  };
}
