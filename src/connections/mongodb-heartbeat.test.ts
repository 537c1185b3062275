import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { type TcpProxy, startProxy } from '../../test/fixtures/proxy.js';
import { describeWith, dropDatabase, mongodbUri } from '../../test/fixtures/servers.js';
import { type Mongodb, openMongodb } from './mongodb.js';

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function opened(): Promise<{ proxy: TcpProxy; mongodb: Mongodb }> {
  const proxy = await startProxy(mongodbUri() as string);
  cleanUp.push(() => proxy.close());
  const mongodb = await openMongodb(proxy.uri);
  cleanUp.push(
    () => mongodb.close(),
    () => dropDatabase(mongodb.db),
  );
  return { proxy, mongodb };
}

describeWith('MONGODB_URI')('a connection to a server that is cut off in the middle of a request', () => {
  it('is good again when the server is back, though the driver may have lost it for ever', async () => {
    const { proxy, mongodb } = await opened();
    const ask = () => mongodb.db.collection('any').findOne({ _id: 1 as never });
    // a while apart: so the driver's own look at the server is over
    for (let request = 1; request <= 3; request++, await delay(300)) await ask();
    proxy.cutRequests(
      () => {
        proxy.refuse();
        return true;
      },
      0,
      1,
    );
    await expect(ask()).rejects.toThrow('closed');
    proxy.pass();
    for (const deadline = Date.now() + 50_000; ; await delay(20)) {
      const found = await ask().catch(() => undefined);
      if (found !== undefined) return expect(found).toBeNull();
      if (Date.now() > deadline) throw new Error('it never was');
    }
  }, 60_000);
});
