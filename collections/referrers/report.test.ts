import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseReferrer } from '../../src/hit/facets/referrer.js';
import type { Hit } from '../../src/hit/hit.js';
import { wholePeriod } from '../../src/time/day-range.js';
import { isHit, plainHit } from '../../test/fixtures/hits.js';
import { isIn, ranges, type Seen, SOURCES, sentBy, visiting } from '../../test/fixtures/random-visits.js';
import { reporting } from '../../test/fixtures/reporting.js';

const from = (referrer: string) =>
  plainHit(Date.parse('2026-11-20T10:00:00Z'), { referrer: parseReferrer(referrer, (host) => host === 'example.com') });

/** The visits of one browser, each with its time and its referrer. */
const browser = (...views: Array<[iso: string, source: string]>) =>
  sentBy(
    views.map(([iso, source]) => ({ browser: 0, atMs: Date.parse(iso), path: '/', source }) as Seen),
    'Europe/Berlin',
  );

interface Row {
  readonly key: string;
  readonly views: number;
  readonly visitors?: number;
  readonly visitorsError?: number;
}

const rowOf = (rows: readonly Row[], key: string) => rows.find((row) => row.key === key);

describe('the referrers report', () => {
  it('separates media, sources, hosts and pages, and its lists add up', async () => {
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

  it('shows internationalised host names in their own letters, and keeps their keys', async () => {
    const hits = [from('https://blog.müller.example/über/uns'), from('https://gооgle.example/'), from('https://plain.example/')];
    const get = (search: string) => reporting({ hits }).get('referrers', '2026-11-20', '2026-11-20', { search });
    const { sources, hosts, pages } = await get('ü');
    expect(sources).toEqual([{ key: 'xn--mller-kva.example', title: 'müller.example', views: 1 }]);
    expect(hosts).toEqual([{ key: 'blog.xn--mller-kva.example', title: 'blog.müller.example', views: 1 }]);
    expect(pages).toEqual([{ key: 'blog.xn--mller-kva.example/über/uns', title: 'blog.müller.example/über/uns', views: 1 }]);
    const titles = ((await get('')).hosts as Array<{ key: string; title?: string }>).map(({ key, title }) => [key, title]);
    expect(titles).toContainEqual(['xn--ggle-55da.example', undefined]); // it has letters of two scripts
    expect(titles).toContainEqual(['plain.example', undefined]);
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

  it('counts a visitor where the first view of the day, month or year came from', async () => {
    const { get } = reporting({
      hits: browser(
        ['2026-10-31T10:00:00Z', 'blog.example'],
        ['2026-11-19T10:00:00Z', 'Google'],
        ['2026-11-20T10:00:00Z', ''],
        ['2026-11-20T12:00:00Z', 'Google'],
      ),
    });
    const visitors = async (from: string, to: string) => {
      const { sources, hosts, pages, media } = await get('referrers', from, to);
      return {
        google: rowOf(sources, 'Google'),
        host: rowOf(hosts, 'google.com')?.visitors,
        page: rowOf(pages, 'google.com/')?.visitors,
        search: rowOf(media, 'search')?.visitors,
        direct: rowOf(media, 'direct')?.visitors,
      };
    };
    const google = (views: number, visitors: number) => ({ google: { key: 'Google', views, visitors } });
    // On the second day, no first view came from an external source.
    expect(await visitors('2026-11-20', '2026-11-20')).toEqual({ google: { key: 'Google', views: 1 }, search: 0, direct: 1 });
    const month = { ...google(2, 1), host: 1, page: 1, search: 1, direct: 0 };
    expect(await visitors('2026-11-01', '2026-11-30')).toEqual(month);
    expect(await visitors('2026-01-01', '2026-12-31')).toEqual({ ...google(2, 0), host: 0, page: 0, search: 0, direct: 0 });
  });

  it('counts each visitor of a day in one row of a list, so that media add up to the visitors of the day', async () => {
    await fc.assert(
      fc.asyncProperty(visiting, async ({ seen, hits, timezone }) => {
        const { get } = reporting({ hits });
        for (const day of new Set(seen.map(({ at }) => at.day))) {
          const { media } = await get('referrers', day, day, { timezone });
          const browsers = new Set(seen.filter(isIn([day, day])).map(({ browser }) => browser));
          expect(media.reduce((sum: number, { visitors }: Row) => sum + (visitors ?? 0), 0)).toBe(browsers.size);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('has the visitors of a source within the stated error, for any range', async () => {
    await fc.assert(
      fc.asyncProperty(visiting, ranges, async ({ seen, hits, timezone }, range) => {
        const { sources } = await reporting({ hits }).get('referrers', ...range, { timezone });
        const whole = wholePeriod(...range);
        const length = { day: 10, month: 7, year: 4 }[whole ?? shortestIn(range)];
        for (const source of SOURCES.filter((source) => source !== '')) {
          const firsts = seen.filter(
            (view, i) => isIn(range)(view) && isFirstFrom(source, view, seen.slice(0, i), hits[i]?.find(isHit), length),
          );
          const { visitors = 0, visitorsError = 0 } = rowOf(sources, source) ?? {};
          if (whole !== undefined) expect(visitorsError).toBe(0);
          const off = Math.abs(visitors - new Set(firsts.map(({ browser }) => browser)).size);
          expect(off).toBeLessThanOrEqual(visitorsError);
        }
      }),
    );
  });
});

/** Recognises the whole months and years in the fixture by their first and last days. */
function shortestIn([from, to]: readonly [string, string]): 'day' | 'month' | 'year' {
  const after = new Date(Date.parse(to) + 86_400_000).toISOString();
  if (from.endsWith('-01-01') && after.startsWith('-01-01', 4)) return 'year';
  return from.endsWith('-01') && after.startsWith('-01', 7) ? 'month' : 'day';
}

/** Whether the view came from that source and is the browser's first in its day, month or year (by the length of the key). */
function isFirstFrom(source: string, view: Seen, before: readonly Seen[], hit: Hit | undefined, length: number): boolean {
  const isSame = (other: Seen) =>
    other.browser === view.browser && other.at.day.slice(0, length) === view.at.day.slice(0, length);
  return hit?.referrer.source === source && !before.some(isSame);
}
