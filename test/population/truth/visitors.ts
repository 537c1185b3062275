import { type Expected, estimate } from '../differences.js';
import type { Day } from './days.js';
import type { Fact } from './facts.js';
import { lookalikes, newRecords, people, records } from './people.js';
import { isWhole, type Range } from './ranges.js';

export function visitors(facts: readonly Fact[], range: Range, days: readonly Day[]): Expected {
  const begun = facts.filter(({ pageNumber }) => pageNumber === 1);
  const numbers = begun.map(({ visitNumber }) => visitNumber);
  const since = begun.flatMap(({ second, before }) => (before ? [(second - before.second) / 86_400] : []));
  return {
    total: all(facts, range),
    rows: days.map(({ key, facts }) => ({ key, ...all(facts, { from: key, to: key }) })),
    loyalty: classes(numbers, [1, 2, 3, 6, 11, 21, 51, 101]),
    recency: classes(since, [0, 1, 2, 3, 7, 14, 30, 60, 120]),
  };
}

function all(facts: readonly Fact[], range: Range) {
  const [isNew, others] = [newRecords(facts), lookalikes(facts)];
  const returning = records(facts) - isNew;
  return {
    ...people(facts, range),
    new: isNew,
    returning: isWhole(range) ? returning : estimate(returning),
    unknown: others === 0 ? 0 : estimate(others),
  };
}

function classes(numbers: readonly number[], bounds: readonly number[]) {
  return bounds.map((least, i) => ({
    least,
    visits: numbers.filter((number) => number >= least && number < (bounds[i + 1] ?? Number.POSITIVE_INFINITY)).length,
  }));
}
