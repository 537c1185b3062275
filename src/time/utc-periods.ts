// Weeks and months in UTC, numbered since 1970. Retention counts in them, because a browser sends only the UTC day of
// its first view.
import { utcDay } from './dates.js';
import { memoize } from './memo.js';
import { DAY_MS } from './units.js';

/** 1 January 1970 was a Thursday. */
const DAYS_TO_MONDAY = 3;

/** Weeks begin on Monday. `day`: days since 1970. */
export function weekNumber(day: number): number {
  return Math.floor((day + DAYS_TO_MONDAY) / 7);
}

/** The months of two years of days, which are needed for nearly every visit. */
const REMEMBERED_MAX = 2000;

/** `day`: days since 1970. */
export const monthNumber = memoize((day: number): number => {
  const date = new Date(day * DAY_MS);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}, REMEMBERED_MAX);

/** The Monday that a week begins with, `2026-11-16`. */
export function weekKey(number: number): string {
  return utcDay((number * 7 - DAYS_TO_MONDAY) * DAY_MS);
}

/** `2026-11` */
export function monthKey(number: number): string {
  return new Date(Date.UTC(1970, number, 1)).toISOString().slice(0, 7);
}
