import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { daysBetween } from '../time/calendar.js';
import { addDays, firstDayOf, lastDayOf } from '../time/dates.js';
import { periodsIn, planOf } from './plan.js';

const day = fc.integer({ min: 0, max: 4000 }).map((days) => addDays('2019-01-01', days));
const none = () => false;

describe('a plan', () => {
  it('covers every day of the range once, with the fewest periods', () => {
    fc.assert(
      fc.property(day, fc.nat(1500), (from, days) => {
        const to = addDays(from, days);
        const periods = periodsIn(from, to);
        expect(periods.flatMap(({ key }) => daysBetween(firstDayOf(key), lastDayOf(key)))).toEqual(daysBetween(from, to));
        const months = periods.filter(({ grain }) => grain === 'month').length;
        const single = periods.filter(({ grain }) => grain === 'day').length;
        expect(single).toBeLessThanOrEqual(60);
        expect(months).toBeLessThanOrEqual(22);
      }),
    );
  });

  it('cuts years, months and days', () => {
    expect(periodsIn('2024-12-31', '2026-02-01').map(({ key }) => key)).toEqual(['2024-12-31', '2025', '2026-01', '2026-02-01']);
    expect(planOf('2026-01-01', '2026-12-31', none)).toEqual({
      from: '2026-01-01',
      to: '2026-12-31',
      resolution: 'day',
      periods: [{ grain: 'year', key: '2026' }],
    });
  });

  it('is widened to whole months where a day is missing, and only there', () => {
    const plan = planOf('2026-03-10', '2026-08-10', ({ grain, key }) => grain === 'day' && key < '2026-06-01');
    expect(plan).toMatchObject({ from: '2026-03-01', to: '2026-08-10', resolution: 'month' });
    expect(plan.periods.map(({ key }) => key).slice(0, 6)).toEqual([
      '2026-03',
      '2026-04',
      '2026-05',
      '2026-06',
      '2026-07',
      '2026-08-01',
    ]);
    expect(planOf('2026-07-10', '2026-08-10', ({ key }) => key < '2026-06-01').resolution).toBe('day');
    // whole months need no days
    expect(planOf('2026-03-01', '2026-03-31', ({ grain }) => grain === 'day').resolution).toBe('day');
  });

  it('is widened to whole years where a month is missing', () => {
    const gone = ({ grain, key }: { grain: string; key: string }) => grain !== 'year' && key < '2024';
    expect(planOf('2023-05-10', '2023-05-10', gone)).toEqual({
      from: '2023-01-01',
      to: '2023-12-31',
      resolution: 'year',
      periods: [{ grain: 'year', key: '2023' }],
    });
    expect(planOf('2022-05-01', '2024-02-10', gone)).toMatchObject({ from: '2022-01-01', to: '2024-02-10', resolution: 'year' });
  });

  it('consists of days for kinds with days only, and is never widened', () => {
    const isMissing = ({ key }: { key: string }) => key < '2026-02';
    expect(planOf('2026-01-01', '2026-03-31', isMissing, true)).toEqual({
      from: '2026-01-01',
      to: '2026-03-31',
      resolution: 'day',
      periods: daysBetween('2026-01-01', '2026-03-31').map((key) => ({ grain: 'day', key })),
    });
  });
});
