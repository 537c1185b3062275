import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compact } from '../../src/counters/cap.js';
import { Counters } from '../../src/counters/counters.js';
import { parseReferrer } from '../../src/hit/facets/referrer.js';
import { pinged, plainHit } from '../../test/fixtures/hits.js';
import { type Seen, sentBy } from '../../test/fixtures/random-visits.js';
import { reporting, viewOf } from '../../test/fixtures/reporting.js';
import { holdsPage } from '../document-kind.js';
import { DOCUMENT_KINDS } from '../documents.js';
import { pages, shardOf } from './report.js';

const DAY = '2026-11-20';
const NOON = Date.parse(`${DAY}T12:00:00Z`);

const browser = (...views: Array<[iso: string, path: string, source?: string]>) =>
  sentBy(
    views.map(([iso, path, source = '']) => ({ browser: 0, atMs: Date.parse(iso), path, source }) as Seen),
    'Europe/Berlin',
  );

/** A ping a minute after a view at noon. `before`: seconds that earlier pings have sent. */
const ping = (path: string, seconds: number, before = 0, viewedMs = NOON) =>
  pinged({ path, atMs: viewedMs + 60_000, z: 60, x: before + seconds, ...(before > 0 && { o: before }) });

interface Row {
  readonly key: string;
  readonly views: number;
  readonly visitors: number;
  readonly hours: ReadonlyArray<{ readonly key: string; readonly views: number }>;
}

const viewsOf = (rows: ReadonlyArray<{ readonly key: string; readonly views: number }>) =>
  Object.fromEntries(rows.map(({ key, views }) => [key, views]));

const shards = DOCUMENT_KINDS.filter(({ shard }) => shard?.of === 'pages');

