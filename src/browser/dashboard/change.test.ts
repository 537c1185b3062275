import { describe, expect, it } from '@jest/globals';
import { type Comparison, comparedRange } from '../../time/comparison.js';
import { addDays } from '../../time/dates.js';
import type { DayRange } from '../../time/day-range.js';
import { basisOf, comparedName, comparedOf, isCovered, partChanged, partOfLists, partOver, type Slots, soFar } from './change.js';
import { rangeName } from './format.js';

type Views = { readonly views: number };
type Rows = Slots<Views>['rows'];

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

/** A day with so many views in each of its hours. */
function day(key: string, viewsOf: (hour: string) => number, hours: readonly string[] = HOURS): Rows[number] {
  const counted = hours.map((hour) => ({ key: hour, views: viewsOf(hour) }));
  return { key, views: counted.reduce((sum, { views }) => sum + views, 0), hours: counted };
}

/** The days of a range, without hours. */
function days({ from, to }: DayRange, viewsOf: (day: string) => number): Rows {
  const rows: Array<Rows[number]> = [];
  for (let key = from; key <= to; key = addDays(key, 1)) rows.push({ key, views: viewsOf(key), hours: [] });
  return rows;
}

const of = (from: string, to: string, rows: Rows) => ({ from, to, rows, resolution: 'day' as const });
const views = { sum: ({ views }: Views) => views };
const NOON = { day: '2026-11-20', hour: '12', siteSince: '2026-01-01' };
const until = (hour: string, count: number) => (key: string) => (key < hour ? count : 0);

describe('the change of today', () => {
  const yesterday = of('2026-11-19', '2026-11-19', [day('2026-11-19', () => 10)]);
  const today = (hours: (hour: string) => number) => of('2026-11-20', '2026-11-20', [day('2026-11-20', hours)]);

  it('compares the hours that are over with the same hours of the other day', () => {
    const report = today((hour) => (hour < '12' ? 15 : hour === '12' ? 400 : 0));
    expect(soFar({ ...report, compared: yesterday }, NOON, views)).toEqual({ now: 180, before: 120 });
  });

  it('is unknown while no hour is over', () => {
    expect(soFar({ ...today(() => 0), compared: yesterday }, { ...NOON, hour: '00' }, views)).toBeUndefined();
  });

  it('ignores hours that only one of the two days had', () => {
    const repeated = of('2026-10-25', '2026-10-25', [day('2026-10-25', () => 10, ['00', '01', '02', '02+', '03', '04'])]);
    const compared = of('2026-10-24', '2026-10-24', [day('2026-10-24', () => 1)]);
    const now = { ...NOON, day: '2026-10-25', hour: '04' };
    expect(soFar({ ...repeated, compared }, now, views)).toEqual({ now: 40, before: 4 });
    // in either pass of the hour, neither is over
    expect(soFar({ ...repeated, compared }, { ...now, hour: '02' }, views)).toEqual({ now: 20, before: 2 });
  });

  it('is unknown if the hours of the other day are not known, as for days from another tool', () => {
    const compared = of('2026-11-19', '2026-11-19', [{ ...day('2026-11-19', () => 0), views: 500 }]);
    expect(soFar({ ...today(until('12', 15)), compared }, NOON, views)).toBeUndefined();
  });

  it('is unknown if a whole month is read in the place of the other day', () => {
    const compared = { ...yesterday, from: '2025-11-01', to: '2025-11-30', resolution: 'month' as const };
    expect(comparedOf({ ...today(() => 1), compared })).toBeUndefined();
    expect(soFar({ ...today(until('12', 15)), compared }, NOON, views)).toBeUndefined();
  });

  it('is unknown if days of one of the two are no longer kept', () => {
    const expired = [{ from: '2026-11-19', to: '2026-11-19' }];
    const report = { ...today(() => 1), compared: yesterday };
    expect(comparedOf(report)).toBe(yesterday);
    expect(comparedOf({ ...report, compared: { ...yesterday, expired } })).toBeUndefined();
    expect(comparedOf({ ...report, expired })).toBeUndefined();
    expect(comparedOf(today(() => 1))).toBeUndefined();
  });

  it('is unknown if the site was created during the compared hours', () => {
    const begun = of('2026-11-19', '2026-11-19', [day('2026-11-19', (hour) => (hour < '08' ? 0 : 10))]);
    const report = { ...today(until('12', 15)), compared: begun };
    expect(soFar(report, { ...NOON, siteSince: '2026-11-19' }, views)).toBeUndefined();
    expect(soFar(report, { ...NOON, siteSince: '2026-11-18' }, views)).toEqual({ now: 180, before: 40 });
  });
});

