import { describe, expect, it } from '@jest/globals';
import { begunCohorts, cohortRange, gridRows } from './cohorts.js';

describe('the grid of cohorts', () => {
  it('shows this year, and last year too in the first three months', () => {
    expect(cohortRange('2026-11-21')).toEqual({ from: '2026-01-01', to: '2026-11-21' });
    expect(cohortRange('2026-04-01').from).toBe('2026-01-01');
    expect(cohortRange('2026-03-31').from).toBe('2025-01-01');
  });

  it('ends with today in UTC if that is later, because its weeks and months are in UTC', () => {
    expect(cohortRange('2026-11-29', '2026-11-30').to).toBe('2026-11-30');
    expect(cohortRange('2026-11-30', '2026-11-29').to).toBe('2026-11-30');
  });

  it('excludes a week or month that has begun in the local time zone but not in UTC', () => {
    const weeks = [
      { key: '2026-11-16', browsers: 8, returned: [4, 0] },
      { key: '2026-11-23', browsers: 3, returned: [0] },
      { key: '2026-11-30', browsers: 0, returned: [] },
    ];
    expect(begunCohorts(weeks, 'weeks', '2026-11-30', '2026-11-29')).toEqual([
      { key: '2026-11-16', browsers: 8, returned: [4] },
      { key: '2026-11-23', browsers: 3, returned: [] },
    ]);
    expect(begunCohorts(weeks, 'weeks', '2026-11-30', '2026-11-30')).toBe(weeks);
    expect(begunCohorts(weeks, 'weeks', '2026-11-27', '2026-11-26')).toBe(weeks);
    const months = [{ key: '2026-11', browsers: 5, returned: [0] }];
    expect(begunCohorts(months, 'months', '2026-12-01', '2026-11-30')).toEqual([{ key: '2026-11', browsers: 5, returned: [] }]);
    expect(begunCohorts(months, 'months', '2026-11-30', '2026-11-29')).toBe(months);
  });

  it('has the share of each cohort that came back, and marks the cell of the current period', () => {
    expect(gridRows([{ key: '2026-11-02', browsers: 8, returned: [4, 1] }])).toEqual([
      {
        key: '2026-11-02',
        browsers: 8,
        cells: [
          { part: 0.5, returned: 4, isOpen: false },
          { part: 0.125, returned: 1, isOpen: true },
        ],
      },
    ]);
  });

  it('has no share for an empty cohort', () => {
    const [row] = gridRows([{ key: '2026-10', browsers: 0, returned: [0] }]);
    expect(row).toEqual({ key: '2026-10', browsers: 0, cells: [{ part: null, returned: 0, isOpen: true }] });
  });
});
