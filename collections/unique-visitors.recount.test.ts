// Numbers of visitors, compared with a population that is completely known.

import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pointOf } from '../src/counters/sketch.js';
import type { Point } from '../src/hit/hit.js';
import { isIn, ranges, type Visiting, visiting } from '../test/fixtures/random-visits.js';
import { reporting } from '../test/fixtures/reporting.js';
import { FIREFOX, strangers } from '../test/fixtures/strangers.js';

interface Numbers {
  readonly views: number;
  readonly visitors: number;
  readonly visitorsError?: number;
}

describe('a population that is completely known', () => {
  const others: fc.Arbitrary<Array<{ person: number; offset: number }>> = fc.oneof(
    fc.array(fc.record({ person: fc.nat(5), offset: fc.nat(40 * 86_400) }), { maxLength: 12 }),
    fc
      .tuple(fc.integer({ min: 50, max: 400 }), fc.nat(40))
      .map(([count, day]) => Array.from({ length: count }, (_, person) => ({ person, offset: day * 86_400 + person * 150 }))),
  );
  const populations = fc.record({ recorded: visiting, others, seed: fc.nat() });

  const countedOf = ({
    recorded,
    others,
    seed,
  }: {
    recorded: Visiting;
    others: Array<{ person: number; offset: number }>;
    seed: number;
  }) => {
    const { timezone, seen, hits } = recorded;
    const startMs = (seen[0] as Visiting['seen'][number]).atMs;
    const unseen = others.map(({ person, offset }) => ({
      address: `10.0.${Math.floor(person / 200)}.${person % 200}`,
      agent: FIREFOX,
      atMs: startMs + offset * 1000,
    }));
    const without = strangers(unseen, timezone, seed);
    const points = hits.map(
      (
        [
          {
            site,
            at: { day },
            receivedAtMs,
          },
        ],
        i,
      ): Point => {
        const hash = createHash('sha256').update(`${seed} ${seen[i]?.browser}`).digest();
        return { site, day, receivedAtMs, sketch: 'first', ...pointOf(hash.readUInt16LE(0), hash.readUInt32LE(2)) };
      },
    );
    const service = reporting({ hits: [...hits, ...without.hits], points: [...points, ...without.points] });
    const strangersIn = (range: readonly [string, string]) =>
      new Set(
        without.hits.flatMap(({ at: { day } }, i) =>
          range[0] <= day && day <= range[1] ? [`${day} ${unseen[i]?.address}`] : [],
        ),
      ).size;
    const browsersIn = (range: readonly [string, string]) => new Set(seen.filter(isIn(range)).map(({ browser }) => browser)).size;
    return { service, timezone, truth: (range: readonly [string, string]) => browsersIn(range) + strangersIn(range) };
  };

  it('is counted within the stated errors, and all numbers agree', async () => {
    await fc.assert(
      fc.asyncProperty(populations, ranges, async (population, range) => {
        const { service, timezone, truth } = countedOf(population);
        const traffic = await service.get('traffic', ...range, { timezone });
        const { total, rows } = traffic;
        const isNear = ({ visitors, error = 0 }: { visitors: number; error?: number }, true_: number) =>
          expect(Math.abs(visitors - true_)).toBeLessThanOrEqual(5 * error);

        isNear(total, truth(range));
        expect(total.visitors).toBeLessThanOrEqual(total.views);
        expect(total.visitors).toBeLessThanOrEqual(rows.reduce((sum: number, { visitors }: Numbers) => sum + visitors, 0));
        for (const row of rows) {
          isNear(row, truth([row.key, row.key]));
          expect(row.visitors).toBeLessThanOrEqual(row.views);
          expect(row.visitors > 0).toBe(row.views > 0);
          expect(total.visitors).toBeGreaterThanOrEqual(row.visitors);
          for (const hour of row.hours) {
            expect(hour.visitors).toBeLessThanOrEqual(hour.views);
            expect(hour.visitors).toBeLessThanOrEqual(row.visitors);
          }
        }

        const visitors = await service.get('visitors', ...range, { timezone });
        for (const [i, one] of [visitors.total, ...visitors.rows].entries()) {
          expect(one).toMatchObject({ visitors: (i === 0 ? total : rows[i - 1]).visitors });
          expect(one.new + one.returning + one.unknown).toBe(one.visitors);
          expect(Math.min(one.new, one.returning, one.unknown)).toBeGreaterThanOrEqual(0);
        }

        const { media, sources } = await service.get('referrers', ...range, { timezone });
        const { browsers } = await service.get('technology', ...range, { timezone });
        const { rows: pages } = await service.get('content', ...range, { timezone });
        for (const { views, visitors = 0, visitorsError = 0 } of [media, sources, browsers, pages].flat() as Numbers[]) {
          expect(visitors).toBeLessThanOrEqual(views);
          expect(visitors - visitorsError).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 30 },
    );
  });
});
