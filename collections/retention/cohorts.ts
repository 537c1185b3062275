// Which cohorts the retention card asks for, and the cells of its grid.
import type { Answer } from './report.js';

export type Cohort = Answer['weeks'][number];
export type CohortKind = 'weeks' | 'months';

export interface GridCell {
  /** The part of the cohort's browsers that came back; null where the cohort is empty. */
  readonly part: number | null;
  readonly returned: number;
  /** The week or month is not over. */
  readonly isOpen: boolean;
}

export interface GridRow {
  readonly key: string;
  readonly browsers: number;
  /** 1, 2, 3 … weeks or months later. */
  readonly cells: readonly GridCell[];
}

/** So early in a year, the year alone has little to show. */
const YOUNG_MONTHS = 3;

/**
 * This year up to today, and last year too in the first months. `utcDay`: today in UTC, by which cohorts are counted
 * and where it may already be tomorrow.
 */
export function cohortRange(today: string, utcDay = today): { from: string; to: string } {
  const [year, month] = today.split('-').map(Number) as [number, number];
  return { from: `${month <= YOUNG_MONTHS ? year - 1 : year}-01-01`, to: utcDay > today ? utcDay : today };
}

/** Without the week or month that has begun in the site's time zone, but not yet in UTC. */
export function begunCohorts(cohorts: readonly Cohort[], kind: CohortKind, today: string, utcDay: string): readonly Cohort[] {
  const isAhead =
    kind === 'weeks' ? today > utcDay && new Date(utcDay).getUTCDay() === 0 : today.slice(0, 7) > utcDay.slice(0, 7);
  if (!isAhead) return cohorts;
  const begun = cohorts.filter(({ key }) => key <= utcDay);
  return begun.map((cohort) => ({ ...cohort, returned: cohort.returned.slice(0, -1) }));
}

/** The newest cohorts come last. */
export function gridRows(cohorts: readonly Cohort[]): GridRow[] {
  return cohorts.map(({ key, browsers, returned }) => ({
    key,
    browsers,
    cells: returned.map((count, index) => ({
      part: browsers === 0 ? null : count / browsers,
      returned: count,
      isOpen: index === returned.length - 1,
    })),
  }));
}
