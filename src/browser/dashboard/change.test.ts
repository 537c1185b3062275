import { describe, expect, it } from '@jest/globals';
import { comparedName, comparedOf, isCovered, partChanged, partName, partOver, type Slots, soFar } from './change.js';

type Views = { readonly views: number };

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

/** A day with so many views in each of its hours. */
function day(key: string, viewsOf: (hour: string) => number, hours: readonly string[] = HOURS): Slots<Views>['rows'][number] {
  const counted = hours.map((hour) => ({ key: hour, views: viewsOf(hour) }));
  return { key, views: counted.reduce((sum, { views }) => sum + views, 0), hours: counted };
}

const of = (from: string, to: string, rows: Slots<Views>['rows']) => ({ from, to, rows });
const views = ({ views }: Views) => views;
const NOON = { day: '2026-11-20', hour: '12', siteSince: '2026-01-01' };
const until = (hour: string, count: number) => (key: string) => (key < hour ? count : 0);

describe('the change of a day', () => {
  const yesterday = of('2026-11-19', '2026-11-19', [day('2026-11-19', () => 10)]);
  const today = (hours: (hour: string) => number) => [day('2026-11-20', hours)];

  it('compares the hours that are over with the same hours of the other day', () => {
    const rows = today((hour) => (hour < '12' ? 15 : hour === '12' ? 400 : 0));
    expect(soFar('today', { rows, compared: yesterday }, NOON, views)).toEqual({ now: 180, before: 120 });
  });

  it('is unknown while no hour is over', () => {
    expect(soFar('today', { rows: today(() => 0), compared: yesterday }, { ...NOON, hour: '00' }, views)).toBeUndefined();
  });

  it('ignores hours that only one of the two days had', () => {
    const hours = ['00', '01', '02', '02+', '03', '04'];
    const repeated = [day('2026-10-25', () => 10, hours)];
    const plain = of('2026-10-24', '2026-10-24', [day('2026-10-24', () => 1)]);
    const now = { ...NOON, day: '2026-10-25', hour: '04' };
    expect(soFar('today', { rows: repeated, compared: plain }, now, views)).toEqual({ now: 40, before: 4 });
    // in either pass of the hour, neither is over
    expect(soFar('today', { rows: repeated, compared: plain }, { ...now, hour: '02' }, views)).toEqual({ now: 20, before: 2 });
  });

  it('is unknown if the hours of the other day are not known, as for days from another tool', () => {
    const imported = of('2026-11-19', '2026-11-19', [{ ...day('2026-11-19', () => 0), views: 500 }]);
    expect(soFar('today', { rows: today(until('12', 15)), compared: imported }, NOON, views)).toBeUndefined();
  });

  it('is unknown if a whole month is read in the place of the other day', () => {
    const month = { ...yesterday, from: '2025-11-01', to: '2025-11-30' };
    expect(comparedOf('today', { compared: month })).toBeUndefined();
    expect(soFar('today', { rows: today(until('12', 15)), compared: month }, NOON, views)).toBeUndefined();
  });

  it('is unknown if days of the other period are no longer kept', () => {
    expect(
      comparedOf('today', { compared: { ...yesterday, expired: [{ from: '2026-11-19', to: '2026-11-19' }] } }),
    ).toBeUndefined();
    expect(comparedOf('today', { compared: yesterday })).toBe(yesterday);
  });

  it('is unknown if the site was created during the compared hours', () => {
    const begun = of('2026-11-19', '2026-11-19', [day('2026-11-19', (hour) => (hour < '08' ? 0 : 10))]);
    const report = { rows: today(until('12', 15)), compared: begun };
    expect(soFar('today', report, { ...NOON, siteSince: '2026-11-19' }, views)).toBeUndefined();
    expect(soFar('today', report, { ...NOON, siteSince: '2026-11-18' }, views)).toEqual({ now: 180, before: 40 });
  });
});

