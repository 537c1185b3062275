// Old documents in a running service: sweeps, and the jobs that they find, one after the other.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { count, reportsOf, viewsBetween } from '../../test/fixtures/several-years.js';
import { describeStores, type Store } from '../../test/fixtures/stores.js';
import type { Job, Jobs, Work } from '../sharing/jobs.js';
import type { Accounts } from '../store/accounts.js';
import { exampleSite } from '../store/contracts/accounts.js';
import { auditEntryAt } from '../store/contracts/audit-log.js';
import { startUpkeep } from './schedule.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hitherto-archives-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const site = { ...exampleSite, id: 'one', keep: {}, createdAtMs: Date.parse('2018-01-01') };
const accounts = { sites: () => [site], site: () => site } as unknown as Accounts;

/** Does what is due on a day, until nothing is; gives the names of the jobs. */
async function liveOn(store: Store, day: string): Promise<Set<string>> {
  const waiting: Job[] = [];
  let handlers: Readonly<Record<string, Work>> = {};
  const jobs: Jobs = {
    add: async (job) => void waiting.push(job),
    every: async (_, job) => void waiting.push(job),
    work: (given) => {
      handlers = given;
    },
    state: async () => ({ reachable: true, waiting: 0, failed: [] }),
    close: async () => {},
  };
  const nowMs = () => Date.parse(`${day}T12:00:00Z`);
  const archives = { dir, afterYears: 2 };
  const end = startUpkeep({ ...store, jobs, accounts, archives, kinds: DOCUMENT_KINDS, nowMs, forgetAfterMs: 0 });
  const look = waiting[0] as Job;
  const done = new Set<string>();
  for (let looks = 0; looks < 5; looks++) {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      await handlers[job.name]?.(job, () => false);
      if (job !== look) done.add(job.name);
    }
    waiting.push(look);
  }
  end();
  return done;
}

describeStores((open) => {
  describe('a service that runs for years', () => {
    it('removes the entries of the audit log after two years', async () => {
      const store = await open();
      const entries = ['2018-11-30', '2020-11-20'].map((day) => auditEntryAt(Date.parse(day)));
      for (const entry of entries) await store.auditLog.add(entry);
      await liveOn(store, '2020-11-29');
      expect(await store.auditLog.newest({ limit: 9 })).toEqual([entries[1], entries[0]]);
      await liveOn(store, '2020-12-02');
      expect(await store.auditLog.newest({ limit: 9 })).toEqual([entries[1]]);
    });

    it('summarises, removes and archives documents when they are due', async () => {
      const store = await open();
      await count(store.documents, viewsBetween('2018-01-01', '2020-01-20', 6));
      const before = await reportsOf(store, '2018-01-01', '2018-12-31');
      const names = async () => {
        const found = new Set<string>();
        for (const name of await store.documents.collections()) {
          if (name.startsWith('traffic.')) for await (const _ of store.documents.ids(name)) found.add(name);
        }
        return [...found].sort(); // on MongoDB, the collections of this year are created before anything is counted into them
      };

      expect(await liveOn(store, '2020-02-04')).not.toContain('archive');
      const closed = await liveOn(store, '2020-02-06');
      expect(closed).toContain('summarise');
      expect(closed).not.toContain('archive');
      expect(await names()).toEqual(['traffic.2018', 'traffic.2019', 'traffic.2020', 'traffic.years']);
      expect(await reportsOf(store, '2018-01-01', '2018-12-31')).toEqual(before);

      expect(await liveOn(store, '2021-06-01')).toContain('archive');
      expect(await names()).toEqual(['traffic.2019', 'traffic.2020', 'traffic.years']);
      expect(existsSync(join(dir, '2018', 'manifest.json'))).toBe(true);
      const { traffic, content } = await reportsOf(store, '2018-01-01', '2018-12-31');
      expect(traffic).toEqual({ ...(before.traffic as object), archived: ['2018'] });
      expect(content).toEqual({ ...(before.content as object), archived: ['2018'] });
      expect(await liveOn(store, '2021-06-01')).toEqual(new Set());

      // a node that does not count keeps its years open
      await store.nodes.claim('naway', 'boot', undefined);
      await store.nodes.heartbeat('naway', 'boot', Date.parse('2020-12-01'));
      expect(await liveOn(store, '2023-06-01')).toContain('archive');
      expect(await names()).toEqual(['traffic.2020', 'traffic.years']);
      await store.nodes.end('naway', 5);
      expect(await liveOn(store, '2023-06-02')).toContain('archive');
      expect(await names()).toEqual(['traffic.years']);
    });
  });
});
