import { describe, expect, it, jest } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { plainHit, type ViewWithObservations } from '../../test/fixtures/hits.js';
import { reporting } from '../../test/fixtures/reporting.js';
import type { Counters } from '../counters/counters.js';
import { type ReadRecord, readRecord } from '../hit/record.js';
import { DamagedData } from '../store/damaged.js';
import { type Calendar, createCalendar } from '../time/calendar.js';
import { addDays } from '../time/dates.js';
import { FIVE_MINUTES_MS, HOUR_MS, MINUTE_MS } from '../time/units.js';
import { overviewAnswer } from '../web/api/overview.js';
import { createOverview } from './overview.js';
import type { OverviewSite } from './port.js';

const ZONES = { berlin: 'Europe/Berlin', tokyo: 'Asia/Tokyo', honolulu: 'Pacific/Honolulu', katmandu: 'Asia/Kathmandu' };
type Name = keyof typeof ZONES;
const NAMES = Object.keys(ZONES) as Name[];
const CALENDARS = Object.fromEntries(NAMES.map((name) => [name, createCalendar(ZONES[name])])) as Record<Name, Calendar>;
const sites = NAMES.map((site) => ({ site, title: site, timezone: ZONES[site], createdAtMs: 0 }));

/** The first view of a new browser. */
function view(site: Name, atMs: number): ViewWithObservations {
  const calendar = CALENDARS[site];
  const hit = plainHit(atMs, { site, at: calendar.localTime(atMs) });
  const fields = {
    age: undefined,
    firstViewDaysAgo: '0',
    visitNumber: '1',
    pageNumber: '1',
    pageAge: undefined,
    previousPath: '',
  };
  const { visitor, observations } = readRecord(fields, {
    ...{ site, path: '/', receivedAtMs: atMs, at: hit.at, calendar, siteSinceMs: 0 },
  }) as ReadRecord;
  return [{ ...hit, visitor }, ...observations];
}

/** Views at uneven times in the last 32 days before this time, more of them in its last hour. */
function timesUntil(untilMs: number, name: Name): number[] {
  const step = 5 * HOUR_MS + (7 + NAMES.indexOf(name)) * MINUTE_MS;
  const times = Array.from({ length: 150 }, (_, i) => untilMs - 1 - i * step);
  return [...times, ...Array.from({ length: 20 }, (_, i) => untilMs - 1 - i * 3 * MINUTE_MS)];
}

