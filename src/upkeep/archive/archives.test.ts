// Years that are archived and restored, in both stores. Every test ends with the sums that it started with.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { count, reportsOf, viewsBetween } from '../../../test/fixtures/several-years.js';
import { describeStores, type Store } from '../../../test/fixtures/stores.js';
import type { Hit } from '../../hit/hit.js';
import { archivesForDeletion } from '../../operations/delete/archives.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import type { Documents } from '../../store/documents.js';
import type { Deleted, Tombstone } from '../../store/tombstones.js';
import { summarise } from '../summarise.js';
import { archive } from './archive.js';
import { expireArchives } from './expire.js';
import { archivesIn, verify } from './manifest.js';
import { prune } from './prune.js';
import { restore, undoRestore } from './restore.js';

const never = () => false;
const YEAR = '2019';
const LATE = Date.parse('2020-06-01T00:00:00Z');

let archivesDir: string;
beforeEach(() => {
  archivesDir = mkdtempSync(join(tmpdir(), 'hitherto-archives-'));
});
afterEach(() => rmSync(archivesDir, { recursive: true }));

async function namesOf({ documents }: Store): Promise<string[]> {
  return (await documents.collections()).filter((name) => name.includes(`.${YEAR}`)).sort();
}

async function summariseAll(store: Store): Promise<void> {
  const parts = { ...store, kinds: DOCUMENT_KINDS, sites: ['one', 'two'], isStopped: never };
  for (const name of await namesOf(store)) await summarise(parts, name);
}

async function archiveYear(store: Store, changes: Partial<Parameters<typeof archive>[0]> = {}): Promise<void> {
  const names = await namesOf(store);
  await archive({ ...store, archivesDir, year: YEAR, names, nowMs: LATE, isStopped: never, ...changes });
}

const restoring = (store: Store, site?: string) => ({
  ...store,
  year: YEAR,
  archives: archivesIn(archivesDir, YEAR),
  isKnown: () => true,
  site,
  isStopped: never,
  onProgress: () => {},
});

/** Views of the first site in April, on time and late. */
const APRIL = 3 + 5;

/** Two sites, a year with hits that came late, and the years beside it. */
async function filled(open: () => Promise<Store>): Promise<Store> {
  const store = await open();
  const late: Partial<Hit> = { receivedAtMs: LATE };
  await count(store.documents, viewsBetween('2018-12-01', '2020-01-31', 8));
  await count(store.documents, viewsBetween('2018-12-01', '2020-01-31', 15, { site: 'two' }), 'node', 2);
  await count(store.documents, viewsBetween('2019-04-01', '2019-05-01', 6, late), 'node', 3);
  await summariseAll(store);
  return store;
}

const year = (store: Store, site?: string) => reportsOf(store, '2019-01-01', '2019-12-31', site);
const month = (store: Store, site?: string) => reportsOf(store, '2019-04-01', '2019-04-30', site);
const withoutWords = (reports: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(reports).map(([name, report]) => [name, { ...(report as object), archived: undefined }]));

/** Fails at the n-th call that changes documents, as a process that is killed there. */
function dyingAt(documents: Documents, calls: number): Documents {
  let left = calls;
  const step = () => {
    if (left-- === 0) throw new Error('killed');
  };
  return {
    ...documents,
    async rewrite(...args) {
      step();
      return documents.rewrite(...args);
    },
    async drop(...args) {
      step();
      return documents.drop(...args);
    },
  };
}

