import { afterEach, expect, it } from '@jest/globals';
import { MongoServerError } from 'mongodb';
import { naming, startProxy } from '../../../test/fixtures/proxy.js';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { startPretender } from '../../../test/fixtures/topology-proxy.js';
import { Counters } from '../../counters/counters.js';
import { documentGroupsContract } from '../contracts/document-groups.js';
import { documentsContract } from '../contracts/documents.js';
import { StoreUnavailable } from '../unavailable.js';
import { type Mongodb, openMongodb } from './connection.js';
import { openMongodbDocuments } from './documents.js';
import { openMongodbNodes } from './nodes.js';

const opened: Mongodb[] = [];

afterEach(async () => {
  const [first] = opened;
  await dropDatabase(first?.db);
  for (const mongodb of opened.splice(0)) await mongodb.close();
});

describeWith('MONGODB_URI')('on MongoDB', () => {
  const open = async () => {
    const uri = mongodbUri() as string;
    opened.push(await openMongodb(uri), await openMongodb(uri));
    const [mongodb, another] = opened as [Mongodb, Mongodb];
    return {
      documents: openMongodbDocuments(mongodb),
      nodes: openMongodbNodes(mongodb),
      other: openMongodbDocuments(another),
    };
  };
  for (const contract of [documentsContract, documentGroupsContract]) contract(open);

  it('forget nodes in the documents themselves', async () => {
    const { documents, nodes } = await open();
    for (const node of ['none', 'ntwo']) {
      await nodes.claim(node, 'boot', undefined);
      await documents.apply({ node, number: 1, checksum: 1 }, views(1), 5);
    }
    await documents.forgetNodes('traffic.2026', ['a:2026-11-20'], ['none']);
    const found = await (opened[0] as Mongodb).db.collection('traffic.2026').findOne({ _id: 'a:2026-11-20' as never });
    expect(found?.k).toEqual({ ntwo: 1, rev: 1 });
  });

  const views = (count: number) => {
    const counters = new Counters();
    counters.sum('v', count);
    return [{ collection: 'traffic.2026', id: 'a:2026-11-20', counters, caps: {} }];
  };

  it('accept no further segments when the store has lost a segment that it had confirmed', async () => {
    opened.push(await openMongodb(mongodbUri() as string));
    const { db } = opened[0] as Mongodb;
    const documents = openMongodbDocuments(opened[0] as Mongodb);
    for (const number of [1, 2]) await documents.apply({ node: 'node', number, checksum: number }, views(1), 5);
    // as after restoring a backup from between the two segments
    await db.collection('nodes').updateOne({ _id: 'node' as never }, { $set: { number: 1 } });
    await db.collection('traffic.2026').updateOne({ _id: 'a:2026-11-20' as never }, { $set: { 'c.v': 1, 'k.node': 1 } });
    await expect(documents.apply({ node: 'node', number: 3, checksum: 3 }, views(1), 5)).rejects.toThrow('backup was restored');
    const started = openMongodbDocuments(opened[0] as Mongodb);
    for (const number of [2, 3]) await started.apply({ node: 'node', number, checksum: number }, views(1), 5);
    expect((await started.read(views(0)))[0]?.get('v')).toBe(3);
  });

  it('reject when connections break in a bulk or before its answer, and add it once when it is repeated', async () => {
    const uri = mongodbUri() as string;
    const proxy = await startProxy(uri);
    opened.push(await openMongodb(uri), await openMongodb(proxy.uri));
    const documents = openMongodbDocuments(opened[1] as Mongodb);
    const bulk = naming('update', 'traffic.2026');
    let number = 0;
    for (const fail of [() => proxy.cutRequests(bulk, 300), () => proxy.swallowAnswers(bulk)]) {
      for (let time = 0; time < 3; time++) {
        const segment = { node: 'node', number: ++number, checksum: number };
        const before = proxy.faults;
        fail();
        await expect(documents.apply(segment, views(1), 5)).rejects.toThrow();
        expect(proxy.faults).toBeGreaterThan(before);
        proxy.pass();
        expect((await documents.apply(segment, views(1), 5)).outcome).toBe('applied');
      }
    }
    expect((await documents.read(views(0)))[0]?.get('v')).toBe(6);
    await proxy.close();
  });

  it('reject a delta that is too large for any server, and write the rest of the bulk', async () => {
    opened.push(await openMongodb(mongodbUri() as string));
    const documents = openMongodbDocuments(opened[0] as Mongodb);
    const huge = new Counters();
    huge.max('t', 'x'.repeat(17 * 1024 * 1024));
    const deltas = [...views(2), { collection: 'traffic.2026', id: 'b:2026-11-20', counters: huge, caps: {} }];
    const { rejected } = await documents.apply({ node: 'node', number: 1, checksum: 1 }, deltas, 5);
    expect(rejected).toEqual([{ collection: 'traffic.2026', id: 'b:2026-11-20', reason: expect.stringMatching(/large|size/i) }]);
    expect((await documents.read(deltas)).map((document) => document?.get('v'))).toEqual([2, undefined]);
  });

  it('report that MongoDB is unavailable when they cannot be read', async () => {
    const uri = mongodbUri() as string;
    const proxy = await startProxy(uri);
    opened.push(await openMongodb(uri), await openMongodb(`${proxy.uri}&serverSelectionTimeoutMS=500`));
    const documents = openMongodbDocuments(opened[1] as Mongodb);
    proxy.refuse();
    await expect(documents.read(views(0))).rejects.toThrow(StoreUnavailable);
    await expect(documents.lateYears('traffic', '2026')).rejects.toThrow(StoreUnavailable);
    proxy.pass();
    // the driver checks the server again after a while
    const read = () => documents.read(views(0)).catch(() => undefined);
    let documentsRead = await read();
    while (documentsRead === undefined) documentsRead = await read();
    expect(documentsRead).toEqual([undefined]);
    await proxy.close();
  });

  it('are created by two nodes at once in a busy sharded cluster, and listed in order', async () => {
    const refusals: Record<string, number[]> = { create: [117, 46], shardCollection: [117, 46, 112, 8] };
    const pretender = await startPretender(mongodbUri() as string, {
      kind: 'sharded cluster',
      answer(name) {
        const code = refusals[name]?.shift();
        if (code !== undefined) return { ok: 0, code, errmsg: 'busy with another' };
        return name === 'shardCollection' ? { ok: 1 } : undefined;
      },
    });
    opened.push(await openMongodb(pretender.uri), await openMongodb(pretender.uri));
    expect(opened.map(({ kind }) => kind)).toEqual(['sharded cluster', 'sharded cluster']);
    const nodes = opened.map((mongodb) => openMongodbDocuments(mongodb));
    const names = ['traffic.2026', 'content.2026', 'traffic.2025', 'minutes.2026'];
    const deltas = names.flatMap((collection) => views(1).map((delta) => ({ ...delta, collection })));
    await Promise.all(nodes.map((node, n) => node.apply({ node: `n${n}`, number: 1, checksum: 1 }, deltas, 5)));
    for (const counters of (await nodes[0]?.read(deltas)) ?? []) expect(counters?.get('v')).toBe(2);
    expect(await nodes[0]?.collections()).toEqual([...names].sort());
    expect(Object.values(refusals).flat()).toEqual([]);
    await dropDatabase(opened[0]?.db);
    for (const mongodb of opened.splice(0)) await mongodb.close();
    await pretender.close();
  });
});

