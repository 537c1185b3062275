// Numbers, times and keys in words. The page speaks English, whatever the browser does.
import { WIDTHS } from '../hit/sizes.js';

const whole = new Intl.NumberFormat('en');
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

export const number = (value: number): string => whole.format(value);

/** `error` is one standard error, either way. */
function estimate(value: number, error: number | undefined): string {
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
  'excluded-address': 'From an excluded address',
  bot: 'Bots',
  prefetch: 'Loaded ahead, perhaps never seen',
  'stale-ping': 'Came too late for their view',
  'bad-event': 'Events without a usable name',
  method: 'Not a usual request',
  asset: 'Files that are no pages',
  status: 'Answered with an error',
  'unreadable-line': 'Lines that cannot be read',
};

export const reasonName = (key: string): string => REASONS[key] ?? key;

/** `20 November` */
export function dayName(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'long' }).format(
    new Date(day),
  );
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
