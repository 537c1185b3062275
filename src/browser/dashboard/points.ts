// Turns reports into the points of a chart, one for each bar.
import { addDays, addMonths, dayNumber, firstDayOf, lastDayOf, monthOf } from '../../time/dates.js';
import type { DayRange } from '../../time/day-range.js';
import type { Hours } from './address.js';
import type { Minutes } from './answers.js';
import { isYearBefore, type Now } from './change.js';
import { dayName, hourLabel, hourName, monthName, rangeName, timeName } from './format.js';
import { type Counted, type HeadMeasure, measured, type Slot } from './measures.js';
import { daysIn } from './ranges.js';
import { CHART } from './texts.js';

export interface ChartPoint {
  /** On the axis. Empty: none. */
  readonly label: string;
  /** In the tooltip and the table. */
  readonly name: string;
  /** One for each series; the first is drawn. Null: it is not known. */
  readonly values: ReadonlyArray<number | null>;
  /** The first of the values in the other range. */
  readonly before?: number | null | undefined;
  readonly beforeName?: string | undefined;
  /** Its time is yet to come, so it is not zero. */
  readonly isToCome?: boolean;
  /** It is not over, so its number still grows. */
  readonly isSoFar?: boolean;
  /** The days that it stands for. */
  readonly range?: DayRange;
  /** The hour of a day that it stands for, or is in. */
  readonly hour?: string;
  /** The time of that day at which it begins, `09:05`. */
  readonly start?: string;
  /** Annotations. */
  readonly notes?: readonly string[];
}

export type PeriodBars = 'days' | 'weeks' | 'months';

/** `now.hour`: `24` where all of the day is over. Without hours that another tool's export does not have. */
export function hourPoints(report: Counted, compared: Counted | undefined, measure: HeadMeasure, hourNow: string): ChartPoint[] {
  const others = compared?.rows[0];
  return (report.rows[0]?.hours ?? []).map((hour) => {
    const other = others?.hours.find(({ key }) => key === hour.key);
    return {
      ...{
        label: hourLabel(hour.key),
        name: hourName(hour.key),
        hour: hour.key.slice(0, 2),
        start: `${hour.key.slice(0, 2)}:00`,
      },
      values: [measured(measure, [hour])],
      ...(other && { before: measured(measure, [other]), beforeName: beforeName(others?.key ?? '', hour.key) }),
      isToCome: hour.key.slice(0, 2) > hourNow && measure.sum(hour) === 0,
      isSoFar: hour.key.slice(0, 2) === hourNow,
    };
  });
}

/** The hours of several days. The days are labelled. */
export function hoursOfDays({ report, compared, measure, now }: Shown & { readonly now: Pick<Now, 'hour'> }): ChartPoint[] {
  const days = sinceBegun(report.rows, now.siteSince).filter(({ key }) => key <= now.day);
  return days.flatMap((day) => {
    const there = compared && dayThere(day.key, report, compared);
    const other = compared?.rows.find(({ key }) => key === there);
    const hourNow = day.key === now.day ? now.hour : '24';
    const points = hourPoints({ ...report, rows: [day] }, compared && other && { ...compared, rows: [other] }, measure, hourNow);
    const name = dayName(day.key, 'short');
    const range = { from: day.key, to: day.key };
    return points.map((point, i) => ({ ...point, label: i === 0 ? name : '', name: `${name}, ${point.name}`, range }));
  });
}

function beforeName(day: string, hour: string): string {
  return `${dayName(day, 'short')}, ${hourName(hour)}`;
}

/** Views and visitors. `timeNow`: `09:35` */
export function minutePoints(minutes: Pick<Minutes, 'rows'>, day: string, timeNow: string, measure: HeadMeasure): ChartPoint[] {
  const rows = minutes.rows.find(({ key }) => key === day)?.minutes ?? [];
  return rows.map((row) => {
    const { key, views } = row;
    const [hour, minute] = key.split(':') as [string, string];
    return {
      ...{ label: minute === '00' ? hourLabel(hour) : '', hour: hour.slice(0, 2), start: `${hour.slice(0, 2)}:${minute}` },
      name: hour.endsWith('+') ? CHART.repeated(timeName(`${hour.slice(0, -1)}:${minute}`)) : timeName(key),
      values: [measured(measure, [row])],
      isToCome: views === 0 && key.replace('+', '') > timeNow,
    };
  });
}

