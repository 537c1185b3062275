import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isIn, ranges, type Seen, visiting, visitsOf } from '../../test/fixtures/random-visits.js';
import { reporting } from '../../test/fixtures/reporting.js';

interface Row {
  readonly key: string;
  readonly views: number;
  readonly visitors: number;
  readonly hours: ReadonlyArray<{ readonly key: string; readonly views: number }>;
}

const viewsOf = (rows: ReadonlyArray<{ readonly key: string; readonly views: number }>) =>
  Object.fromEntries(rows.map(({ key, views }) => [key, views]));

const timesEach = (paths: readonly string[]) =>
  Object.fromEntries(paths.map((path) => [path, paths.filter((other) => other === path).length]));

describe('the pages report', () => {
  it('equals a recount of all visits, for every page and over any range of days', async () => {
    await fc.assert(
      fc.asyncProperty(visiting, ranges, async ({ seen, hits, timezone }, range) => {
        const { get } = reporting({ hits });
        const steps = visitsOf(seen).flatMap((visit) => visit.slice(1).map((view, i) => [visit[i] as Seen, view] as const));
        for (const page of new Set(seen.map(({ path }) => path))) {
          const { total, rows, next, previous } = await get('pages', ...range, { timezone, page });
          const views = seen.filter((view) => view.path === page && isIn(range)(view));
          expect(total.views).toBe(views.length);
          for (const { key, visitors } of (rows as Row[]).filter((row) => row.views > 0)) {
            expect(visitors).toBe(new Set(views.filter(({ at }) => at.day === key).map(({ browser }) => browser)).size);
          }
          expect(viewsOf(next)).toEqual(timesEach(steps.filter(([view]) => views.includes(view)).map(([, { path }]) => path)));
          // a step is counted on the day of its first view
          const before = steps.filter(([view, { path }]) => path === page && isIn(range)(view));
          expect(viewsOf(previous)).toEqual(timesEach(before.map(([{ path }]) => path)));
        }
      }),
      { numRuns: 50 },
    );
  });
});
