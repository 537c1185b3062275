// Turns reports into the points of a chart, one for each bar.
import type { Minutes } from './answers.js';
import { dayName, hourName, monthName, rangeName } from './format.js';
import { CHART } from './texts.js';

export interface ChartPoint {
  /** On the axis. Empty: none. */
  readonly label: string;
  /** In the tooltip and the table. */
  readonly name: string;
  readonly views: number;
  /** Absent where unique visitors are not known. */
  readonly visitors?: number;
  /** The average of the views whose reading time is known; absent where none is. */
  readonly readSeconds?: number;
  /** Its time is yet to come, so it is not zero. */
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
export function minutePoints(minutes: Pick<Minutes, 'rows'>, day: string, timeNow: string): ChartPoint[] {
  const rows = minutes.rows.find(({ key }) => key === day)?.minutes ?? [];
  return rows.map(({ key, views, visitors }) => {
    const [hour, minute] = key.split(':') as [string, string];
    return {
      label: minute === '00' ? hour : '',
      name: hour.endsWith('+') ? CHART.repeated(`${hour.slice(0, -1)}:${minute}`) : key,
      views,
      visitors,
      isToCome: views === 0 && key.replace('+', '') > timeNow,
    };
  });
}

/** Without the days before the site existed: it begins on the day when it was created, or on an earlier one that was imported. */
export function sinceBegun<Day extends Pick<Counted, 'key' | 'views'>>(days: readonly Day[], siteSince: string): Day[] {
  const first = days.findIndex(({ key, views }) => views > 0 || key >= siteSince);
  return first < 0 ? [] : days.slice(first);
}

/**
 * Without days to come, which are not zero. Days of one month are labelled by their number, up to about three months by their
 * date, and in a longer range only the first day of each month has a label.
 */
export function dayPoints(days: readonly Counted[], today: string): ChartPoint[] {
  const shown = days.filter(({ key }) => key <= today);
  const keys = shown.map(({ key }) => key);
  const isOfYears = hasYears(keys);
  const labelOf = dayLabels(keys);
  return shown.map((day) => pointOf(day, labelOf(day.key), rangeName({ from: day.key, to: day.key }, isOfYears ? '' : day.key)));
}

/** With more days, there is no room for their dates. */
const DAYS_WITH_DATES_MAX = 100;

function dayLabels(days: readonly string[]): (day: string) => string {
  const first = days[0] ?? '';
  if (days.every((day) => day.slice(0, 7) === first.slice(0, 7))) return (day) => String(Number(day.slice(8)));
  if (days.length <= DAYS_WITH_DATES_MAX) return (day) => dayName(day, 'short');
  const isOfYears = hasYears(days);
  return (day) => (day.endsWith('-01') ? monthLabel(day.slice(0, 7), isOfYears) : '');
}

/** Whether the keys are of more than one year, so that their names need it. */
function hasYears(keys: readonly string[]): boolean {
  return keys[0]?.slice(0, 4) !== keys.at(-1)?.slice(0, 4);
}

function monthLabel(month: string, isOfYears: boolean): string {
  return `${monthName(month, 'short')}${isOfYears ? ` ${month.slice(0, 4)}` : ''}`;
}

/** Views only: visitors of days do not add up, since one may come on several of them. */
export function monthPoints(days: ReadonlyArray<Pick<Counted, 'key' | 'views'>>, today: string): ChartPoint[] {
  const views = new Map<string, number>();
  for (const { key, views: ofDay } of days) {
    const month = key.slice(0, 7);
    if (key <= today) views.set(month, (views.get(month) ?? 0) + ofDay);
  }
  const isOfYears = hasYears([...views.keys()]);
  return [...views].map(([month, views]) => ({
    label: monthLabel(month, isOfYears),
    name: `${monthName(month, 'long')}${isOfYears ? ` ${month.slice(0, 4)}` : ''}`,
    views,
  }));
}
