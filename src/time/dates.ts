// Local dates by the calendar alone, without a time zone: `2026-11-20`, and the periods `2026-11` and `2026`.
import { DateTime } from 'luxon';

const DAY_MS = 86_400_000;

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** From the last day of a longer month to that of a shorter one: a month after 2026-01-31 is 2026-02-28. */
export function addMonths(day: string, months: number): string {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ months }).toISODate() as string;
}

/** Whether a text is a day, a month or a year of the calendar. */
export function isPeriod(text: string): boolean {
  if (!/^\d{4}(?:-\d\d){0,2}$/.test(text)) return false;
  const day = text + '-01-01'.slice(text.length - '2026'.length);
  const atMs = Date.parse(`${day}T00:00:00Z`);
  // some engines turn 31 April into 1 May
  return Number.isFinite(atMs) && new Date(atMs).toISOString().startsWith(day);
}

export function isDay(text: string): boolean {
  return text.length === '2026-11-20'.length && isPeriod(text);
}

/** Of a day, a month or a year. */
export function firstDayOf(period: string): string {
  return period.length === 4 ? `${period}-01-01` : period.length === 7 ? `${period}-01` : period;
}

/** Of a day, a month or a year. */
export function lastDayOf(period: string): string {
  if (period.length === 4) return `${period}-12-31`;
  if (period.length === 10) return period;
  return new Date(Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5)), 0)).toISOString().slice(0, 10);
}

/** `2026-01` to `2026-12`. */
export function monthsOf(year: string): string[] {
  return Array.from({ length: 12 }, (_, i) => `${year}-${String(i + 1).padStart(2, '0')}`);
}
