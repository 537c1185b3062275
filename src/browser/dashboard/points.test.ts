import { describe, expect, it } from '@jest/globals';
import { addDays } from '../../time/dates.js';
import { dayPoints, hourPoints, minutePoints, monthPoints, sinceBegun } from './points.js';

const counted = (key: string, views = 0, visitors = 0) => ({ key, views, visitors });

describe('the points of a chart', () => {
  it('have the average reading time of the views whose reading time is known', () => {
    const hours = [{ ...counted('08', 5), known: 4, seconds: 30 }, { ...counted('09', 3), known: 0, seconds: 0 }, counted('10')];
    expect(hourPoints(hours, '11').map(({ readSeconds }) => readSeconds)).toEqual([7.5, undefined, undefined]);
    const [day] = dayPoints([{ ...counted('2026-11-01', 5), known: 2, seconds: 30 }], '2026-11-02');
    expect(day?.readSeconds).toBe(15);
  });

  it('leave out days before the site existed, unless they were imported', () => {
    const days = [counted('2026-11-01'), counted('2026-11-02', 3), counted('2026-11-03'), counted('2026-11-04', 2)];
    expect(sinceBegun(days, '2026-11-03').map(({ key }) => key)).toEqual(['2026-11-02', '2026-11-03', '2026-11-04']);
    expect(sinceBegun(days.slice(2), '2026-11-04').map(({ key }) => key)).toEqual(['2026-11-04']);
    expect(sinceBegun(days, '2026-01-01')).toEqual(days);
    expect(sinceBegun([counted('2026-11-01')], '2026-11-02')).toEqual([]);
  });

  it('are marked as yet to come for later hours, and zero for earlier hours without a view', () => {
    const points = hourPoints([counted('08'), counted('09', 3, 2), counted('10')], '09');
    expect(points.map(({ isToCome }) => isToCome)).toEqual([false, false, true]);
  });

  it('of five minutes belong to one day and are labelled by the hour', () => {
    const minutes = {
      ...{ from: '2026-11-19', to: '2026-11-20', asOf: '', online: null },
      rows: [
        { key: '2026-11-19', minutes: [counted('23:55', 9, 9)] },
        { key: '2026-11-20', minutes: [counted('00:00', 2, 1), counted('00:05'), counted('00:10'), counted('02+:05', 1, 1)] },
      ],
    };
    expect(minutePoints(minutes, '2026-11-20', '00:07')).toEqual([
      { label: '00', name: '00:00', views: 2, visitors: 1, isToCome: false },
      { label: '', name: '00:05', views: 0, visitors: 0, isToCome: false },
      { label: '', name: '00:10', views: 0, visitors: 0, isToCome: true },
      { label: '', name: '02:05 (again)', views: 1, visitors: 1, isToCome: false },
    ]);
  });

  it('are marked as yet to come in the second pass of a repeated hour, too', () => {
    const rows = [{ key: '2026-10-25', minutes: [counted('02:00', 1, 1), counted('02+:05')] }];
    const points = minutePoints({ rows }, '2026-10-25', '02:02');
    expect(points.map(({ isToCome }) => isToCome)).toEqual([false, true]);
  });

  it('of days end with today; they are labelled by their number, their date, or the first of each month', () => {
    const daysFrom = (first: string, count: number) => Array.from({ length: count }, (_, i) => counted(addDays(first, i), 5, 4));
    const labels = (first: string, count: number) => dayPoints(daysFrom(first, count), '2026-11-02').map(({ label }) => label);
    expect(labels('2026-10-29', 3)).toEqual(['29', '30', '31']);
    expect(labels('2026-10-31', 9)).toEqual(['31 Oct', '1 Nov', '2 Nov']);
    const ofYear = labels('2026-01-01', 365);
    expect(ofYear).toHaveLength(306);
    expect(ofYear.filter((label) => label !== '').join(' ')).toBe('Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov');
    expect(
      labels('2025-09-20', 365)
        .filter((label) => label !== '')
        .slice(0, 5),
    ).toEqual(['Oct 2025', 'Nov 2025', 'Dec 2025', 'Jan 2026', 'Feb 2026']);
    expect(dayPoints(daysFrom('2025-12-31', 2), '2026-11-02').map(({ name }) => name)).toEqual([
      'Wed, 31 December 2025',
      'Thu, 1 January 2026',
    ]);
  });

  it('of months add up views but not visitors, since one may come in several months', () => {
    const rows = ['2026-10-30', '2026-10-31', '2026-11-01'].map((key) => ({ ...counted(key, 5, 4), hours: [] }));
    expect(monthPoints(rows, '2026-11-20')).toEqual([
      { label: 'Oct', name: 'October', views: 10 },
      { label: 'Nov', name: 'November', views: 5 },
    ]);
  });

  it('of months have their year where the range has several', () => {
    const rows = ['2025-12-31', '2026-01-01'].map((key) => ({ ...counted(key, 5, 4), hours: [] }));
    expect(monthPoints(rows, '2026-11-20').map(({ label, name }) => [label, name])).toEqual([
      ['Dec 2025', 'December 2025'],
      ['Jan 2026', 'January 2026'],
    ]);
  });
});
