import { describe, expect, it } from '@jest/globals';
import { addDays, addMonths, firstDayOf, lastDayOf, monthsOf } from './dates.js';

describe('local dates', () => {
  it('can be moved by days and months of the calendar', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2023-12-31', 25)).toBe('2026-01-31');
  });

  it('include the first and the last day of a period', () => {
    const edges = (period: string) => [firstDayOf(period), lastDayOf(period)];
    expect(edges('2024-02')).toEqual(['2024-02-01', '2024-02-29']);
    expect(edges('2026-12')).toEqual(['2026-12-01', '2026-12-31']);
    expect(edges('2026')).toEqual(['2026-01-01', '2026-12-31']);
    expect(edges('2026-11-20')).toEqual(['2026-11-20', '2026-11-20']);
    expect(monthsOf('2026')).toHaveLength(12);
    expect(monthsOf('2026').at(-1)).toBe('2026-12');
  });
});
