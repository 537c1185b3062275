import { describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { COMPARISONS, type Comparison, comparedRange } from './comparison.js';

describe('the range with which a range is compared', () => {
  it.each<[string, string, Comparison, string, string]>([
    ['2026-11-20', '2026-11-20', 'previous', '2026-11-19', '2026-11-19'],
    ['2026-11-14', '2026-11-20', 'previous', '2026-11-07', '2026-11-13'],
    ['2026-01-01', '2026-01-03', 'previous', '2025-12-29', '2025-12-31'],
    ['2025-12-30', '2026-01-02', 'previous', '2025-12-26', '2025-12-29'],
    ['2024-03-01', '2024-03-01', 'previous', '2024-02-29', '2024-02-29'],
    ['2024-02-28', '2024-03-01', 'previous', '2024-02-25', '2024-02-27'],
    // Whole months and years are compared with whole ones, regardless of their length.
    ['2026-03-01', '2026-03-31', 'previous', '2026-02-01', '2026-02-28'],
    ['2024-03-01', '2024-03-31', 'previous', '2024-02-01', '2024-02-29'],
    ['2026-02-01', '2026-02-28', 'previous', '2026-01-01', '2026-01-31'],
    ['2026-01-01', '2026-01-31', 'previous', '2025-12-01', '2025-12-31'],
    ['2025-01-01', '2025-12-31', 'previous', '2024-01-01', '2024-12-31'],
    ['2026-02-01', '2026-03-31', 'previous', '2025-12-04', '2026-01-31'],
    ['2024-02-01', '2024-02-28', 'previous', '2024-01-04', '2024-01-31'],
    ['2026-11-20', '2026-11-20', 'year-before', '2025-11-20', '2025-11-20'],
    ['2025-12-30', '2026-01-02', 'year-before', '2024-12-30', '2025-01-02'],
    ['2024-02-29', '2024-02-29', 'year-before', '2023-02-28', '2023-02-28'],
    ['2024-02-20', '2024-02-29', 'year-before', '2023-02-20', '2023-02-28'],
    ['2025-02-20', '2025-03-01', 'year-before', '2024-02-20', '2024-03-01'],
    ['2024-02-01', '2024-02-29', 'year-before', '2023-02-01', '2023-02-28'],
    ['2025-02-01', '2025-02-28', 'year-before', '2024-02-01', '2024-02-29'],
    ['2024-01-01', '2024-12-31', 'year-before', '2023-01-01', '2023-12-31'],
  ])('%s to %s, %s: %s to %s', (from, to, comparison, comparedFrom, comparedTo) => {
    expect(comparedRange({ from, to }, comparison)).toEqual({ from: comparedFrom, to: comparedTo });
  });
});

describe('a range of the same days of the week', () => {
  it.each<[string, string, Comparison, string, string]>([
    // a Friday with the Friday before, and with the nearest one a year earlier
    ['2026-11-20', '2026-11-20', 'previous', '2026-11-13', '2026-11-13'],
    ['2026-11-20', '2026-11-20', 'year-before', '2025-11-21', '2025-11-21'],
    ['2026-11-14', '2026-11-20', 'previous', '2026-11-07', '2026-11-13'],
    // 30 days from a Sunday on
    ['2026-11-01', '2026-11-30', 'previous', '2026-09-27', '2026-10-26'],
    ['2026-11-01', '2026-11-30', 'year-before', '2025-11-02', '2025-12-01'],
    // the nearest days would reach into the range itself
    ['2024-01-01', '2024-12-31', 'previous', '2022-12-26', '2023-12-26'],
    ['2026-11-02', '2026-11-08', { from: '2026-01-01', to: '2026-01-31' }, '2025-12-29', '2026-01-28'],
    ['2026-11-02', '2026-11-08', { from: '2026-01-02', to: '2026-01-31' }, '2026-01-05', '2026-02-03'],
  ])('%s to %s, %s: %s to %s', (from, to, comparison, comparedFrom, comparedTo) => {
    expect(comparedRange({ from, to }, comparison, true)).toEqual({ from: comparedFrom, to: comparedTo });
  });

  it('begins on the same day of the week, is as long, is not in the range, and moves by a week at most', () => {
    const weekday = (day: string) => DateTime.fromISO(day).weekday;
    const daysIn = (one: { from: string; to: string }) => DateTime.fromISO(one.to).diff(DateTime.fromISO(one.from), 'days').days;
    let state = 7;
    const random = (most: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % most;
    };
    for (let i = 0; i < 500; i++) {
      const first = DateTime.fromISO('2023-01-01').plus({ days: random(1500) });
      const range = { from: first.toISODate() as string, to: first.plus({ days: random(400) }).toISODate() as string };
      for (const comparison of COMPARISONS) {
        const usual = comparedRange(range, comparison);
        const matched = comparedRange(range, comparison, true);
        expect(weekday(matched.from)).toBe(weekday(range.from));
        expect(daysIn(matched)).toBe(daysIn(range));
        if (usual.to < range.from) expect(matched.to < range.from).toBe(true);
        const moved = DateTime.fromISO(matched.from).diff(DateTime.fromISO(usual.from), 'days').days;
        expect(Math.abs(moved)).toBeLessThanOrEqual(usual.to < range.from ? 7 : 3);
      }
    }
  });
});
