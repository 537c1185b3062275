// Visits of a day, of the tools that say how many there were, how many of them bounced, how many views they had and
// how long they took. Without one of the four the averages would be over other visits than there were, so then there
// is nothing of them.
import type { ImportedRow } from '../../../hit/imported.js';
import type { Line } from './daily.js';

/** The places of their columns; -1 for one that is not there. */
export interface VisitColumns {
  readonly visits: number;
  readonly bounces: number;
  readonly views: number;
  readonly seconds: number;
}

/** The columns that are read for it, and what a line says. */
export function dailyVisits(columns: VisitColumns): { counts: readonly number[]; rowsOf(line: Line): readonly ImportedRow[] } {
  const { visits, bounces, views, seconds } = columns;
  const counts = [visits, bounces, views, seconds];
  if (counts.includes(-1)) return { counts: [], rowsOf: () => [] };
  return {
    counts,
    rowsOf: ({ day, count }) => [
      { kind: 'visits', day, visits: count(visits), bounces: count(bounces), views: count(views), seconds: count(seconds) },
    ],
  };
}
