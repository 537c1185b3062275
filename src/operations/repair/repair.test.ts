// Verifying and rebuilding, on both stores, with documents that are falsified on purpose.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type DocumentKind, holdsPage } from '../../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { startTestNode, type TestNode } from '../../../test/fixtures/counting-nodes.js';
import { type Countable, pinged, plainHit, viewAfter } from '../../../test/fixtures/hits.js';
import { dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { plain } from '../../../test/fixtures/trees.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import { createFold } from '../../counting/fold.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { collectionName, type Documents } from '../../store/documents.js';
import { openLmdbDocuments } from '../../store/lmdb/documents.js';
import { openEnvironment } from '../../store/lmdb/environment.js';
import { openLmdbLedger } from '../../store/lmdb/ledger.js';
import { openLmdbNodes } from '../../store/lmdb/nodes.js';
import { openMongodb } from '../../store/mongodb/connection.js';
import { openMongodbDocuments } from '../../store/mongodb/documents.js';
import { openMongodbLedger } from '../../store/mongodb/ledger.js';
import { openMongodbNodes } from '../../store/mongodb/nodes.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { openLocalJournals } from './local.js';
import { withMonths } from './month-of-days.js';
import type { RepairParts } from './read-day.js';
import { NotRebuilt, rebuildDay } from './rebuild.js';
import { verifyDay, verifyMonth } from './verify.js';

const site = { ...exampleSite, id: 'one', timezone: 'Europe/Berlin', createdAtMs: Date.parse('2026-11-01T00:00:00Z') };
const DAY = '2026-11-20';
const MONTH = '2026-11';
const LATER_MS = Date.parse('2026-11-22T12:00:00Z');
const NAMES = DOCUMENT_KINDS.map(({ name }) => collectionName(name, '2026'));

interface Opened extends RepairParts {
  readonly nodes: NodeRegistry;
  readonly node: TestNode;
}

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openLmdb(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  const { root } = openEnvironment(folder);
  closers.push(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });
  const [documents, nodes] = [openLmdbDocuments(root), openLmdbNodes(root)];
  const node = await startTestNode({ documents, nodes }, 'nfirst');
  return { ...partsOf(node), documents, nodes, ledger: openLmdbLedger(root), node };
}

/** Reads the journals of the nodes locally. How nodes are asked has tests of its own. */
async function openMongo(): Promise<Opened> {
  const mongodb = await openMongodb(mongodbUri() as string, 20_000);
  closers.push(async () => {
    await dropDatabase(mongodb.db);
    await mongodb.close();
  });
  const [documents, nodes] = [openMongodbDocuments(mongodb), openMongodbNodes(mongodb)];
  const node = await startTestNode({ documents, nodes }, 'nfirst');
  const parts = partsOf(node);
  const journals = { ...parts.journals, queryNow: () => undefined };
  return { ...parts, journals, documents, nodes, ledger: openMongodbLedger(mongodb), node };
}

function partsOf(node: TestNode) {
  closers.push(node.remove);
  return { journals: openLocalJournals(node.folder, DOCUMENT_KINDS), kinds: DOCUMENT_KINDS, nowMs: () => LATER_MS };
}

const view = (iso: string, path = '/', title = 'Home') => plainHit(Date.parse(iso), { path, title });
const hour = (n: number) => `${DAY}T${String(n % 20).padStart(2, '0')}:30:00Z`;

/** A visit that continues after midnight, and a page that is left after it. Both concern views of the day before. */
function overMidnight(day: string): Countable[] {
  const iso = `${day}T23:05:00Z`; // 00:05 in Berlin
  return [...viewAfter(iso, 600, { path: '/late' }), ...pinged({ path: '/late', atMs: Date.parse(iso), z: 600, x: 300, y: 70 })];
}

/** Counts hits of the day, of the days around it and of another site, in several segments. */
async function fill(node: TestNode): Promise<void> {
  for (let n = 0; n < 6; n++) {
    await node.count({
      hits: [view(hour(n), `/${n % 3}`), plainHit(Date.parse(hour(n)), { site: 'two' }), view(`2026-11-2${n + 1}T10:00:00Z`)],
      points: [{ site: 'one', day: DAY, sketch: 'first', register: n, rank: 3, receivedAtMs: 0 }],
      refusals: [{ site: 'one', day: DAY, receivedAtMs: Date.parse(hour(n)), reason: 'bot', hits: 2 }],
    });
  }
}

async function everything(documents: Documents): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const name of NAMES) {
    for await (const id of documents.ids(name)) {
      const [found] = await documents.read([{ collection: name, id }]);
      all[`${name} ${id}`] = plain(found as Counters);
    }
  }
  return all;
}

