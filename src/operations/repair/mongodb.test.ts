import { afterEach, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { startTestNode } from '../../../test/fixtures/counting-nodes.js';
import { plainHit } from '../../../test/fixtures/hits.js';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { openMongodb } from '../../store/mongodb/connection.js';
import { openMongodbDocuments } from '../../store/mongodb/documents.js';
import { openMongodbNodes } from '../../store/mongodb/nodes.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { journalsContract } from './contract.js';
import { openMongodbJournals } from './mongodb.js';
import { below, QUESTION, repairsOf } from './repairs-collection.js';
import { startResponder } from './responder.js';

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function wakeUpOf(registry: NodeRegistry, id: string): Promise<string | undefined> {
  return (await registry.list('open')).find((node) => node.id === id)?.wakeUp;
}

async function open(running = 2) {
  const mongodb = await openMongodb(mongodbUri() as string);
  closers.push(async () => {
    await dropDatabase(mongodb.db);
    await mongodb.close();
  });
  const store = { documents: openMongodbDocuments(mongodb), nodes: openMongodbNodes(mongodb) };
  const nodes = [await startTestNode(store, 'nfirst'), await startTestNode(store, 'nsecond')] as const;
  const responders = nodes.slice(0, running).map(({ id, folder }) => {
    const started = startResponder(mongodb, id, folder, DOCUMENT_KINDS);
    // the counter thread checks with each heartbeat, too
    let answered: string | undefined;
    const heartbeat = setInterval(async () => {
      const call = await wakeUpOf(store.nodes, id).catch(() => undefined);
      if (call !== answered) started.checkForQueries();
      answered = call;
    }, 50);
    closers.push(() => clearInterval(heartbeat), started.close);
    return started;
  });
  closers.push(...nodes.map(({ remove }) => remove));
  return { mongodb, registry: store.nodes, journals: openMongodbJournals(mongodb, store.nodes), nodes, responders };
}

describeWith('MONGODB_URI')('on MongoDB', () => {
  journalsContract(open);

  it('a query does not wait for a node that is not running, and leaves nothing in the database', async () => {
    const { mongodb, journals, nodes } = await open(1);
    await nodes[0].count({ hits: [plainHit(Date.parse('2026-11-20T10:00:00Z'))] });
    const upTo = new Map([['traffic.2026', new Map([['nfirst', 1]])]]);
    const [parts = []] = await journals.query([{ site: 'one', day: '2026-11-20', upTo }]);
    expect(parts.map(({ node }) => node)).toEqual(['nfirst']);
    await journals.close();
    expect(await repairsOf(mongodb).countDocuments()).toBe(0);
  });

  it('nodes are woken up only once and poll for later queries, even after a restart', async () => {
    const { mongodb, registry, journals, nodes, responders } = await open();
    for (const node of nodes) await node.count({ hits: [plainHit(Date.parse('2026-11-20T10:00:00Z'))] });
    const upTo = new Map([['traffic.2026', new Map(nodes.map(({ id }) => [id, 1]))]]);
    const ask = async () => {
      const [parts = []] = await journals.query([{ site: 'one', day: '2026-11-20', upTo }]);
      return parts.map(({ trees }) => trees.get('traffic.2026')?.get('v'));
    };
    const calls = () => Promise.all(nodes.map(({ id }) => wakeUpOf(registry, id)));
    expect(await ask()).toEqual([1, 1]);
    const first = await calls();
    for (let time = 0; time < 5; time++) expect(await ask()).toEqual([1, 1]);
    await responders[0]?.close();
    const again = startResponder(mongodb, nodes[0].id, nodes[0].folder, DOCUMENT_KINDS);
    closers.push(again.close);
    again.checkForQueries();
    expect(await ask()).toEqual([1, 1]);
    expect(await calls()).toEqual(first);
    await journals.close();
  });

  it('only the first query waits for a node that is not running', async () => {
    const { journals, nodes } = await open(1);
    await nodes[0].count({ hits: [plainHit(Date.parse('2026-11-20T10:00:00Z'))] });
    const upTo = new Map([['traffic.2026', new Map([['nfirst', 1]])]]);
    const ask = async () => {
      const beganMs = performance.now();
      const [parts = []] = await journals.query([{ site: 'one', day: '2026-11-20', upTo }]);
      expect(parts.map(({ node }) => node)).toEqual(['nfirst']);
      return performance.now() - beganMs;
    };
    const first = await ask();
    expect((await ask()) + (await ask())).toBeLessThan(first);
    await journals.close();
  });

  it('nodes abandon the queries of a command that has exited, and do not begin them again', async () => {
    const { mongodb, registry, journals, responders } = await open();
    const repairs = repairsOf(mongodb);
    expect(await journals.query([{ site: 'one', day: '2026-11-20', upTo: new Map() }])).toHaveLength(1);
    await journals.close();
    // left behind by a command that was killed
    await repairs.insertOne({ _id: QUESTION, id: 'killed', beats: 0 });
    for (const one of responders) one.checkForQueries();
    while ((await repairs.countDocuments(below('killed'))) < responders.length);
    const next = openMongodbJournals(mongodb, registry);
    expect(await next.query([{ site: 'one', day: '2026-11-20', upTo: new Map() }])).toHaveLength(1);
    await next.close();
    expect(await repairs.countDocuments()).toBe(0);
  });

  it('if two commands ask at the same time, the first one is told to run again', async () => {
    const { mongodb, registry, journals } = await open(0);
    const queries = [{ site: 'one', day: '2026-11-20', upTo: new Map() }];
    const first = journals.query(queries);
    first.catch(() => {});
    while ((await repairsOf(mongodb).findOne({ _id: QUESTION })) === null);
    const second = openMongodbJournals(mongodb, registry).query(queries);
    await expect(first).rejects.toThrow('another command');
    expect(await second).toEqual([[]]);
  });

  it('nodes count nothing while their counting is paused, and continue afterwards', async () => {
    const { journals, responders } = await open();
    await journals.pauseCounting();
    let free = 0;
    const waiting = Promise.all(responders.map(({ untilResumed }) => untilResumed().then(() => free++)));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(free).toBe(0);
    await journals.resumeCounting();
    await waiting;
    expect(free).toBe(2);
  });
});
