import { describe, expect, it } from '@jest/globals';
import { cohortRange, gridRows } from './cohorts.js';

describe('the grid of who came back', () => {
  it('is of this year, and of the last one too while this one is young', () => {
    expect(cohortRange('2026-11-21')).toEqual({ from: '2026-01-01', to: '2026-11-21' });
    expect(cohortRange('2026-04-01').from).toBe('2026-01-01');
    expect(cohortRange('2026-03-31').from).toBe('2025-01-01');
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
