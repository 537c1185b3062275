// Numbers, times and keys in words. The page speaks English, whatever the browser does.
import { WIDTHS } from '../../hit/sizes.js';

const whole = new Intl.NumberFormat('en');
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const signedPercent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

export const number = (value: number): string => whole.format(value);

/** What a report does not know is null. */
export const UNKNOWN = '–';
const known =
  (format: (value: number) => string) =>
  (value: number | null): string =>
    value === null ? UNKNOWN : format(value);

export const rate = known((part) => percent.format(part));
export const decimal = known((value) => oneDecimal.format(value));
export const change = (part: number): string => signedPercent.format(part);

/** `4.2s`, `42s`, `2m 5s`, `1h 4m` */
export const duration = known((seconds) => {
  const round = Math.round(seconds);
  if (seconds < 9.95 && !Number.isInteger(seconds)) return `${oneDecimal.format(seconds)}s`;
  if (round < 60) return `${round}s`;
  if (round < 3600) return inTwo(round, 'm', 's');
  return inTwo(Math.round(round / 60), 'h', 'm');
});

function inTwo(value: number, large: string, small: string): string {
  const rest = value % 60;
  return `${number(Math.floor(value / 60))}${large}${rest === 0 ? '' : ` ${rest}${small}`}`;
}

/** `error`: how far it may be off, either way. */
export function estimate(value: number, error: number | undefined): string {
  return error === undefined || error === 0 ? number(value) : `${number(value)} ± ${number(error)}`;
}

/** A row that may have been seen up to `error` times more than it was counted: the middle, and how far it may be off. */
export function counted(views: number, error: number | undefined): string {
  if (error === undefined || error === 0) return number(views);
  const half = Math.ceil(error / 2);
  return estimate(views + half, half);
}

export function share(part: number, total: number): string {
  if (total === 0) return '';
  return part > 0 && part / total < 0.005 ? '<1%' : percent.format(part / total);
}

export function languageName(key: string): string {
  if (key === 'other') return 'Other';
  if (key === 'unknown') return 'Not known';
  try {
    return languageNames.of(key) ?? key;
  } catch {
    return key;
  }
}

/** A class is named by its lower bound. */
export function widthName(key: string): string {
  if (key === 'unknown') return 'Not known';
  if (key === 'other') return `below ${WIDTHS[0]} px`;
  const next = WIDTHS[WIDTHS.indexOf(Number(key)) + 1];
  return next === undefined ? `${key} px and more` : `${key} – ${next - 1} px`;
}

const REASONS: Readonly<Record<string, string>> = {
  'unknown-site': 'Unknown site',
  'foreign-host': 'From a host that is not the site’s',
  'local-page': 'Local pages',
  'excluded-address': 'From an excluded address',
  bot: 'Bots',
  prefetch: 'Loaded ahead, perhaps never seen',
  'stale-ping': 'Came too late for their view',
  'bad-event': 'Events without a usable name',
  method: 'Not a usual request',
  asset: 'Files that are no pages',
  status: 'Answered with an error',
  'unreadable-line': 'Lines that cannot be read',
  'not-a-page': 'Feeds and other requests of programs',
  'future-line': 'Lines with a time to come',
};

export const reasonName = (key: string): string => REASONS[key] ?? key;

const MEDIA: Readonly<Record<string, string>> = { '(direct)': 'Direct or unknown', '(internal)': 'From the site itself' };

/** A source, or what stands in its place where there is none. */
export const sourceName = (key: string): string => MEDIA[key] ?? key;

/** `Fri 20 November` or `20 Nov` */
export function dayName(day: string, length: 'long' | 'short' = 'long'): string {
  const weekday = length === 'long' ? 'short' : undefined;
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday, day: 'numeric', month: length }).format(new Date(day));
}

/** `2026-11` → `November` or `Nov` */
export function monthName(month: string, length: 'long' | 'short'): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: length }).format(new Date(month));
}

export function hourName(hour: string): string {
  return hour.endsWith('+') ? `${hour.slice(0, 2)}:00 (again)` : `${hour}:00`;
}

/** What the clocks in a zone show. */
export function createClock(timeZone: string): {
  day(at: Date): string;
  hour(at: Date): string;
  time(at: Date): string;
  seconds(at: Date): string;
} {
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