describe('the change of a month or a year', () => {
  const days = (month: string, count: number, viewsOf: (day: number) => number) =>
    Array.from({ length: count }, (_, i) => {
      const key = `${month}-${String(i + 1).padStart(2, '0')}`;
      return { key, views: viewsOf(i + 1), hours: [] };
    });

  it('compares the days before today with the same days of the other month', () => {
    const compared = of(
      '2026-10-01',
      '2026-10-31',
      days('2026-10', 31, () => 100),
    );
    const rows = days('2026-11', 30, (n) => (n < 20 ? 110 : n === 20 ? 3 : 0));
    expect(soFar('month', { rows, compared }, NOON, views)).toEqual({ now: 2090, before: 1900 });
  });

  it('ignores days that the shorter month did not have', () => {
    const compared = of(
      '2026-02-01',
      '2026-02-28',
      days('2026-02', 28, () => 10),
    );
    const now = { ...NOON, day: '2026-03-31' };
    const report = { rows: days('2026-03', 31, () => 20), compared };
    expect(soFar('month', report, now, views)).toEqual({ now: 560, before: 280 });
  });

  it('is unknown on the first day', () => {
    const compared = of(
      '2026-10-01',
      '2026-10-31',
      days('2026-10', 31, () => 100),
    );
    expect(
      soFar('month', { rows: days('2026-11', 30, () => 1), compared }, { ...NOON, day: '2026-11-01' }, views),
    ).toBeUndefined();
  });

  it('compares the days of a year by month and day', () => {
    const compared = of('2025-01-01', '2025-12-31', [...days('2025-01', 31, () => 1), ...days('2025-02', 28, () => 1)]);
    const rows = [...days('2026-01', 31, () => 2), ...days('2026-02', 28, () => 2)];
    expect(soFar('year', { rows, compared }, { ...NOON, day: '2026-02-10' }, views)).toEqual({ now: 80, before: 40 });
  });
});

describe('the other period', () => {
  const rows = (viewsOf: (day: number) => number) =>
    Array.from({ length: 31 }, (_, i) => ({
      key: `2026-10-${String(i + 1).padStart(2, '0')}`,
      ...{ views: viewsOf(i + 1), visitors: 0, hours: [] },
    }));
  const october = (viewsOf: (day: number) => number) => ({
    compared: { from: '2026-10-01', to: '2026-10-31', total: { views: 0, visitors: 0 }, rows: rows(viewsOf) },
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

  it.each([
    ['month', '2026-10', '2026-11-20', '1–19 November', '1–19 October'],
    ['month', '2026-10', '2026-11-02', '1 November', '1 October'],
    ['month', '2025-11', '2026-11-20', '1–19 November', '1–19 November'],
    ['month', '2026-02', '2026-03-31', '1–28 March', '1–28 February'],
    ['year', '2025', '2026-11-20', 'January–October 2026', 'January–October 2025'],
    ['year', '2023', '2024-03-01', 'January–February 2024', 'January–February 2023'],
    ['year', '2025', '2026-02-10', 'January 2026', 'January 2025'],
  ] as const)('has the same part as the one of this %s that is over: %s on %s', (shown, other, day, here, there) => {
    const compared = {
      from: `${other}${shown === 'year' ? '-01' : ''}-01`,
      to: other === '2026-02' ? '2026-02-28' : `${other}-31`,
    };
    const part = partOver(shown, compared, { day });
    expect(part && [partName(part.here), partName(part.there)]).toEqual([here, there]);
  });

  it('has no such part while nothing is over, nor for a day, which has no lists by the hour', () => {
    expect(partOver('month', { from: '2026-10-01', to: '2026-10-31' }, { day: '2026-11-01' })).toBeUndefined();
    expect(partOver('year', { from: '2025-01-01', to: '2025-12-31' }, { day: '2026-01-31' })).toBeUndefined();
    expect(partOver('today', { from: '2026-11-19', to: '2026-11-19' }, { day: '2026-11-20' })).toBeUndefined();
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

describe('the name of the other period', () => {
  it.each([
    ['today', 'previous', '2026-11-19', 'yesterday'],
    ['today', 'year-before', '2025-11-20', '20 Nov 2025'],
    ['month', 'previous', '2026-10-01', 'October'],
    ['month', 'year-before', '2025-11-01', 'Nov 2025'],
    ['year', 'previous', '2025-01-01', '2025'],
    ['year', 'year-before', '2025-01-01', '2025'],
  ] as const)('says which one it is: %s, %s', (shown, comparison, from, name) => {
    expect(comparedName(shown, comparison, { from })).toBe(name);
  });
});
