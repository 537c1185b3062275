import { describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { type Countable, plainHit } from '../../test/fixtures/hits.js';
import { memoryLedger } from '../../test/fixtures/ledger.js';
import { answers, reporting } from '../../test/fixtures/reporting.js';
import type { Hit } from '../hit/hit.js';
import { type ReadRecord, readRecord } from '../hit/record.js';
import { createCalendar } from '../time/calendar.js';
import { addDays } from '../time/dates.js';
import { HOUR_MS, MINUTE_MS } from '../time/units.js';
import { expiredWork } from '../upkeep/expired.js';
import { rollupAnswer } from '../web/api/answers.js';
import { createRollup } from './rollup.js';

const ZONES = { berlin: 'Europe/Berlin', munich: 'Europe/Berlin', tokyo: 'Asia/Tokyo', honolulu: 'Pacific/Honolulu' };
type Name = keyof typeof ZONES;
const NAMES = Object.keys(ZONES) as Name[];
const CALENDARS = new Map(NAMES.map((name) => [name, createCalendar(ZONES[name])]));

interface View {
  readonly site: Name;
  readonly atMs: number;
  readonly path: string;
  readonly day: string;
}

function viewAt(site: Name, atMs: number, path: string): View {
  return { site, atMs, path, day: CALENDARS.get(site)?.localTime(atMs).day as string };
}

/** A view of a new browser with a record. */
function recorded({ site, atMs, path }: View): Countable[] {
  const calendar = CALENDARS.get(site) as ReturnType<typeof createCalendar>;
  const hit: Hit = plainHit(atMs, { site, path, at: calendar.localTime(atMs) });
  const fields = {
    age: undefined,
    firstViewDaysAgo: '0',
    visitNumber: '1',
    pageNumber: '1',
    pageAge: undefined,
    previousPath: '',
  };
  const at = { site, path, receivedAtMs: atMs, at: hit.at, calendar, siteSinceMs: 0 };
  const { visitor, observations } = readRecord(fields, at) as ReadRecord;
  return [{ ...hit, visitor }, ...observations];
}

/** Another number of views for each site, over more than two months. */
const views: View[] = NAMES.flatMap((site, n) =>
  Array.from({ length: 60 + n * 20 }, (_, i) =>
    viewAt(site, Date.parse('2026-11-20T13:37:00Z') - i * (29 + n) * HOUR_MS, `/${(i * (n + 1)) % 7}`),
  ),
);
let made: ReturnType<typeof reporting> | undefined;
const service = () => {
  made ??= reporting({ hits: views.map(recorded) });
  return made;
};
const asOfMs = Date.parse('2026-11-20T13:37:00Z');

function query(report: string, from: string, to: string, sites: readonly Name[] = NAMES) {
  const ranges = sites.map((site) => ({ site, timezone: ZONES[site], from, to }));
  return { report, sites: ranges, limit: 1000, search: '', page: '', asOfMs };
}

async function rollup(report: string, from: string, to: string, others: object = {}) {
  const answer = JSON.parse(await service().rollup({ ...query(report, from, to), ...others }));
  rollupAnswer.parse(answer);
  answers[report]?.parse(answer);
  return answer;
}

const ranges = [
  ['2026-11-20', '2026-11-20'],
  ['2026-11-01', '2026-11-30'],
  ['2026-10-05', '2026-11-12'],
  ['2026-01-01', '2026-12-31'],
] as const;

describe('the roll-up', () => {
  it.each(ranges)('of traffic counts what the hits of all sites are (%s to %s)', async (from, to) => {
    const counted = views.filter(({ day }) => from <= day && day <= to);
    const answer = await rollup('traffic', from, to);
    expect(answer).toMatchObject({ sites: NAMES, timezones: [...new Set(Object.values(ZONES))].sort(), from, to });
    expect(answer.total).toMatchObject({ views: counted.length, visitors: counted.length });
    const days = Object.fromEntries(answer.rows.map((row: { key: string; views: number }) => [row.key, row.views]));
    for (let day: string = from; day <= to; day = addDays(day, 1))
      expect([day, days[day]]).toEqual([day, counted.filter((view) => view.day === day).length]);
  });

  it.each(ranges)('of pages counts the same path of all sites as one row (%s to %s)', async (from, to) => {
    const { rows, total } = await rollup('content', from, to);
    const counted = views.filter(({ day }) => from <= day && day <= to);
    const paths = [...new Set(counted.map(({ path }) => path))];
    const found = new Map(rows.map(({ key, views }: { key: string; views: number }) => [key, views]));
    expect(found).toEqual(new Map(paths.map((path) => [path, counted.filter((view) => view.path === path).length])));
    expect(total.views).toBe(counted.length);
  });

  it('answers every report, and of one site exactly what the report of that site answers', async () => {
    const { get, rollup } = service();
    for (const { reports } of DOCUMENT_KINDS) {
      for (const { name } of reports) {
        const options = { page: name === 'pages' ? '/1' : '', limit: 1000, asOf: new Date(asOfMs).toISOString() };
        const days = ['2026-11-01', '2026-11-30'] as const;
        const { site, timezone, ...one } = await get(name, ...days, { ...options, site: 'tokyo', timezone: ZONES.tokyo });
        const asked = { ...query(name, ...days, ['tokyo']), page: options.page };
        expect(JSON.parse(await rollup(asked))).toEqual({ sites: [site], timezones: [timezone], ...one });
        const several = JSON.parse(await rollup({ ...asked, sites: query(name, ...days).sites }));
        answers[name]?.parse(several);
      }
    }
  });

  it('adds up who is here now, by the clock of each site', async () => {
    const now = NAMES.flatMap((site, n) =>
      Array.from({ length: n + 1 }, (_, i) => viewAt(site, asOfMs - (i + 1) * MINUTE_MS, '/now')),
    );
    const sites = NAMES.map((site) => {
      const day = CALENDARS.get(site)?.localTime(asOfMs).day as string;
      return { site, timezone: ZONES[site], from: day, to: day };
    });
    const { rollup } = reporting({ hits: now.map(recorded) });
    const answer = JSON.parse(await rollup({ ...query('minutes', '', ''), sites }));
    expect(answer.online).toEqual({ views: now.length, visitors: now.length });
  });

  it('reads the range of each site, and is about all days of any', async () => {
    const sites = query('traffic', '2026-11-19', '2026-11-19', ['berlin']).sites;
    const others = query('traffic', '2026-11-20', '2026-11-20', ['tokyo']).sites;
    const { from, to, total } = await rollup('traffic', '', '', { sites: [...sites, ...others] });
    const isIn = ({ site, day }: View) =>
      (site === 'berlin' && day === '2026-11-19') || (site === 'tokyo' && day === '2026-11-20');
    expect([from, to, total.views]).toEqual(['2026-11-19', '2026-11-20', views.filter(isIn).length]);
  });

  it('is compared with the other range of each site', async () => {
    const answer = await rollup('traffic', '2026-11-01', '2026-11-30', { compare: 'previous' });
    const before = await rollup('traffic', '2026-10-01', '2026-10-31');
    expect(answer.compared).toMatchObject({ from: '2026-10-01', to: '2026-10-31', total: before.total, rows: before.rows });
  });

  it('is answered as CSV, as any report', async () => {
    const text = await service().rollup({ ...query('content', '2026-11-01', '2026-11-30'), csv: 'rows' });
    expect(text.split('\r\n')).toHaveLength(7 + 2);
  });

  it('counts a visitor of two sites twice, even if it has the same point in the sketches of both', async () => {
    const at = '2026-11-20T12:00:00Z';
    const visitor = (site: Name, register: number): { hit: Hit; point: object } => {
      const hit = plainHit(Date.parse(at), { site, at: CALENDARS.get(site)?.localTime(Date.parse(at)) as Hit['at'] });
      return {
        hit,
        point: { site, day: hit.at.day, sketch: 'day', register, rank: 1 + (register % 5), receivedAtMs: hit.receivedAtMs },
      };
    };
    const all = (['berlin', 'munich'] as const).flatMap((site) => [10, 20, 30].map((register) => visitor(site, register)));
    const counted = reporting({ hits: all.map(({ hit }) => hit), points: all.map(({ point }) => point) as never });
    const day = '2026-11-20';
    const one = await counted.get('traffic', day, day, { site: 'berlin' });
    const both = JSON.parse(await counted.rollup(query('traffic', day, day, ['berlin', 'munich'])));
    expect([one.total.visitors, both.total.visitors]).toEqual([3, 6]);
  });

  it('names what is missing of any site', async () => {
    const ledger = memoryLedger();
    await ledger.add(expiredWork('day', 'content'), 'tokyo', { from: '2026-10-01', to: '2026-10-31' });
    const { rollup } = reporting({ hits: views.map(recorded), ledger });
    const widened = JSON.parse(await rollup(query('content', '2026-10-10', '2026-11-12')));
    expect(widened).toMatchObject({ from: '2026-10-01', to: '2026-11-12', resolution: 'month' });
    await ledger.add(expiredWork('day', 'minutes'), 'berlin', { from: '2026-10-01', to: '2026-10-31' });
    const expired = JSON.parse(await rollup(query('minutes', '2026-10-30', '2026-11-02')));
    expect(expired.expired).toEqual([{ from: '2026-10-30', to: '2026-10-31' }]);
  });

  it('is refused when it would read too many documents', async () => {
    const sites = Array.from({ length: 200 }, (_, i) => ({
      ...{ site: `s${i}`, timezone: 'UTC', from: '2026-11-01', to: '2026-11-21' },
    }));
    const { rollup } = service();
    await expect(rollup({ ...query('traffic', '', ''), sites })).rejects.toThrow(/4200 documents.*months instead/);
    const months = sites.map((site) => ({ ...site, to: '2026-11-30' }));
    expect(JSON.parse(await rollup({ ...query('traffic', '', ''), sites: months })).total.views).toBe(0);
  });

  it('lets other reports be made between two groups of documents', async () => {
    const order: string[] = [];
    const documents = {
      async read(ids: readonly { readonly id: string }[]) {
        order.push(...ids.map(({ id }) => id));
        return ids.map(() => undefined);
      },
      lateYears: async () => [],
      collections: async () => [],
    };
    const sites = Array.from({ length: 100 }, (_, i) => ({
      site: `s${i}`,
      timezone: 'UTC',
      from: '2026-11-01',
      to: '2026-11-30',
    }));
    const made = createRollup(documents, memoryLedger(), DOCUMENT_KINDS)({ ...query('traffic', '', ''), sites });
    setImmediate(() => order.push('another report'));
    await made;
    expect(order.indexOf('another report')).toBeGreaterThan(0);
    expect(order.indexOf('another report')).toBeLessThan(order.length - 1);
  });
});
