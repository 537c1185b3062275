// Documents over the years, in both stores.
import { describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { count, reportsOf, viewsBetween } from '../../test/fixtures/several-years.js';
import { describeStores, type Store } from '../../test/fixtures/stores.js';
import type { SiteKeep } from '../hit/site.js';
import { exampleSite } from '../store/contracts/accounts.js';
import { countedUntilMs, isClosed } from './closed.js';
import { expire } from './expire.js';
import { isSummarised, summarise } from './summarise.js';
import { unfinishedSinceMs } from './unfinished-imports.js';

const never = () => false;
const at = (iso: string) => Date.parse(iso);

async function summariseAll({ documents, ledger }: Store, ...names: string[]): Promise<void> {
  const parts = { documents, ledger, kinds: DOCUMENT_KINDS, sites: ['one', 'two'], isStopped: never };
  const all = names.length > 0 ? names : (await documents.collections()).filter((name) => /^[a-z]+\.[0-9]/.test(name));
  for (const name of all) await summarise(parts, name);
}

async function expireAll({ documents, ledger }: Store, today: string, keep: SiteKeep = {}): Promise<number> {
  const site = { ...exampleSite, id: 'one', keep };
  let removed = 0;
  for (const kind of DOCUMENT_KINDS) {
    removed += await expire({ documents, ledger, kind, site, today, isStopped: never });
  }
  return removed;
}

async function idsOf({ documents }: Store, collection: string, site?: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of documents.ids(collection, site)) ids.push(id);
  return ids;
}

