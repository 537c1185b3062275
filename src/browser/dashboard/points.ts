// What the chart shows: from reports to one point for each bar.
import type { Minutes, Traffic } from './answers.js';
import { dayName, hourName, monthName } from './format.js';

export interface ChartPoint {
  /** On the axis; short. Empty: none. */
  readonly label: string;
  /** In the tooltip and the table. */
  readonly name: string;
  readonly views: number;
  /** Absent where unique ones are not known. */
  readonly visitors?: number;
  /** On average of the views whose reading is known. Absent where none is, or where it is told elsewhere. */
  readonly readSeconds?: number;
  /** Not zero: it has not been. */
  readonly isToCome?: boolean;
}

interface Counted {
  readonly key: string;
  readonly views: number;
  readonly visitors: number;
  /** Views whose reading is known, and their engaged seconds. */
  readonly known?: number;
  readonly seconds?: number;
}

/** `hourNow`: `09` */
export function hourPoints(hours: readonly Counted[], hourNow: string): ChartPoint[] {
  return hours.map((hour) => ({ ...pointOf(hour, hour.key, hourName(hour.key)), isToCome: isToCome(hour, hourNow) }));
}
function pointOf(counted: Counted, label: string, name: string): ChartPoint {
  const { views, visitors, known = 0, seconds = 0 } = counted;
  return { label, name, views, visitors, ...(known > 0 && { readSeconds: seconds / known }) };
}

function isToCome({ key, views }: Counted, hourNow: string): boolean {
  return views === 0 && key.slice(0, 2) > hourNow;
}

/** `timeNow`: `09:35` */
export function minutePoints(minutes: Minutes, day: string, timeNow: string): ChartPoint[] {
  const rows = minutes.rows.find(({ key }) => key === day)?.minutes ?? [];
  return rows.map(({ key, views, visitors }) => {
    const [hour, minute] = key.split(':') as [string, string];
    return {
      label: minute === '00' ? hour : '',
      name: hour.endsWith('+') ? `${hour.slice(0, -1)}:${minute} (again)` : key,
      views,
      visitors,
      isToCome: views === 0 && key.replace('+', '') > timeNow,
    };
  });
}

/**
 * Without the days before the site was there: its first day is that on which it was made, or an earlier one that was
 * imported.
 */
export function sinceBegun<Day extends Pick<Counted, 'key' | 'views'>>(days: readonly Day[], siteSince: string): Day[] {
  const first = days.findIndex(({ key, views }) => views > 0 || key >= siteSince);
  return first < 0 ? [] : days.slice(first);
}

/** Days to come are left off: they are not zero, they have not been. In a year only the first of each month has a label. */
export function dayPoints(days: readonly Counted[], today: string, ofYear: boolean): ChartPoint[] {
  return days.filter(({ key }) => key <= today).map((day) => pointOf(day, dayLabel(day.key, ofYear), dayName(day.key)));
}

function dayLabel(day: string, ofYear: boolean): string {
  if (!ofYear) return String(Number(day.slice(8)));
  return day.endsWith('-01') ? monthName(day.slice(0, 7), 'short') : '';
}

/** Views only: who came on two days of a month is one visitor of it. */
export function monthPoints({ rows }: Pick<Traffic, 'rows'>, today: string): ChartPoint[] {
  const views = new Map<string, number>();
  for (const { key, views: ofDay } of rows) {
    const month = key.slice(0, 7);
    if (key <= today) views.set(month, (views.get(month) ?? 0) + ofDay);
  }
  return [...views].map(([month, views]) => ({ label: monthName(month, 'short'), name: monthName(month, 'long'), views }));
}
