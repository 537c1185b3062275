// The views of each local day, and the hours that a day had.
import { clockOf } from '../local-time.js';
import type { Fact } from './facts.js';
import { daysOf, type Range } from './ranges.js';
import { groups } from './rows.js';

export interface Day {
  readonly key: string;
  readonly facts: readonly Fact[];
  /** In order of time, each with its views. */
  readonly hours: ReadonlyArray<{ readonly key: string; readonly facts: readonly Fact[] }>;
}

export type Days = (range: Range) => Day[];

export function daysWith(facts: readonly Fact[], timezone: string): Days {
  const byDay = new Map(groups(facts, ({ local }) => local.day));
  const known = new Map<string, Day>();
  return (range) =>
    daysOf(range).map((key) => {
      const day = known.get(key) ?? dayOf(key, byDay.get(key) ?? [], timezone);
      known.set(key, day);
      return day;
    });
}

function dayOf(key: string, facts: readonly Fact[], timezone: string): Day {
  const ofHour = (hour: string) => facts.filter(({ local }) => local.hour === hour);
  const hours = clockOf(timezone).hoursOf(key);
  return { key, facts, hours: hours.map((hour) => ({ key: hour, facts: ofHour(hour) })) };
}
