import { describe, expect, it } from '@jest/globals';
import { RANKING, compact, row } from '../src/counters/cap.js';
import { Counters } from '../src/counters/counters.js';
import { plainHit } from '../test/fixtures/hits.js';
import { reporting, viewOf } from '../test/fixtures/reporting.js';
import { content } from './content.js';

const view = (path: string, title = '', iso = '2026-11-20T10:00:00Z') => plainHit(Date.parse(iso), { path, title });

describe('the content report', () => {
  it('lists pages by views, each with its newest title', async () => {
    const hits = [
      view('/a', 'Old', '2026-11-20T10:00:00Z'),
      view('/a', 'New', '2026-11-20T11:00:00Z'),
      view('/a', 'Zebra', '2026-11-20T09:00:00Z'),
      view('/b'),
    ];
    const report = await reporting({ hits }).get('content', '2026-11-20', '2026-11-20');
    expect(report.total).toMatchObject({ views: 4 });
    expect(report.rows).toMatchObject([
      { key: '/a', title: 'New', views: 3 },
      { key: '/b', title: '', views: 1 },
    ]);
  });

  it('is searched in paths and titles, whatever the case, and limited', async () => {
    const service = reporting({ hits: [view('/a', 'Alpha'), view('/beta'), view('/c', 'Beta two')] });
    expect(
      (await service.get('content', '2026-11-20', '2026-11-20', { search: 'BETA' })).rows.map((r: { key: string }) => r.key),
    ).toEqual(['/beta', '/c']);
    expect((await service.get('content', '2026-11-20', '2026-11-20', { limit: 2 })).rows).toHaveLength(2);
  });

  it('says of a row by how much it may be off, once rows have been dropped', () => {
    const document = new Counters();
    for (let i = 0; i < 30; i++) row(document, 'p', `/${i}`).sum(RANKING, i + 1);
    compact(document.at('p'), 10);
    row(document, 'p', '/late').sum(RANKING, 5);
    const { rows } = content.report(document, viewOf('2026-11-20')) as { rows: unknown[] };
    expect(rows[0]).toMatchObject({ key: '/29', title: '', views: 30 });
    expect(rows[0]).not.toHaveProperty('error');
    expect(rows).toContainEqual(expect.objectContaining({ key: '/late', title: '', views: 5, error: 20 }));
  });

  it('counts imported pages as views, with a title that gives way to any later one', async () => {
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

  it('counts keys of any kind as what they are', async () => {
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
});
