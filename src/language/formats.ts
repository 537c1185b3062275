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

/** Date and time in UTC. */
export function asTime(timeMs: number): Formatted {
  return (locale) => `${times(locale).format(timeMs)} UTC`;
}