describe('the change of a past day', () => {
  it('compares all of both days, also where their hours are not known', () => {
    const here = of('2026-11-18', '2026-11-18', [day('2026-11-18', () => 2)]);
    const compared = of('2026-11-17', '2026-11-17', [{ key: '2026-11-17', views: 30, hours: [] }]);
    expect(soFar({ ...here, compared }, NOON, views)).toEqual({ now: 48, before: 30 });
  });
});

describe('the change of several days', () => {
  const change = (here: DayRange, comparison: Comparison, today: string, viewsOf: (day: string) => number) => {
    const there = comparedRange(here, comparison);
    const compared = of(there.from, there.to, days(there, viewsOf));
    return soFar(
      { ...of(here.from, here.to, days(here, viewsOf)), compared },
      { ...NOON, siteSince: '1990-01-01', day: today },
      views,
    );
  };

  it.each<[string, string, Comparison, string, number, number]>([
    // the days before today, with the same days of the other month
    ['2026-11-01', '2026-11-30', 'previous', '2026-11-20', 19, 19],
    ['2026-11-01', '2026-11-30', 'year-before', '2026-11-20', 19, 19],
    // the shorter month did not have these days
    ['2026-03-01', '2026-03-31', 'previous', '2026-03-31', 28, 28],
    ['2026-01-01', '2026-12-31', 'previous', '2026-02-10', 40, 40],
    ['2026-11-14', '2026-11-20', 'previous', '2026-11-20', 6, 6],
    ['2026-11-14', '2026-11-20', 'year-before', '2026-11-20', 6, 6],
    // the whole of what is over
    ['2026-03-01', '2026-03-31', 'previous', '2026-11-20', 31, 28],
    ['2026-10-20', '2026-11-18', 'previous', '2026-11-20', 30, 30],
    ['2024-02-20', '2024-03-10', 'year-before', '2026-11-20', 20, 19],
    ['2024-01-01', '2024-12-31', 'previous', '2026-11-20', 366, 365],
  ])('%s to %s, %s, on %s compares %d days with %d', (from, to, comparison, today, now, before) => {
    expect(change({ from, to }, comparison, today, () => 1)).toEqual({ now, before });
  });

  it('is unknown while no day is over', () => {
    expect(change({ from: '2026-11-01', to: '2026-11-30' }, 'previous', '2026-11-01', () => 1)).toBeUndefined();
  });

  it('is a recount of the days before today, and of the days that have the same place', () => {
    let state = 11;
    const random = (most: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % most;
    };
    const viewsOf = (key: string) => 1 + (((Date.parse(key) / 86_400_000) * 7919) % 97);
    const sumOf = (from: string, count: number) =>
      Array.from({ length: count }, (_, i) => viewsOf(addDays(from, i))).reduce((sum, one) => sum + one, 0);
    for (let i = 0; i < 300; i++) {
      const from = addDays('2025-01-02', random(300));
      const length = 2 + random(250);
      const to = addDays(from, length - 1);
      const today = addDays(from, random(2 * length));
      if (from.endsWith('-01')) continue; // whole months are above
      const over = today > to ? length : (Date.parse(today) - Date.parse(from)) / 86_400_000;
      const recounted = over === 0 ? undefined : { now: sumOf(from, over), before: sumOf(addDays(from, -length), over) };
      expect(change({ from, to }, 'previous', today, viewsOf)).toEqual(recounted);
      const sameDates = Array.from({ length: over }, (_, k) => addDays(from, k)).filter((key) => !key.endsWith('02-29'));
      const yearBefore = sameDates.map((key) => viewsOf(`${Number(key.slice(0, 4)) - 1}${key.slice(4)}`));
      const earlier = change({ from, to }, 'year-before', today, viewsOf);
      const isOfLeapDay = comparedRange({ from, to }, 'year-before').from <= '2024-02-29';
      if (over > 0 && !isOfLeapDay) expect(earlier?.before).toBe(yearBefore.reduce((sum, one) => sum + one, 0));
    }
  });
});

