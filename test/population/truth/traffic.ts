import type { Expected } from '../differences.js';
import type { Day } from './days.js';
import type { Fact } from './facts.js';
import { people, records } from './people.js';
import type { Range } from './ranges.js';

export function traffic(facts: readonly Fact[], range: Range, days: readonly Day[]): Expected {
  return {
    total: { views: facts.length, ...people(facts, range) },
    rows: days.map(({ key, facts, hours }) => ({
      key,
      views: facts.length,
      ...people(facts, { from: key, to: key }),
      hours: hours.map(({ key, facts }) => ({ key, views: facts.length, visitors: records(facts) })),
    })),
  };
}
