import { describe, expect, it } from '@jest/globals';
import { parseReferrer } from '../../src/hit/facets/referrer.js';
import type { Hit } from '../../src/hit/hit.js';
import { VIEWS_ONLY } from '../../src/hit/record.js';
import { plainHit } from '../../test/fixtures/hits.js';
import { type Seen, sentBy } from '../../test/fixtures/random-visits.js';
import { reporting } from '../../test/fixtures/reporting.js';

const BERLIN = 'Europe/Berlin';
const DAY = '2026-11-20';

/** The views of one browser at these times. */
const browser = (...isos: string[]) =>
  sentBy(
    isos.map((iso) => ({ browser: 0, atMs: Date.parse(iso), path: '/', source: '' }) as Seen),
    BERLIN,
  );

interface Row {
  readonly key: string;
  readonly hours: ReadonlyArray<{ readonly key: string } & Record<string, unknown>>;
}

const hourOf = (row: Row, hour: string) => row.hours.find(({ key }) => key === hour);

describe('the visits report', () => {
  it('ends a visit after half an hour without a view, to the second', async () => {
    const total = async (second: string) =>
      (await reporting({ hits: browser(`${DAY}T10:00:00Z`, second) }).get('visits', DAY, DAY)).total;
    expect(await total(`${DAY}T10:29:59Z`)).toMatchObject({ visits: 1, bounces: 0, views: 2, seconds: 1799 });
    expect(await total(`${DAY}T10:30:00Z`)).toMatchObject({ visits: 2, bounces: 2, views: 2, seconds: 0 });
  });

  it('counts a visit, its bounce and its duration where its views were, hour by hour', async () => {
    const hits = [...browser(`${DAY}T10:50:00Z`, `${DAY}T11:10:00Z`, `${DAY}T11:11:00Z`), ...browser(`${DAY}T11:00:00Z`)];
    const { total, rows } = await reporting({ hits }).get('visits', DAY, DAY);
    expect(total).toEqual({
      visits: 2,
      recorded: 2,
      bounces: 1,
      views: 4,
      seconds: 1260,
      bounceRate: 0.5,
      viewsPerVisit: 2,
      secondsPerVisit: 630,
    });
    const numbers = { visits: 1, recorded: 1 };
    expect(hourOf(rows[0], '11')).toEqual({ key: '11', ...numbers, bounces: 0, views: 1, seconds: 1200 });
    expect(hourOf(rows[0], '12')).toEqual({ key: '12', ...numbers, bounces: 1, views: 3, seconds: 60 });
  });

  it('counts a visit over midnight on the day on which it began, and each view on its own day', async () => {
    const hits = browser('2026-10-31T22:50:00Z', '2026-10-31T23:10:00Z', '2026-10-31T23:20:00Z');
    const { get } = reporting({ hits });
    const { rows } = await get('visits', '2026-10-31', '2026-11-01');
    const [before, after] = rows;
    expect(before).toMatchObject({ visits: 1, bounces: 0, views: 1, seconds: 1200 });
    expect(after).toMatchObject({ visits: 0, bounces: 0, views: 2, seconds: 600, bounceRate: null, secondsPerVisit: null });
    // The documents of the months give the same.
    expect((await get('visits', '2026-10-01', '2026-10-31')).total).toMatchObject({ visits: 1, bounces: 0, seconds: 1200 });
    expect((await get('visits', '2026-11-01', '2026-11-30')).total).toMatchObject({ visits: 0, bounces: 0, seconds: 600 });
  });

  it('counts each view from another site as a visit if there is no record', async () => {
    const from = (referrer: string, changes: Partial<Hit> = {}) =>
      plainHit(Date.parse(`${DAY}T10:00:00Z`), {
        referrer: parseReferrer(referrer, (host) => host === 'example.com'),
        ...changes,
      });
    const hits = [
      from('https://www.google.com/'),
      from('https://blog.example/'),
      from('https://example.com/a'),
      from(''),
      from('https://blog.example/', { kind: 'event' }),
      from('https://blog.example/', { visitor: VIEWS_ONLY }),
    ];
    const { total } = await reporting({ hits: [...hits, ...browser(`${DAY}T10:00:00Z`)] }).get('visits', DAY, DAY);
    expect(total).toMatchObject({ visits: 3, recorded: 1, bounces: 1, views: 1, bounceRate: 1 });
  });

  it('has no rates if nothing was counted', async () => {
    const { total, rows } = await reporting({}).get('visits', DAY, DAY);
    const nothing = { visits: 0, recorded: 0, bounces: 0, views: 0, seconds: 0 };
    expect(total).toEqual({ ...nothing, bounceRate: null, viewsPerVisit: null, secondsPerVisit: null });
    expect(rows[0].hours).toHaveLength(24);
  });

  it('counts imported visits on their day and in no hour', async () => {
    const imported = [{ kind: 'visits' as const, day: DAY, visits: 10, bounces: 4, views: 30, seconds: 600 }];
    const { total, rows } = await reporting({ hits: browser(`${DAY}T10:00:00Z`), imported }).get('visits', DAY, DAY);
    expect(total).toMatchObject({ visits: 11, recorded: 11, bounces: 5, views: 31, seconds: 600 });
    expect(rows[0]).toMatchObject({ visits: 11, bounces: 5 });
    expect(rows[0].hours.reduce((sum: number, { visits }: { visits: number }) => sum + visits, 0)).toBe(1);
  });
});
