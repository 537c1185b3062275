// Numbers of visitors, compared with a population that is completely known.

import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compact, row, VIEWS } from '../src/counters/cap.js';
import { Counters } from '../src/counters/counters.js';
import { pointOf } from '../src/counters/sketch.js';
import type { Hit, Point } from '../src/hit/hit.js';
import { parseRequest } from '../src/hit/parse.js';
import { createSiteReader } from '../src/hit/prepared-site.js';
import { viewAfter } from '../test/fixtures/hits.js';
import { isIn, ranges, type Visiting, visiting } from '../test/fixtures/random-visits.js';
import { reporting, viewOf } from '../test/fixtures/reporting.js';
import { content } from './content/report.js';
import { rowVisitorsIn } from './row-visitors.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** A view by a browser without a record. */
interface Stranger {
  readonly address: string;
  readonly agent: string;
  readonly atMs: number;
}

/** What the beacon makes of these views with its own salts: a hit and a point each. */
function strangers(views: readonly Stranger[], timezone: string, seed: number): { hits: Hit[]; points: Point[] } {
  const measured = createSiteReader()({
    id: 'one',
    title: '',
    timezone,
    hosts: [],
    excludedAddresses: [],
    queryParameters: [],
    storage: 'record',
    signals: 'without-record',
    createdAtMs: 0,
  });
  const salt = (day: string) => createHash('sha256').update(`${seed} ${day}`).digest();
  const parsed = views.map(({ address, agent, atMs }) => {
    const request = {
      query: 's=one&u=https://example.com/',
      userAgent: agent,
      referer: '',
      acceptLanguage: 'de',
      brands: '',
      mobile: '',
      platform: '',
      purpose: '',
      signal: false,
      address,
      receivedAtMs: atMs,
    };
    const hit = parseRequest(request, { site: () => measured, salt, allows: () => true });
    if ('refused' in hit) throw new Error(hit.refused.reason);
    return hit;
  });
  return { hits: parsed.map(({ hit }) => hit), points: parsed.flatMap(({ point }) => point ?? []) };
}

/** Each with an address of its own. */
const each = (count: number): Stranger[] =>
  Array.from({ length: count }, (_, i) => ({
    address: `10.0.${Math.floor(i / 200)}.${i % 200}`,
    agent: FIREFOX,
    atMs: Date.parse('2026-11-20T10:00:00Z') + i * 1000,
  }));

describe('visitors without a record', () => {
  it.each([1, 2, 10, 100, 300, 1000])('are %i when each of as many views has its own address', async (count) => {
    const seen: number[] = [];
    for (let seed = 0; seed < 20; seed++) {
      const service = reporting(strangers(each(count), 'Europe/Berlin', seed));
      const { total, rows } = await service.get('traffic', '2026-11-20', '2026-11-20');
      expect(total.views).toBe(count);
      expect(rows[0]).toMatchObject({ visitors: total.visitors });
      seen.push(total.visitors);
    }
    expect(Math.max(...seen)).toBeLessThanOrEqual(count);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(count * 0.92);
  });

  it('are at least one, and exactly one for a single view', async () => {
    for (let seed = 0; seed < 200; seed++) {
      const { total } = await reporting(strangers(each(1), 'Europe/Berlin', seed)).get('traffic', '2026-11-20', '2026-11-20');
      expect(total).toEqual({ views: 1, visitors: 1 });
    }
  });

  it('are at most the views of the day in a document that does not tell which had a record', async () => {
    const { hits, points } = strangers(each(5), 'Europe/Berlin', 1);
    const many = Array.from({ length: 40 }, (_, register) => ({ ...(points[0] as Point), register }));
    const { total } = await reporting({ hits, points: many }).get('traffic', '2026-11-20', '2026-11-20');
    expect(total).toEqual({ views: 5, visitors: 5 });
  });

  it('are not limited by what another tool counted for the day', async () => {
    const counted = strangers(each(5), 'Europe/Berlin', 1);
    const imported = [
      { kind: 'views' as const, day: '2026-11-20', views: 10 },
      { kind: 'visits' as const, day: '2026-11-20', visits: 9, bounces: 0, views: 50, seconds: 0 },
    ];
    const { total } = await reporting({ ...counted, imported }).get('traffic', '2026-11-20', '2026-11-20');
    expect(total).toEqual({ views: 15, visitors: 5 });
  });
});

