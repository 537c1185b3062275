// Local dates by the calendar alone, without a time zone: `2026-11-20`, and the periods `2026-11` and `2026`.
import { DAY_MS } from './units.js';

/** The UTC day of a time in milliseconds since 1970. */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The day that is this number of days after 1970-01-01. */
export function dayOfNumber(number: number): string {
  return utcDay(number * DAY_MS);
}

/** Days since 1970-01-01. */
export function dayNumber(day: string): number {
  return Date.parse(day) / DAY_MS;
}

export function addDays(day: string, days: number): string {
  return utcDay(Date.parse(day) + days * DAY_MS);
}

/** Stays within shorter months: one month after 2026-01-31 is 2026-02-28. */
export function addMonths(day: string, months: number): string {
  const month = utcDay(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months)).slice(0, 7);
  return [`${month}${day.slice(7)}`, lastDayOf(month)].sort()[0] as string;
}

/** Whether a text is a day, a month or a year of the calendar. */
export function isPeriod(text: string): boolean {
  if (!/^\d{4}(?:-\d\d){0,2}$/.test(text)) return false;
  const day = text + '-01-01'.slice(text.length - '2026'.length);
  const atMs = Date.parse(`${day}T00:00:00Z`);
  // Some engines turn 31 April into 1 May.
  return Number.isFinite(atMs) && new Date(atMs).toISOString().startsWith(day);
}

export function isDay(text: string): boolean {
  return text.length === '2026-11-20'.length && isPeriod(text);
}

/** The first day of a day, a month or a year. */
export function firstDayOf(period: string): string {
  return period.length === 4 ? `${period}-01-01` : period.length === 7 ? `${period}-01` : period;
}

/** The last day of a day, a month or a year. */
export function lastDayOf(period: string): string {
  if (period.length === 4) return `${period}-12-31`;
  if (period.length === 10) return period;
  return utcDay(Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5)), 0));
}

/** `2026-11` of `2026-11-20`. */
export function monthOf(day: string): string {
  return day.slice(0, '2026-11'.length);
}

/** `2026-01` to `2026-12`. */
export function monthsOf(year: string): string[] {
  return Array.from({ length: 12 }, (_, i) => `${year}-${String(i + 1).padStart(2, '0')}`);
}
