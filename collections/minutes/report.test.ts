import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCalendar } from '../../src/time/calendar.js';
import { FIVE_MINUTES_MS } from '../../src/time/units.js';
import { plainHit, viewAfter } from '../../test/fixtures/hits.js';
import { type Seen, sentBy, visiting } from '../../test/fixtures/random-visits.js';
import { reporting } from '../../test/fixtures/reporting.js';

const DAY = '2026-11-20';

interface Row {
  readonly key: string;
  readonly minutes: ReadonlyArray<{ readonly key: string; readonly views: number; readonly visitors: number }>;
}

const counted = (rows: readonly Row[]) => rows.flatMap(({ minutes }) => minutes.filter(({ views }) => views > 0));
const browsersIn = (seen: readonly Seen[]) => new Set(seen.map(({ browser }) => browser)).size;

describe('the minutes report', () => {
  it('lists all five minutes of the day, including the second pass of an hour', async () => {
    const hits = [viewAfter('2026-10-25T00:59:59Z'), viewAfter('2026-10-25T01:00:00Z')];
    const { rows } = await reporting({ hits }).get('minutes', '2026-10-25', '2026-10-25');
    expect(rows[0].minutes).toHaveLength(25 * 12);
    expect(counted(rows)).toEqual([
      { key: '02:55', views: 1, visitors: 1 },
      { key: '02+:00', views: 1, visitors: 1 },
    ]);
  });

  it('counts a browser once in each five minutes, and the views of all browsers', async () => {
    const hits = [
      viewAfter(`${DAY}T10:00:00Z`),
      viewAfter(`${DAY}T10:04:59Z`, 299),
      viewAfter(`${DAY}T10:05:00Z`, 1),
      plainHit(Date.parse(`${DAY}T10:05:00Z`)),
      plainHit(Date.parse(`${DAY}T10:05:00Z`), { kind: 'event' }),
    ];
    expect(counted((await reporting({ hits }).get('minutes', DAY, DAY)).rows)).toEqual([
      { key: '11:00', views: 2, visitors: 1 },
      { key: '11:05', views: 2, visitors: 1 },
    ]);
  });

  it('splits five minutes in which the offset changes, and lists both parts', async () => {
    const timezone = 'America/St_Johns'; // goes from 00:01 to 23:01
    const { localTime } = createCalendar(timezone);
    const seen = ['02:30:30', '02:31:10', '02:34:00', '02:35:00'].map((time): Seen => {
      const atMs = Date.parse(`2010-11-07T${time}Z`);
      return { browser: 1, atMs, at: localTime(atMs), path: '/', source: '' };
    });
    const { rows } = await reporting({ hits: sentBy(seen, timezone) }).get('minutes', '2010-11-06', '2010-11-07', { timezone });
    expect(rows.map((row: Row) => [row.key, ...counted([row])])).toEqual([
      ['2010-11-06', { key: '23+:00', views: 2, visitors: 1 }, { key: '23+:05', views: 1, visitors: 1 }],
      ['2010-11-07', { key: '00:00', views: 1, visitors: 1 }],
    ]);
  });

  it('counts the visitors who are here now, even just after midnight', async () => {
    const hits = [viewAfter(`${DAY}T22:56:00Z`), viewAfter(`${DAY}T22:58:00Z`), viewAfter(`${DAY}T23:01:00Z`, 180)];
    const online = async (asOf: string) =>
      (await reporting({ hits }).get('minutes', DAY, '2026-11-21', { asOf: `${DAY}T${asOf}Z` })).online;
    expect(await online('23:01:30')).toEqual({ visitors: 2, views: 3 });
    expect(await online('23:05:00')).toEqual({ visitors: 1, views: 1 });
    expect(await online('23:10:00')).toEqual({ visitors: 0, views: 0 });
  });

  it('does not count the visitors who are here if the range lacks that time or the five minutes before', async () => {
    const online = async (from: string, to: string, asOf: string) =>
      (await reporting({}).get('minutes', from, to, { asOf })).online;
    expect(await online(DAY, DAY, '2026-11-21T10:00:00Z')).toBeNull();
    expect(await online('2026-11-21', '2026-11-21', `${DAY}T23:04:59Z`)).toBeNull();
    expect(await online('2026-11-21', '2026-11-21', `${DAY}T23:05:00Z`)).toEqual({ visitors: 0, views: 0 });
    expect(await online(DAY, '2026-11-21', `${DAY}T23:04:59Z`)).toEqual({ visitors: 0, views: 0 });
  });

  it('has as many visitors, in total and at any time, as there were different browsers', async () => {
    await fc.assert(
      fc.asyncProperty(visiting, fc.nat(), fc.nat(900_000), async ({ seen, hits, timezone }, which, laterMs) => {
        const view = seen[which % seen.length] as Seen;
        const asOfMs = view.atMs + laterMs;
        const beganMs = (Math.floor(asOfMs / FIVE_MINUTES_MS) - 1) * FIVE_MINUTES_MS;
        const taken = seen.filter(({ atMs }) => atMs <= asOfMs).length;
        const { localTime } = createCalendar(timezone);
        const [from, to] = [localTime(beganMs).day, localTime(asOfMs).day];
        const asOf = new Date(asOfMs).toISOString();
        const { online, rows } = await reporting({ hits: hits.slice(0, taken) }).get('minutes', from, to, { timezone, asOf });
        const here = seen.slice(0, taken).filter(({ atMs }) => atMs >= beganMs);
        expect(online).toEqual({ visitors: browsersIn(here), views: here.length });
        for (const { key, minutes } of rows as Row[]) {
          for (const five of minutes.filter(({ views }) => views > 0)) {
            const then = seen.slice(0, taken).filter(({ at }) => at.day === key && `${at.hour}:${at.minute}` === five.key);
            expect(five).toMatchObject({ views: then.length, visitors: browsersIn(then) });
          }
        }
      }),
    );
  });
});
