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

/**
 * This year up to today, and last year too while this one is young. `utcDay`: cohorts are those of UTC, where it may
 * be tomorrow already.
 */
export function cohortRange(today: string, utcDay = today): { from: string; to: string } {
  const [year, month] = today.split('-').map(Number) as [number, number];
  return { from: `${month <= YOUNG_MONTHS ? year - 1 : year}-01-01`, to: utcDay > today ? utcDay : today };
}

/** Without the week or month that has begun in the site's zone, but not in UTC yet. */
export function begunCohorts(cohorts: readonly Cohort[], kind: CohortKind, today: string, utcDay: string): readonly Cohort[] {
  const isAhead =
    kind === 'Weeks' ? today > utcDay && new Date(utcDay).getUTCDay() === 0 : today.slice(0, 7) > utcDay.slice(0, 7);
  if (!isAhead) return cohorts;
  const begun = cohorts.filter(({ key }) => key <= utcDay);
  return begun.map((cohort) => ({ ...cohort, returned: cohort.returned.slice(0, -1) }));
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
