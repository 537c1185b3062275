// Numbers, dates and lists as people in a region write them.
import { type Locale, regionalTag } from './locale.js';

/** Formatters are expensive to make; there are few locales. */
function perLocale<Formatter>(make: (tag: string) => Formatter): (locale: Locale) => Formatter {
  const made = new Map<Locale, Formatter>();
  return (locale) => {
    const known = made.get(locale) ?? make(regionalTag(locale));
    made.set(locale, known);
    return known;
  };
}

const numbers = perLocale((tag) => new Intl.NumberFormat(tag));
const days = perLocale((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' }));
const months = perLocale((tag) => new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'long', timeZone: 'UTC' }));
const times = perLocale((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }));

type Formatted = (locale: Locale) => string;

/** `1,234` or `1.234` */
export function inNumbers(value: number): Formatted {
  return (locale) => numbers(locale).format(value);
}

/** `20 Nov 2026` or `20.11.2026`. The day as `2026-11-20`, or the day in UTC of a time in milliseconds. */
export function asDay(day: string | number): Formatted {
  return (locale) => days(locale).format(new Date(day));
}

/** A day, a month or a year, as in the ids of documents: `2026-11-20`, `2026-11`, `2026`. */
export function asPeriod(period: string): Formatted {
  if (period.length === '2026-11-20'.length) return asDay(period);
  return (locale) => (period.length === '2026'.length ? period : months(locale).format(new Date(period)));
}

/** The time that a clock shows, `2026-11-20 14:05`. */
export function asLocalTime(time: string): Formatted {
  return (locale) => times(locale).format(new Date(`${time.replace(' ', 'T')}Z`));
}

/** Date and time in UTC. */
export function asTime(timeMs: number): Formatted {
  return (locale) => `${times(locale).format(timeMs)} UTC`;
}