describe('the pages report', () => {
  it('is about one page, which is in one of sixteen shards', () => {
    expect(shards).toHaveLength(16);
    fc.assert(
      fc.property(fc.oneof(fc.webPath(), fc.string()), (path) => shards.filter((one) => holdsPage(one, path)).length === 1),
    );
    const holders = Array.from({ length: 2000 }, (_, i) => shards.findIndex((one) => holdsPage(one, `/page/${i}`)));
    for (const place of shards.keys()) expect(holders.filter((holder) => holder === place).length).toBeGreaterThan(60);
  });

  it('finds the counters of earlier versions: the shard of a path never changes', () => {
    const nameOf = (path: string) => shards.find((one) => holdsPage(one, path))?.name;
    const paths = ['/', '', '/about', '/b/c', '/é', '/app#/inbox/7'];
    expect(paths.map(nameOf)).toEqual(['pagesc', 'pagesj', 'pagesf', 'pagesp', 'pagesh', 'pagesi']);
  });

  it('shows the views, visitors and reading of a page by the hour', async () => {
    const hits = [
      ...browser([`${DAY}T10:00:00Z`, '/a'], [`${DAY}T12:00:00Z`, '/a'], [`${DAY}T12:00:10Z`, '/b']),
      ...browser([`${DAY}T12:30:00Z`, '/a']),
      ping('/a', 40),
      ping('/a', 5, 40),
      ping('/b', 7),
    ];
    const report = await reporting({ hits }).get('pages', DAY, DAY, { page: '/a' });
    expect(report).toMatchObject({ page: '/a', total: { views: 3, known: 1, seconds: 45 } });
    expect(report.rows[0]).toMatchObject({ key: DAY, views: 3, visitors: 2, known: 1, seconds: 45 });
    expect(report.rows[0].hours).toHaveLength(24);
    expect(report.rows[0].hours.filter(({ views }: Row) => views > 0)).toEqual([
      { key: '11', views: 1, visitors: 1, known: 0, seconds: 0 },
      { key: '13', views: 2, visitors: 1, known: 1, seconds: 45 },
    ]);
    expect(await reporting({ hits }).get('pages', DAY, DAY, { page: '/never' })).toMatchObject({
      page: '/never',
      total: { views: 0 },
      sources: [],
      devices: [],
      next: [],
      previous: [],
    });
  });

  it('shows the sources and devices of the views, and the pages before and after it', async () => {
    const hits = [
      ...browser(
        [`${DAY}T10:00:00Z`, '/a', 'Google'],
        [`${DAY}T10:01:00Z`, '/b'],
        [`${DAY}T10:02:00Z`, '/a'],
        [`${DAY}T10:03:00Z`, '/c'],
      ),
      ...browser([`${DAY}T10:00:00Z`, '/a', 'blog.example'], [`${DAY}T10:01:00Z`, '/c']),
      ...browser([`${DAY}T10:00:00Z`, '/a']),
      plainHit(NOON, {
        path: '/a',
        referrer: parseReferrer('https://blog.example/', () => false),
        technology: { browser: 'safari', version: '', platform: 'ios', device: 'mobile' },
      }),
    ];
    const report = await reporting({ hits }).get('pages', DAY, DAY, { page: '/a' });
    expect(viewsOf(report.sources)).toEqual({ Google: 1, 'blog.example': 2, '(direct)': 1, '(internal)': 1 });
    expect(report.devices).toEqual([
      { key: 'desktop', title: 'Desktop', views: 4 },
      { key: 'mobile', title: 'Phone', views: 1 },
    ]);
    expect(report.next).toEqual([
      { key: '/c', views: 2 },
      { key: '/b', views: 1 },
    ]);
    expect(report.previous).toEqual([{ key: '/b', views: 1 }]);
    expect(report.total).toMatchObject({ followed: 3, preceded: 1 });
    const after = await reporting({ hits }).get('pages', DAY, DAY, { page: '/c' });
    expect(after).toMatchObject({ next: [], previous: [{ key: '/a', views: 2 }], totalRows: { next: 0, previous: 1 } });
    expect((await reporting({ hits }).get('pages', DAY, DAY, { page: '/a', limit: 1 })).next).toHaveLength(1);
  });

  it('lists a page that was reloaded as its own previous and next page, once', async () => {
    const hits = browser([`${DAY}T10:00:00Z`, '/a'], [`${DAY}T10:01:00Z`, '/a']);
    const { next, previous } = await reporting({ hits }).get('pages', DAY, DAY, { page: '/a' });
    expect([next, previous]).toEqual([[{ key: '/a', views: 1 }], [{ key: '/a', views: 1 }]]);
  });

  it('shows a source in Unicode, and keeps its key', async () => {
    const hits = [plainHit(NOON, { path: '/a', referrer: parseReferrer('https://müller.example/', () => false) })];
    const { sources } = await reporting({ hits }).get('pages', DAY, DAY, { page: '/a' });
    expect(sources).toEqual([{ key: 'xn--mller-kva.example', title: 'müller.example', views: 1 }]);
  });

  it('counts the next and the previous page on the day of the earlier view, and reading on the day of the view', async () => {
    const hits = [
      ...browser(['2026-10-31T22:50:00Z', '/a'], ['2026-10-31T23:05:00Z', '/b']),
      pinged({ path: '/a', atMs: Date.parse('2026-11-01T08:00:00Z'), z: 22 * 3600, x: 9 }),
    ];
    const { get } = reporting({ hits });
    expect(await get('pages', '2026-10-31', '2026-10-31', { page: '/a' })).toMatchObject({
      total: { views: 1, seconds: 9 },
      next: [{ key: '/b', views: 1 }],
    });
    expect(await get('pages', '2026-11-01', '2026-11-01', { page: '/a' })).toMatchObject({ total: { seconds: 0 }, next: [] });
    expect(await get('pages', '2026-10-31', '2026-10-31', { page: '/b' })).toMatchObject({ previous: [{ key: '/a', views: 1 }] });
    expect(await get('pages', '2026-11-01', '2026-11-01', { page: '/b' })).toMatchObject({ total: { views: 1 }, previous: [] });
  });

  it('distinguishes pages with unusual names and the unknown page', async () => {
    const paths = ['', '/', '/a', '/a/', '/__proto__', '/a\u0301', '/.', '/$', '/(direct)'];
    const hits = paths.flatMap((path, i) => Array.from({ length: i + 1 }, () => plainHit(NOON, { path })));
    const { get } = reporting({ hits });
    for (const [i, page] of paths.entries()) {
      const report = await get('pages', DAY, DAY, { page });
      expect([report.total.views, viewsOf(report.sources)]).toEqual([i + 1, { '(direct)': i + 1 }]);
    }
  });

  it('reads documents of days, all from the shard of the page', async () => {
    const { get, read } = reporting({ hits: browser([`${DAY}T10:00:00Z`, '/a']) });
    await get('pages', '2026-11-01', '2026-11-30', { page: '/a' });
    expect(read()).toHaveLength(30);
    expect(new Set(read().map((id) => id.split('.')[0])).size).toBe(1);
    expect(read()[19]).toMatch(/^pages[a-p]\.2026\/one:2026-11-20$/);
  });

  it('states by how much it may be too low for a page that was dropped and counted again', async () => {
    const other = Array.from({ length: 100 }, (_, i) => `/${i}`).find((path) => shardOf(path) === shardOf('/a')) as string;
    const document = new Counters();
    const count = (path: string, views: number) => {
      for (let i = 0; i < views; i++) pages.count?.(plainHit(NOON, { path }), document);
    };
    count('/a', 5);
    count(other, 10);
    for (const map of Object.values(pages.keys).flatMap((one) =>
      typeof one === 'object' && one.kind === 'capped map' ? [one.key] : [],
    ))
      compact(document.at(map), 1);
    count('/a', 2);
    const totalOf = (page: string) => (pages.report(document, { ...viewOf(DAY), page }) as { total: object }).total;
    expect(totalOf('/a')).toMatchObject({ views: 2, error: 5 });
    expect(totalOf(other)).toEqual({ views: 10, known: 0, seconds: 0, followed: 0, preceded: 0 });
  });

  it('counts imported views of a page in no hour', async () => {
    const imported = [{ kind: 'page' as const, day: DAY, path: '/a', title: '', views: 7 }];
    const { total, rows } = await reporting({ hits: [plainHit(NOON, { path: '/a' })], imported }).get('pages', DAY, DAY, {
      page: '/a',
    });
    expect([total.views, rows[0].views]).toEqual([8, 8]);
    expect(rows[0].hours.reduce((sum: number, { views }: Row) => sum + views, 0)).toBe(1);
  });
});