describe('the other range', () => {
  const rows = (viewsOf: (day: number) => number) =>
    Array.from({ length: 31 }, (_, i) => ({
      key: `2026-10-${String(i + 1).padStart(2, '0')}`,
      ...{ views: viewsOf(i + 1), visitors: 0, hours: [] },
    }));
  const october = (viewsOf: (day: number) => number) => ({
    compared: {
      from: '2026-10-01',
      to: '2026-10-31',
      resolution: 'day' as const,
      total: { views: 0, visitors: 0 },
      rows: rows(viewsOf),
    },
  });

  it.each([
    ['a site that was there before, also without a view', '2026-09-30', () => 0, true],
    ['a site that was made on its first day', '2026-10-01', () => 5, false],
    ['a site that was made in it', '2026-10-20', (day: number) => (day < 20 ? 0 : 5), false],
    ['a site that was made after it', '2026-11-12', () => 0, false],
    ['a site whose history was imported', '2026-11-12', () => 5, true],
    [
      'a site whose history was imported, of which the first days were quiet',
      '2026-11-12',
      (day: number) => (day < 4 ? 0 : 5),
      true,
    ],
    ['a site whose imported history begins in it', '2026-11-12', (day: number) => (day < 10 ? 0 : 5), false],
  ] as const)('is covered or not: %s', (_, siteSince, viewsOf, isSo) => {
    expect(isCovered(october(viewsOf), { siteSince })).toBe(isSo);
  });

  it('is not covered if no comparison was asked for', () => {
    expect(isCovered({}, { siteSince: '2020-01-01' })).toBe(false);
  });

  const parts = (from: string, to: string, comparison: Comparison, today: string) => {
    const part = partOfLists({ from, to }, comparedRange({ from, to }, comparison), today);
    return part && [rangeName(part.here, today), rangeName(part.there, today)];
  };

  it.each([
    ['2026-01-01', '2026-12-31', '2026-11-20', true],
    ['2026-01-01', '2026-12-31', '2026-11-01', undefined],
    ['2026-11-01', '2026-11-30', '2026-11-20', undefined],
    ['2025-01-01', '2025-12-31', '2026-11-20', undefined],
  ])('knows whether it is another part than that of the numbers: %s to %s on %s', (from, to, today, isNamed) => {
    expect(partOfLists({ from, to }, comparedRange({ from, to }, 'previous'), today)?.isNamedByLists).toBe(isNamed);
  });

  it.each<[string, string, Comparison, string, string, string]>([
    ['2026-11-01', '2026-11-30', 'previous', '2026-11-20', '1–19 November', '1–19 October'],
    ['2026-11-01', '2026-11-30', 'previous', '2026-11-02', 'Sun 1 November', 'Thu 1 October'],
    ['2026-11-01', '2026-11-30', 'year-before', '2026-11-20', '1–19 November', '1–19 November 2025'],
    ['2026-03-01', '2026-03-31', 'previous', '2026-03-31', '1–28 March', 'February'],
    ['2026-01-01', '2026-12-31', 'previous', '2026-11-20', 'January–October', 'January–October 2025'],
    ['2024-01-01', '2024-12-31', 'previous', '2024-03-01', 'January–February', 'January–February 2023'],
    ['2026-01-01', '2026-12-31', 'year-before', '2026-02-10', 'January', 'January 2025'],
    ['2026-11-14', '2026-11-20', 'previous', '2026-11-20', '14–19 November', '7–12 November'],
    ['2026-10-20', '2026-11-18', 'previous', '2026-11-20', '20 October – 18 November', '20 September – 19 October'],
    ['2026-11-18', '2026-11-18', 'previous', '2026-11-20', 'Wed 18 November', 'Tue 17 November'],
    [
      '2025-12-20',
      '2026-01-18',
      'previous',
      '2026-11-20',
      '20 December 2025 – 18 January 2026',
      '20 November – 19 December 2025',
    ],
    ['2026-05-01', '2026-11-30', 'previous', '2026-11-20', 'May–October', '29 September 2025 – 31 March 2026'],
  ])('has the same part as that of %s to %s that is over: %s on %s', (from, to, comparison, today, here, there) => {
    expect(parts(from, to, comparison, today)).toEqual([here, there]);
  });

  it('has no such part while nothing is over, nor for today, which has no lists by the hour', () => {
    expect(parts('2026-11-01', '2026-11-30', 'previous', '2026-11-01')).toBeUndefined();
    expect(parts('2026-01-01', '2026-12-31', 'previous', '2026-01-31')).toBeUndefined();
    expect(parts('2026-11-20', '2026-11-20', 'previous', '2026-11-20')).toBeUndefined();
  });

  it('is asked for by its days alone', () => {
    const there = { from: '2026-11-17', to: '2026-11-17', rows: [1] };
    const here = { from: '2026-11-18', to: '2026-11-18', rows: [2] };
    expect(partOver(here, there, '2026-11-20')).toEqual({
      here: { from: '2026-11-18', to: '2026-11-18' },
      there: { from: '2026-11-17', to: '2026-11-17' },
    });
  });
});