describe('visitors with a record', () => {
  it('are never fewer in a month than on one of its days, when the days before were deleted', async () => {
    const hits = Array.from({ length: 30 }, (_, i) =>
      viewAfter(`2026-11-20T10:00:${String(i).padStart(2, '0')}Z`, i < 20 ? 86_400 : undefined),
    );
    const service = reporting({ hits });
    for (const [from, to] of [
      ['2026-11-01', '2026-11-30'],
      ['2026-01-01', '2026-12-31'],
      ['2026-11-19', '2026-11-21'],
    ] as const) {
      expect((await service.get('traffic', from, to)).total).toEqual({ views: 30, visitors: 30 });
      expect((await service.get('visitors', from, to)).total).toEqual({ visitors: 30, new: 10, returning: 20, unknown: 0 });
    }
  });

  it('are at least one where there was a view, even if the first view was lost', async () => {
    const service = reporting({ hits: [viewAfter('2026-11-20T10:00:00Z', 60)] });
    const { total, rows } = await service.get('traffic', '2026-11-20', '2026-11-20');
    expect(total).toEqual({ views: 1, visitors: 1 });
    expect(rows[0].hours[11]).toEqual({ key: '11', views: 1, visitors: 1 });
  });

  it('are no more in an hour than on its day, even if a clock was moved forward and back', async () => {
    const hits = [
      viewAfter('2026-11-20T10:00:00Z'),
      viewAfter('2026-11-20T10:01:00Z', 7200),
      viewAfter('2026-11-20T10:02:00Z', 7200),
    ];
    const { rows } = await reporting({ hits }).get('traffic', '2026-11-20', '2026-11-20');
    expect(rows[0]).toMatchObject({ views: 3, visitors: 1 });
    expect(rows[0].hours[11]).toEqual({ key: '11', views: 3, visitors: 1 });
  });

  it('are at least those who came for the first time ever, whatever the sketch says', async () => {
    const hits = Array.from({ length: 40 }, (_, i) => viewAfter(`2026-11-${10 + (i % 4)}T10:00:00Z`));
    const { total } = await reporting({ hits }).get('visitors', '2026-11-09', '2026-11-14');
    expect(total).toEqual({ visitors: 40, new: 40, returning: 0, unknown: 0 });
  });
});

describe('visitors of a row', () => {
  const visitorsOf = rowVisitorsIn(viewOf('2026-11-20'));

  it('are no more than its views, and within their stated error, after rows were dropped', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(200), (firsts, others, lost, lostFirsts, floors) => {
        const truth = firsts + Math.min(lost, lostFirsts);
        const missing = Math.min(lost, lostFirsts) + floors;
        const counted = { views: firsts + others, error: lost, missing };
        const { visitors = 0, visitorsError = 0 } = visitorsOf({ d: firsts, m: 0, y: 0 }, counted);
        expect(visitors).toBeLessThanOrEqual(counted.views);
        expect(Math.abs(visitors - truth)).toBeLessThanOrEqual(visitorsError);
      }),
    );
  });

  it('are no more than its views in a list that was compacted', () => {
    const document = new Counters();
    for (let i = 0; i < 30; i++) {
      const page = row(document, 'p', `/${i}`);
      page.sum(VIEWS, i + 1);
      for (const first of ['d', 'm', 'y']) page.sum(first, Math.ceil((i + 1) / 3));
    }
    compact(document.at('p'), 10);
    const late = row(document, 'p', '/late');
    late.sum(VIEWS, 2);
    late.sum('y', 1);
    const { rows } = content.report(document, viewOf('2026-11-20'));
    expect(rows.find(({ key }) => key === '/late')).toMatchObject({ views: 2, error: 20, visitors: 2, visitorsError: 20 });
    for (const { views, visitors } of rows) expect(visitors).toBeLessThanOrEqual(views);
  });
});

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
