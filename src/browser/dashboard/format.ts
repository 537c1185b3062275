// Numbers, times and dates as text, in the language of the page.
import { regionalTag } from '../../language/locale.js';
import type { DayRange } from '../../time/day-range.js';
import { LOCALE } from './first-view/server.js';
import { wholeMonthsIn } from './ranges.js';
import { CHART, LISTS, READING, UNKNOWN } from './texts.js';

const TAG = regionalTag(LOCALE);

const whole = new Intl.NumberFormat(TAG);
const percent = new Intl.NumberFormat(TAG, { style: 'percent', maximumFractionDigits: 0 });
const signedPercent = new Intl.NumberFormat(TAG, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
const oneDecimal = new Intl.NumberFormat(TAG, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const number = (value: number): string => whole.format(value);

const compact = new Intl.NumberFormat(TAG, { notation: 'compact', maximumFractionDigits: 2 });

/** At the axis of a chart of counts: none between two whole numbers. */
export const axisText = (value: number): string => (Number.isInteger(value) ? compact.format(value) : '');

/** At the axis of a chart. */
export function axisOf({ kind, text }: { readonly kind: 'count' | 'average' | 'rate'; text(value: number): string }) {
  return kind === 'count' ? axisText : text;
}

/** Reports give null for what is not known. */
const known =
  (format: (value: number) => string) =>
  (value: number | null): string =>
    value === null ? UNKNOWN : format(value);

export const rate = known((part) => percent.format(part));
export const decimal = known((value) => oneDecimal.format(value));
/** With a minus sign: some languages are given a hyphen. */
export const change = (part: number): string => signedPercent.format(part).replace('-', '−');

/** Intl has none for German that are as short: its narrow ones are mixed, `1h 4 Min.`. With spaces that do not break. */
const UNITS = { en: { s: 's', min: 'm', h: 'h' }, de: { s: '\u00a0s', min: '\u00a0min', h: '\u00a0h' } }[LANGUAGE];

/** `4.2s`, `42s`, `2m 5s`, `1h 4m` */
export const duration = known((value) => {
  const round = Math.round(value);
  if (value < 9.95 && !Number.isInteger(value)) return oneDecimal.format(value) + UNITS.s;
  if (round < 60) return round + UNITS.s;
  if (round < 3600) return inTwo(round, UNITS.min, UNITS.s);
  return inTwo(Math.round(round / 60), UNITS.h, UNITS.min);
});

function inTwo(value: number, large: string, small: string): string {
  const rest = value % 60;
  return number(Math.floor(value / 60)) + large + (rest === 0 ? '' : ` ${rest}${small}`);
}

interface Median {
  readonly estimate: number;
  readonly least: number;
  readonly below: number | null;
}

/** `about 34s (30s to 45s)` */
export function medianText(median: Median | null): string {
  if (median === null) return UNKNOWN;
  const { estimate, least, below } = median;
  return below === null
    ? READING.medianAtLeast(duration(least))
    : READING.median(duration(estimate), duration(least), duration(below));
}

/** `error`: how far it may be off, either way. */
export function estimate(value: number, error: number | undefined): string {
  return error === undefined || error === 0 ? number(value) : `${number(value)} ± ${number(error)}`;
}

/** A row that may have had up to `error` more views than were counted: the middle, and how far it may be off. */
export function counted(views: number, error: number | undefined): string {
  if (error === undefined || error === 0) return number(views);
  const half = Math.ceil(error / 2);
  return estimate(views + half, half);
}

export function share(part: number, total: number): string {
  if (total === 0) return '';
  return part > 0 && part / total < 0.005 ? `<${percent.format(0.01)}` : percent.format(part / total);
}

/** A source, or its medium where it has no name. */
export const sourceName = (key: string): string => LISTS.sources[key] ?? key;

/** `Fri 20 November` or `20 Nov` */
export function dayName(day: string, length: 'long' | 'short' = 'long'): string {
  const weekday = length === 'long' ? 'short' : undefined;
  return new Intl.DateTimeFormat(TAG, { timeZone: 'UTC', weekday, day: 'numeric', month: length }).format(new Date(day));
}

/** `2026-11` → `November` or `Nov` */
export function monthName(month: string, length: 'long' | 'short'): string {
  return new Intl.DateTimeFormat(TAG, { timeZone: 'UTC', month: length }).format(new Date(month));
}

/**
 * `Fri 20 November`, `1–19 November`, `20 October – 18 November`, `November`, `January–October`, `2025`: with the year where
 * it is not this one. `today`: a day of this year. Short: `20 Nov`, `20 Oct – 18 Nov`.
 */
export function rangeName({ from, to }: DayRange, today: string, length: 'long' | 'short' = 'long'): string {
  const [first, last, current] = [from, to, today].map((day) => day.slice(0, '2026'.length));
  const months = wholeMonthsIn({ from, to });
  const isOfYears = months !== undefined && months % 12 === 0 && from.endsWith('-01-01');
  const format = new Intl.DateTimeFormat(TAG, {
    timeZone: 'UTC',
    year: isOfYears || first !== current || last !== current ? 'numeric' : undefined,
    month: isOfYears ? undefined : length,
    day: months === undefined ? 'numeric' : undefined,
    weekday: from === to && length === 'long' ? 'short' : undefined,
  });
  const text = format.formatRange(new Date(from), new Date(to));
  // browsers differ in the spaces around the dash; there are none between two words
  return text.replace(/\s*–\s*/, ' – ').replace(/^(\S+) – (\S+)(?=\s|$)/, '$1–$2');
}

const isTwelveHours = new Intl.DateTimeFormat(TAG, { hour: 'numeric' }).resolvedOptions().hour12 === true;
const timeOfDay = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(TAG, { timeZone: 'UTC', hour: 'numeric', ...options });
const [hourOnly, toMinutes, toSeconds] = [
  timeOfDay({}),
  timeOfDay({ minute: '2-digit' }),
  timeOfDay({ minute: '2-digit', second: '2-digit' }),
];

/** A time of the day, `14:05` or `14:05:33`, as clocks in the reader's region show it: `2:05 PM` where they have twelve hours. */
export function timeName(time: string): string {
  if (!isTwelveHours) return time;
  const format = time.length > '14:05'.length ? toSeconds : toMinutes;
  return format.format(new Date(`1970-01-01T${time}Z`));
}

/** `02+`: the second pass of an hour that a change of the clocks repeats. */
export function hourName(hour: string): string {
  const name = timeName(`${hour.slice(0, 2)}:00`);
  return hour.endsWith('+') ? CHART.repeated(name) : name;
}

/** At the axis of a chart: `14`, or `2 PM`. */
export function hourLabel(hour: string): string {
  return isTwelveHours ? hourOnly.format(new Date(`1970-01-01T${hour.slice(0, 2)}:00Z`)) : hour;
}

export interface Clock {
  day(at: Date): string;
  hour(at: Date): string;
  time(at: Date): string;
  seconds(at: Date): string;
}

/** The day and the time in a time zone, as reports have them. Readers see times by `timeName`. */
export function createClock(timeZone: string): Clock {
  const format = (options: Intl.DateTimeFormatOptions): ((at: Date) => string) => {
    const made = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', ...options });
    return (at) => made.format(at);
  };
  const time = format({ hour: '2-digit', minute: '2-digit' });
  return {
    day: format({ year: 'numeric', month: '2-digit', day: '2-digit' }),
    hour: (at) => time(at).slice(0, 2),
    time,
    seconds: format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  };
}
