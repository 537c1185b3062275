import type { Expected } from '../differences.js';
import type { Fact } from './facts.js';
import { isIn, type Range } from './ranges.js';
import { groups } from './rows.js';

const DAY_MS = 86_400_000;

/**
 * Weeks and months are UTC. A range contains a browser in one of them if its first view in it is on the range's local
 * days.
 */
export function retention(facts: readonly Fact[]): (range: Range) => Expected {
  const [weeks, months] = [firstsOf(facts, mondayOf), firstsOf(facts, monthOf)];
  return (range) => ({ weeks: cohorts(weeks, range, mondayOf, nextMonday), months: cohorts(months, range, monthOf, nextMonth) });
}

/** A record's first view in a week or month. */
interface First {
  readonly day: string;
  readonly period: string;
  /** That of its first view ever. */
  readonly cohort: string;
}

function firstsOf(facts: readonly Fact[], periodOf: (ms: number) => string): First[] {
  const cohorts = new Map<number, string>();
  return facts.flatMap(({ record, ms, before, local }) => {
    if (record === undefined) return [];
    const period = periodOf(ms);
    if (before === undefined) cohorts.set(record, period);
    if (before !== undefined && periodOf(before.ms) === period) return [];
    return [{ day: local.day, period, cohort: cohorts.get(record) as string }];
  });
}

function cohorts(
  firsts: readonly First[],
  range: Range,
  periodOf: (ms: number) => string,
  after: (key: string) => string,
): Expected {
  const seen = firsts.filter(({ day }) => isIn(day, range));
  const isWithin = (key: string) => (key.length === 7 ? `${key}-01` : key) >= range.from && key <= range.to;
  const last = periodOf(Date.parse(range.to));
  return groups(seen, ({ cohort }) => cohort)
    .filter(([key]) => isWithin(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, of]) => {
      const count = (period: string) => of.filter((first) => first.period === period).length;
      const returned: number[] = [];
      for (let period = key; period < last; returned.push(count(period))) period = after(period);
      return { key, browsers: count(key), returned };
    });
}

function mondayOf(ms: number): string {
  const daysSinceMonday = (new Date(ms).getUTCDay() + 6) % 7;
  return new Date(ms - daysSinceMonday * DAY_MS).toISOString().slice(0, 10);
}

function nextMonday(monday: string): string {
  return mondayOf(Date.parse(monday) + 7 * DAY_MS);
}

function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

function nextMonth(month: string): string {
  return monthOf(Date.parse(`${month}-28`) + 7 * DAY_MS);
}
