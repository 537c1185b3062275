import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { plainHit } from '../../../test/fixtures/hits.js';
import { recordsInMemory } from '../../../test/fixtures/records.js';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { plain } from '../../../test/fixtures/trees.js';
import { Counters } from '../../counters/counters.js';
import { merge } from '../../counters/merge.js';
import { createDeletionFilter } from '../../counting/deleted/filter.js';
import { createFold } from '../../counting/fold.js';
import type { Hit } from '../../hit/hit.js';
import { createPeople } from '../../people/people.js';
import { type Documents, partsOfName } from '../../store/documents.js';
import { openLmdbDocuments } from '../../store/lmdb/documents.js';
import { openEnvironment } from '../../store/lmdb/environment.js';
import { openLmdbTombstones } from '../../store/lmdb/tombstones.js';
import { openMongodb } from '../../store/mongodb/connection.js';
import { openMongodbDocuments } from '../../store/mongodb/documents.js';
import { openMongodbTombstones } from '../../store/mongodb/tombstones.js';
import type { Deleted, Tombstone, Tombstones } from '../../store/tombstones.js';
import { carryOut, type DeletionParts, type DeletionRun } from './delete.js';
import { previewOf } from './preview.js';

type Opened = { documents: Documents; tombstones: Tombstones };

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const RECEIVED_MS = Date.parse('2026-12-31T00:00:00Z');

/** A view at noon UTC. A late view was received more than a year later. */
const view = (site: string, day: string, path: string, host = '', late = false): Hit => {
  const atMs = Date.parse(`${day}T12:00:00Z`);
  const referrer = host === '' ? {} : { referrer: { medium: 'other' as const, source: host, host, path: '/from' } };
  const receivedAtMs = late ? atMs + 400 * 86_400_000 : atMs;
  return plainHit(atMs, { site, path, title: `About ${path}`, receivedAtMs, ...referrer });
};

const DAYS = ['2025-11-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03', '2026-11-30', '2026-12-01'];
const HITS: readonly Hit[] = ['garden', 'shop'].flatMap((site) =>
  DAYS.flatMap((day, i) => [
    view(site, day, '/', 'blog.example'),
    view(site, day, `/private/${i}`, 'mail.example'),
    view(site, day, '/private', `mail.example`),
    view(site, day, `/late/${i}`, '', true),
  ]),
);

const tombstone = (deleted: Deleted, site = 'garden'): Tombstone => ({
  id: 'd1',
  site,
  deleted,
  receivedUntilMs: RECEIVED_MS + 1e12,
});
const RUN: DeletionRun = { isStopped: () => false, onProgress: () => {}, importMs: 0 };

async function count(documents: Documents, hits: readonly Hit[], number: number): Promise<void> {
  const fold = createFold(DOCUMENT_KINDS);
  for (const hit of hits) fold.hit(hit);
  await documents.apply({ node: 'node', number, checksum: number }, fold.deltas(), 5);
}

/** Creates year documents by merging all months. */
async function makeYear(documents: Documents, site: string, year: string): Promise<void> {
  for (const { name } of DOCUMENT_KINDS) {
    const months: Counters[] = [];
    for (const collection of await documents.collections()) {
      if (partsOfName(collection)?.name !== name || partsOfName(collection)?.year !== year) continue;
      for await (const id of documents.ids(collection, site)) {
        if (id.length !== `${site}:2026-11`.length) continue;
        months.push(...((await documents.read([{ collection, id }])) as Counters[]));
      }
    }
    if (months.length === 0) continue;
    const made = merge(months);
    made.at('#').sum('year');
    await documents.rewrite(`${name}.years`, [`${site}:${year}`], () => made);
  }
}

async function everything(documents: Documents): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const collection of await documents.collections()) {
    for await (const id of documents.ids(collection)) {
      const [tree] = await documents.read([{ collection, id }]);
      tree?.fields.delete('@'); // the last day of receipt is not changed; it can only be too late
      if (tree !== undefined && tree.fields.size > 0) all[`${collection}/${id}`] = plain(tree);
    }
  }
  return all;
}

