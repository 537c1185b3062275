import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compact, row, VIEWS } from '../src/counters/cap.js';
import { Counters } from '../src/counters/counters.js';
import type { Point } from '../src/hit/hit.js';
import { viewAfter } from '../test/fixtures/hits.js';
import { reporting, viewOf } from '../test/fixtures/reporting.js';
import { each, strangers } from '../test/fixtures/strangers.js';
import { content } from './content/report.js';
import { rowVisitorsIn } from './row-visitors.js';

describe('visitors without a record', () => {
  it.each([1, 2, 10, 100, 300, 1000])('are %i if there is this number of views from different addresses', async (count) => {
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

  it('are at most the views of the day if the document does not contain which views had a record', async () => {
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
  it('are never fewer in a month than on one of its days, even if the days before were deleted', async () => {
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

  it('are never more in an hour than on its day, even if a clock was moved forward and back', async () => {
    const hits = [
      viewAfter('2026-11-20T10:00:00Z'),
      viewAfter('2026-11-20T10:01:00Z', 7200),
      viewAfter('2026-11-20T10:02:00Z', 7200),
    ];
    const { rows } = await reporting({ hits }).get('traffic', '2026-11-20', '2026-11-20');
    expect(rows[0]).toMatchObject({ views: 3, visitors: 1 });
    expect(rows[0].hours[11]).toEqual({ key: '11', views: 3, visitors: 1 });
  });

  it('are at least those with their first view ever, regardless of the sketch', async () => {
    const hits = Array.from({ length: 40 }, (_, i) => viewAfter(`2026-11-${10 + (i % 4)}T10:00:00Z`));
    const { total } = await reporting({ hits }).get('visitors', '2026-11-09', '2026-11-14');
    expect(total).toEqual({ visitors: 40, new: 40, returning: 0, unknown: 0 });
  });
});

describe('visitors of a row', () => {
  const visitorsOf = rowVisitorsIn(viewOf('2026-11-20'));

  it('are never more than its views, and within their stated error, after rows were dropped', () => {
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

  it('are never more than its views in a list that was compacted', () => {
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