/** Changes the day and its month, as a fault in counting would. */
async function falsify(documents: Documents, keys: readonly string[] = [DAY, MONTH]): Promise<void> {
  const wrong = new Counters();
  wrong.sum('v', 5);
  wrong.at('p').at('r').at('/never').sum('v', 5);
  const ids = keys.map((key) => `one:${key}`);
  await documents.rewrite('content.2026', ids, (_id, counters) =>
    mergeInto(mergeInto(new Counters(), wrong), counters as Counters),
  );
}

const modes: Array<[string, () => Promise<Opened>]> = [
  ['lmdb', openLmdb],
  ...(process.env.MONGODB_URI ? [['MongoDB', openMongo] as [string, () => Promise<Opened>]] : []),
];

describe.each(modes)('on %s', (_mode, open) => {
  it('correct documents have no differences', async () => {
    const parts = await open();
    await fill(parts.node);
    expect(await verifyDay(parts, site, DAY)).toEqual({ documents: DOCUMENT_KINDS.length, differences: [], missing: [] });
    expect(await verifyMonth(parts, site, MONTH)).toEqual({
      documents: withMonths(DOCUMENT_KINDS).length,
      differences: [],
      missing: [],
    });
  });

  it('hits of the next day that concern views of this day are compared as well', async () => {
    const parts = await open();
    await fill(parts.node);
    await parts.node.count({ hits: overMidnight(DAY) });
    expect((await verifyDay(parts, site, DAY)).differences).toEqual([]);
    await parts.documents.rewrite('traffic.2026', [`one:${DAY}`], () => 'remove');
    await parts.documents.rewrite('engagement.2026', [`one:${DAY}`], () => 'remove');
    const { differences } = await verifyDay(parts, site, DAY);
    expect(new Set(differences.map(({ collection }) => collection))).toEqual(new Set(['traffic.2026', 'engagement.2026']));
  });

  it('documents of collections without months are compared and rebuilt like others, and get no month', async () => {
    const parts = await open();
    await fill(parts.node);
    await parts.node.count({ hits: overMidnight(DAY) });
    const right = await everything(parts.documents);
    const daily = DOCUMENT_KINDS.filter((kind) => !withMonths(DOCUMENT_KINDS).includes(kind)).map(({ name }) => `${name}.2026`);
    const held = Object.keys(right).filter((key) => daily.includes(key.split(' ')[0] as string));
    expect(new Set(held.map((key) => key.split(' ')[0])).size).toBeGreaterThan(2);
    for (const key of held) expect(key).toMatch(/:\d{4}-\d\d-\d\d$/);
    for (const name of daily) await parts.documents.rewrite(name, [`one:${DAY}`], () => 'remove');
    const { differences } = await verifyDay(parts, site, DAY);
    expect(new Set(differences.map(({ collection }) => collection))).toEqual(
      new Set(held.filter((key) => key.endsWith(` one:${DAY}`)).map((key) => key.split(' ')[0])),
    );
    await rebuildDay(parts, site, DAY, false);
    expect(await everything(parts.documents)).toEqual(right);
  });

  it('each wrong counter is named', async () => {
    const parts = await open();
    await fill(parts.node);
    await falsify(parts.documents, [DAY]);
    const { differences } = await verifyDay(parts, site, DAY);
    expect(differences).toEqual([
      { collection: 'content.2026', id: `one:${DAY}`, path: ['v'], is: '11', shouldBe: '6' },
      { collection: 'content.2026', id: `one:${DAY}`, path: ['p', 'r', '/never', 'v'], is: '5', shouldBe: '0' },
    ]);
    const month = await verifyMonth(parts, site, MONTH);
    expect(month.differences.map(({ path, is, shouldBe }) => [path, is, shouldBe])).toEqual([[['v'], '12', '17']]);
  });

  it('a removed document is reported as different', async () => {
    const parts = await open();
    await fill(parts.node);
    await parts.documents.rewrite('traffic.2026', [`one:${DAY}`], () => 'remove');
    const { differences } = await verifyDay(parts, site, DAY);
    const expected = { collection: 'traffic.2026', id: `one:${DAY}`, path: ['v'], is: 'nothing', shouldBe: '6' };
    expect(differences).toContainEqual(expected);
    expect(new Set(differences.map(({ collection }) => collection))).toEqual(new Set(['traffic.2026']));
  });

  it('hits that are received but not counted yet make no difference', async () => {
    const parts = await open();
    await fill(parts.node);
    parts.node.take({ hits: [view(hour(3))] });
    expect((await verifyDay(parts, site, DAY)).differences).toEqual([]);
  });

  it('hits that are counted during the comparison make no difference', async () => {
    const parts = await open();
    await fill(parts.node);
    const journals: RepairParts['journals'] = {
      ...parts.journals,
      async query(queries) {
        await parts.node.count({ hits: [view(hour(4))] });
        return parts.journals.query(queries);
      },
    };
    expect((await verifyDay({ ...parts, journals }, site, DAY)).differences).toEqual([]);
  });

  it('a compacted map is compared within its error bounds', async () => {
    const parts = await open();
    const kinds = DOCUMENT_KINDS.map((one) => (one.name === 'content' ? { ...one, caps: { p: 10 } } : one));
    const [content] = kinds.filter(({ name }) => name === 'content');
    for (let n = 0; n < 8; n++) {
      await parts.node.count({ hits: Array.from({ length: 12 }, (_, i) => view(hour(n), i < 4 ? `/often/${i}` : `/${n}/${i}`)) });
      await parts.documents.compact(
        { collection: 'content.2026', id: `one:${DAY}` },
        (content as { caps: object }).caps as { p: number },
      );
    }
    expect((await verifyDay({ ...parts, kinds }, site, DAY)).differences).toEqual([]);
    await parts.documents.rewrite('content.2026', [`one:${DAY}`], (_id, counters) => {
      const more = mergeInto(new Counters(), counters as Counters);
      more.at('p').at('r').at('/often/1').sum('v', 1);
      return more;
    });
    const { differences } = await verifyDay({ ...parts, kinds }, site, DAY);
    expect(differences.map(({ path }) => path)).toEqual([['p', 'r', '/often/1', 'v']]);
  });

  it('pages whose rows were evicted and returned are compared within their error bounds', async () => {
    const parts = await open();
    const part = DOCUMENT_KINDS.find(({ shard }) => shard?.number === 0) as DocumentKind;
    const small = { ...part, caps: Object.fromEntries(Object.keys(part.caps).map((map) => [map, 4])) };
    const kinds = DOCUMENT_KINDS.map((one) => (one === part ? small : one));
    const paths = Array.from({ length: 300 }, (_, i) => `/${i}`).filter((path) => holdsPage(part, path));
    for (let n = 0; n < 6; n++) {
      const hits = paths
        .slice(0, 12)
        .flatMap((path, i) => (i === n ? Array(9).fill(view(hour(n), path)) : [view(hour(n), path)]));
      await parts.node.count({ hits });
      await parts.documents.compact({ collection: `${part.name}.2026`, id: `one:${DAY}` }, small.caps);
    }
    expect((await verifyDay({ ...parts, kinds }, site, DAY)).differences).toEqual([]);
    // views since its return are still compared
    const again = paths[11] as string;
    await parts.node.count({ hits: [view(hour(6), again)] });
    expect((await verifyDay({ ...parts, kinds }, site, DAY)).differences).toEqual([]);
    const wrong = createFold([part]);
    for (let n = 0; n < 20; n++) wrong.hit(view(hour(6), again));
    const [delta] = wrong.deltas();
    await parts.documents.rewrite(`${part.name}.2026`, [`one:${DAY}`], (_id, counters) =>
      mergeInto(mergeInto(new Counters(), counters as Counters), delta?.counters as Counters),
    );
    const { differences } = await verifyDay({ ...parts, kinds }, site, DAY);
    for (const { path } of differences) expect(path).toContain(again);
    const depths = new Set(differences.map(({ path }) => path.length));
    expect(depths.size).toBe(2); // the row's own numbers, and those of its hours
  });

  it('a day whose first segments were removed is refused, and so is the day of a node that does not answer', async () => {
    const parts = await open();
    await fill(parts.node);
    parts.node.lose(1);
    const { missing } = await verifyDay(parts, site, DAY);
    expect(missing).toEqual([expect.stringContaining('node nfirst: its journal begins with segment 2')]);
    const other = await startTestNode(parts, 'nother');
    closers.push(other.remove);
    await other.count({ hits: [view(hour(1))] });
    expect((await verifyDay(parts, site, DAY)).missing[1]).toContain('node nother: its journal was not reached');
    await expect(rebuildDay(parts, site, DAY, false)).rejects.toThrow(/nfirst.*nother/);
    // the journal of a node that ended before the day is not needed
    await parts.nodes.end('nother', Date.parse('2026-11-19T22:59:59Z'));
    expect((await verifyDay(parts, site, DAY)).missing).toHaveLength(1);
  });

  it('a day into which a log was imported is refused', async () => {
    const parts = await open();
    await fill(parts.node);
    const counters = new Counters();
    counters.sum('v', 3);
    const deltas = [{ collection: 'content.2026', id: `one:${DAY}`, counters, caps: {} }];
    await parts.documents.apply({ node: 'iabc', number: 1, checksum: 1 }, deltas, 0);
    expect((await verifyDay(parts, site, DAY)).missing).toEqual([expect.stringContaining('an imported log (iabc)')]);
    expect((await verifyDay(parts, site, '2026-11-15')).missing).toEqual([]);
    const closed = { ...parts, nowMs: () => Date.parse('2027-02-05T00:00:00.001Z') };
    expect((await verifyDay(closed, site, DAY)).missing).toEqual([
      expect.stringContaining('its year ended more than 35 days ago'),
      expect.stringContaining('an imported log'),
    ]);
    await expect(rebuildDay(closed, site, '2026-11-15', false)).rejects.toThrow('its year ended more than 35 days ago');
    await parts.ledger.add('foreign', 'one', { from: '2026-11-14', to: '2026-11-15' });
    await expect(rebuildDay(parts, site, '2026-11-15', false)).rejects.toThrow('which is in no journal here');
  });

  it('a rebuilt day and its month are correct, and counting into them continues', async () => {
    const parts = await open();
    await fill(parts.node);
    const right = await everything(parts.documents);
    await falsify(parts.documents);
    await parts.documents.rewrite('traffic.2026', [`one:${DAY}`], () => 'remove');
    expect(await everything(parts.documents)).not.toEqual(right);
    await rebuildDay(parts, site, DAY, true);
    expect(await everything(parts.documents)).toEqual(right);
    await rebuildDay(parts, site, DAY, false);
    expect(await everything(parts.documents)).toEqual(right);
    await parts.node.count({ hits: [view(hour(7)), view('2026-11-22T10:00:00Z')] });
    expect((await verifyDay(parts, site, DAY)).differences).toEqual([]);
    expect((await verifyMonth(parts, site, MONTH)).differences).toEqual([]);
  });

  it('a month that contains more than its days is refused, and nothing is changed', async () => {
    const parts = await open();
    await fill(parts.node);
    await falsify(parts.documents);
    await parts.documents.rewrite('traffic.2026', ['one:2026-11-22'], () => 'remove');
    const before = await everything(parts.documents);
    await expect(rebuildDay(parts, site, DAY, false)).rejects.toThrow(/traffic.2026 one:2026-11 is not the merge.*--trust-days/);
    expect(await everything(parts.documents)).toEqual(before);
  });

  it('an unfinished day, a day without hits and a day whose year is summarised are refused', async () => {
    const parts = await open();
    await fill(parts.node);
    const early = { ...parts, nowMs: () => Date.parse('2026-11-21T22:59:59Z') };
    await expect(rebuildDay(early, site, DAY, false)).rejects.toThrow('not finished: pings count for it until 2026-11-21T23:00');
    await expect(rebuildDay(parts, site, '2026-11-05', false)).rejects.toThrow('no hits of one on 2026-11-05');
    await parts.documents.rewrite('content.2026', ['one:2026-11-05'], () => new Counters());
    await expect(rebuildDay(parts, site, '2026-11-05', false)).rejects.toThrow('documents of another origin');
    const year = new Counters();
    year.sum('v');
    await parts.documents.rewrite('traffic.years', ['one:2026'], () => year);
    await expect(rebuildDay(parts, site, DAY, false)).rejects.toThrow(NotRebuilt);
  });

  it('a rebuild that was killed at any step can be repeated while hits are counted', async () => {
    const opened = await open();
    await fill(opened.node);
    let isOver = false;
    let isPaused = false;
    const pauseCounting = async () => {
      isPaused = true;
    };
    const resumeCounting = async () => {
      isPaused = false;
    };
    const parts = { ...opened, journals: { ...opened.journals, pauseCounting, resumeCounting } };
    const counting = (async () => {
      for (let n = 0; !isOver; n++) {
        if (!isPaused) await parts.node.count({ hits: [view('2026-11-22T10:00:00Z'), view(hour(n))] });
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    })();
    for (let step = 1; step <= 4; step++) {
      await falsify(parts.documents);
      let steps = 0;
      const dying: Documents = {
        ...parts.documents,
        async rewriteGroup(collection, ids, change) {
          if (++steps < step) return parts.documents.rewriteGroup(collection, ids, change);
          // simulates an exit between the day and the month
          await parts.documents.rewriteGroup(collection, ids, (held) => {
            const after = change(held);
            return after === 'busy' ? after : new Map([...after].filter(([id]) => id !== ids.at(-1)));
          });
          throw new Error('killed');
        },
      };
      await expect(rebuildDay({ ...parts, documents: dying }, site, DAY, false)).rejects.toThrow('killed');
      await rebuildDay(parts, site, DAY, false);
    }
    isOver = true;
    await counting;
    expect(await verifyDay(parts, site, DAY)).toEqual({ documents: DOCUMENT_KINDS.length, differences: [], missing: [] });
    expect((await verifyMonth(parts, site, MONTH)).differences).toEqual([]);
  });
});
