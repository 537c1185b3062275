import type { Expected } from '../differences.js';
import type { Day } from './days.js';
import type { Fact } from './facts.js';

/**
 * A visit belongs to the hour of its first view; each of its views, and the time until the next one, to the hour of
 * that view.
 */
export function visits(facts: readonly Fact[], days: readonly Day[]): Expected {
  return {
    total: withAverages(facts),
    rows: days.map(({ key, facts, hours }) => ({
      key,
      ...withAverages(facts),
      hours: hours.map(({ key, facts }) => ({ key, ...numbers(facts) })),
    })),
  };
}

function numbers(facts: readonly Fact[]) {
  const recorded = facts.filter(({ record }) => record !== undefined);
  const begun = recorded.filter(({ pageNumber }) => pageNumber === 1);
  const others = facts.filter(({ lookalike, origin }) => lookalike !== undefined && origin.source !== '');
  return {
    visits: begun.length + others.length,
    recorded: begun.length,
    bounces: begun.filter(({ next }) => next === undefined).length,
    views: recorded.length,
    seconds: recorded.reduce((sum, { second, next }) => sum + (next === undefined ? 0 : next.second - second), 0),
  };
}

function withAverages(facts: readonly Fact[]) {
  const sums = numbers(facts);
  const each = (sum: number) => (sums.recorded === 0 ? null : Math.round((1000 * sum) / sums.recorded) / 1000);
  return { ...sums, bounceRate: each(sums.bounces), viewsPerVisit: each(sums.views), secondsPerVisit: each(sums.seconds) };
}
