import { afterEach, expect, it } from '@jest/globals';
import { describeWith, newNamespace, redisUrl } from '../../test/fixtures/servers.js';
import { type RedisConnection, openRedis } from '../connections/redis.js';
import { feedContract, hitOf, until } from './contract.js';
import type { Feed, LiveHit } from './port.js';
import { openRedisFeed } from './redis.js';

const opened: RedisConnection[] = [];
afterEach(async () => {
  for (const redis of opened.splice(0)) await redis.close();
});

async function openFeed(namespace: string, nowMs?: () => number): Promise<Feed> {
  const redis = openRedis(redisUrl() as string, namespace);
  opened.push(redis);
  const feed = openRedisFeed(redis, nowMs);
  await until(() => feed.state().shared);
  return feed;
}

describeWith('REDIS_URL')('on Redis', () => {
  feedContract(async () => {
    const namespace = newNamespace();
    return { feed: await openFeed(namespace), other: await openFeed(namespace) };
  });

  it('sends nothing while nobody watches, and forgets those who no longer say that they do', async () => {
    const namespace = newNamespace();
    const now = { ms: 1_000_000 };
    const [feed, other] = [await openFeed(namespace), await openFeed(namespace, () => now.ms)];
    const end = feed.watch('garden', () => {});
    await until(() => other.isWatched('garden'));
    expect(other.isWatched('moon')).toBe(false);
    end();
    now.ms += 16_000;
    await until(() => !other.isWatched('garden'));
    await Promise.all([feed.close(), other.close()]);
  });

  it('passes over what is not its own language', async () => {
    const namespace = newNamespace();
    const feed = await openFeed(namespace);
    const told: LiveHit[] = [];
    feed.watch('garden', (hits) => told.push(...hits));
    const { client } = opened[0] as RedisConnection;
    for (const text of ['', 'null', '[]', '{', '{"sites":["../x"]}', '7']) {
      await client.publish(`${namespace}:watchers`, text);
      await client.publish(`${namespace}:hits:garden`, text);
    }
    feed.publish(hitOf('garden', '/after'));
    await until(() => told.length > 0);
    expect(told.map(({ path }) => path)).toEqual(['/after']);
    expect(feed.isWatched('../x')).toBe(false);
    await feed.close();
  });

  it('shows a node its own hits while Redis is away', async () => {
    const redis = openRedis('redis://127.0.0.1:1', newNamespace());
    opened.push(redis);
    const feed = openRedisFeed(redis);
    const told: LiveHit[] = [];
    feed.watch('garden', (hits) => told.push(...hits));
    feed.publish(hitOf('garden', '/mine'));
    await until(() => told.length === 1);
    expect(feed.state()).toEqual({ shared: false });
    await feed.close();
  });
});
