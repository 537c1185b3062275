import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { connectedRedis, NO_REDIS } from '../../../test/fixtures/redis-connection.js';
import { itWithOwnRedis, ownRedis } from '../../../test/fixtures/redis-server.js';
import { describeWith, newNamespace } from '../../../test/fixtures/servers.js';
import { until } from '../../../test/fixtures/until.js';
import { utcDay } from '../../time/dates.js';
import { saltsContract } from '../contracts/salts.js';
import { openLocalSalts } from '../local/salts.js';
import { openRedis, type RedisConnection } from './connection.js';
import { openRedisSalts } from './salts.js';

const TODAY = utcDay(Date.now());
const NOON = Date.parse(`${TODAY}T12:00:00Z`);
const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hitherto-'));
  closers.push(() => rmSync(path, { recursive: true }));
  return path;
}

async function connected(namespace: string, url?: string): Promise<RedisConnection> {
  const redis = await connectedRedis(namespace, url);
  closers.push(() => redis.close());
  return redis;
}

async function salts(namespace: string, dataDir: string, nowMs: number, url?: string) {
  const opened = await openRedisSalts(
    await connected(namespace, url),
    openLocalSalts(dataDir, () => nowMs),
    () => nowMs,
  );
  closers.push(() => opened.close());
  return opened;
}

describeWith('REDIS_URL')('salts on Redis', () => {
  saltsContract(async (nowMs) => {
    const path = folder();
    const namespace = newNamespace();
    const opened = await openRedisSalts(
      await connected(namespace),
      openLocalSalts(path, () => nowMs),
      () => nowMs,
    );
    // what Redis does once the date is over
    const forget = async (laterMs: number) => {
      const { client } = await connected(namespace);
      for (const key of await client.keys(`${namespace}:salt:*`)) {
        if (Date.parse(key.slice(-10)) + 3 * 86_400_000 <= laterMs) await client.del(key);
      }
    };
    return {
      salts: opened,
      async reopen(laterMs) {
        await forget(laterMs);
        return openRedisSalts(
          await connected(namespace),
          openLocalSalts(path, () => laterMs),
          () => laterMs,
        );
      },
    };
  });

  it('are the same on every node, and expire when the date is over everywhere', async () => {
    const namespace = newNamespace();
    const [one, two] = await Promise.all([salts(namespace, folder(), Date.now()), salts(namespace, folder(), Date.now())]);
    expect(two.salt(TODAY)).toEqual(one.salt(TODAY));
    const { client } = await connected(namespace);
    const expiresMs = Date.now() + (await client.pttl(`${namespace}:salt:${TODAY}`));
    expect(Math.abs(expiresMs - (Date.parse(TODAY) + 3 * 86_400_000))).toBeLessThan(2000);
  });

  it('come from the node’s own file while Redis is unavailable, and do not change when Redis has lost all data', async () => {
    const namespace = newNamespace();
    const [first, second] = [folder(), folder()];
    const before = await salts(namespace, first, NOON);
    const salt = before.salt(TODAY);
    const alone = await salts(namespace, first, NOON, NO_REDIS);
    expect(alone.state()).toEqual({ shared: false });
    expect(alone.salt(TODAY)).toEqual(salt);
    const { client } = await connected(namespace);
    await client.del(...(await client.keys(`${namespace}:*`)));
    await salts(namespace, first, NOON); // shares its stored salts
    expect((await salts(namespace, second, NOON)).salt(TODAY)).toEqual(salt);
  });

  it('rejects an invalid value in Redis', async () => {
    const namespace = newNamespace();
    const { client } = await connected(namespace);
    await client.set(`${namespace}:salt:${TODAY}`, 'c2hvcnQ=');
    const alone = await salts(namespace, folder(), NOON);
    expect(alone.state()).toEqual({ shared: false });
    expect(alone.salt(TODAY)).toHaveLength(32);
  });

  itWithOwnRedis('are taken from Redis as soon as a node that started without it reaches it', async () => {
    const server = await ownRedis();
    closers.push(() => server.close());
    await server.start();
    const first = await salts('salts', folder(), NOON, server.url);
    await server.kill();
    const beganMs = Date.now();
    const redis = openRedis(server.url, 'salts');
    closers.push(() => redis.close());
    const path = folder();
    const late = await openRedisSalts(
      redis,
      openLocalSalts(path, () => NOON),
      () => NOON,
    );
    closers.push(() => late.close());
    expect(Date.now() - beganMs).toBeLessThan(20_000);
    expect(late.salt(TODAY)).not.toEqual(first.salt(TODAY));
    expect([first.state(), late.state()]).toEqual([{ shared: false }, { shared: false }]);
    await server.start();
    await until(() => late.state().shared && first.state().shared);
    expect(late.salt(TODAY)).toEqual(first.salt(TODAY));
    await server.kill();
    expect((await salts('salts', path, NOON, NO_REDIS)).salt(TODAY)).toEqual(first.salt(TODAY));
  });
});
