import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wholePeriod } from '../../src/time/day-range.js';
import { isIn, ranges, type Seen, visiting, visitsOf } from '../../test/fixtures/random-visits.js';
import { reporting } from '../../test/fixtures/reporting.js';

interface Class {
  readonly least: number;
  readonly visits: number;
}

/** The classes that have visits. */
const visitsIn = (classes: readonly Class[]) =>
  Object.fromEntries(classes.filter(({ visits }) => visits > 0).map(({ least, visits }) => [least, visits]));

describe('the visitors report', () => {
  it('equals a recount of all visits: loyalty and recency over any range, visitors of whole periods', async () => {
    await fc.assert(
      fc.asyncProperty(visiting, ranges, async ({ seen, hits, timezone }, range) => {
        const { total, rows, loyalty, recency } = await reporting({ hits }).get('visitors', ...range, { timezone });
        const begun = visitsOf(seen).filter(([first]) => isIn(range)(first as Seen));
        const sum = (classes: readonly Class[]) => classes.reduce((all, { visits }) => all + visits, 0);
        const isFirstEver = (view: Seen) => seen.find(({ browser }) => browser === view.browser) === view;
        expect(sum(loyalty)).toBe(begun.length);
        expect(visitsIn(loyalty)[1] ?? 0).toBe(begun.filter(([first]) => isFirstEver(first as Seen)).length);
        expect(sum(recency)).toBe(begun.filter(([first]) => !isFirstEver(first as Seen)).length);
        const expected = (isCounted: (view: Seen) => boolean) => {
          const browsers = new Set(seen.filter(isCounted).map(({ browser }) => browser)).size;
          const isNew = seen.filter((view) => isCounted(view) && isFirstEver(view)).length;
          return { visitors: browsers, new: isNew, returning: browsers - isNew, unknown: 0 };
        };
        if (wholePeriod(...range) !== undefined) expect(total).toEqual(expected(isIn(range)));
        for (const row of rows) {
          if (row.visitors > 0) expect(row).toEqual({ key: row.key, ...expected(isIn([row.key, row.key])) });
        }
      }),
    );
  });
});
