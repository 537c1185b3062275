// Which documents cover a range: the fewest that do.
import type { Part } from '../../collections/collection.js';
import { daysBetween, lastDayOfMonth } from '../hit/calendar.js';

/** Whole months as one document each, the days before and after them one by one. */
export function partsOf(from: string, to: string): Part[] {
  const parts: Part[] = [];
  let day = from;
  while (day <= to) {
    const last = lastDayOfMonth(day);
    if (day.endsWith('-01') && last <= to) {
      parts.push({ grain: 'month', key: day.slice(0, 7) });
    } else {
      const until = last <= to ? last : to;
      for (const key of daysBetween(day, until)) parts.push({ grain: 'day', key });
    }
    day = nextDay(last);
  }
  return parts;
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