describeStores((open) => {
  describe('an archived year', () => {
    it('is removed from the store, is read from its summary, and can be restored unchanged', async () => {
      const store = await filled(open);
      const before = {
        year: await year(store),
        two: await year(store, 'two'),
        month: await month(store),
        days: await month(store, 'two'),
      };
      await archiveYear(store);
      expect(await namesOf(store)).toEqual([]);
      expect(await store.documents.collections()).toContain('traffic.2018');
      expect(withoutWords(await year(store))).toEqual(withoutWords(before.year));
      expect((await month(store)).traffic).toMatchObject({
        from: '2019-01-01',
        to: '2019-12-31',
        resolution: 'year',
        archived: [YEAR],
      });

      await restore(restoring(store, 'two'));
      expect(await month(store, 'two')).toEqual(before.days);
      expect((await month(store)).traffic).toMatchObject({ archived: [YEAR] });
      await restore(restoring(store));
      await restore(restoring(store));
      expect(await month(store)).toEqual(before.month);
      expect(await year(store)).toEqual(before.year);
      expect(await year(store, 'two')).toEqual(before.two);

      await undoRestore(restoring(store));
      expect(await namesOf(store)).toEqual([]);
      expect((await store.ledger.allDays('restored')).size).toBe(0);
      expect((await month(store)).traffic).toMatchObject({ archived: [YEAR] });
      expect(withoutWords(await year(store, 'two'))).toEqual(withoutWords(before.two));
      await restore({ ...restoring(store), isKnown: (site) => site === 'two' });
      expect((await month(store, 'two')).traffic).toMatchObject((before.days.traffic ?? {}) as object);
      for await (const id of store.documents.ids('traffic.2019')) expect(id).toContain('two:');
    });

    it('can be read by standard tools, and has counts and checksums', async () => {
      const store = await filled(open);
      let documents = 0;
      for (const name of await namesOf(store)) for await (const _ of store.documents.ids(name)) documents++;
      await archiveYear(store);
      const [written] = archivesIn(archivesDir);
      expect(written?.manifest).toMatchObject({ year: YEAR, part: 1, documents });
      const path = join(archivesDir, YEAR, 'traffic.2019.jsonl.gz');
      const lines = execFileSync('gzip', ['-dc', path], { encoding: 'utf8' }).trimEnd().split('\n');
      const views = lines.map((line) => JSON.parse(line)).filter(({ _id }) => /^one:2019-\d\d$/.test(_id));
      expect(views.reduce((sum, { counters }) => sum + counters.v, 0)).toBe(
        viewsBetween('2018-12-01', '2020-01-31', 8).filter(({ at }) => at.day.startsWith(YEAR)).length,
      );
    });

    it('keeps every sum, wherever the process is killed and however many workers archive it', async () => {
      const store = await filled(open);
      const before = { year: await year(store), month: await month(store) };
      let deaths = 0;
      for (let calls = 0; ; calls += 2) {
        try {
          await archiveYear({ ...store, documents: dyingAt(store.documents, calls) }, { names: await namesOf(store) });
          break;
        } catch (error) {
          expect((error as Error).message).toBe('killed');
          deaths++;
          expect(withoutWords(await year(store))).toEqual(withoutWords(before.year));
        }
      }
      expect(deaths).toBeGreaterThan(5);
      await Promise.all([archiveAgain(store), archiveAgain(store)]);
      for (let calls = 0; ; calls += 3) {
        try {
          await restore({ ...restoring(store), documents: dyingAt(store.documents, calls) });
          break;
        } catch (error) {
          expect((error as Error).message).toBe('killed');
        }
      }
      expect(await year(store)).toEqual(before.year);
      expect(await month(store)).toEqual(before.month);
    });

    it('is written again when something is counted into it meanwhile', async () => {
      const store = await filled(open);
      let counted = false;
      const onProgress = () => {
        if (counted) return;
        counted = true;
        void count(store.documents, viewsBetween('2019-04-01', '2019-04-10', 1), 'back', 1);
      };
      const written = archiveYear(store, { onProgress: (step) => step === 'written' && onProgress() });
      await expect(written).rejects.toThrow('was counted into while it was being archived');
      expect(existsSync(join(archivesDir, YEAR))).toBe(false);
      const before = await month(store);
      await archiveYear(store);
      await restore(restoring(store));
      expect(await month(store)).toEqual(before);
    });

    it('stores later hits, from a node that was given up, in another part', async () => {
      const store = await filled(open);
      await archiveYear(store);
      await count(store.documents, viewsBetween('2019-04-01', '2019-04-10', 1), 'back', 1);
      await count(store.documents, viewsBetween('2019-11-01', '2019-11-10', 1, { site: 'two' }), 'back', 2);
      await summariseAll(store);
      await summariseAll(store);
      const views = ({ traffic }: Record<string, unknown>) => (traffic as { total: { views: number } }).total.views;
      const expected = viewsBetween('2018-12-01', '2020-01-31', 8).filter(({ at }) => at.day.startsWith(YEAR)).length + 6 + 10;
      expect(views(await year(store))).toBe(expected);
      await archiveYear(store);
      expect(await namesOf(store)).toEqual([]);
      expect(readdirSync(archivesDir).sort()).toEqual([YEAR, `${YEAR}.2`]);
      expect(views(await year(store))).toBe(expected);
      await restore(restoring(store));
      await restore(restoring(store));
      expect(views(await year(store))).toBe(expected);
      expect(views(await month(store))).toBe(APRIL + 10);
    });

    it('keeps hits that are counted while it is being removed', async () => {
      const store = await filled(open);
      const documents = {
        ...store.documents,
        rewrite: async (...args: Parameters<Documents['rewrite']>) => {
          const done = await store.documents.rewrite(...args);
          if (done.removed > 0) await count(store.documents, viewsBetween('2019-04-01', '2019-04-10', 1), 'back', 1);
          return done;
        },
      };
      await archiveYear({ ...store, documents });
      expect(await namesOf(store)).not.toEqual([]);
      await archiveYear(store);
      expect(await namesOf(store)).toEqual([]);
      await restore(restoring(store));
      expect((await month(store)).traffic).toMatchObject({ total: { views: APRIL + 10 } });
    });

    it('is not restored when one of its files is damaged', async () => {
      const store = await filled(open);
      await archiveYear(store);
      const path = join(archivesDir, YEAR, 'content.2019.jsonl.gz');
      const bytes = readFileSync(path);
      bytes[bytes.length - 20] = (bytes[bytes.length - 20] as number) ^ 1;
      writeFileSync(path, bytes);
      await expect(restore(restoring(store))).rejects.toThrow('content.2019.jsonl.gz is damaged');
      expect(await namesOf(store)).toEqual([]);
      writeFileSync(join(archivesDir, YEAR, 'manifest.json'), '{');
      expect(() => archivesIn(archivesDir)).toThrow('manifest.json is damaged: it is not JSON; restore the archive from a copy');
    });
  });

  describe('an archive', () => {
    it('loses one site, and keeps the others unchanged', async () => {
      const store = await filled(open);
      const two = await month(store, 'two');
      await archiveYear(store);
      const [written] = archivesIn(archivesDir);
      expect(
        await prune(
          written as never,
          (site) => site === 'one',
          () => [],
        ),
      ).toBeGreaterThan(100);
      const [pruned] = archivesIn(archivesDir);
      await verify(pruned as never);
      expect(readFileSync(join(archivesDir, YEAR, 'manifest.json'), 'utf8')).not.toContain('"one"');
      expect(readdirSync(archivesDir)).toEqual([YEAR]);
      await restore(restoring(store));
      expect(await month(store, 'two')).toEqual(two);
      expect((await month(store)).traffic).toMatchObject({ total: { views: 0 } });
    });

    it('loses what is deleted of a site, and reports what it may still contain', async () => {
      const store = await filled(open);
      await archiveYear(store);
      const archives = archivesForDeletion(archivesDir, DOCUMENT_KINDS);
      const tombstone = (deleted: Deleted, site = 'one'): Tombstone => ({ id: 'd', site, deleted, receivedUntilMs: LATE });
      const all = () =>
        ['content.2019', 'content.2019.late2020', 'traffic.2019']
          .map((name) => join(archivesDir, YEAR, `${name}.jsonl.gz`))
          .filter(existsSync)
          .map((path) => execFileSync('gzip', ['-dc', path], { encoding: 'utf8' }));
      const removed = async (stone: Tombstone) => {
        expect(await archives.holding(stone)).toEqual([join(archivesDir, YEAR)]);
        await archives.remove(stone);
        for (const archive of archivesIn(archivesDir)) await verify(archive);
        expect(await archives.holding(stone)).toEqual([]);
        return all();
      };
      expect(all().join('')).toContain('"/3"');
      for (const text of await removed(tombstone({ kind: 'page', pattern: '/3' })))
        expect(
          text
            .split('\n')
            .filter((line) => line.includes('"one:'))
            .join(''),
        ).not.toContain('"/3"');
      const period: Deleted = { kind: 'period', from: '2019-03-20', to: '2019-04-18' };
      for (const text of await removed(tombstone(period))) expect(text).not.toMatch(/"one:2019-(03-2\d|03-3\d|04-0\d|04-1[0-8])/);
      await restore(restoring(store));
      expect((await month(store)).traffic).toMatchObject({ total: { views: 1 + 2 } });
      expect((await month(store, 'two')).traffic).toMatchObject({ total: { views: 2 } });
      await undoRestore(restoring(store));
      for (const text of await removed(tombstone({ kind: 'site' }))) expect(text).not.toContain('"one:');
      expect(await archives.holding(tombstone({ kind: 'period', from: '2019-02-10', to: '2019-02-12' }))).toEqual([]);
      expect(await archivesForDeletion(undefined, DOCUMENT_KINDS).holding(tombstone({ kind: 'site' }, 'two'))).toEqual([]);
    });

    it('loses documents that have expired by the settings of their site', async () => {
      const store = await filled(open);
      await archiveYear(store);
      const sites = [
        { ...exampleSite, id: 'one', keep: { month: 24, year: 24 } },
        { ...exampleSite, id: 'two' },
      ];
      const expireOn = (today: string) => expireArchives({ archivesDir, kinds: DOCUMENT_KINDS, sites, today, isStopped: never });
      expect(await expireOn('2020-06-01')).toBeGreaterThan(0); // days of content
      expect(await expireOn('2020-06-01')).toBe(0);
      expect(await expireOn('2021-10-01')).toBeGreaterThan(0);
      const [pruned] = archivesIn(archivesDir);
      await verify(pruned as never);
      const kept = execFileSync('gzip', ['-dc', join(archivesDir, YEAR, 'traffic.2019.jsonl.gz')], { encoding: 'utf8' });
      expect(kept).not.toContain('"one:2019-09');
      expect(kept).toContain('"one:2019-10');
      expect(kept).toContain('"two:2019-01');
    });
  });
});

/** Archives the year in a second worker that has just started as well. */
async function archiveAgain(store: Store): Promise<void> {
  const names = await namesOf(store);
  if (names.length > 0) await archiveYear(store, { names });
}
