import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isHit, parsedRequest, refusals } from '../test/fixtures/hits.js';
import { answers, reporting } from '../test/fixtures/reporting.js';

const [FROM, TO] = ['2026-10-24', '2026-10-26'] as const;
const withLists = Object.entries(answers)
  .filter(([, schema]) => 'totalRows' in (schema as unknown as { shape: object }).shape)
  .map(([name]) => name);

type Lists = Record<string, unknown[]> & { totalRows: Record<string, number> };

describe('a report with lists', () => {
  it('has `totalRows` in its answer; reports about days or cohorts have none', () => {
    expect(withLists).toEqual(expect.arrayContaining(['content', 'referrers', 'technology']));
    for (const name of ['traffic', 'visits', 'retention']) expect(withLists).not.toContain(name);
  });

  it.each(withLists)('%s returns the same rows in pages as in one request, with their number', async (name) => {
    const property = fc.asyncProperty(
      fc.array(parsedRequest, { maxLength: 60 }),
      fc.array(refusals, { maxLength: 10 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom('', 'a', '0'),
      async (hits, refusals, limit, search) => {
        const all = hits.flat().map((one) => ({ ...one, site: 'one' }));
        const { get } = reporting({ hits: all, refusals });
        const query = { search, page: all.find(isHit)?.path ?? '' };
        const whole = (await get(name, FROM, TO, { ...query, limit: 1000 })) as Lists;
        for (const [list, total] of Object.entries(whole.totalRows)) {
          expect(whole[list]).toHaveLength(total);
          const rows: unknown[] = [];
          for (let offset = 0; offset <= total; offset += limit) {
            const page = (await get(name, FROM, TO, { ...query, limit, offset })) as Lists;
            expect(page.totalRows).toEqual(whole.totalRows);
            expect(page[list]?.length).toBeLessThanOrEqual(limit);
            rows.push(...(page[list] as unknown[]));
          }
          // The versions of a browser are limited, too, so only keys are compared.
          const keys = (all: unknown[]) => all.map((row) => (row as { key: string }).key);
          expect(keys(rows)).toEqual(keys(whole[list] as unknown[]));
        }
      },
    );
    await fc.assert(property, { numRuns: 20 });
  });
});
