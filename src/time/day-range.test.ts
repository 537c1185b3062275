import { describe, expect, it } from '@jest/globals';
import { joinRanges, wholePeriod } from './day-range.js';

describe('ranges of days', () => {
  it('are merged where they touch or overlap', () => {
    const days = (from: string, to: string) => ({ from, to });
    expect(
      joinRanges([
        days('2026-03-01', '2026-03-02'),
        days('2026-02-01', '2026-02-28'),
        days('2026-02-10', '2026-02-12'),
        days('2026-03-04', '2026-03-04'),
      ]),
    ).toEqual([days('2026-02-01', '2026-03-02'), days('2026-03-04', '2026-03-04')]);
  });

  it.each([
    ['2026-02-28', '2026-02-28', 'day'],
    ['2026-02-01', '2026-02-28', 'month'],
    ['2028-02-01', '2028-02-29', 'month'],
    ['2028-02-01', '2028-02-28', undefined],
    ['2026-01-01', '2026-12-31', 'year'],
    ['2026-01-01', '2027-12-31', undefined],
    ['2026-01-01', '2026-02-28', undefined],
    ['2025-02-01', '2026-02-28', undefined],
  ] as const)('from %s to %s are a whole %s', (from, to, period) => {
    expect(wholePeriod(from, to)).toBe(period);
  });
});
