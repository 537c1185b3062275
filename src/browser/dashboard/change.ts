// What has changed since another period. The current period is not over, so its hours or days that are over are compared
// with the same hours or days of the other one. Where that cannot be done there is no percentage.
import { lastDayOf } from '../../time/dates.js';
import type { DayRange } from '../../time/day-range.js';
import type { Comparison, Shown } from './address.js';
import type { Range, Traffic } from './answers.js';
import { change, number } from './format.js';
import { COMPARED } from './texts.js';

/** The moment up to which hits are counted, on the site's clock. */
export interface Now {
  /** `2026-11-20` */
  readonly day: string;
  /** `09` */
  readonly hour: string;
  /** `09:35` */
  readonly time: string;
  /** The day on which the site was created. */
  readonly siteSince: string;
}

export interface Slots<Numbers> {
  readonly rows: ReadonlyArray<
    Numbers & { readonly key: string; readonly hours: ReadonlyArray<Numbers & { readonly key: string }> }
  >;
}

export interface SoFar {
  readonly now: number;
  readonly before: number;
}

/** Below this, one more or less is several per cent. */
const BEFORE_MIN = 20;

/**
 * The other period. Undefined where days of it are no longer kept: then it is wider than asked for, or has holes, and
 * cannot be compared.
 */
export function comparedOf<Body extends Range>(shown: Shown, { compared }: { compared?: Body }): Body | undefined {
  if (compared === undefined || (compared.expired ?? []).length > 0) return undefined;
  const length = { today: '2026-11-20', month: '2026-11', year: '2026' }[shown].length;
  return compared.from.slice(0, length) === compared.to.slice(0, length) ? compared : undefined;
}

/** Undefined where nothing is over yet, or where the other period has no such hours or days. */
export function soFar<Numbers>(
  shown: Shown,
  report: Slots<Numbers> & { readonly compared?: Range & Slots<Numbers> },
  now: Omit<Now, 'time'>,
  numberOf: (numbers: Numbers) => number,
): SoFar | undefined {
  const compared = comparedOf(shown, report);
  if (compared === undefined) return undefined;
  const [current, other] =
    shown === 'today'
      ? [hoursBefore(now.hour, report, numberOf), hoursOf(compared, numberOf)]
      : [daysBefore(now.day, shown, report, numberOf), daysOf(compared, shown, numberOf)];
  if (current === undefined || other === undefined) return undefined;
  // a clock change skips or repeats an hour, and not every month has a 31st: such slots are in one period only
  const both = [...current.keys()].filter((key) => other.has(key));
  const first = both[0];
  if (first === undefined) return undefined;
  // counting may have begun in the middle of it
  if (compared.from <= now.siteSince && other.get(first) === 0) return undefined;
  const sum = (slots: ReadonlyMap<string, number>) => both.reduce((total, key) => total + (slots.get(key) as number), 0);
  return { now: sum(current), before: sum(other) };
}

/** This part of a period may begin without a view although the site existed. */
const QUIET_PART_MAX = 0.1;

/**
 * Whether the site existed for all of the other period. A site that was created later may have imported history; where
 * that begins far into the period, or there is none, the two cannot be compared.
 */
export function isCovered({ compared }: Pick<Traffic, 'compared'>, { siteSince }: Pick<Now, 'siteSince'>): boolean {
  if (compared === undefined) return false;
  if (siteSince < compared.from) return true;
  const { rows } = compared;
  const first = rows.findIndex(({ views }) => views > 0);
  return first >= 0 && (rows[first]?.key as string) < siteSince && first <= rows.length * QUIET_PART_MAX;
}

/** The part of a period that is over, and the same part of the other one. Local days, both inclusive. */
export interface PartOver {
  readonly here: DayRange;
  readonly there: DayRange;
}

/**
 * A month is cut at days, a year at months, as its lists are kept. Undefined for a day, which has no lists by the hour,
 * and where nothing is over yet. `compared`: all of the other period.
 */
