import { describe, expect, it } from '@jest/globals';
import { compact, row, VIEWS } from '../../src/counters/cap.js';
import { Counters } from '../../src/counters/counters.js';
import { type Countable, plainHit } from '../../test/fixtures/hits.js';
import { type Seen, sentBy } from '../../test/fixtures/random-visits.js';
import { reporting, viewOf } from '../../test/fixtures/reporting.js';
import { content } from './report.js';

const view = (path: string, title = '', iso = '2026-11-20T10:00:00Z') => plainHit(Date.parse(iso), { path, title });

const NO_VISITS = { entries: 0, bounces: 0, exits: 0, recorded: 0 };
const DAY = '2026-11-20';

/** The views of one browser, each with its time and its page. */
const browser = (...views: Array<[iso: string, path: string]>) =>
  sentBy(
    views.map(([iso, path]) => ({ browser: 0, atMs: Date.parse(iso), path, source: '' }) as Seen),
    'Europe/Berlin',
  );

interface Row {
  readonly key: string;
  readonly visitors?: number;
}

const rowOf = (rows: readonly Row[], path: string) => rows.find(({ key }) => key === path);
const keys = (rows: readonly Row[]) => rows.map(({ key }) => key);

/** The same hits, but each view names this page as the page before; empty: none. */
const cameFrom = (from: string, all: ReturnType<typeof browser>): Countable[] =>
  all.flat().map((one) => (one.kind === 'step' ? { ...one, from } : one));

