import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wholePeriod } from '../../src/time/day-range.js';
import { isIn, ranges, type Seen, visiting, visitsOf } from '../../test/fixtures/random-visits.js';
import { reporting } from '../../test/fixtures/reporting.js';

interface Row {
  readonly key: string;
  readonly visitors?: number;
}

const rowOf = (rows: readonly Row[], path: string) => rows.find(({ key }) => key === path);

describe('the content report', () => {
  it('equals a recount of all visits, page by page and over any range', async () => {
    await fc.assert(
      fc.asyncProperty(visiting, ranges, async ({ seen, hits, timezone }, range) => {
        const { total, rows } = await reporting({ hits }).get('content', ...range, { timezone });
        const visits = visitsOf(seen);
        expect(total).toEqual(recounted(visits, isIn(range)));
        for (const path of new Set(seen.map(({ path }) => path))) {
          const expected = recounted(visits, (view) => isIn(range)(view) && view.path === path);
          const row = rowOf(rows, path);
          if (expected.views === 0) expect(row).toBeUndefined();
          else expect(row).toMatchObject(expected);
        }
      }),
    );
  });

  it('has the visitors of a page within the stated error, and exactly for a day, a month and a year', async () => {
    await fc.assert(
      fc.asyncProperty(visiting, ranges, async ({ seen, hits, timezone }, range) => {
        const { rows } = await reporting({ hits }).get('content', ...range, { timezone });
        for (const { key, visitors, visitorsError = 0 } of rows) {
          if (wholePeriod(...range) !== undefined) expect(visitorsError).toBe(0);
          const truth = new Set(seen.filter((view) => view.path === key && isIn(range)(view)).map(({ browser }) => browser)).size;
          expect(Math.abs(visitors - truth)).toBeLessThanOrEqual(visitorsError);
        }
      }),
    );
  });
});

function recounted(visits: ReadonlyArray<readonly Seen[]>, isCounted: (view: Seen) => boolean) {
  const entries = visits.filter(([first]) => isCounted(first as Seen));
  const views = visits.flat().filter(isCounted).length;
  return {
    views,
    entries: entries.length,
    bounces: entries.filter((visit) => visit.length === 1).length,
    exits: visits.filter((visit) => isCounted(visit.at(-1) as Seen)).length,
    recorded: views,
  };
}
