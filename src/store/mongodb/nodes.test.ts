import { afterEach, expect, it } from '@jest/globals';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { nodesContract } from '../contracts/nodes.js';
import { type Mongodb, openMongodb } from './connection.js';
import { openMongodbDocuments } from './documents.js';
import { openMongodbNodes } from './nodes.js';

const opened: Mongodb[] = [];

afterEach(async () => {
  await dropDatabase(opened[0]?.db);
  for (const mongodb of opened.splice(0)) await mongodb.close();
});

describeWith('MONGODB_URI')('on MongoDB', () => {
  nodesContract(async () => {
    const uri = mongodbUri() as string;
    opened.push(await openMongodb(uri), await openMongodb(uri));
    const [mongodb, another] = opened as [Mongodb, Mongodb];
    return {
      nodes: openMongodbNodes(mongodb),
      other: openMongodbNodes(another),
      documents: openMongodbDocuments(mongodb),
    };
  });

  it('a node is running while it sends heartbeats, and not afterwards', async () => {
    opened.push(await openMongodb(mongodbUri() as string));
    const nodes = openMongodbNodes(opened[0] as Mongodb);
    await nodes.claim('node', 'boot', undefined);
    const beating = setInterval(() => void nodes.heartbeat('node', 'boot', 5), 300);
    expect(await nodes.isRunning('node')).toBe(true);
    clearInterval(beating);
    await nodes.heartbeat('node', 'boot', 5);
    expect(await nodes.isRunning('node')).toBe(false);
    expect(await nodes.isRunning('another')).toBe(false);
  });
});
