import { describe, expect, it } from '@jest/globals';
import { parseReferrer } from '../src/hit/referrer.js';
import { plainHit } from '../test/fixtures/hits.js';
import { reporting } from '../test/fixtures/reporting.js';

const from = (referrer: string) =>
  plainHit(Date.parse('2026-11-20T10:00:00Z'), { referrer: parseReferrer(referrer, (host) => host === 'example.com') });

describe('the referrers report', () => {
  it('tells media, sources, hosts and pages apart, and adds up', async () => {
    const referrers = [
      '',
      'https://example.com/a',
      'https://www.google.com/',
      'https://google.de/search?q=x',
      'https://blog.other.example/post?x=1',
      'https://blog.other.example/',
    ];
    const report = await reporting({ hits: referrers.map(from) }).get('referrers', '2026-11-20', '2026-11-20');
    expect(report.total).toEqual({ views: 6, referred: 4 });
    expect(Object.fromEntries(report.media.map((row: { key: string; views: number }) => [row.key, row.views]))).toEqual({
      direct: 1,
      internal: 1,
      search: 2,
      other: 2,
    });
    expect(report.sources[0]).toMatchObject({ key: 'Google', views: 2 });
    expect(report.hosts.map((row: { key: string }) => row.key)).toEqual(['blog.other.example', 'google.com', 'google.de']);
    expect(report.pages.map((row: { key: string }) => row.key)).toContain('blog.other.example/post');
    for (const list of ['sources', 'hosts', 'pages']) {
      expect(report[list].reduce((sum: number, row: { views: number }) => sum + row.views, 0)).toBe(4);
    }
  });

  it('counts imported visits as one view each, also from sources that name no host', async () => {
    const named = { medium: 'search' as const, source: 'Google', host: '', path: '' };
    const direct = { medium: 'direct' as const, source: '', host: '', path: '' };
    const imported = [
      { kind: 'referrer' as const, day: '2026-11-20', referrer: named, visits: 5 },
      { kind: 'referrer' as const, day: '2026-11-20', referrer: direct, visits: 3 },
    ];
    const hits = [from('https://www.google.com/')];
    const report = await reporting({ hits, imported }).get('referrers', '2026-11-20', '2026-11-20');
    expect(report.total).toEqual({ views: 9, referred: 6 });
    expect(report.sources).toEqual([{ key: 'Google', views: 6 }]);
    expect(report.hosts).toEqual([{ key: 'google.com', views: 1 }]);
    expect(report.media.map((row: { key: string; views: number }) => [row.key, row.views])).toEqual([
      ['search', 6],
      ['direct', 3],
    ]);
  });
});
