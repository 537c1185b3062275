// The grid of who came back: from cohorts to rows of cells, and which years it is of.
import type { Cohort } from './answers.js';
import { dayName, monthName } from './format.js';

export const COHORT_KINDS = ['Weeks', 'Months'] as const;
export type CohortKind = (typeof COHORT_KINDS)[number];

export interface GridCell {
  /** Of the cohort's browsers; null where there were none. */
  readonly part: number | null;
  readonly returned: number;
  /** The week or month is not over. */
  readonly isOpen: boolean;
}

export interface GridRow {
  readonly name: string;
  readonly browsers: number;
  /** 1, 2, 3 … weeks or months later. */
  readonly cells: readonly GridCell[];
}

/** So early in a year there is little to see of it alone. */
const YOUNG_MONTHS = 3;

/** This year up to today, and last year too while this one is young. */
export function cohortRange(today: string): { from: string; to: string } {
  const [year, month] = today.split('-').map(Number) as [number, number];
  return { from: `${month <= YOUNG_MONTHS ? year - 1 : year}-01-01`, to: today };
}

/** The newest ones come last. */
export function gridRows(cohorts: readonly Cohort[], kind: CohortKind): GridRow[] {
  return cohorts.map(({ key, browsers, returned }) => ({
    name: kind === 'Weeks' ? dayName(key, 'short') : `${monthName(key.slice(0, 7), 'short')} ${key.slice(0, 4)}`,
    browsers,
    cells: returned.map((count, index) => ({
      part: browsers === 0 ? null : count / browsers,
      returned: count,
      isOpen: index === returned.length - 1,
    })),
  }));
}