describe('the overview of sites', () => {
  const untilMs = [Date.parse('2026-11-20T13:37:00Z'), Date.parse('2026-03-01T00:07:00Z'), Date.parse('2026-10-25T02:30:00Z')];

  it.each(untilMs)('counts what the hits are, by the clock of each site (until %d)', async (asOfMs) => {
    const times = Object.fromEntries(NAMES.map((name) => [name, timesUntil(asOfMs, name)])) as Record<Name, number[]>;
    const hits = NAMES.flatMap((name) => times[name].map((atMs) => view(name, atMs)));
    const answer = JSON.parse(await reporting({ hits }).overview({ sites, withOnline: true, asOfMs }));
    overviewAnswer.omit({ teams: true }).strict().parse(answer);

    for (const [i, name] of NAMES.entries()) {
      const { localTime } = CALENDARS[name];
      const local = times[name].map((atMs) => localTime(atMs));
      const now = localTime(asOfMs);
      const yesterday = addDays(now.day, -1);
      const count = (is: (at: (typeof local)[number]) => boolean) => local.filter(is).length;
      // an hour that occurs twice is in one of the days only
      const isOver = (hour: string) => hour < now.hour.slice(0, 2) && !hour.endsWith('+');
      const todayUntil = count(({ day, hour }) => day === now.day && isOver(hour));
      const yesterdayUntil = count(({ day, hour }) => day === yesterday && isOver(hour));
      const isNow = [asOfMs, asOfMs - FIVE_MINUTES_MS].map((atMs) => JSON.stringify(localTime(atMs)));
      const online = count((at) => isNow.includes(JSON.stringify(at)));
      const [today, before] = [count(({ day }) => day === now.day), count(({ day }) => day === yesterday)];
      expect(answer.sites[i]).toEqual({
        ...{ site: name, title: name, timezone: ZONES[name], createdAt: '1970-01-01T00:00:00.000Z', day: now.day },
        today: { views: today, visitors: today },
        yesterday: { views: before, visitors: before },
        sameHours:
          now.hour === '00'
            ? null
            : {
                until: now.hour.slice(0, 2),
                today: { views: todayUntil, visitors: todayUntil },
                yesterday: { views: yesterdayUntil, visitors: yesterdayUntil },
              },
        online: { visitors: online, views: online },
        days: Array.from({ length: 30 }, (_, j) => count(({ day }) => day === addDays(now.day, j - 29))),
      });
    }
  });

  it('compares nothing with a day that has no hours, or on which the site began', async () => {
    const asOfMs = Date.parse('2026-11-20T12:00:00Z');
    const imported = [{ kind: 'views' as const, day: '2026-11-19', views: 7, page: '/', title: '' }];
    const one = { site: 'one', title: 'One', timezone: 'Europe/Berlin', createdAtMs: 0 };
    const ofImported = reporting({ imported: imported as never }).overview({ sites: [one], withOnline: false, asOfMs });
    expect(JSON.parse(await ofImported).sites[0]).toMatchObject({ yesterday: { views: 7 }, sameHours: null, online: null });
    const hits = [view('berlin', asOfMs - 2 * HOUR_MS), view('berlin', asOfMs - 24 * HOUR_MS)];
    const begun = { ...one, site: 'berlin', createdAtMs: asOfMs - 26 * HOUR_MS };
    const ofNew = reporting({ hits }).overview({ sites: [begun], withOnline: false, asOfMs });
    expect(JSON.parse(await ofNew).sites[0]).toMatchObject({ yesterday: { views: 1 }, sameHours: null });
  });

  it('has a row for each site as CSV, without numbers for one that is damaged', async () => {
    const [asOfMs] = untilMs as [number];
    const hits = [view('berlin', asOfMs - HOUR_MS), view('berlin', asOfMs - 24 * HOUR_MS)];
    const { overview } = reporting({ hits });
    const [berlin, tokyo] = sites.map((one) => ({ ...one, title: `=${one.title}` }));
    const query = { sites: [berlin, tokyo] as OverviewSite[], withOnline: true, asOfMs };
    const [header, ...rows] = parse(await overview({ ...query, isCsv: true }), { bom: true }) as string[][];
    expect(header?.slice(0, 8)).toEqual([
      ...['site', 'title', 'timezone', 'createdAt', 'day', 'today.views', 'today.visitors', 'today.error'],
    ]);
    expect(header?.slice(-1)).toEqual(['days.30']);
    const [answer] = JSON.parse(await overview(query)).sites;
    const cells = (row: string[]) => Object.fromEntries((header ?? []).map((name, i) => [name, row[i]]));
    expect(cells(rows[0] as string[])).toMatchObject({
      site: 'berlin',
      title: "'=berlin",
      'today.views': '1',
      'yesterday.views': '1',
      'sameHours.until': answer.sameHours.until,
      'online.visitors': String(answer.online.visitors),
      'days.29': '1',
      'days.30': '1',
    });
    expect(rows.map(([site]) => site)).toEqual(['berlin', 'tokyo']);
  });

  it('is empty for a site that nobody has viewed', async () => {
    const text = await reporting({}).overview({ sites: sites.slice(0, 1), withOnline: true, asOfMs: untilMs[0] as number });
    expect(JSON.parse(text).sites[0]).toMatchObject({
      today: { views: 0, visitors: 0 },
      sameHours: { today: { views: 0 }, yesterday: { views: 0 } },
      online: { visitors: 0, views: 0 },
    });
  });
});

