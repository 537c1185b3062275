import { describe, expect, it } from '@jest/globals';
import { addDays } from '../../time/dates.js';
import { byOf, daysIn, monthsAndYears, moved, PERIODS, queryOf, rangeFrom, rangeOf, type Shown } from './ranges.js';

const TODAY = '2026-11-20';
/** There is nothing before all time. */
const STEPPED = PERIODS.filter((name) => name !== 'all');
const seconds = (day: string) => Date.parse(day) / 1000;

describe('a range of days', () => {
  it('is asked for by its name, or by its first and last day', () => {
    expect(queryOf('last-month')).toEqual({ period: 'last-month' });
    expect(queryOf({ from: '2026-11-01', to: '2026-11-03' })).toEqual({ from: '2026-11-01', to: '2026-11-03' });
  });

  it.each([
    ['2026-11-01', '2026-11-20', true],
    ['2016-11-21', '2026-11-20', true],
    ['2016-11-20', '2026-11-20', false],
    ['2026-11-20', '2026-11-19', false],
    ['2026-02-01', '2026-02-30', false],
    ['1989-12-31', '1990-01-05', false],
    ['2100-12-30', '2101-01-01', false],
    ['2026-11', '2026-11-20', false],
    ['', '2026-11-20', false],
  ])('from %s to %s is what the API takes: %s', (from, to, isTaken) => {
    expect(rangeFrom(from, to)).toEqual(isTaken ? { from, to } : undefined);
  });
});

describe('the range before or after', () => {
  it.each<[Shown, Shown, Shown | undefined]>([
    ['today', 'yesterday', undefined],
    ['yesterday', { from: '2026-11-18', to: '2026-11-18' }, 'today'],
    ['7d', { from: '2026-11-07', to: '2026-11-13' }, undefined],
    [{ from: '2026-11-07', to: '2026-11-13' }, { from: '2026-10-31', to: '2026-11-06' }, '7d'],
    ['month', 'last-month', undefined],
    ['last-month', { from: '2026-09-01', to: '2026-09-30' }, 'month'],
    [
      { from: '2026-02-01', to: '2026-02-28' },
      { from: '2026-01-01', to: '2026-01-31' },
      { from: '2026-03-01', to: '2026-03-31' },
    ],
    ['year', 'last-year', undefined],
    [{ from: '2024-01-01', to: '2024-12-31' }, { from: '2023-01-01', to: '2023-12-31' }, 'last-year'],
    [
      { from: '2026-07-01', to: '2026-09-30' },
      { from: '2026-04-01', to: '2026-06-30' },
      { from: '2026-10-01', to: '2026-12-31' },
    ],
    [
      { from: '2026-11-01', to: '2026-11-19' },
      { from: '2026-10-13', to: '2026-10-31' },
      { from: '2026-11-20', to: '2026-12-08' },
    ],
    [{ from: '1990-01-01', to: '1990-01-31' }, undefined as unknown as Shown, { from: '1990-02-01', to: '1990-02-28' }],
  ])('of %j is %j, or %j', (shown, earlier, later) => {
    expect([moved(shown, -1, TODAY), moved(shown, 1, TODAY)]).toEqual([earlier, later]);
  });

  it('moves the last 28 days by days, even where they are a whole month', () => {
    expect(moved('28d', -1, '2026-02-28')).toEqual({ from: '2026-01-04', to: '2026-01-31' });
  });

  it('touches it, never begins in the future, and leads back', () => {
    let state = 7;
    const random = (most: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % most;
    };
    for (let i = 0; i < 500; i++) {
      const to = addDays(TODAY, -random(1500));
      const shown: Shown = i % 3 === 0 ? (STEPPED[random(STEPPED.length)] as Shown) : { from: addDays(to, -random(200)), to };
      const range = rangeOf(shown, TODAY);
      const earlier = moved(shown, -1, TODAY) as Shown;
      const before = rangeOf(earlier, TODAY);
      expect(before.to).toBe(addDays(range.from, -1));
      expect(rangeOf(moved(earlier, 1, TODAY) as Shown, TODAY)).toEqual(range);
      const later = moved(shown, 1, TODAY);
      if (later !== undefined) expect(rangeOf(later, TODAY).from <= TODAY).toBe(true);
      else expect(range.to >= TODAY).toBe(true);
      expect(daysIn(range)).toBe((seconds(range.to) - seconds(range.from)) / 86_400 + 1);
    }
  });
});

describe('all time', () => {
  it('has no range before or after it, and is asked for by name', () => {
    expect([moved('all', -1, TODAY), moved('all', 1, TODAY)]).toEqual([undefined, undefined]);
    expect(queryOf('all')).toEqual({ period: 'all' });
  });

  it('is shown by days where it is short, and by months where it is long', () => {
    expect(byOf('all', { from: '2026-11-20', to: TODAY })).toBe('day');
    expect(byOf('all', { from: '2024-11-20', to: TODAY })).toBe('day');
    expect(byOf('all', { from: '2009-05-01', to: TODAY })).toBe('month');
    const whole = { from: '2009-05-01', to: TODAY };
    expect([byOf('today', whole), byOf('7d', whole), byOf('year', whole)]).toEqual(['hour', 'day', 'day']);
    expect(byOf({ from: '2020-01-01', to: '2024-12-31' }, whole)).toBe('month');
    expect([byOf('7d', whole, 7), byOf('28d', whole, 7), byOf('all', whole, 7)]).toEqual(['hour', 'day', 'month']);
  });
});

describe('months and years to choose from', () => {
  it('are those before this one and the last one, back to the first day of the site', () => {
    const { months, years } = monthsAndYears(TODAY, '2023-05-18');
    expect(months).toHaveLength(23);
    expect(months[0]).toEqual({ from: '2026-09-01', to: '2026-09-30' });
    expect(years).toEqual([
      { from: '2024-01-01', to: '2024-12-31' },
      { from: '2023-01-01', to: '2023-12-31' },
    ]);
    expect(monthsAndYears(TODAY, '2026-10-03')).toEqual({ months: [], years: [] });
    expect(monthsAndYears(TODAY, '2026-07-03').months.map(({ from }) => from)).toEqual([
      '2026-09-01',
      '2026-08-01',
      '2026-07-01',
    ]);
  });
});
