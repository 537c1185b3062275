import { describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { comparedRange } from '../../time/comparison.js';
import { addDays } from '../../time/dates.js';
import type { DayRange } from '../../time/day-range.js';
import { withNotes } from './annotations/notes.js';
import { type Counted, MEASURES } from './measures.js';
import {
  barsOf,
  type ChartPoint,
  dayThere,
  hourPoints,
  hoursOfDays,
  lacksWeeks,
  minutePoints,
  type PeriodBars,
  periodPoints,
  sinceBegun,
  spanOf,
  within,
} from './points.js';
import { daysIn } from './ranges.js';

const { views, visitors } = MEASURES;
const rate = MEASURES['bounce-rate'];
const row = (key: string, numbers: Record<string, number> = {}, hours: Array<{ key: string }> = []) => ({
  ...{ key, views: 0, visitors: 0 },
  ...numbers,
  hours,
});
const counted = ({ from, to }: DayRange, rows: Counted['rows'], others: Partial<Counted> = {}): Counted => ({
  ...{ from, to, resolution: 'day', total: { key: '' }, rows },
  ...others,
});
const eachDay = ({ from, to }: DayRange): string[] =>
  Array.from({ length: daysIn({ from, to }) }, (_, i) => DateTime.fromISO(from).plus({ days: i }).toISODate() as string);
/** Each day has a number of its own. */
const viewsOf = (day: string) => 1 + (((Date.parse(day) / 86_400_000) * 7919) % 97);
const daily = (range: DayRange) =>
  counted(
    range,
    eachDay(range).map((day) => row(day, { views: viewsOf(day) })),
  );
const NOW = { day: '2026-11-20', siteSince: '2020-01-01' };

function points(bars: PeriodBars, range: DayRange, compared?: DayRange) {
  return periodPoints(bars, { report: daily(range), compared: compared && daily(compared), measure: views, now: NOW });
}

describe('the points of a chart', () => {
  it('leave out days before the site existed, unless they were imported', () => {
    const days = [row('2026-11-01'), row('2026-11-02', { views: 3 }), row('2026-11-03'), row('2026-11-04', { views: 2 })];
    expect(sinceBegun(days, '2026-11-03').map(({ key }) => key)).toEqual(['2026-11-02', '2026-11-03', '2026-11-04']);
    expect(sinceBegun(days.slice(2), '2026-11-04').map(({ key }) => key)).toEqual(['2026-11-04']);
    expect(sinceBegun(days, '2026-01-01')).toEqual(days);
    expect(sinceBegun([row('2026-11-01')], '2026-11-02')).toEqual([]);
  });

  it('are marked as yet to come for later hours, and stand beside the same hours of the other day', () => {
    const hours = (numbers: readonly number[]) =>
      numbers.map((count, i) => ({ key: String(8 + i).padStart(2, '0'), views: count }));
    const today = { from: '2026-11-20', to: '2026-11-20' };
    const yesterday = counted({ from: '2026-11-19', to: '2026-11-19' }, [row('2026-11-19', {}, hours([4, 5]))]);
    const shown = hourPoints(counted(today, [row('2026-11-20', {}, hours([0, 3, 0]))]), yesterday, views, '09');
    expect(shown.map(({ isToCome }) => isToCome)).toEqual([false, false, true]);
    expect(shown.map(({ values, before }) => [values[0], before])).toEqual([
      [0, 4],
      [3, 5],
      [0, undefined],
    ]);
    expect(within(shown, ['09', '10']).map(({ hour }) => hour)).toEqual(['09', '10']);
    expect(within(shown, undefined)).toBe(shown);
    expect(shown.map(({ isSoFar }) => isSoFar)).toEqual([false, true, false]);
  });

  it('of the hours of several days are labelled by days, stand beside those of the other days, and open their day', () => {
    const day = (key: string, numbers: readonly number[]) =>
      row(
        key,
        {},
        numbers.map((count, i) => ({ key: String(i).padStart(2, '0'), views: count })),
      );
    const range = { from: '2026-11-19', to: '2026-11-20' };
    const report = counted(range, [day('2026-11-19', [1, 2]), day('2026-11-20', [3, 0, 0])]);
    const others = [day('2026-11-17', [4, 5]), day('2026-11-18', [6, 7, 8])];
    const compared = counted({ from: '2026-11-17', to: '2026-11-18' }, others);
    const shown = hoursOfDays({ report, compared, measure: views, now: { ...NOW, hour: '01' } });
    expect(shown.map(({ label }) => label !== '')).toEqual([true, false, true, false, false]);
    expect(shown.map(({ values, before }) => [values[0], before])).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
      [0, 7],
      [0, 8],
    ]);
    expect(shown.map(({ isToCome, isSoFar }) => [isToCome, isSoFar])).toEqual([
      [false, false],
      [false, false],
      [false, false],
      [false, true],
      [true, false],
    ]);
    expect(new Set(shown.map(({ name }) => name)).size).toBe(5);
    expect(spanOf(shown[1] as ChartPoint, shown[2] as ChartPoint)).toEqual({ range });
    const notes = [
      { id: 'a', day: '2026-11-20', time: null, text: 'day' },
      { id: 'b', day: '2026-11-19', time: '01:30', text: 'hour' },
    ];
    expect(withNotes(shown, notes).map((point) => point.notes?.length ?? 0)).toEqual([0, 1, 1, 0, 0]);
  });

  it('of five minutes belong to one day, are labelled by the hour, and repeat an hour where the clock does', () => {
    const minute = (key: string, count = 0) => ({ key, views: count, visitors: count });
    const rows = [
      { key: '2026-10-24', minutes: [minute('23:55', 9)] },
      { key: '2026-10-25', minutes: [minute('00:00', 2), minute('00:05'), minute('02:00', 1), minute('02+:05')] },
    ];
    expect(minutePoints({ rows }, '2026-10-25', '02:02', views)).toMatchObject([
      { label: '00', name: '00:00', values: [2], isToCome: false },
      { label: '', name: '00:05', values: [0], isToCome: false },
      { label: '02', name: '02:00', values: [1], isToCome: false },
      { label: '', name: '02:05 (again)', values: [0], isToCome: true },
    ]);
  });

  it('of five minutes in a single hour are labelled by its quarters', () => {
    const minutes = Array.from({ length: 24 }, (_, i) => `${12 + Math.floor(i / 12)}:${String((i % 12) * 5).padStart(2, '0')}`);
    const rows = [{ key: '2026-10-24', minutes: minutes.map((key) => ({ key, views: 1, visitors: 1 })) }];
    const all = minutePoints({ rows }, '2026-10-24', '24', views);
    const labels = (hours: readonly [string, string]) => within(all, hours).flatMap(({ label }) => label || []);
    expect(labels(['12', '12'])).toEqual(['12:00', '12:15', '12:30', '12:45']);
    expect(labels(['12', '13'])).toEqual(['12', '13']);
  });

  it('of today, and of the week and the month with today, are numbers so far', () => {
    for (const bars of ['days', 'weeks', 'months'] as const) {
      const soFar = points(bars, { from: '2026-10-05', to: '2026-11-20' }).map(({ isSoFar }) => isSoFar);
      expect(soFar).toEqual([...Array(soFar.length - 1).fill(false), true]);
      expect(points(bars, { from: '2026-10-05', to: '2026-11-19' }).some(({ isSoFar }) => isSoFar)).toBe(false);
    }
  });

  it('end with today; days are labelled by their number, their date, or the first of each month', () => {
    const labels = (from: string, count: number) =>
      points('days', { from, to: addDays(from, count - 1) }).map(({ label }) => label);
    expect(labels('2026-10-29', 3)).toEqual(['29', '30', '31']);
    expect(labels('2026-10-31', 3)).toEqual(['31 Oct', '1 Nov', '2 Nov']);
    const ofYear = labels('2026-01-01', 365);
    expect(ofYear).toHaveLength(324);
    expect(ofYear.filter((label) => label !== '').join(' ')).toBe('Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov');
    expect(points('days', { from: '2025-12-31', to: '2026-01-01' }).map(({ name }) => name)).toEqual([
      'Wed, 31 December 2025',
      'Thu, 1 January 2026',
    ]);
  });

  it('of weeks and months are a recount of their days, and of the days they are compared with', () => {
    const sum = (days: readonly string[]) => days.reduce((total, day) => total + viewsOf(day), 0);
    const format = { days: 'yyyy-MM-dd', weeks: "kkkk-'W'WW", months: 'yyyy-MM' } as const;
    for (const range of [
      { from: '2026-10-05', to: '2026-11-20' },
      { from: '2025-12-25', to: '2026-11-20' },
      { from: '2026-03-31', to: '2026-07-01' },
    ]) {
      for (const isByWeekday of [false, true]) {
        const other = comparedRange(range, 'previous', isByWeekday);
        for (const bars of ['days', 'weeks', 'months'] as const) {
          const groups = new Map<string, string[]>();
          for (const day of eachDay(range)) {
            const key = DateTime.fromISO(day).toFormat(format[bars]);
            groups.set(key, [...(groups.get(key) ?? []), day]);
          }
          const daysBetween = DateTime.fromISO(range.from).diff(DateTime.fromISO(other.from), 'days').days;
          const before = (day: string) => DateTime.fromISO(day).minus({ days: daysBetween }).toISODate() as string;
          expect(points(bars, range, other).map(({ values, before, range }) => [values[0], before, range])).toEqual(
            [...groups.values()].map((days) => [sum(days), sum(days.map(before)), { from: days[0], to: days.at(-1) }]),
          );
        }
      }
    }
  });

  it('a year earlier have the same dates, and none for a leap day', () => {
    const leap = { from: '2024-02-01', to: '2024-03-31' };
    const there = comparedRange(leap, 'year-before');
    expect(['2024-02-28', '2024-02-29', '2024-03-01'].map((day) => dayThere(day, leap, there))).toEqual([
      '2023-02-28',
      undefined,
      '2023-03-01',
    ]);
    const month = { from: '2026-03-01', to: '2026-03-31' };
    expect(dayThere('2026-03-29', month, comparedRange(month, 'previous'))).toBeUndefined(); // February had 28 days
  });

  it('of averages divide the sums of their days, and are not known where there is nothing to divide by', () => {
    const days = [
      row('2026-11-16', { bounces: 1, recorded: 1 }),
      row('2026-11-17', { bounces: 0, recorded: 3 }),
      row('2026-11-18'),
    ];
    const report = counted({ from: '2026-11-16', to: '2026-11-18' }, days);
    const values = (bars: PeriodBars) =>
      periodPoints(bars, { report, compared: undefined, measure: rate, now: NOW }).map((point) => point.values[0]);
    expect(values('days')).toEqual([1, 0, null]);
    expect(values('weeks')).toEqual([0.25]);
  });

  it('of unique visitors are those of the month, and not the sum of its days', () => {
    const range = { from: '2026-10-30', to: '2026-11-20' };
    const rows = eachDay(range).map((day) => row(day, { visitors: 5 }));
    const months = [{ key: '2026-10' }, { key: '2026-11', visitors: 40 }];
    const report = counted(range, rows, { months });
    const values = periodPoints('months', { report, compared: undefined, measure: visitors, now: NOW }).map(
      (one) => one.values[0],
    );
    expect(values).toEqual([null, 40]); // October began before the range
    expect(barsOf(report, visitors)).toEqual(['days']);
    expect(barsOf(report, views)).toEqual(['days', 'weeks']);
    expect(barsOf({ ...report, from: '2026-08-01' }, visitors)).toEqual(['days', 'months']);
    expect([visitors, views].map((one) => lacksWeeks(report, one))).toEqual([true, false]);
    expect(lacksWeeks({ ...report, from: '2026-11-07' }, visitors)).toBe(true);
    expect(lacksWeeks({ ...report, from: '2026-11-08' }, visitors)).toBe(false); // of 13 days, there are no weeks of views either
    expect(lacksWeeks({ ...report, rows: [] }, visitors)).toBe(false);
  });

  it('of a range with months alone are these, from the one in which the site began', () => {
    const months = ['2019-11', '2019-12', '2020-01', '2026-11', '2026-12'].map((key) => ({
      key,
      views: key === '2019-11' ? 0 : 7,
    }));
    const report = counted({ from: '2019-11-01', to: '2026-12-31' }, [], { months });
    expect(barsOf(report, views)).toEqual(['months']);
    const shown = periodPoints('months', { report, compared: undefined, measure: views, now: NOW });
    expect(shown.map(({ label }) => label)).toEqual(['Dec 2019', 'Jan 2020', 'Nov 2026']);
    expect(spanOf(shown[0] as never, shown[1] as never)).toEqual({ range: { from: '2019-12-01', to: '2020-01-31' } });
  });
});
