import type { Expected } from '../differences.js';
import type { Day } from './days.js';
import type { Fact } from './facts.js';
import { records } from './people.js';

const FIVE_MINUTES_MS = 300_000;

const FIVES: readonly string[] = Array.from({ length: 12 }, (_, i) => String(5 * i).padStart(2, '0'));

/** Every five minutes of the days. */
export function minuteRows(days: readonly Day[]): Expected {
  return days.map(({ key, hours }) => {
    const row = (minutes: string, facts: readonly Fact[]) => {
      const those = facts.filter(({ local }) => local.minutes === minutes);
      return { key: minutes, views: those.length, visitors: records(those) };
    };
    return { key, minutes: hours.flatMap((hour) => FIVES.map((five) => row(`${hour.key}:${five}`, hour.facts))) };
  });
}

/** Everybody with a view since the start of the previous five minutes. */
export function online(facts: readonly Fact[], nowMs: number): Expected {
  const sinceMs = (Math.floor(nowMs / FIVE_MINUTES_MS) - 1) * FIVE_MINUTES_MS;
  const recent = facts.filter(({ ms }) => ms >= sinceMs && ms < nowMs);
  return { visitors: records(recent), views: recent.length };
}