/** `refusals`: the first answers to each command. */
function cluster(...refusals: MongoServerError[]) {
  const commands: unknown[] = [];
  const left = new Map<string, MongoServerError[]>();
  const execute = async (command: object) => {
    commands.push(command);
    const key = JSON.stringify(command);
    if (!left.has(key)) left.set(key, [...refusals]);
    const refusal = left.get(key)?.shift();
    if (refusal !== undefined) throw refusal;
  };
  const db = {
    databaseName: 'stats',
    listCollections: () => ({ toArray: async () => [{ name: 'traffic.2026' }] }),
    createCollection: (name: string) => execute(['create', name]),
    admin: () => ({ command: execute }),
    collection: () => ({}),
  };
  const mongodb = { db, kind: 'sharded cluster', written: {}, confirmed: {}, close: async () => {} } as unknown as Mongodb;
  return { documents: openMongodbDocuments(mongodb), commands };
}

it('continue when a cluster briefly refuses to create or shard a collection, or another process did it', async () => {
  const busy = [117, 46].map((code) => new MongoServerError({ code, message: 'busy' }));
  const { documents, commands } = cluster(...busy);
  await documents.prepare(['traffic.2027']);
  expect(commands).toEqual([
    ...Array(3).fill(['create', 'traffic.2027']),
    ...Array(3).fill({ shardCollection: 'stats.traffic.2027', key: { _id: 'hashed' } }),
  ]);
  const done = cluster(new MongoServerError({ code: 48, message: 'it exists' }));
  await expect(done.documents.prepare(['traffic.2027'])).resolves.toBeUndefined();
});

it('report when they may not shard a collection', async () => {
  const { documents, commands } = cluster(new MongoServerError({ code: 13, message: 'not authorized' }));
  await expect(documents.prepare(['traffic.2026'])).rejects.toThrow('not authorized');
  expect(commands).toHaveLength(1);
});

it('spread a collection over the shards of a cluster, by hashed _id, before the first document is written', async () => {
  const { documents, commands } = cluster();
  await documents.prepare(['traffic.2026', 'traffic.2027']);
  expect(commands).toEqual([
    { shardCollection: 'stats.traffic.2026', key: { _id: 'hashed' } },
    ['create', 'traffic.2027'],
    { shardCollection: 'stats.traffic.2027', key: { _id: 'hashed' } },
  ]);
});
