import { afterEach, expect, it } from '@jest/globals';
import { losingMongodb } from '../../../test/fixtures/lossy-mongodb.js';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { tombstonesContract } from '../contracts/tombstones.js';
import { type Mongodb, openMongodb } from './connection.js';
import { openMongodbTombstones } from './tombstones.js';

const opened: Mongodb[] = [];

afterEach(async () => {
  await dropDatabase(opened[0]?.db);
  for (const mongodb of opened.splice(0)) await mongodb.close();
});

describeWith('MONGODB_URI')('on MongoDB', () => {
  tombstonesContract(async () => {
    const uri = mongodbUri() as string;
    opened.push(await openMongodb(uri), await openMongodb(uri));
    const [mongodb, another] = opened as [Mongodb, Mongodb];
    return { tombstones: openMongodbTombstones(mongodb), other: openMongodbTombstones(another) };
  });
});

it('shows every deletion to a node that reads in between, on an engine that loses simultaneous upserts', async () => {
  const mongodb = losingMongodb();
  const node = openMongodbTombstones(mongodb);
  const tombstone = { site: 'garden', deleted: { kind: 'site' }, receivedUntilMs: 5 } as const;
  const ids = Array.from({ length: 20 }, (_, n) => `d${n}`);
  for (const some of [ids.slice(0, 10), ids.slice(10)]) {
    await Promise.all(some.map((id) => openMongodbTombstones(mongodb).put({ ...tombstone, id })));
    const known = (await node.read()).map(({ id }) => id);
    expect(known).toEqual(expect.arrayContaining(some));
  }
  const count = await mongodb.db.collection<{ _id: string; number: number }>('tombstones').findOne({ _id: 'count' });
  expect(count?.number).toBe(ids.length);
});
