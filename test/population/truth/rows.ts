// Lists: the row of each view, and how many different browsers viewed a row.
import type { Check, Expected } from '../differences.js';
import type { Fact } from './facts.js';
import { distinct, isWhole, periodsOf, type Range } from './ranges.js';

export interface Rows {
  readonly [key: string]: Expected;
  readonly key: string;
  readonly views: number;
}

/** Largest first. */
export function listed<Row extends Rows>(rows: readonly Row[], by: (row: Row) => number = ({ views }) => views): Row[] {
  return [...rows].sort((a, b) => by(b) - by(a) || (a.key < b.key ? -1 : 1));
}

export function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string | undefined): Array<[string, Item[]]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}

/** For a row: exact for a whole day, month or year, otherwise within the stated error. */
export function rowVisitors(truth: number, range: Range): { visitors: Expected; visitorsError: Expected } {
  if (isWhole(range)) return { visitors: truth, visitorsError: undefined };
  const near: Check = (value, { visitorsError = 0 }) =>
    Math.abs((value as number) - truth) <= (visitorsError as number)
      ? undefined
      : `${value} ± ${visitorsError}, expected ${truth}`;
  return { visitors: near, visitorsError: (value) => (value === undefined || (value as number) > 0 ? undefined : `${value}`) };
}

/**
 * The views that decide a browser's rows, where each view has another row: the first of the day, month or year; in
 * other ranges the first of each day, or of each month or year if the range consists of whole ones.
 */
export function deciding(
  facts: readonly Fact[],
  range: Range,
  whose: (fact: Fact) => number = ({ record }) => record as number,
): Fact[] {
  const length = Math.max(...periodsOf(range).map((key) => key.length));
  const last = new Map<number, string>();
  return facts.filter((fact) => {
    const period = fact.local.day.slice(0, length);
    if (fact.record === undefined || last.get(whose(fact)) === period) return false;
    last.set(whose(fact), period);
    return true;
  });
}

/**
 * Makes lists in which a view has one row, and a browser is counted where its first view is. Where no row has a
 * browser, visitors are absent.
 */
export function listsOf(facts: readonly Fact[], range: Range) {
  const first = deciding(facts, range);
  return (keyOf: (fact: Fact) => string | undefined, more: (key: string) => object = () => ({})) => {
    const decided = new Map(groups(first, keyOf));
    return listed(
      groups(facts, keyOf).map(([key, views]) => {
        const browsers = distinct((decided.get(key) ?? []).map(({ record }) => record));
        return { key, ...more(key), views: views.length, ...(decided.size > 0 && rowVisitors(browsers, range)) };
      }),
    );
  };
}
