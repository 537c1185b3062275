// A site that is created while the service runs, and whose pages are viewed at once: no hit after its creation is
// refused.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { openMongodb } from '../../src/store/mongodb/connection.js';
import { startProxy } from '../fixtures/proxy.js';
import { describeWith, dropDatabase, mongodbUri } from '../fixtures/servers.js';
import { CLI, type Environment, PERSON, type Running, start, testbed } from './running.js';

/** Nothing listens here, so no notice reaches the other nodes. */
const NO_REDIS = 'redis://127.0.0.1:1';

const { cleanUp, newFolder } = testbed();

async function running(env: Environment, role: readonly string[] = [], dataDir = newFolder()): Promise<Running> {
  const service = await start(dataDir, env, role);
  cleanUp.push(() => service.kill9());
  return service;
}

async function addSite(id: string, env: Environment): Promise<void> {
  const args = [CLI, 'site', 'add', id, '--title', id, '--timezone', 'UTC'];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}

const hit = (node: Running, site: string) =>
  fetch(`${node.url}/a.gif?s=${site}&u=https%3A%2F%2F${site}.example%2F&f=0&n=1&g=1`, { headers: { 'User-Agent': PERSON } });

const reasonOf = async (node: Running, site: string) => {
  const { status, headers } = await hit(node, site);
  return status === 200 ? headers.get('x-hitherto') : status;
};

/** The site's pages are viewed all the time, beginning before its creation. */
async function expectNoneRefusedOnceMade(nodes: readonly Running[], site: string, make: () => Promise<void>): Promise<void> {
  let isMade = false;
  const late: unknown[] = [];
  const visit = async (node: Running): Promise<void> => {
    for (let after = 0; after < 20; ) {
      const wasMade = isMade;
      const reason = await reasonOf(node, site);
      if (!wasMade) continue;
      after++;
      late.push(reason);
    }
  };
  const visiting = nodes.flatMap((node) => [visit(node), visit(node)]);
  await make();
  isMade = true;
  await Promise.all(visiting);
  expect(late.filter((reason) => reason !== null)).toEqual([]);
}

it('in one process, created by the command line tool', async () => {
  const env = { DATA_DIR: newFolder() };
  const service = await running({}, [], env.DATA_DIR);
  for (const site of ['garden', 'moon', 'sea']) await expectNoneRefusedOnceMade([service], site, () => addSite(site, env));
  expect(await reasonOf(service, 'nobody')).toBe('unknown-site');
});

describeWith('MONGODB_URI')('on several nodes without notices', () => {
  const database = () => {
    const uri = mongodbUri() as string;
    cleanUp.push(async () => {
      const { db, close } = await openMongodb(uri);
      await dropDatabase(db);
      await close();
    });
    return uri;
  };

  it('created by the command line tool', async () => {
    const env = { MONGODB_URI: database(), REDIS_URL: NO_REDIS };
    const nodes = await Promise.all([running(env, ['web']), running(env, ['web'])]);
    for (const site of ['garden', 'moon']) await expectNoneRefusedOnceMade(nodes, site, () => addSite(site, env));
    expect(await reasonOf(nodes[0] as Running, 'nobody')).toBe('unknown-site');
  });

  it('while MongoDB is unavailable, a hit of an unknown site is answered 503 and one of a known site is accepted', async () => {
    const uri = database();
    const proxy = await startProxy(uri);
    cleanUp.push(() => proxy.close());
    const env = { MONGODB_URI: proxy.uri, REDIS_URL: NO_REDIS };
    await addSite('garden', env);
    const node = await running(env, ['web']);
    proxy.refuse();
    expect(await reasonOf(node, 'moon')).toBe(503);
    expect(await reasonOf(node, 'garden')).toBeNull();
    proxy.pass();
    await addSite('moon', env);
    // The driver finds the server again after a while.
    while ((await reasonOf(node, 'moon')) === 503);
    expect(await reasonOf(node, 'moon')).toBeNull();
    expect((await node.health()).beacon.refusedTotal).toBe(0);
  });
});
