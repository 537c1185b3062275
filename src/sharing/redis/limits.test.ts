import { afterEach, expect, it } from '@jest/globals';
import { connectedRedis, NO_REDIS } from '../../../test/fixtures/redis-connection.js';
import { itWithOwnRedis, ownRedis } from '../../../test/fixtures/redis-server.js';
import { describeWith, newNamespace } from '../../../test/fixtures/servers.js';
import { until } from '../../../test/fixtures/until.js';
import { limitsContract } from '../contracts/limits.js';
import { LIMITS } from '../limits.js';
import type { RedisConnection } from './connection.js';
import { openRedisLimits } from './limits.js';

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function connected(namespace: string, url?: string): Promise<RedisConnection> {
  const redis = await connectedRedis(namespace, url);
  closers.push(() => redis.close());
  return redis;
}

describeWith('REDIS_URL')('limits on Redis', () => {
  limitsContract(async () => {
    const limits = openRedisLimits(await connected(newNamespace()));
    await limits.take('api', 'to connect');
    await until(() => limits.state().shared);
    return limits;
  });

  it('apply to all nodes together, and to each node alone while Redis is unavailable', async () => {
    const namespace = newNamespace();
    const nodes = await Promise.all([1, 2].map(async () => openRedisLimits(await connected(namespace))));
    for (const limits of nodes) {
      closers.push(() => limits.close());
      await until(() => limits.state().shared);
    }
    const { calls } = LIMITS['sign-in'];
    for (let call = 0; call < calls; call++) {
      expect((await (nodes[call % 2] as (typeof nodes)[0]).take('sign-in', '192.0.2.1')).allowed).toBe(true);
    }
    for (const limits of nodes) expect((await limits.take('sign-in', '192.0.2.1')).allowed).toBe(false);

    const alone = openRedisLimits(await connected(namespace, NO_REDIS));
    closers.push(() => alone.close());
    for (let call = 0; call < calls; call++) expect((await alone.take('sign-in', '192.0.2.1')).allowed).toBe(true);
    expect((await alone.take('sign-in', '192.0.2.1')).allowed).toBe(false);
    expect(alone.state()).toEqual({ shared: false });
  });

  it('send Redis no further calls of a caller over the limit', async () => {
    const namespace = newNamespace();
    const limits = openRedisLimits(await connected(namespace));
    closers.push(() => limits.close());
    await until(() => limits.state().shared);
    const { client } = await connected(namespace);
    const counted = async () => Number(await client.get((await client.keys(`${namespace}:limit:*`))[0] as string));
    const { calls } = LIMITS['sign-in'];
    for (let call = 0; call < 3 * calls; call++) {
      expect((await limits.take('sign-in', '192.0.2.1')).allowed).toBe(call < calls);
    }
    expect(await counted()).toBe(calls);
  });

  it('store neither addresses nor tokens in Redis', async () => {
    const namespace = newNamespace();
    const limits = openRedisLimits(await connected(namespace));
    closers.push(() => limits.close());
    await until(() => limits.state().shared);
    await limits.take('sign-in', '192.0.2.77');
    const { client } = await connected(namespace);
    const keys = await client.keys(`${namespace}:*`);
    expect(keys).toHaveLength(1);
    expect(keys.join()).not.toContain('192.0.2');
  });

  itWithOwnRedis('answer quickly while Redis hangs, report it, and are shared again afterwards', async () => {
    const server = await ownRedis();
    closers.push(() => server.close());
    await server.start();
    const limits = openRedisLimits(await connected('limits', server.url));
    closers.push(() => limits.close());
    await until(() => limits.state().shared);
    await server.hang(6_500);
    const askedMs = Date.now();
    expect(await limits.take('sign-in', '192.0.2.1')).toEqual({ allowed: true });
    expect(Date.now() - askedMs).toBeLessThan(5_000); // it still hangs
    await until(() => !limits.state().shared);
    expect(await limits.take('sign-in', '192.0.2.1')).toEqual({ allowed: true });
    await until(() => limits.state().shared);
  });
});
