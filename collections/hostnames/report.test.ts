import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NewInPeriod } from '../../src/hit/hit.js';
import { NO_RECORD } from '../../src/hit/record.js';
import { plainHit } from '../../test/fixtures/hits.js';
import { reporting } from '../../test/fixtures/reporting.js';

const DAY = '2026-11-20';
const NOON_MS = Date.parse(`${DAY}T12:00:00Z`);

const viewOn = (host: string, first: NewInPeriod = '') => plainHit(NOON_MS, { host, visitor: { ...NO_RECORD, first } });
const rowsOf = async (hits: ReturnType<typeof viewOn>[], options = {}) => reporting({ hits }).get('hostnames', DAY, DAY, options);

describe('the hostnames report', () => {
  it('counts views and visitors of each host', async () => {
    const hosts = fc.constantFrom('', 'example.com', 'www.example.com', 'blog.example.com');
    const firsts = fc.constantFrom<NewInPeriod>('', 'd', 'm', 'y');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(hosts, firsts)), async (sent) => {
        const { total, rows, totalRows } = await rowsOf(sent.map(([host, first]) => viewOn(host, first)));
        const known = sent.filter(([host]) => host !== '');
        const hasVisitors = known.some(([, first]) => first !== '');
        expect(total).toEqual({ views: known.length });
        expect(totalRows).toEqual({ rows: new Set(known.map(([host]) => host)).size });
        expect(rows.length).toBe(totalRows.rows);
        for (const { key, ...counted } of rows) {
          const here = known.filter(([host]) => host === key);
          expect(counted).toEqual({
            views: here.length,
            ...(hasVisitors && { visitors: here.filter(([, first]) => first !== '').length }),
          });
        }
      }),
    );
  });

  it('lists the host with the most views first, and finds a host by a part of its name', async () => {
    const hits = [viewOn('a.example'), viewOn('blog.xn--mller-kva.example'), viewOn('blog.xn--mller-kva.example')];
    expect((await rowsOf(hits)).rows.map(({ key }: { key: string }) => key)).toEqual(['blog.xn--mller-kva.example', 'a.example']);
    expect((await rowsOf(hits, { search: 'müller' })).rows).toEqual([
      { key: 'blog.xn--mller-kva.example', title: 'blog.müller.example', views: 2 },
    ]);
  });

  it('ignores events, and views whose host is unknown', async () => {
    const event = { ...viewOn('example.com'), kind: 'event' as const };
    expect(await rowsOf([event, viewOn('')])).toMatchObject({ total: { views: 0 }, rows: [] });
  });
});