/** The points in the hours to which the chart is zoomed. */
export function within(points: readonly ChartPoint[], hours: Hours | undefined): readonly ChartPoint[] {
  if (hours === undefined) return points;
  const shown = points.filter(({ hour = '' }) => hours[0] <= hour && hour <= hours[1]);
  const isQuarter = (start: string): boolean => Number(start.slice('hh:'.length)) % 15 === 0;
  // in a single hour, its own label would be the only one
  return hours[0] < hours[1]
    ? shown
    : shown.map((point) => (point.start && isQuarter(point.start) ? { ...point, label: timeName(point.start) } : point));
}

/** Without the days before the site existed: it begins on the day when it was created, or on an earlier one that was imported. */
export function sinceBegun<Day extends { readonly key: string; readonly views?: unknown }>(
  days: readonly Day[],
  siteSince: string,
): Day[] {
  const first = days.findIndex(({ key, views }) => (views as number) > 0 || key >= siteSince);
  return first < 0 ? [] : days.slice(first);
}

/** The day of the other range that a day is compared with; undefined where there is none. */
export function dayThere(day: string, here: DayRange, there: DayRange): string | undefined {
  const isByDate = isYearBefore(here, there);
  const other = isByDate ? addMonths(day, -12) : addDays(there.from, dayNumber(day) - dayNumber(here.from));
  return other > there.to || (isByDate && other.slice(8) !== day.slice(8)) ? undefined : other;
}

const KEY_OF: Readonly<Record<PeriodBars, (day: string) => string>> = {
  days: (day) => day,
  weeks: mondayOf,
  months: (day) => monthOf(day),
};

/** The first day of the week. 1 January 1970 was a Thursday. */
function mondayOf(day: string): string {
  return addDays(day, -((dayNumber(day) + 3) % 7));
}

/** What points are made of: a report without days to come, which are not zero. */
export interface Shown {
  readonly report: Counted;
  readonly compared: Counted | undefined;
  readonly measure: HeadMeasure;
  readonly now: Pick<Now, 'day' | 'siteSince'>;
}

/** Days, weeks or months. Of unique visitors, months are known, but not weeks. */
export function periodPoints(bars: PeriodBars, shown: Shown): ChartPoint[] {
  const { report, now } = shown;
  if (report.rows.length === 0) return monthPoints(shown);
  const days = sinceBegun(report.rows, now.siteSince).filter(({ key }) => key <= now.day);
  const groups = new Map<string, Slot[]>();
  for (const day of days) {
    const key = KEY_OF[bars](day.key);
    groups.set(key, [...(groups.get(key) ?? []), day]);
  }
  const labelOf = labelsOf(bars, [...groups.keys()]);
  return [...groups].map(([key, ofGroup]) => {
    const range = { from: ofGroup[0]?.key as string, to: ofGroup.at(-1)?.key as string };
    return {
      ...{ label: labelOf(key), name: rangeName(range, hasYears(days) ? '' : now.day), range },
      values: [valueIn(shown.measure, report, bars, ofGroup)],
      isSoFar: range.to === now.day,
      ...comparedPart(shown, bars, range),
    };
  });
}

function valueIn(measure: HeadMeasure, { months = [] }: Counted, bars: PeriodBars, days: readonly Slot[]): number | null {
  if (measure.isUnique !== true || bars !== 'months') return measured(measure, days);
  const month = months.find(({ key }) => days[0]?.key.startsWith(key));
  return month?.[measure.total] === undefined ? null : measure.sum(month);
}

/** What the days of a bar are compared with. Visitors of months are compared only with those of months. */
function comparedPart({ report, compared, measure, now }: Shown, bars: PeriodBars, range: DayRange): Partial<ChartPoint> {
  if (compared === undefined) return {};
  const there = [range.from, range.to].map((day) => dayThere(day, report, compared)) as [string, string];
  const days = compared.rows.filter(({ key }) => there[0] <= key && key <= (there[1] ?? compared.to));
  const [first, last] = [days[0]?.key, days.at(-1)?.key];
  if (there[0] === undefined || first === undefined || last === undefined) return {};
  const isWhole = bars !== 'months' || (first.endsWith('-01') && first.slice(0, 7) === last.slice(0, 7));
  const before = isWhole || measure.isUnique !== true ? valueIn(measure, compared, bars, days) : null;
  return { before, beforeName: rangeName({ from: first, to: last }, now.day) };
}

