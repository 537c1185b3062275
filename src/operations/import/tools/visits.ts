// Reads the visits of a day from tools that export their number, bounces, views and total duration. If one of the four is
// missing, no visits are read, because the averages would refer to other visits than there were.
import type { ImportedRow } from '../../../hit/imported.js';
import type { Line } from './daily.js';

/** The places of the columns; -1 for a missing one. */
export interface VisitColumns {
  readonly visits: number;
  readonly bounces: number;
  readonly views: number;
  readonly seconds: number;
}

/** The columns that must be read, and the rows that a line contains. */
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
