// What has changed since another period. The current one is not over, so only like is set beside like: the hours or days of it that are over,
// and the same hours or days of the other. Where that cannot be done there is no per cent.
import type { Comparison, Shown } from './address.js';
import type { Range } from './answers.js';

/** The moment up to which is counted, on the site's clock. */
export interface Now {
  /** `2026-11-20` */
  readonly day: string;
  /** `09` */
  readonly hour: string;
  /** The day on which the site was made. */
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

/** With fewer than this before, one more or less is several per cent. */
const BEFORE_MIN = 20;

/** The other period, where it is of the same kind: it is wider than asked for, or holes are in it, where days are not kept any more. */
export function comparedOf<Body extends Range>(shown: Shown, { compared }: { compared?: Body }): Body | undefined {
  if (compared === undefined || (compared.expired ?? []).length > 0) return undefined;
  const length = { today: '2026-11-20', month: '2026-11', year: '2026' }[shown].length;
  return compared.from.slice(0, length) === compared.to.slice(0, length) ? compared : undefined;
}

/** Undefined where nothing is over yet, or the other period has nothing that is like it. */
export function soFar<Numbers>(
  shown: Shown,
  report: Slots<Numbers> & { readonly compared?: Range & Slots<Numbers> },
  now: Now,
  numberOf: (numbers: Numbers) => number,
): SoFar | undefined {
  const compared = comparedOf(shown, report);
  if (compared === undefined) return undefined;
  const [current, other] =
    shown === 'today'
      ? [hoursBefore(now.hour, report, numberOf), hoursOf(compared, numberOf)]
      : [daysBefore(now.day, shown, report, numberOf), daysOf(compared, shown, numberOf)];
  if (current === undefined || other === undefined) return undefined;
  // hours that a clock change left out or repeated, and the 31st, are in one of the two only
  const both = [...current.keys()].filter((key) => other.has(key));
  const first = both[0];
  if (first === undefined) return undefined;
  // counting may have begun in the middle of it
  if (compared.from <= now.siteSince && other.get(first) === 0) return undefined;
  const sum = (slots: ReadonlyMap<string, number>) => both.reduce((total, key) => total + (slots.get(key) as number), 0);
  return { now: sum(current), before: sum(other) };
}

/** Undefined where it would say more than is known. */
export function partChanged({ now, before }: SoFar): number | undefined {
  return before < BEFORE_MIN ? undefined : (now - before) / before;
}

/** What the other period is called. */
export function comparedName(shown: Shown, comparison: Comparison, { from }: Range): string {
  if (shown === 'year') return from.slice(0, 4);
  if (shown === 'today' && comparison === 'previous') return 'yesterday';
  const [day, year] = [shown === 'today' ? 'numeric' : undefined, comparison === 'previous' ? undefined : 'numeric'] as const;
  const month = comparison === 'previous' ? 'long' : 'short';
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day, month, year }).format(new Date(from));
}

/** What the per cents are of. */
export function soFarText(shown: Shown, name: string, { hour }: Now): string {
  if (shown === 'today') return `Per cents: the hours until ${hour}:00, against the same hours of ${name}.`;
  return `Per cents: the days before today, against the same days of ${name}.`;
}

function hoursOf<Numbers>({ rows }: Slots<Numbers>, numberOf: (numbers: Numbers) => number): Map<string, number> | undefined {
  const [day] = rows;
  if (day === undefined) return undefined;
  const hours = new Map(day.hours.map((hour) => [hour.key, numberOf(hour)]));
  const counted = [...hours.values()].reduce((sum, value) => sum + value, 0);
  // a day that another tool has counted is in no hour
  return counted === numberOf(day) ? hours : undefined;
}

function hoursBefore<Numbers>(
  hourNow: string,
  slots: Slots<Numbers>,
  numberOf: (numbers: Numbers) => number,
): Map<string, number> | undefined {
  const hours = hoursOf(slots, numberOf);
  // the hours come in order of time; of one that is repeated nobody knows here which pass it is, so neither is over
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