describe('the documents of an overview', () => {
  const asOfMs = Date.parse('2026-11-20T12:00:00Z');
  const many = Array.from({ length: 250 }, (_, i) => ({ ...(sites[i % 4] as (typeof sites)[number]), site: `site-${i}` }));
  const started = (read: (ids: readonly { id: string }[]) => void = () => {}) => {
    let ms = 0;
    const readPart = jest.fn(async (ids: readonly { id: string }[]): Promise<Array<Counters | undefined>> => {
      read(ids);
      return ids.map(() => undefined);
    });
    const overview = createOverview({ readPart }, DOCUMENT_KINDS, () => ms);
    const pass = (passed: number) => {
      ms += passed;
    };
    return { overview, readPart, pass };
  };

  it('are read with few calls, and those of days that are over again only after one to two minutes', async () => {
    const { overview, readPart, pass } = started();
    const idsRead = async () => {
      readPart.mockClear();
      await overview({ sites: many, withOnline: true, asOfMs });
      return readPart.mock.calls.flatMap(([ids]) => ids).length;
    };
    // for each site: two months, today and the minutes of today
    expect(await idsRead()).toBe(4 * many.length);
    expect(readPart.mock.calls.length).toBeLessThanOrEqual(3 * (2 + 2 + 4));
    pass(MINUTE_MS - 1);
    expect(await idsRead()).toBe(2 * many.length);
    pass(MINUTE_MS + 1);
    expect(await idsRead()).toBe(4 * many.length);
  });

  it('are read again when the day or the time zone of a site has changed', async () => {
    const { overview, readPart } = started();
    const [one] = many as [(typeof many)[number]];
    await overview({ sites: [one], withOnline: false, asOfMs });
    for (const [timezone, atMs] of [
      ['Asia/Tokyo', asOfMs],
      ['Asia/Tokyo', asOfMs + 24 * HOUR_MS],
    ] as const) {
      readPart.mockClear();
      await overview({ sites: [{ ...one, timezone }], withOnline: false, asOfMs: atMs });
      expect(readPart).toHaveBeenCalledTimes(2);
    }
  });

  it('of the old day and of the new one are not mixed by two answers around midnight', async () => {
    const beforeMidnight = Date.parse('2026-11-20T22:59:00Z'); // in Berlin
    const one = { site: 'berlin', title: 'Berlin', timezone: ZONES.berlin, createdAtMs: 0 };
    const hits = [...Array(2).fill(24), ...Array(3).fill(1)].map((hours) => view('berlin', beforeMidnight - hours * HOUR_MS));
    const { documents } = reporting({ hits });
    let goOn = (): void => {};
    const slow = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const overview = createOverview(
      {
        async readPart(ids) {
          if (ids.some(({ id }) => id === 'berlin:2026-11-20')) await slow;
          return documents.read(ids);
        },
      },
      DOCUMENT_KINDS,
    );
    const ask = async (atMs: number) => {
      const { sites } = JSON.parse(await overview({ sites: [one], withOnline: false, asOfMs: atMs }));
      const [{ day, today, yesterday, days }] = sites;
      return [day, today.views, yesterday.views, days.slice(-2)];
    };
    const ofOldDay = ask(beforeMidnight);
    const ofNewDay = await ask(beforeMidnight + 2 * MINUTE_MS);
    goOn();
    expect(await ofOldDay).toEqual(['2026-11-20', 3, 2, [2, 3]]);
    expect(ofNewDay).toEqual(['2026-11-21', 0, 3, [3, 0]]);
  });

  it('may be damaged: all other sites are in the overview', async () => {
    const { overview } = started((ids) => {
      if (ids.some(({ id }) => id.startsWith('site-7:'))) throw new DamagedData('damaged');
    });
    const answer = JSON.parse(await overview({ sites: many, withOnline: true, asOfMs }));
    expect(answer.damaged).toEqual(['site-7']);
    expect(answer.sites.map(({ site }: { site: string }) => site)).toEqual(
      many.map(({ site }) => site).filter((site) => site !== 'site-7'),
    );
  });

  it('may be unavailable: then there is no overview', async () => {
    const { overview } = started(() => {
      throw new Error('unavailable');
    });
    await expect(overview({ sites: many, withOnline: true, asOfMs })).rejects.toThrow('unavailable');
  });
});
