// The numbers at the head of the page, as reports count them by hours, days and months. The chart shows any of them.
import type { Range } from './answers.js';
import type { Answers } from './ask.js';
import type { Measure } from './change.js';
import { decimal, duration, number, rate } from './format.js';

/** An hour, a day, a month or the total: numbers by the names of their fields. */
export interface Slot {
  readonly key: string;
  readonly hours?: readonly Slot[];
  readonly [field: string]: unknown;
}

/** A report by days, and by months where it was asked for. */
export interface Counted extends Range {
  readonly total: Slot;
  readonly rows: ReadonlyArray<Slot & { readonly hours: readonly Slot[] }>;
  readonly months?: readonly Slot[];
  readonly compared?: Counted;
}

export interface HeadMeasure extends Measure<Slot> {
  readonly report: 'traffic' | 'visits' | 'engagement';
  /** Its field in the total. */
  readonly total: string;
  /** How its changes are worded. */
  readonly kind: 'count' | 'average' | 'rate';
  /** What several hours or days have does not add up. */
  readonly isUnique?: boolean;
  readonly isBetterLower?: boolean;
  text(value: number | null): string;
}

const field =
  (name: string) =>
  (slot: Slot): number =>
    (slot[name] as number | undefined) ?? 0;
const count = (value: number | null): string => (value === null ? number(0) : number(value));

const OF_VISITS = { report: 'visits', per: field('recorded') } as const;

/** By the names of the numbers. */
export const MEASURES = {
  views: { report: 'traffic', total: 'views', kind: 'count', sum: field('views'), text: count },
  visitors: {
    ...{ report: 'traffic', total: 'visitors', kind: 'count', sum: field('visitors'), text: count },
    ...{ isUnique: true, hits: field('views') },
  },
  visits: { report: 'visits', total: 'visits', kind: 'count', sum: field('visits'), text: count },
  'bounce-rate': {
    ...{ ...OF_VISITS, total: 'bounceRate', kind: 'rate', sum: field('bounces'), text: rate },
    isBetterLower: true,
  },
  'views-per-visit': { ...OF_VISITS, total: 'viewsPerVisit', kind: 'average', sum: field('views'), text: decimal },
  'visit-duration': { ...OF_VISITS, total: 'secondsPerVisit', kind: 'average', sum: field('seconds'), text: duration },
  'reading-time': {
    ...{ report: 'engagement', total: 'averageSeconds', kind: 'average', text: duration },
    ...{ sum: field('seconds'), per: field('known') },
  },
} as const satisfies Record<string, HeadMeasure>;
export type MeasureName = keyof typeof MEASURES;

export function measureOf(name: string | undefined): MeasureName | undefined {
  return (Object.keys(MEASURES) as MeasureName[]).find((one) => one === name);
}

/** The days of the engagement report are beside its rows, which are pages. Undefined where the report is not shown. */
export function countedIn(answers: Partial<Answers>, { report }: Pick<HeadMeasure, 'report'>): Counted | undefined {
  const answer = answers[report] as (Counted & WithDays) | undefined;
  return answer && inDays(answer);
}

interface WithDays {
  readonly days?: Counted['rows'];
}

function inDays({ days, rows, compared, ...others }: Counted & WithDays): Counted {
  const ofDays = (days ?? rows).map((day) => ({ ...day, hours: day.hours ?? [] }));
  return { ...others, rows: ofDays, ...(compared && { compared: inDays(compared) }) };
}

/** The number for several hours, days or months; null where it is not known. */
export function measured({ sum, per, isUnique = false }: HeadMeasure, slots: readonly Slot[]): number | null {
  if (slots.length === 0 || (isUnique && slots.length > 1)) return null;
  const total = slots.reduce((all, slot) => all + sum(slot), 0);
  if (per === undefined) return total;
  const of = slots.reduce((all, slot) => all + per(slot), 0);
  return of === 0 ? null : total / of;
}

export function totalOf({ total }: Pick<HeadMeasure, 'total'>, report: Pick<Counted, 'total'>): number | null {
  return (report.total[total] as number | null | undefined) ?? null;
}
