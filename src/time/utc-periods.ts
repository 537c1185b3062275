// Weeks and months of UTC, numbered since 1970: what retention counts in, since a browser says only the UTC day of its first view.

const DAY_MS = 86_400_000;
/** 1 January 1970 was a Thursday. */
const DAYS_TO_MONDAY = 3;

/** Weeks begin on Monday. `day`: days since 1970. */
export function weekNumber(day: number): number {
  return Math.floor((day + DAYS_TO_MONDAY) / 7);
}

/** `day`: days since 1970. */
export function monthNumber(day: number): number {
  let number = months.get(day);
  if (number === undefined) {
    const date = new Date(day * DAY_MS);
    number = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
    if (months.size >= MONTHS_MAX) months.clear();
    months.set(day, number);
  }
  return number;
}

/** Asked for nearly every visit, of the days of some two years. */
const months = new Map<number, number>();
const MONTHS_MAX = 2000;

/** The Monday that a week begins with, `2026-11-16`. */
export function weekKey(number: number): string {
  return new Date((number * 7 - DAYS_TO_MONDAY) * DAY_MS).toISOString().slice(0, 10);
}

/** `2026-11` */
export function monthKey(number: number): string {
  return new Date(Date.UTC(1970, number, 1)).toISOString().slice(0, 7);
}