describeStores((open) => {
  describe('a year that is summarised', () => {
    it('reads as its months did, including late hits, however often it is summarised', async () => {
      const store = await open();
      await count(store.documents, viewsBetween('2023-01-01', '2025-03-01', 9));
      await count(
        store.documents,
        viewsBetween('2024-02-01', '2024-06-01', 20, { receivedAtMs: at('2025-11-21T10:00:00Z') }),
        'late',
      );
      const before = await reportsOf(store, '2024-01-01', '2024-12-31');
      const range = await reportsOf(store, '2023-11-20', '2025-02-03');
      await summariseAll(store, 'traffic.2024', 'content.2024', 'content.2024.late2025', 'referrers.2024');
      expect(await reportsOf(store, '2024-01-01', '2024-12-31')).toEqual(before);
      await summariseAll(store);
      await summariseAll({ ...store, ledger: (await open()).ledger }); // a worker that does not know of the first run
      expect(await reportsOf(store, '2024-01-01', '2024-12-31')).toEqual(before);
      expect(await reportsOf(store, '2023-11-20', '2025-02-03')).toEqual(range);
      expect(await isSummarised(store.ledger, 'content.2024')).toBe(true);
      expect(await idsOf(store, 'traffic.years')).toEqual(['one:2023', 'one:2024', 'one:2025']);
      // its months are not read any more
      for (const name of ['traffic.2024', 'traffic.2024.late2025'])
        await store.documents.rewrite(name, await idsOf(store, name), () => 'remove');
      expect((await reportsOf(store, '2024-01-01', '2024-12-31')).traffic).toEqual(before.traffic);
    });

    it('is the same when two workers summarise it at once, or one is stopped in between', async () => {
      const store = await open();
      await count(store.documents, viewsBetween('2024-01-01', '2024-12-31', 11));
      await count(store.documents, viewsBetween('2024-01-01', '2024-12-31', 30, { site: 'two' }), 'node', 2);
      const before = await reportsOf(store, '2024-01-01', '2024-12-31', 'two');
      let looks = 0;
      const { documents, ledger } = store;
      const stopping = { documents, ledger, kinds: DOCUMENT_KINDS, sites: ['one', 'two'], isStopped: () => looks++ > 0 };
      await summarise(stopping, 'traffic.2024');
      expect(await isSummarised(ledger, 'traffic.2024')).toBe(false);
      await Promise.all([summariseAll(store), summariseAll(store)]);
      expect(await reportsOf(store, '2024-01-01', '2024-12-31', 'two')).toEqual(before);
    });
  });

  describe('an expired document', () => {
    it('is removed by grain, and reports are widened to what is left', async () => {
      const store = await open();
      await count(store.documents, viewsBetween('2022-12-01', '2026-11-20', 3));
      const year = await reportsOf(store, '2023-01-01', '2023-12-31');
      const summer = await reportsOf(store, '2026-07-01', '2026-07-31');
      await expireAll(store, '2026-11-20');
      const { minutes, pages, ...longer } = await reportsOf(store, '2026-07-01', '2026-07-31');
      expect(longer).toEqual({ ...summer, minutes: undefined, pages: undefined });
      // of kinds with days only, nothing is left, and the report says so
      expect(minutes).toMatchObject({
        expired: [{ from: '2026-07-01', to: '2026-07-01' }, ...Array(10).fill(expect.anything())],
      });
      expect(pages).toMatchObject({ from: '2026-07-01', resolution: 'day', total: { views: 0 } });
      const { traffic, content } = await reportsOf(store, '2026-07-10', '2026-07-20');
      expect(traffic).toMatchObject({ from: '2026-07-10', to: '2026-07-20', resolution: 'day' });
      expect(content).toEqual({ ...(summer.content as object), resolution: 'month' });
      const days = (await idsOf(store, 'content.2026')).filter((id) => id.length === 14);
      expect((days[0] as string) >= 'one:2026-08-20' && (days[0] as string) <= 'one:2026-08-23').toBe(true);
      // Months that are in no summary stay, however old they are.
      expect(await idsOf(store, 'content.2022')).toEqual(['one:2022-12']);
      await summariseAll(store);
      await expireAll(store, '2026-11-20');
      await expireAll(store, '2026-11-20');
      expect(await idsOf(store, 'content.2022')).toEqual([]);
      expect(await idsOf(store, 'content.2023')).toEqual(['one:2023-11', 'one:2023-12']);
      expect(await reportsOf(store, '2023-01-01', '2023-12-31')).toEqual(year);
      expect((await reportsOf(store, '2023-05-01', '2023-05-31')).content).toEqual({
        ...(year.content as object),
        resolution: 'year',
      });
      expect((await reportsOf(store, '2023-11-01', '2023-11-30')).content).toMatchObject({
        from: '2023-11-01',
        resolution: 'day',
      });
    });

    it('stays expired when a late hit arrives, and is removed again', async () => {
      const store = await open();
      const [hit] = viewsBetween('2026-03-10', '2026-03-10', 1);
      await count(store.documents, [hit as never]);
      await expireAll(store, '2026-11-20');
      await count(store.documents, [hit as never], 'node', 2);
      const { content } = await reportsOf(store, '2026-03-10', '2026-03-10');
      expect(content).toMatchObject({ from: '2026-03-01', resolution: 'month', total: { views: 2 } });
      await expireAll(store, '2026-11-20');
      expect(await idsOf(store, 'content.2026')).toEqual(['one:2026-03']);
    });

    it('is determined by when its last hit was received: an imported old log is kept for as long as new hits', async () => {
      const store = await open();
      await count(store.documents, viewsBetween('2015-05-01', '2015-06-30', 5, { receivedAtMs: at('2026-11-20T10:00:00Z') }));
      const before = await reportsOf(store, '2015-05-01', '2015-05-06');
      await expireAll(store, '2027-01-21'); // the five-minute counts are kept for two months only
      expect(await expireAll(store, '2027-02-20')).toBe(0);
      const { minutes: _, ...kept } = before;
      expect(await reportsOf(store, '2015-05-01', '2015-05-06')).toMatchObject(kept);
      expect(await expireAll(store, '2027-02-21')).toBeGreaterThan(0);
      expect((await reportsOf(store, '2015-05-01', '2015-05-06')).content).toMatchObject({ resolution: 'month' });
    });

    it('has no longer period where there are only days, and is kept as long as the site keeps days', async () => {
      const store = await open();
      await count(store.documents, viewsBetween('2025-09-01', '2025-12-31', 10));
      await summariseAll(store);
      const names = await store.documents.collections();
      expect(names).toEqual(expect.arrayContaining(['minutes.2025', 'traffic.years']));
      expect(names.filter((name) => /^(minutes|pages[a-p])\.years$/.test(name))).toEqual([]);
      const minutesSince = async () => (await idsOf(store, 'minutes.2025')).sort()[0];
      await expireAll(store, '2026-01-15', { day: 12 });
      expect(await minutesSince()).toBe('one:2025-09-01');
      await expireAll(store, '2026-01-15', { day: 12, month: 4, year: 24 }); // days expire with their months
      expect(await minutesSince()).toBe('one:2025-09-21');
      await expireAll(store, '2026-01-15');
      expect(await minutesSince()).toBe('one:2025-11-20');
      expect((await idsOf(store, 'content.2025')).filter((id) => id.length === 14).sort()[0]).toBe('one:2025-10-21');
      const { minutes, pages } = await reportsOf(store, '2025-10-01', '2025-10-31');
      expect(minutes).toMatchObject({ from: '2025-10-01', to: '2025-10-31', resolution: 'day', online: null });
      expect((minutes as { expired: object[] }).expired).toHaveLength(4);
      expect(pages).not.toHaveProperty('archived');
    });

    it('is removed where the site says so, even summaries of years', async () => {
      const store = await open();
      await count(store.documents, viewsBetween('2022-12-01', '2026-11-20', 10));
      await count(store.documents, viewsBetween('2022-12-01', '2026-11-20', 10, { site: 'two' }), 'node', 2);
      const two = await reportsOf(store, '2022-01-01', '2022-12-31', 'two');
      await summariseAll(store, ...(await store.documents.collections()).filter((name) => /202[2345]$/.test(name)));
      await expireAll(store, '2026-11-20', { month: 24, year: 24 });
      for (const name of await store.documents.collections()) {
        for (const id of await idsOf(store, name, 'one')) expect(`${name} ${id.slice(4)}` >= `${name} 2024-11`).toBe(true);
      }
      expect((await reportsOf(store, '2022-01-01', '2023-12-31')).traffic).toMatchObject({
        expired: [{ from: '2022-12-01', to: '2023-12-31' }],
        total: { views: 0 },
      });
      expect((await reportsOf(store, '2024-09-10', '2024-11-30')).traffic).toMatchObject({
        from: '2024-09-10',
        expired: [{ from: '2024-09-10', to: '2024-10-31' }],
        total: { views: 3 },
      });
      expect((await reportsOf(store, '2024-01-01', '2024-12-31')).content).toMatchObject({
        expired: [{ from: '2024-01-01', to: '2024-10-31' }],
        total: { views: 6 },
      });
      expect(await reportsOf(store, '2022-01-01', '2022-12-31', 'two')).toEqual(two);
    });
  });

  describe('a year', () => {
    it('closes when every node and every import has passed its last day by 35 days', async () => {
      const { documents, nodes, imports } = await open();
      const now = at('2026-03-01T00:00:00Z');
      const until = async () => countedUntilMs(nodes, await unfinishedSinceMs(imports, nodes), now);
      expect(isClosed('content.2025', await until())).toBe(true);
      expect(isClosed('content.2019.late2025', await until())).toBe(true);
      expect(isClosed('content.2019.late2026', await until())).toBe(false);
      expect(isClosed('content.2026', await until())).toBe(false);
      expect(isClosed('content.years', await until())).toBe(false);

      await nodes.claim('nnew', 'boot', undefined);
      expect(isClosed('content.2025', await until())).toBe(true);
      await nodes.claim('naway', 'boot', undefined);
      await nodes.heartbeat('naway', 'boot', at('2026-02-05T00:00:00Z'));
      expect(isClosed('content.2025', await until())).toBe(false);
      await nodes.heartbeat('naway', 'boot', at('2026-02-05T00:00:00.001Z') + 60_000);
      expect(isClosed('content.2025', await until())).toBe(true);

      const record = { id: 'i1', site: exampleSite, key: 'ab', beginnings: [] };
      await imports.begin(record, never);
      await imports.plan('i1', { number: 1, from: 0, to: 9, receivedAtMs: at('2026-01-10T00:00:00Z'), checksum: 1 });
      expect(isClosed('content.2025', await until())).toBe(false);
      await documents.apply({ node: 'i1', number: 1, checksum: 1 }, [], 0);
      expect(isClosed('content.2025', await until())).toBe(true);
    });
  });
});
