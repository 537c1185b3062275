// How lists read: a capped map, which may hold estimates, and a closed list, which is exact.
import { z } from 'zod';
import { FLOOR, RANKING, ROWS, errorOf } from '../src/counters/cap.js';
import type { Counters } from '../src/counters/counters.js';
import type { ReportView } from './collection.js';

export const rowSchema = z.object({
  key: z.string(),
  views: z.int().min(0),
  error: z
    .int()
    .min(0)
    .optional()
    .describe(
      'Present where the row is an estimate: the true number of views is at least `views` and at most `views` + `error`.',
    ),
});
export type Row = z.infer<typeof rowSchema>;

export const closedRowSchema = z.object({ key: z.string(), title: z.string(), views: z.int().min(0) });

/** The largest rows of a capped map, by views, with what they may be off by. `extra` adds a row's other fields. */
export function cappedRows<Extra extends object>(
  map: Counters,
  view: Pick<ReportView, 'limit' | 'search'>,
  extra: (row: Counters) => Extra,
  searched: (key: string, row: Counters) => string = (key) => key,
): Array<Row & Extra> {
  const exact = map.below(FLOOR).fields.size === 0;
  let rows = [...(map.below(ROWS).fields as Map<string, Counters>)];
  if (view.search !== '') rows = rows.filter(([key, row]) => searched(key, row).toLowerCase().includes(view.search));
  rows.sort(([keyA, a], [keyB, b]) => b.get(RANKING) - a.get(RANKING) || (keyA < keyB ? -1 : 1));
  return rows.slice(0, view.limit).map(([key, row]) => {
    const error = exact ? 0 : errorOf(map, key, RANKING);
    return { key, ...extra(row), views: row.get(RANKING), ...(error > 0 ? { error } : {}) };
  });
}

/** Every row of a closed list, largest first. */
export function closedRows(map: Counters, title: (key: string) => string): Array<{ key: string; title: string; views: number }> {
  return [...(map.fields as Map<string, number>)]
    .map(([key, views]) => ({ key, title: title(key), views }))
    .sort((a, b) => b.views - a.views || (a.key < b.key ? -1 : 1));
}
