import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdsPage } from '../../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { foldAll, pinged } from '../../../test/fixtures/hits.js';
import { type Seen, sentBy } from '../../../test/fixtures/random-visits.js';
import { viewOf } from '../../../test/fixtures/reporting.js';
import { compact, errorOf, ROWS, row, VIEWS } from '../../counters/cap.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import { createFold } from '../../counting/fold.js';
import type { Deleted } from '../../store/tombstones.js';
import { removeRows } from './remove-rows.js';

const CAPS = { p: 8 };

describe('removing rows from a capped map', () => {
  it('keeps the bounds of all other rows valid, even for a key that returns', () => {
    const key = fc.nat(30).map((n) => `/${Math.floor(n ** 1.4)}`);
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.array(key, { maxLength: 20 }) },
      { weight: 1, arbitrary: fc.constantFrom('/1*', '/*0', '/*') },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let document = new Counters();
        const truth = new Map<string, number>();
        for (const one of steps) {
          if (typeof one === 'string') {
            const pattern = new RegExp(`^${one.replace('*', '.*')}$`);
            document = removeRows('content.2026', document, CAPS, { kind: 'page', pattern: one }) ?? document;
            for (const path of truth.keys()) if (pattern.test(path)) truth.delete(path);
            expect([...document.below('p').below(ROWS).fields.keys()].filter((path) => pattern.test(path))).toEqual([]);
          } else {
            const delta = new Counters();
            for (const path of one) {
              row(delta, 'p', path).sum(VIEWS);
              truth.set(path, (truth.get(path) ?? 0) + 1);
            }
            mergeInto(document, delta);
            compact(document.at('p'), CAPS.p);
          }
          const map = document.below('p');
          for (const [path, counted] of truth) {
            const known = map.below(ROWS).below(path).get(VIEWS);
            expect(known).toBeLessThanOrEqual(counted);
            expect(counted).toBeLessThanOrEqual(known + errorOf(map, path, VIEWS));
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not change the original tree', () => {
    const document = new Counters();
    row(document, 'p', '/a').sum(VIEWS);
    row(document, 'p', '/b').sum(VIEWS);
    const changed = removeRows('content.2026', document, CAPS, { kind: 'page', pattern: '/a' }) as Counters;
    expect([...changed.below('p').below(ROWS).fields.keys()]).toEqual(['/b']);
    expect([...document.below('p').below(ROWS).fields.keys()]).toEqual(['/a', '/b']);
    expect(removeRows('content.2026', changed, CAPS, { kind: 'page', pattern: '/a' })).toBeUndefined();
    expect(removeRows('referrers.2026', document, CAPS, { kind: 'page', pattern: '/a' })).toBeUndefined();
  });
});

describe('a deletion', () => {
  const DAY = '2026-11-20';
  const atMs = Date.parse(`${DAY}T12:00:00Z`);
  const visit = ['/a', '/private', '/b'].map((path, i): Seen => {
    return { browser: 0, atMs: atMs + i * 60_000, at: { day: DAY, hour: '13', minute: '00' }, path, source: 'blog.example' };
  });
  const views = sentBy(visit, 'Europe/Berlin');
  const ping = pinged({ path: '/private', atMs: atMs + 60_000, z: 60, x: 30, y: 50 });
  const fromGoogle = sentBy([{ ...(visit[0] as Seen), source: 'Google' }], 'Europe/Berlin');

  /** All reports of the day, including those of three pages. */
  function reportsWithout(deleted: Deleted): Record<string, string> {
    const fold = createFold(DOCUMENT_KINDS);
    foldAll(fold, [...views, ...fromGoogle, ping]);
    const documents = new Map(
      fold
        .deltas()
        .filter(({ id }) => id === `one:${DAY}`)
        .map(({ collection, counters, caps }) => [collection, removeRows(collection, counters, caps, deleted) ?? counters]),
    );
    const reports: Record<string, string> = {};
    for (const kind of DOCUMENT_KINDS) {
      const document = documents.get(`${kind.name}.2026`) ?? new Counters();
      const asked = ['/a', '/private', '/b'].filter((page) => holdsPage(kind, page));
      for (const page of kind.shard ? asked : [''])
        for (const { name, report } of kind.reports)
          reports[name + page] = JSON.stringify(report(document, { ...viewOf(DAY), page }));
    }
    return reports;
  }

  const all = reportsWithout({ kind: 'page', pattern: '/none' });

  it('of pages removes them from the reports of pages, of engagement and of next pages', () => {
    const left = reportsWithout({ kind: 'page', pattern: '/private' });
    for (const name of ['content', 'engagement', 'pages/a'])
      expect([all[name], left[name]].map(holds('private'))).toEqual([true, false]);
    const { total, rows, sources, devices, next } = JSON.parse(left['pages/private'] as string);
    expect([total, rows[0].views, sources, devices, next]).toEqual([
      { views: 0, known: 0, seconds: 0, followed: 0, preceded: 0 },
      0,
      ...[[], [], []],
    ]);
    // totals remain: the page was viewed and read
    expect(JSON.parse(left.content as string).total).toEqual(JSON.parse(all.content as string).total);
    expect(JSON.parse(left.engagement as string).total).toEqual(JSON.parse(all.engagement as string).total);
    expect([left.visits, left.traffic, left.minutes, left.retention]).toEqual([
      all.visits,
      all.traffic,
      all.minutes,
      all.retention,
    ]);
    expect(JSON.parse(left['pages/b'] as string).total.views).toBe(1);
  });

  it('of referrers removes them from the sources of pages, by host and by name', () => {
    const sources = (reports: Record<string, string>) =>
      JSON.parse(reports['pages/a'] as string)
        .sources.map(({ key }: { key: string }) => key)
        .sort();
    expect(sources(all)).toEqual(['Google', 'blog.example']);
    expect(sources(reportsWithout({ kind: 'referrer', pattern: 'blog.example' }))).toEqual(['Google']);
    expect(sources(reportsWithout({ kind: 'referrer', pattern: 'Google' }))).toEqual(['blog.example']);
    expect(sources(reportsWithout({ kind: 'referrer', pattern: '*' }))).toEqual([]);
    expect(holds('blog')(reportsWithout({ kind: 'referrer', pattern: 'blog.example' }).referrers)).toBe(false);
    const left = reportsWithout({ kind: 'referrer', pattern: '*' });
    expect(JSON.parse(left['pages/a'] as string).total.views).toBe(2);
    expect(holds('internal')(left['pages/b'])).toBe(true);
  });
});

function holds(text: string): (report: string | undefined) => boolean {
  return (report) => report?.includes(text) ?? false;
}
