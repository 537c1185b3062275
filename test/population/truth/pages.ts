import { anything, type Check, differences, type Expected, rowsIn } from '../differences.js';
import { capped } from './capped.js';
import type { Day } from './days.js';
import type { Fact, Read } from './facts.js';
import { groups, listed } from './rows.js';

/** `reads`: those of the range. */
export function page(path: string, reads: readonly Read[], days: readonly Day[], capsDividedBy: number): Expected {
  const facts = days.flatMap((day) => day.facts);
  const mine = facts.filter((one) => one.path === path);
  const myReads = reads.filter((one) => one.path === path);
  const isFirstOfDay = new Set(days.flatMap(({ facts }) => firsts(facts)));
  const numbers = (isIn: (local: Fact['local']) => boolean) => {
    const [views, read] = [mine.filter(({ local }) => isIn(local)), myReads.filter(({ local }) => isIn(local))];
    const seconds = read.reduce((sum, { reading }) => sum + reading.seconds, 0);
    return { views: views.length, visitors: views.filter((view) => isFirstOfDay.has(view)).length, known: read.length, seconds };
  };
  const pairs = (of: readonly Fact[], keyOf: (fact: Fact) => string) =>
    listed(groups(of, keyOf).map(([key, views]) => ({ key, views: views.length })));
  const { visitors: _, ...total } = numbers(() => true);
  const next = pairs(
    facts.filter(({ next }) => next?.knownBefore === path),
    ({ next }) => (next as Fact).path,
  );
  const previous = pairs(
    facts.filter(({ next }) => next?.path === path && next.knownBefore !== undefined),
    ({ next }) => next?.knownBefore as string,
  );
  const sumOf = (rows: readonly Pair[]) => rows.reduce((sum, { views }) => sum + views, 0);
  const truth = {
    page: path,
    totalRows: rowsIn('sources', 'devices', 'next', 'previous'),
    total: { ...total, followed: sumOf(next), preceded: sumOf(previous) },
    rows: days.map(({ key, hours }) => ({
      key,
      ...numbers(({ day }) => day === key),
      hours: hours.map((hour) => ({ key: hour.key, ...numbers(({ day, hour: at }) => day === key && at === hour.key) })),
    })),
    sources: pairs(mine, ({ origin }) => origin.source || `(${origin.medium})`),
    devices: pairs(mine, ({ person }) => person.kind.device).map((row) => ({ ...row, title: anything })),
    next,
    previous,
  };
  return capsDividedBy > 1 ? perhapsDropped(truth) : truth;
}

/**
 * For a day: where a browser's visit to a page is counted, by its first view there, as far as the browser remembers.
 */
function firsts(facts: readonly Fact[]): Fact[] {
  const seen = new Set<number>();
  return facts.filter(({ record, remembered }) => record !== undefined && !seen.has(remembered) && seen.add(remembered));
}

/**
 * For a page that was evicted once, views are within the error. Everything else is exact, except the lists of pairs,
 * which evict rows too.
 */
function perhapsDropped(
  truth: { readonly [key: string]: Expected } & { total: { views: number }; sources: Pair[]; next: Pair[]; previous: Pair[] },
): Expected {
  const check: Check = (value) => {
    const answer = value as { total: { views: number; error?: number }; sources: unknown; next: unknown; previous: unknown };
    const { views, error = 0 } = answer.total;
    const pairs = (rows: Pair[]) => capped(rows, { ranking: 'views', least: [], total: Number.POSITIVE_INFINITY, rowsMax: 1 });
    if (error > 0) return views <= truth.total.views && truth.total.views <= views + error ? undefined : `${views} + ${error}`;
    const total = { ...truth.total, followed: anything, preceded: anything };
    const lists = { sources: pairs(truth.sources), next: pairs(truth.next), previous: pairs(truth.previous) };
    return differences({ ...truth, total, ...lists }, value)[0];
  };
  return check;
}

type Pair = { readonly key: string; readonly views: number };