export function partOver(shown: Shown, compared: DayRange, { day }: Pick<Now, 'day'>): PartOver | undefined {
  if (shown === 'today') return undefined;
  if (shown === 'year') {
    const month = Number(day.slice(5, 7)) - 1;
    if (month === 0) return undefined;
    const part = (year: string) => ({ from: `${year}-01-01`, to: lastDayOf(`${year}-${twoDigits(month)}`) });
    return { here: part(day.slice(0, 4)), there: part(compared.from.slice(0, 4)) };
  }
  const days = Math.min(Number(day.slice(8)) - 1, Number(compared.to.slice(8)));
  if (days === 0) return undefined;
  const part = (month: string) => ({ from: `${month}-01`, to: `${month}-${twoDigits(days)}` });
  return { here: part(day.slice(0, 7)), there: part(compared.from.slice(0, 7)) };
}

/** `1–19 November`, `1 November`, `January–October 2026`, `January 2026` */
export function partName({ from, to }: DayRange): string {
  const format = (day: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(new Date(day));
  const year = to.slice(0, 4);
  if (from.endsWith('-01-01') && to === lastDayOf(to.slice(0, 7))) {
    const months = [from, to].map((day) => format(day, { month: 'long' }));
    return `${[...new Set(months)].join('–')} ${year}`;
  }
  const days = [from, to].map((day) => Number(day.slice(8)));
  return `${[...new Set(days)].join('–')} ${format(to, { month: 'long' })}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** Undefined where the numbers are too small for a percentage. */
export function partChanged({ now, before }: SoFar): number | undefined {
  return before < BEFORE_MIN ? undefined : (now - before) / before;
}

/** `+12%`; `3 → 15` where there were few before; empty where there was nothing. */
export function changeText(numbers: SoFar): string {
  const part = partChanged(numbers);
  if (part !== undefined) return change(part);
  const { now, before } = numbers;
  return now === 0 && before === 0 ? '' : `${number(before)} → ${number(now)}`;
}

/** The name of the other period. */
export function comparedName(shown: Shown, comparison: Comparison, { from }: Pick<Range, 'from'>): string {
  if (shown === 'year') return from.slice(0, 4);
  if (shown === 'today' && comparison === 'previous') return COMPARED.yesterday;
  const [day, year] = [shown === 'today' ? 'numeric' : undefined, comparison === 'previous' ? undefined : 'numeric'] as const;
  const month = comparison === 'previous' ? 'long' : 'short';
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day, month, year }).format(new Date(from));
}

/** Says what the changes compare. */
export function soFarText(shown: Shown, name: string, { hour }: Pick<Now, 'hour'>): string {
  return shown === 'today' ? COMPARED.untilHour(name, `${hour}:00`) : COMPARED.sameDays(name);
}

function hoursOf<Numbers>({ rows }: Slots<Numbers>, numberOf: (numbers: Numbers) => number): Map<string, number> | undefined {
  const [day] = rows;
  if (day === undefined) return undefined;
  const hours = new Map(day.hours.map((hour) => [hour.key, numberOf(hour)]));
  const counted = [...hours.values()].reduce((sum, value) => sum + value, 0);
  // what another tool has counted of a day is in no hour
  return counted === numberOf(day) ? hours : undefined;
}

function hoursBefore<Numbers>(
  hourNow: string,
  slots: Slots<Numbers>,
  numberOf: (numbers: Numbers) => number,
): Map<string, number> | undefined {
  const hours = hoursOf(slots, numberOf);
  // in order of time; of a repeated hour it is not known here which pass it is, so neither counts as over
  const over = [...(hours ?? [])].findIndex(([key]) => key.slice(0, 2) === hourNow);
  return hours && new Map([...hours].slice(0, Math.max(0, over)));
}

function daysOf<Numbers>({ rows }: Slots<Numbers>, shown: Shown, numberOf: (numbers: Numbers) => number): Map<string, number> {
  const start = shown === 'month' ? '2026-11-'.length : '2026-'.length;
  return new Map(rows.map((row) => [row.key.slice(start), numberOf(row)]));
}

function daysBefore<Numbers>(
  today: string,
  shown: Shown,
  { rows }: Slots<Numbers>,
  numberOf: (numbers: Numbers) => number,
): Map<string, number> {
  return daysOf({ rows: rows.filter(({ key }) => key < today) }, shown, numberOf);
}
