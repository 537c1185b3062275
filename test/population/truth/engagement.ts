import { type Check, type Expected, rowsIn } from '../differences.js';
import { capped } from './capped.js';
import type { Day } from './days.js';
import type { Read } from './facts.js';
import { groups } from './rows.js';

const ROWS_MAX = 1000;

export function engagement(reads: readonly Read[], days: readonly Day[], capsDividedBy: number): Expected {
  const byDay = new Map(groups(reads, ({ local }) => local.day));
  const rows = groups(reads, ({ path }) => path).map(([key, of]) => ({ key, ...reading(of) }));
  return {
    total: reading(reads),
    totalRows: rowsIn('rows'),
    rows:
      capsDividedBy > 1
        ? capped(rows, { ranking: 'known', least: ['seconds'], total: reads.length, rowsMax: ROWS_MAX / capsDividedBy })
        : rows.sort((a, b) => b.known - a.known || (a.key < b.key ? -1 : 1)),
    days: days.map(({ key }) => {
      const { known, seconds, averageSeconds } = reading(byDay.get(key) ?? []);
      return { key, known, seconds, averageSeconds };
    }),
  };
}

function reading(reads: readonly Read[]) {
  const known = reads.length;
  const seconds = sum(reads.map(({ reading }) => reading.seconds));
  const average = (of: number) => (known === 0 ? null : Math.round((10 * of) / known) / 10);
  return {
    known,
    seconds,
    averageSeconds: average(seconds),
    medianSeconds: median(reads.map(({ reading }) => reading.seconds)),
    averageDepth: average(sum(reads.map(({ reading }) => reading.depth))),
    reached: [25, 50, 75, 90, 100].map((depth) => ({
      depth,
      views: reads.filter(({ reading }) => reading.depth >= depth).length,
    })),
  };
}

/** The median must be in the stated class, and so must its estimate. */
function median(seconds: readonly number[]): Expected {
  if (seconds.length === 0) return null;
  const truth = [...seconds].sort((a, b) => a - b)[Math.floor((seconds.length - 1) / 2)] as number;
  const check: Check = (value) => {
    const { estimate, least, below } = value as { estimate: number; least: number; below: number | null };
    const isIn = (number: number) => number >= least && number <= (below ?? Number.POSITIVE_INFINITY);
    return isIn(truth) && truth !== below && isIn(estimate) ? undefined : `${JSON.stringify(value)}, expected ${truth}`;
  };
  return check;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
