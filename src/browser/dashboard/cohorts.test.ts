import { describe, expect, it } from '@jest/globals';
import { begunCohorts, cohortRange, gridRows } from './cohorts.js';

describe('the grid of who came back', () => {
  it('is of this year, and of the last one too while this one is young', () => {
    expect(cohortRange('2026-11-21')).toEqual({ from: '2026-01-01', to: '2026-11-21' });
    expect(cohortRange('2026-04-01').from).toBe('2026-01-01');
    expect(cohortRange('2026-03-31').from).toBe('2025-01-01');
  });

  it('goes up to today in UTC where that is later, since its weeks and months are those of UTC', () => {
    expect(cohortRange('2026-11-29', '2026-11-30').to).toBe('2026-11-30');
    expect(cohortRange('2026-11-30', '2026-11-29').to).toBe('2026-11-30');
  });

  it('leaves out what has begun here, but not in UTC', () => {
    const weeks = [
      { key: '2026-11-16', browsers: 8, returned: [4, 0] },
      { key: '2026-11-23', browsers: 3, returned: [0] },
      { key: '2026-11-30', browsers: 0, returned: [] },
    ];
    expect(begunCohorts(weeks, 'Weeks', '2026-11-30', '2026-11-29')).toEqual([
      { key: '2026-11-16', browsers: 8, returned: [4] },
      { key: '2026-11-23', browsers: 3, returned: [] },
    ]);
    expect(begunCohorts(weeks, 'Weeks', '2026-11-30', '2026-11-30')).toBe(weeks);
    expect(begunCohorts(weeks, 'Weeks', '2026-11-27', '2026-11-26')).toBe(weeks);
    const months = [{ key: '2026-11', browsers: 5, returned: [0] }];
    expect(begunCohorts(months, 'Months', '2026-12-01', '2026-11-30')).toEqual([{ key: '2026-11', browsers: 5, returned: [] }]);
    expect(begunCohorts(months, 'Months', '2026-11-30', '2026-11-29')).toBe(months);
  });

  it('has the part of each cohort that was here again, and says which one is not over', () => {
    expect(gridRows([{ key: '2026-11-02', browsers: 8, returned: [4, 1] }], 'Weeks')).toEqual([
      {
        name: '2 Nov',
        browsers: 8,
        cells: [
          { part: 0.5, returned: 4, isOpen: false },
          { part: 0.125, returned: 1, isOpen: true },
        ],
      },
    ]);
  });

  it('has no part of a cohort that nobody is in', () => {
    const [row] = gridRows([{ key: '2026-10', browsers: 0, returned: [0] }], 'Months');
    expect(row).toEqual({ name: 'Oct 2026', browsers: 0, cells: [{ part: null, returned: 0, isOpen: true }] });
  });
});