const partsOf = ({ documents, tombstones }: Opened, records = recordsInMemory()) => ({
  documents,
  tombstones,
  accounts: { ...records, removeSite: async () => 'removed' as const },
  imports: { removeSite: async () => 0 },
  ledger: { removeSite: async () => {} },
  archives: { holding: async () => [], remove: async () => {} },
  nodes: { waitFor: async () => [], stopped: async () => [], segments: async () => 0 },
  kinds: DOCUMENT_KINDS,
  overwriteRemoved: async () => {},
  nowMs: () => 9,
});

function cases(open: () => Promise<Opened>): void {
  /** After the deletion the documents must be as if the deleted hits had never arrived. */
  const expectWithout = async (deleted: Deleted, isDeleted: (hit: Hit) => boolean, years: readonly string[] = []) => {
    const [opened, other] = [await open(), await open()];
    await count(opened.documents, HITS, 1);
    await count(
      other.documents,
      HITS.filter((hit) => !isDeleted(hit)),
      1,
    );
    for (const year of years) {
      for (const site of ['garden', 'shop']) {
        await makeYear(opened.documents, site, year);
        await makeYear(other.documents, site, year);
      }
    }
    const before = await previewOf(opened.documents, DOCUMENT_KINDS, tombstone(deleted));
    const outcome = await carryOut(partsOf(opened), tombstone(deleted), RUN);
    expect(outcome).toMatchObject({ complete: true, incomplete: [] });
    expect(await everything(opened.documents)).toEqual(await everything(other.documents));
    expect(before.collections.reduce((sum, { documents }) => sum + documents, 0)).toBe(outcome.removed + outcome.changed);
    const days = HITS.filter((hit) => hit.site === 'garden' && isDeleted(hit)).map(({ at }) => at.day);
    expect([before.firstDay, before.lastDay]).toEqual([days.sort()[0], days.at(-1)]);
    expect(before.views).toBe(HITS.filter((hit) => hit.site === 'garden' && isDeleted(hit)).length);
    expect(await previewOf(opened.documents, DOCUMENT_KINDS, tombstone(deleted))).toMatchObject({ collections: [], views: 0 });
    expect(await carryOut(partsOf(opened), tombstone(deleted), RUN)).toMatchObject({ removed: 0, changed: 0 });
    expect((await opened.tombstones.deletions())[0]).toMatchObject({ finishedAtMs: 9 });
  };

  it('removes a site from all collections, and nothing of other sites', async () => {
    await expectWithout({ kind: 'site' }, ({ site }) => site === 'garden', ['2025', '2026']);
  });

  it('removes a site from people, teams and invitations, and its share links, also when repeated after a crash', async () => {
    const opened = await open();
    const records = recordsInMemory();
    const { invitations, shares, ...people } = createPeople(records, () => 1);
    const share = { title: '', password: '', untilMs: undefined, mayBeEmbedded: false };
    const sites = { garden: 'owner', shop: 'viewer' } as const;
    const grant = { email: 'bert@example.com', invitedBy: 'Anna', isOperator: false, sitesMax: 0 };
    const add = (id: string) =>
      people.directory.add({
        ...{ id, name: id, email: `${id}@example.com`, password: '', sites, isOperator: false },
        ...{ sitesMax: 1, sessions: [], createdAtMs: 1 },
      });
    await add('anna');
    const { secret: shared } = await shares.create({ ...share, site: 'shop' });
    await shares.create({ ...share, site: 'garden' });
    const both = await invitations.create({ ...grant, sites });
    const only = await invitations.create({ ...grant, sites: { garden: 'editor' } });
    const operator = await invitations.create({ ...grant, isOperator: true, sites: { garden: 'editor' } });
    const team = { name: 'T', members: { anna: 'owner' }, sites: ['garden', 'shop'], createdAtMs: 1 };
    await records.addRecord('team', 'a'.repeat(16), team);
    const left = { shop: 'viewer' };
    for (const added of ['bert', 'carl']) {
      await carryOut(partsOf(opened, records), tombstone({ kind: 'site' }), RUN);
      expect(people.directory.all().map((person) => person.sites)).toEqual(people.directory.all().map(() => left));
      expect(people.teams.all().map(({ sites }) => sites)).toEqual([['shop']]);
      expect([shares.ofSite('garden'), shares.find(shared)?.site]).toEqual([[], 'shop']);
      expect(invitations.find(both)?.sites).toEqual(left);
      expect(invitations.find(only)).toBeUndefined(); // it would grant nothing
      expect(invitations.find(operator)).toMatchObject({ sites: {}, isOperator: true });
      await shares.create({ ...share, site: 'garden' });
      await add(added); // as if the first run had been killed before it
    }
  });

  it('does not change people when only a part of a site is deleted', async () => {
    const opened = await open();
    const records = recordsInMemory();
    await records.addRecord('person', 'anna', { sites: { garden: 'owner' } });
    await carryOut(partsOf(opened, records), tombstone({ kind: 'page', pattern: '/private/*' }), RUN);
    expect(records.record('person', 'anna')).toEqual({ sites: { garden: 'owner' } });
  });

  it('rebuilds months and years from the remaining days', async () => {
    const isDeleted = ({ site, at }: Hit) => site === 'garden' && at.day >= '2026-11-02' && at.day <= '2026-11-29';
    await expectWithout({ kind: 'period', from: '2026-11-02', to: '2026-11-29' }, isDeleted, ['2025', '2026']);
  });

  it('removes months and years that are completely in the period', async () => {
    const isDeleted = ({ site, at }: Hit) => site === 'garden' && at.day <= '2026-11-01';
    await expectWithout({ kind: 'period', from: '2025-01-01', to: '2026-11-01' }, isDeleted, ['2025', '2026']);
  });

  it('removes a month whose remaining days are empty', async () => {
    const isDeleted = ({ site, at }: Hit) => site === 'garden' && at.day === '2026-10-31';
    await expectWithout({ kind: 'period', from: '2026-10-31', to: '2026-10-31' }, isDeleted);
  });

  it('does not change a month if some of its days have expired, and reports that before and after', async () => {
    const opened = await open();
    await count(opened.documents, HITS, 1);
    const id = 'garden:2026-11-30';
    await opened.documents.rewrite('content.2026', [id], () => 'remove');
    const before = await everything(opened.documents);
    const part = tombstone({ kind: 'period', from: '2026-11-02', to: '2026-11-02' });
    const left = { collection: 'content.2026', id: 'garden:2026-11' };
    expect((await previewOf(opened.documents, DOCUMENT_KINDS, part)).incomplete).toEqual([left]);
    expect((await carryOut(partsOf(opened), part, RUN)).incomplete).toEqual([left]);
    const after = await everything(opened.documents);
    expect(after['content.2026/garden:2026-11']).toEqual(before['content.2026/garden:2026-11']);
    expect(after['content.2026/garden:2026-11-02']).toBeUndefined();
    expect(after['traffic.2026/garden:2026-11']).not.toEqual(before['traffic.2026/garden:2026-11']);
  });

  it('removes rows from days, months and years, but not from totals or other rows', async () => {
    const [opened, other] = [await open(), await open()];
    await count(opened.documents, HITS, 1);
    await makeYear(opened.documents, 'garden', '2026');
    const page = tombstone({ kind: 'page', pattern: '/private*' });
    const { sites: _, ...filter } = createDeletionFilter([page]);
    await count(
      other.documents,
      HITS.map((hit) => filter.hit(hit) as Hit),
      1,
    );
    await makeYear(other.documents, 'garden', '2026');
    expect((await previewOf(opened.documents, DOCUMENT_KINDS, page)).views).toBe(2 * DAYS.length);
    await carryOut(partsOf(opened), page, RUN);
    const all = await everything(opened.documents);
    expect(all).toEqual(await everything(other.documents));
    expect(JSON.stringify(Object.entries(all).filter(([key]) => key.includes('garden')))).not.toContain('/private');
    expect(JSON.stringify(all)).toContain('/private');
  });

  it('removes a referrer together with its pages', async () => {
    const [opened, other] = [await open(), await open()];
    await count(opened.documents, HITS, 1);
    const referrer = tombstone({ kind: 'referrer', pattern: 'mail.example' });
    const filter = createDeletionFilter([referrer]);
    await count(
      other.documents,
      HITS.map((hit) => filter.hit(hit) as Hit),
      1,
    );
    await carryOut(partsOf(opened), referrer, RUN);
    const all = await everything(opened.documents);
    expect(all).toEqual(await everything(other.documents));
    expect(JSON.stringify(Object.entries(all).filter(([key]) => key.includes('garden')))).not.toContain('mail.example');
  });

  it('continues where it was stopped', async () => {
    const opened = await open();
    await count(opened.documents, HITS, 1);
    let polls = 0;
    for (let stops = 1; ; stops += 3) {
      polls = 0;
      const outcome = await carryOut(partsOf(opened), tombstone({ kind: 'site' }), { ...RUN, isStopped: () => ++polls > stops });
      if (outcome.complete) break;
      expect((await opened.tombstones.deletions())[0]?.finishedAtMs).toBeUndefined();
    }
    expect(polls).toBeGreaterThan(1);
    expect(Object.keys(await everything(opened.documents)).filter((key) => key.includes('garden'))).toEqual([]);
  });

  it('removes rejected deltas', async () => {
    const opened = await open();
    const text = new Counters();
    text.max('v', 'text');
    const delta = (site: string, counters: Counters) => ({
      collection: 'traffic.2026',
      id: `${site}:2026-11-02`,
      counters,
      caps: {},
    });
    await opened.documents.apply(
      { node: 'one', number: 1, checksum: 1 },
      ['garden', 'shop'].map((site) => delta(site, text)),
      5,
    );
    const views = new Counters();
    views.sum('v');
    await opened.documents.apply(
      { node: 'one', number: 2, checksum: 2 },
      ['garden', 'shop'].map((site) => delta(site, views)),
      5,
    );
    await carryOut(partsOf(opened), tombstone({ kind: 'period', from: '2026-11-02', to: '2026-11-02' }), RUN);
    const left: string[] = [];
    await opened.documents.rewriteRejected(({ id }) => {
      left.push(id);
      return 'keep';
    });
    expect(left).toEqual(['shop:2026-11-02']);
  });

  it('removes the record of an import that had found the site and begins while it waits for the nodes', async () => {
    const opened = await open();
    const begun = new Set<string>();
    const parts: DeletionParts = {
      ...partsOf(opened),
      imports: {
        async removeSite() {
          const { size } = begun;
          begun.clear();
          return size;
        },
      },
      nodes: {
        ...partsOf(opened).nodes,
        async waitFor() {
          begun.add('import');
          return [];
        },
      },
    };
    await carryOut(parts, tombstone({ kind: 'site' }), RUN);
    expect([...begun]).toEqual([]);
  });

  it('is not finished while a node has not acknowledged it', async () => {
    const opened = await open();
    const parts = { ...partsOf(opened), nodes: { ...partsOf(opened).nodes, waitFor: async () => ['n1'] } };
    expect(await carryOut(parts, tombstone({ kind: 'site' }), RUN)).toMatchObject({
      complete: false,
      notApplied: ['n1'],
      notCleaned: ['n1'],
    });
    expect((await opened.tombstones.deletions())[0]?.finishedAtMs).toBeUndefined();
  });
}

describe('deleting, in the embedded store', () => {
  cases(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
    const { root } = openEnvironment(folder);
    closers.push(async () => {
      await root.close();
      rmSync(folder, { recursive: true });
    });
    return { documents: openLmdbDocuments(root), tombstones: openLmdbTombstones(root) };
  });
});

describeWith('MONGODB_URI')('deleting, on MongoDB', () => {
  cases(async () => {
    const mongodb = await openMongodb(mongodbUri() as string);
    closers.push(async () => {
      await dropDatabase(mongodb.db);
      await mongodb.close();
    });
    return { documents: openMongodbDocuments(mongodb), tombstones: openMongodbTombstones(mongodb) };
  });
});
