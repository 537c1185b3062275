import { afterEach, describe, expect, it } from '@jest/globals';
import { describeWith, dropDatabase, mongodbUri } from '../../test/fixtures/servers.js';
import { Counters } from '../counters/counters.js';
import { openMongodb } from '../store/mongodb/connection.js';
import { openMongodbDocuments } from '../store/mongodb/documents.js';
import { openMongodbLedger } from '../store/mongodb/ledger.js';
import { openMongodbNodes } from '../store/mongodb/nodes.js';
import type { RegisteredNode } from '../store/nodes.js';
import { DAY_MS } from '../time/units.js';
import { FORGET, forgetNodes, nodesToForget } from './forget-nodes.js';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('the nodes to forget', () => {
  const node = (id: string, endedAtMs?: number): RegisteredNode => ({
    id,
    number: 1,
    checksum: 1,
    countedUntilMs: 0,
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
  });

  it('ended longer ago than any journal or backup is kept, and are due once for each end', () => {
    const nodes = [node('nopen'), node('nyoung', NOW_MS - 10 * DAY_MS), node('nold', NOW_MS - 10 * DAY_MS - 1)];
    const due = (forgotten: Array<[string, string]>) => nodesToForget(nodes, new Map(forgotten), NOW_MS, 10 * DAY_MS);
    expect(due([])).toEqual([{ id: 'nold', ended: '2026-11-10' }]);
    expect(due([['nold', '2026-11-10']])).toEqual([]);
    expect(due([['nold', '2026-01-01']])).toEqual([{ id: 'nold', ended: '2026-11-10' }]);
  });
});

describeWith('MONGODB_URI')('forgetting', () => {
  it('removes entries of ended nodes from all documents, continues after a stop, and keeps the nodes', async () => {
    const mongodb = await openMongodb(mongodbUri() as string, 20_000);
    closers.push(async () => {
      await dropDatabase(mongodb.db);
      await mongodb.close();
    });
    const [documents, nodes, ledger] = [openMongodbDocuments(mongodb), openMongodbNodes(mongodb), openMongodbLedger(mongodb)];
    const counters = new Counters();
    counters.sum('v');
    const names = ['content.2025', 'traffic.2026', 'traffic.2015.late2026'];
    const deltas = names.flatMap((collection) =>
      Array.from({ length: 600 }, (_, i) => ({ collection, id: `a:${1000 + i}`, counters, caps: {} })),
    );
    for (const id of ['nold', 'nlives']) {
      await nodes.claim(id, 'boot', undefined);
      await documents.apply({ node: id, number: 1, checksum: 1 }, deltas, 5);
    }
    await nodes.end('nold', NOW_MS - 11 * DAY_MS);
    const keep = { nowMs: NOW_MS, keepMs: 10 * DAY_MS };
    const holding = async () => {
      const counts = names.map((name) => mongodb.db.collection(name).countDocuments({ 'k.nold': { $exists: true } }));
      return (await Promise.all(counts)).reduce((sum, n) => sum + n, 0);
    };
    let looks = 0;
    await forgetNodes({ documents, nodes, ledger }, keep, () => ++looks > 700);
    expect(await holding()).toBeLessThan(1800);
    expect(await holding()).toBeGreaterThan(0);
    expect((await ledger.all(FORGET)).size).toBe(0);
    await forgetNodes({ documents, nodes, ledger }, keep, () => false);
    expect(await holding()).toBe(0);
    expect(await ledger.all(FORGET)).toEqual(new Map([['nold', '2026-11-09']]));
    expect(await nodes.get('nold')).toMatchObject({ number: 1 });
    // a segment of the node that arrives again is recognised
    await documents.apply({ node: 'nold', number: 1, checksum: 1 }, deltas, 5);
    expect((await documents.read(deltas)).every((found) => found?.get('v') === 2)).toBe(true);
  });
});