/** The points of a range that is so long that only its months were asked for. */
function monthPoints({ report, compared, measure, now }: Shown): ChartPoint[] {
  const all = report.months ?? [];
  const months = sinceBegun(all, now.siteSince.slice(0, 7)).filter(({ key }) => key <= now.day);
  const skipped = all.findIndex(({ key }) => key === months[0]?.key);
  const labelOf = labelsOf(
    'months',
    months.map(({ key }) => key),
  );
  return months.map((month, i) => {
    const other = compared?.months?.[i + skipped];
    const of = (one: Slot) => (measure.isUnique && one[measure.total] === undefined ? null : measured(measure, [one]));
    const range = { from: firstDayOf(month.key), to: lastDayOf(month.key) };
    return {
      ...{ label: labelOf(month.key), name: rangeName(range, ''), range },
      values: [of(month)],
      isSoFar: range.to >= now.day,
      ...(other && { before: of(other), beforeName: monthLabel(other.key, true) }),
    };
  });
}

/** With more days, there is no room for their dates. */
const DAYS_WITH_DATES_MAX = 100;

/**
 * Days of one month are labelled by their number, up to about three months by their date, and in a longer range only the first
 * day of each month has a label.
 */
function labelsOf(bars: PeriodBars, keys: readonly string[]): (key: string) => string {
  const isOfYears = hasYears(keys.map((key) => ({ key })));
  if (bars === 'months') return (month) => monthLabel(month, isOfYears);
  const first = keys[0] ?? '';
  if (bars === 'days' && keys.every((day) => day.slice(0, 7) === first.slice(0, 7))) return (day) => String(Number(day.slice(8)));
  if (keys.length <= DAYS_WITH_DATES_MAX && !(bars === 'weeks' && isOfYears)) return (day) => dayName(day, 'short');
  return (day) => (bars === 'weeks' || day.endsWith('-01') ? monthLabel(day.slice(0, 7), isOfYears) : '');
}

/** Whether the days are of more than one year, so that their names need it. */
function hasYears(days: ReadonlyArray<{ readonly key: string }>): boolean {
  return days[0]?.key.slice(0, 4) !== days.at(-1)?.key.slice(0, 4);
}

function monthLabel(month: string, isOfYears: boolean): string {
  return `${monthName(month, 'short')}${isOfYears ? ` ${month.slice(0, 4)}` : ''}`;
}

/** The days or hours of a range of points. */
export function spanOf(first: ChartPoint, last: ChartPoint): { readonly range?: DayRange; readonly hours?: Hours } {
  if (first.range && last.range) return { range: { from: first.range.from, to: last.range.to } };
  return { hours: [first.hour ?? '00', last.hour ?? '23'] };
}

/** How a range can be shown. Weeks and months of few days would be few bars. */
export function barsOf(report: Counted, { isUnique = false }: HeadMeasure): readonly PeriodBars[] {
  const days = daysIn(report);
  if (hasMonthsOnly(report)) return ['months'];
  const weeks = days >= WEEKS_FROM_DAYS && !isUnique ? (['weeks'] as const) : [];
  return ['days', ...weeks, ...(days >= MONTHS_FROM_DAYS ? (['months'] as const) : [])];
}

/**
 * Whether there would be weeks if its numbers added up. The sketch of a month cannot be divided into weeks, and those of days
 * are not kept as long.
 */
export function lacksWeeks(report: Counted, { isUnique = false }: HeadMeasure): boolean {
  return isUnique && daysIn(report) >= WEEKS_FROM_DAYS && !hasMonthsOnly(report);
}

function hasMonthsOnly({ months, rows }: Counted): boolean {
  return months !== undefined && rows.length === 0;
}

const WEEKS_FROM_DAYS = 14;
const MONTHS_FROM_DAYS = 63;