describe('the content report', () => {
  it('lists pages by views, each with its newest title', async () => {
    const hits = [
      view('/a', 'Old', '2026-11-20T10:00:00Z'),
      view('/a', 'New', '2026-11-20T11:00:00Z'),
      view('/a', 'Zebra', '2026-11-20T09:00:00Z'),
      view('/b'),
    ];
    const report = await reporting({ hits }).get('content', '2026-11-20', '2026-11-20');
    expect(report.total).toEqual({ views: 4, ...NO_VISITS });
    expect(report.rows).toEqual([
      { key: '/a', title: 'New', views: 3, ...NO_VISITS },
      { key: '/b', title: '', views: 1, ...NO_VISITS },
    ]);
  });

  it('can be searched in paths and titles, in any case, and limited', async () => {
    const service = reporting({ hits: [view('/a', 'Alpha'), view('/beta'), view('/c', 'Beta two')] });
    expect(
      (await service.get('content', '2026-11-20', '2026-11-20', { search: 'BETA' })).rows.map((r: { key: string }) => r.key),
    ).toEqual(['/beta', '/c']);
    expect((await service.get('content', '2026-11-20', '2026-11-20', { limit: 2 })).rows).toHaveLength(2);
  });

  it('adds up the views of pages with the same newest title, and omits pages without one', async () => {
    const hits = [
      view('/a', 'Old', '2026-11-20T10:00:00Z'),
      view('/a', 'Garden', '2026-11-20T11:00:00Z'),
      view('/a/', 'Garden'),
      view('/b', 'Bees'),
      view('/c'),
    ];
    const { get } = reporting({ hits });
    const { titles, totalRows } = await get('content', DAY, DAY);
    expect(titles).toEqual([
      { key: 'Garden', views: 3, pages: 2 },
      { key: 'Bees', views: 1, pages: 1 },
    ]);
    expect(totalRows.titles).toBe(2);
    expect(keys((await get('content', DAY, DAY, { search: 'GARD' })).titles)).toEqual(['Garden']);
    expect(keys((await get('content', DAY, DAY, { limit: 1, offset: 1 })).titles)).toEqual(['Bees']);
  });

  it('states by how much a row may be too low after rows were dropped', () => {
    const document = new Counters();
    for (let i = 0; i < 30; i++) row(document, 'p', `/${i}`).sum(VIEWS, i + 1);
    compact(document.at('p'), 10);
    row(document, 'p', '/late').sum(VIEWS, 5);
    const { rows } = content.report(document, viewOf('2026-11-20')) as { rows: unknown[] };
    expect(rows[0]).toMatchObject({ key: '/29', views: 30 });
    expect(rows[0]).not.toHaveProperty('error');
    expect(rows).toContainEqual(expect.objectContaining({ key: '/late', views: 5, error: 20 }));

    for (const path of ['/late', '/29']) row(document, 'p', path).max('t', '1790000000000 Same');
    const { titles } = content.report(document, viewOf('2026-11-20')) as { titles: unknown[] };
    expect(titles).toEqual([{ key: 'Same', views: 35, pages: 2, error: 20 }]);
  });

  it('counts imported pages as views, with a title that any later one replaces', async () => {
    const imported = [
      { kind: 'page' as const, day: '2026-11-20', path: '/a', title: 'Imported', views: 7 },
      { kind: 'page' as const, day: '2026-11-20', path: '/b', title: 'Imported', views: 2 },
      { kind: 'views' as const, day: '2026-11-20', views: 9 },
    ];
    const report = await reporting({ hits: [view('/a', 'New')], imported }).get('content', '2026-11-20', '2026-11-20');
    expect(report).toMatchObject({
      total: { views: 10 },
      rows: [
        { key: '/a', title: 'New', views: 8 },
        { key: '/b', title: 'Imported', views: 2 },
      ],
    });
  });

  it('counts any key, even one with a special meaning elsewhere', async () => {
    const paths = [
      '/__proto__',
      '/constructor',
      '/a.b.c',
      '/$where',
      '',
      '/0',
      '/-1',
      '/01',
      '/1e3',
      '/other',
      '/é',
      '/e\u0301',
      '/_id',
      '/k',
    ];
    const report = await reporting({ hits: paths.map((path) => view(path)) }).get('content', '2026-11-20', '2026-11-20');
    expect(report.rows.map((r: { key: string }) => r.key).sort()).toEqual([...paths].sort());
  });

  it('counts the entries, exits and bounces of a page', async () => {
    const hits = [
      ...browser([`${DAY}T10:00:00Z`, '/a'], [`${DAY}T10:01:00Z`, '/b'], [`${DAY}T10:02:00Z`, '/a']),
      ...browser([`${DAY}T10:00:00Z`, '/b']),
      ...browser([`${DAY}T10:00:00Z`, '/c'], [`${DAY}T10:01:00Z`, '/c']),
    ];
    const report = await reporting({ hits }).get('content', DAY, DAY);
    expect(report.total).toEqual({ views: 6, entries: 3, bounces: 1, exits: 3, recorded: 6 });
    expect(rowOf(report.rows, '/a')).toMatchObject({ views: 2, visitors: 1, entries: 1, bounces: 0, exits: 1, recorded: 2 });
    expect(rowOf(report.rows, '/b')).toMatchObject({ views: 2, visitors: 2, entries: 1, bounces: 1, exits: 1, recorded: 2 });
    expect(rowOf(report.rows, '/c')).toMatchObject({ views: 2, visitors: 1, entries: 1, bounces: 0, exits: 1, recorded: 2 });
  });

  it('lists the same pages by entries and by exits, without those that have none', async () => {
    const hits = [
      ...browser([`${DAY}T10:00:00Z`, '/in'], [`${DAY}T10:01:00Z`, '/between'], [`${DAY}T10:02:00Z`, '/out']),
      ...browser([`${DAY}T10:00:00Z`, '/in'], [`${DAY}T10:01:00Z`, '/between'], [`${DAY}T10:02:00Z`, '/between']),
    ];
    const report = await reporting({ hits }).get('content', DAY, DAY);
    expect([keys(report.rows), keys(report.entries), keys(report.exits)]).toEqual([
      ['/between', '/in', '/out'],
      ['/in'],
      ['/between', '/out'],
    ]);
    expect(report.entries[0]).toEqual(rowOf(report.rows, '/in'));
    expect((await reporting({ hits }).get('content', DAY, DAY, { search: 'out' })).exits).toHaveLength(1);
    expect((await reporting({ hits }).get('content', DAY, DAY, { limit: 1 })).exits).toHaveLength(1);
  });

  it('removes the exit on the day of the view that was followed', async () => {
    const hits = browser(['2026-10-31T22:50:00Z', '/a'], ['2026-10-31T23:05:00Z', '/b']);
    const { get } = reporting({ hits });
    const exits = async (from: string, to: string) => (await get('content', from, to)).total.exits;
    expect(await exits('2026-10-31', '2026-10-31')).toBe(0);
    expect(await exits('2026-10-01', '2026-10-31')).toBe(0);
    expect(await exits('2026-11-01', '2026-11-01')).toBe(1);
  });

  it('counts only in the total that a visit went on from a page that the browser does not know', async () => {
    const hits = browser([`${DAY}T10:00:00Z`, '/a'], [`${DAY}T10:01:00Z`, '/b']);
    const report = await reporting({ hits: cameFrom('', hits) }).get('content', DAY, DAY);
    expect(report.total).toMatchObject({ entries: 1, bounces: 0, exits: 1 });
    expect(rowOf(report.rows, '/a')).toMatchObject({ bounces: 1, exits: 1 });
    expect(keys(report.rows)).toEqual(['/a', '/b']);
  });

  it('has no row for a page that is only known as the page before, because its parameters may be missing there', async () => {
    const hits = browser(['2026-11-20T10:00:00Z', '/list/2'], ['2026-11-20T10:01:00Z', '/b']);
    const { total, rows } = await reporting({ hits: cameFrom('/list', hits) }).get('content', DAY, DAY);
    expect(total).toMatchObject({ entries: 1, bounces: 0, exits: 1 });
    expect(keys(rows)).toEqual(['/b', '/list/2']);
  });

  it('has visitors if any row has some, and entries and exits only of recorded views', async () => {
    const report = await reporting({
      hits: [view('/a'), view('/b'), ...browser([`${DAY}T10:00:00Z`, '/a'])],
      imported: [{ kind: 'page', day: DAY, path: '/b', title: '', views: 5 }],
    }).get('content', DAY, DAY);
    expect(report.total).toEqual({ views: 8, entries: 1, bounces: 1, exits: 1, recorded: 1 });
    expect(rowOf(report.rows, '/a')).toMatchObject({ views: 2, visitors: 1, entries: 1, recorded: 1 });
    expect(rowOf(report.rows, '/b')).toMatchObject({ views: 6, visitors: 0, ...NO_VISITS });
    expect((await reporting({ hits: [view('/a')] }).get('content', DAY, DAY)).rows[0]).not.toHaveProperty('visitors');
  });

  it('counts a browser once per page and day, month or year, and states the error for other ranges', async () => {
    const hits = browser(
      ['2026-10-30T10:00:00Z', '/a'],
      ['2026-10-31T10:00:00Z', '/a'],
      ['2026-11-01T10:00:00Z', '/a'],
      ['2026-11-01T12:00:00Z', '/b'],
      ['2026-11-01T18:00:00Z', '/a'],
    );
    const { get } = reporting({ hits });
    const a = async (from: string, to: string) => {
      const { visitors, visitorsError } = rowOf((await get('content', from, to)).rows, '/a') as Row & { visitorsError?: number };
      return [visitors, visitorsError];
    };
    expect(await a('2026-11-01', '2026-11-01')).toEqual([1, undefined]);
    expect(await a('2026-10-01', '2026-10-31')).toEqual([1, undefined]);
    expect(await a('2026-01-01', '2026-12-31')).toEqual([1, undefined]);
    expect(await a('2026-10-30', '2026-11-01')).toEqual([2, 1]); // 1 to 3
    expect(await a('2026-10-01', '2026-11-30')).toEqual([2, 1]); // 1 to 2
  });
});
