// A web node while MongoDB is unavailable: hits are accepted, and requests for reports fail at once.

import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { localNotifiers } from '../../src/sharing/local/notifier.js';
import { exampleSite } from '../../src/store/contracts/accounts.js';
import { openMongodbAccounts } from '../../src/store/mongodb/accounts.js';
import { openMongodb } from '../../src/store/mongodb/connection.js';
import { startProxy, type TcpProxy } from '../fixtures/proxy.js';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../fixtures/servers.js';
import { PERSON, start, temporaryFolder } from './running.js';

const REPORTS = 20;

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

describeWith('MONGODB_URI', 'REDIS_URL')('a web node whose MongoDB', () => {
  it.each<[string, (proxy: TcpProxy) => void]>([
    ['refuses', (proxy) => proxy.refuse()],
    ['hangs', (proxy) => proxy.hang()],
  ])('%s accepts hits and answers many reports with 503 before a driver has given up connecting', async (_what, fault) => {
    const [folder, uri] = [temporaryFolder(), mongodbUri() as string];
    const direct = await openMongodb(uri);
    cleanUp.push(folder.remove, direct.close, () => dropDatabase(direct.db));
    const accounts = await openMongodbAccounts(direct, localNotifiers()());
    cleanUp.push(accounts.close);
    await accounts.addSite({ ...exampleSite, hosts: [] });
    const { secret } = await accounts.addToken({ title: '', sites: 'all', nowMs: 1 });
    const proxy = await startProxy(uri);
    cleanUp.push(proxy.close);
    const web = await start(folder.path, { MONGODB_URI: proxy.uri, REDIS_URL: redisUrl() as string }, ['web']);
    cleanUp.push(web.kill9);
    cleanUp.push(() => proxy.pass());

    const report = async (): Promise<number> => {
      const headers = { Authorization: `Bearer ${secret}` };
      return (await fetch(`${web.url}/api/v1/sites/garden/traffic`, { headers })).status;
    };
    const until = async (status: number): Promise<void> => {
      while ((await report()) !== status) await delay(20);
    };
    await until(200);
    fault(proxy);
    await until(503);
    let isPatient = true;
    const patience = openMongodb(proxy.uri)
      .then(({ close }) => close())
      .catch(() => {})
      .finally(() => {
        isPatient = false;
      });
    for (let times = 0; times < REPORTS; times++) expect(await report()).toBe(503);
    expect(isPatient).toBe(true);
    const hit = `${web.url}/a.gif?s=garden&u=https%3A%2F%2Fgarden.example%2F`;
    expect((await fetch(hit, { headers: { 'User-Agent': PERSON } })).headers.get('content-type')).toBe('image/gif');
    proxy.pass();
    await patience;
    await until(200);
  });
});