describe('the change of an average', () => {
  type Read = Views & { readonly known: number };
  const days = (from: string, ...read: ReadonlyArray<readonly [seconds: number, known: number]>) =>
    read.map(([views, known], i) => ({ key: addDays(from, i), views, known, hours: [] }));
  const average = { sum: ({ views }: Read) => views, per: ({ known }: Read) => known };
  const range = (from: string, to: string, rows: ReturnType<typeof days>) => ({ from, to, rows, resolution: 'day' as const });

  it('divides the sums of the days that are over, and knows of how many they are', () => {
    const here = range('2026-11-18', '2026-11-20', days('2026-11-18', [30, 10], [90, 20], [900, 1]));
    const compared = range('2026-11-15', '2026-11-17', days('2026-11-15', [10, 30], [20, 30], [500, 1]));
    expect(soFar({ ...here, compared }, NOON, average)).toEqual({ now: 4, before: 0.5, of: 30 });
    expect(partChanged({ now: 4, before: 0.5, of: 30 })).toBe(7);
    expect(partChanged({ now: 4, before: 0.5, of: 3 })).toBeUndefined();
  });

  it('is unknown where there is nothing to divide by', () => {
    const here = range('2026-11-18', '2026-11-19', days('2026-11-18', [30, 10], [90, 20]));
    const compared = range('2026-11-16', '2026-11-17', days('2026-11-16', [1, 0], [0, 0]));
    expect(soFar({ ...here, compared }, NOON, average)).toBeUndefined();
  });
});

describe('a shorter range', () => {
  it('is compared with as many days from the beginning', () => {
    const here = { from: '2026-11-01', to: '2026-11-25' };
    expect(partOver(here, { from: '2026-06-01', to: '2026-06-05' }, '2026-11-20')).toEqual({
      here: { from: '2026-11-01', to: '2026-11-05' },
      there: { from: '2026-06-01', to: '2026-06-05' },
    });
  });
});

describe('a change in per cent', () => {
  it('is relative to the number before', () => {
    expect(partChanged({ now: 150, before: 120 })).toBe(0.25);
    expect(partChanged({ now: 0, before: 120 })).toBe(-1);
  });

  it('is unknown if the number before is small', () => {
    expect(partChanged({ now: 12, before: 0 })).toBeUndefined();
    expect(partChanged({ now: 12, before: 4 })).toBeUndefined();
  });
});

describe('what is compared, in words', () => {
  const basis = (from: string, to: string, comparison: 'previous' | 'year-before') =>
    basisOf({ from, to }, comparedRange({ from, to }, comparison), { ...NOON, time: '12:30' });

  it.each<[string, string, 'previous' | 'year-before', string, string]>([
    ['2026-11-20', '2026-11-20', 'previous', 'Compared with yesterday until 12:00.', 'same hours of yesterday'],
    [
      '2026-11-20',
      '2026-11-20',
      'year-before',
      'Compared with Thu, 20 November 2025 until 12:00.',
      'same hours of Thu, 20 November 2025',
    ],
    ['2026-11-01', '2026-11-30', 'previous', 'Compared with the same days of October, without today.', 'same days of October'],
    ['2026-01-01', '2026-12-31', 'previous', 'Compared with the same days of 2025, without today.', 'same days of 2025'],
    [
      '2026-11-14',
      '2026-11-20',
      'previous',
      'Change: 14–19 November, compared with 7–12 November.',
      'compared with 7–12 November',
    ],
    ['2026-10-01', '2026-10-31', 'previous', 'Change: October, compared with September.', 'compared with September'],
    [
      '2026-11-19',
      '2026-11-19',
      'previous',
      'Change: Thu 19 November, compared with Wed 18 November.',
      'compared with Wed 18 November',
    ],
  ])('%s to %s, %s: %s', (from, to, comparison, sentence, short) => {
    expect(basis(from, to, comparison)).toMatchObject({ sentence, short });
  });

  it.each([
    ['2026-11-20', '2026-11-20', '2026-11-19', '2026-11-19', 'yesterday'],
    ['2026-11-20', '2026-11-20', '2025-11-20', '2025-11-20', '20 Nov 2025'],
    ['2026-11-01', '2026-11-30', '2026-10-01', '2026-10-31', 'Oct'],
    ['2026-11-01', '2026-11-30', '2025-11-01', '2025-11-30', 'Nov 2025'],
    ['2026-01-01', '2026-12-31', '2025-01-01', '2025-12-31', '2025'],
    ['2026-11-14', '2026-11-20', '2026-11-07', '2026-11-13', '7–13 Nov'],
  ])('%s to %s, with %s to %s: %s', (from, to, otherFrom, otherTo, name) => {
    expect(comparedName({ from, to }, { from: otherFrom, to: otherTo }, NOON, 'short')).toBe(name);
  });
});
