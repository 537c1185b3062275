// The range of cohorts that the retention card loads, and the cells of its grid.
import type { Answer } from './report.js';

export type Cohort = Answer['weeks'][number];
export type CohortKind = 'weeks' | 'months';

export interface GridCell {
  /** The share of the cohort's browsers that came back; null if the cohort is empty. */
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

/** In the first months of a year, the year alone shows too little. */
const YOUNG_MONTHS = 3;

/**
 * Returns this year up to today, in the first months with the year before. `utcDay`: today in UTC, which may already be
 * the next day. Cohorts are counted by it.
 */
export function cohortRange(today: string, utcDay = today): { from: string; to: string } {
  const [year, month] = today.split('-').map(Number) as [number, number];
  return { from: `${month <= YOUNG_MONTHS ? year - 1 : year}-01-01`, to: utcDay > today ? utcDay : today };
}

/** Removes the week or month that has begun in the site's time zone, but not yet in UTC. */
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
