import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { plainHit } from '../../../test/fixtures/hits.js';
import { startProxy, type TcpProxy } from '../../../test/fixtures/proxy.js';
import { itWithOwnRedis, ownRedis } from '../../../test/fixtures/redis-server.js';
import { describeWith, newNamespace, redisUrl } from '../../../test/fixtures/servers.js';
import { until } from '../../../test/fixtures/until.js';
import { feedContract, hitOf } from '../contracts/feed.js';
import type { Feed, LiveHit } from '../feed.js';
import { openRedis, type RedisConnection } from './connection.js';
import { openRedisFeed } from './feed.js';

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

/** Two connected feeds on a Redis of their own. `use` may stop it. */
async function withOwnRedis(
  use: (server: Awaited<ReturnType<typeof ownRedis>>, feed: Feed, other: Feed) => Promise<void>,
): Promise<void> {
  const server = await ownRedis();
  await server.start();
  const connections = [1, 2].map(() => openRedis(server.url, 'live'));
  opened.push(...connections);
  const [feed, other] = connections.map((redis) => openRedisFeed(redis)) as [Feed, Feed];
  try {
    await until(() => feed.state().shared && other.state().shared);
    await use(server, feed, other);
  } finally {
    await Promise.all([feed.close(), other.close()]);
    await server.close();
  }
}

/** The paths that a listener was told of, as they come. */
function toldTo(feed: Feed): string[] {
  const told: string[] = [];
  feed.watch('garden', (hits) => told.push(...hits.map(({ path }) => path)));
  return told;
}

describeWith('REDIS_URL')('a feed on Redis', () => {
  feedContract(async (nowMs) => {
    const namespace = newNamespace();
    return { feed: await openFeed(namespace, nowMs), other: await openFeed(namespace, nowMs) };
  });

  it('sends nothing while nobody watches, and forgets nodes that no longer announce a site', async () => {
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

  it('ignores messages that are not valid', async () => {
    const namespace = newNamespace();
    const feed = await openFeed(namespace);
    const told: LiveHit[] = [];
    feed.watch('garden', (hits) => told.push(...hits));
    const { client } = opened[0] as RedisConnection;
    const others = ['{"sites":7}', '{"sites":[7,null]}', '{"hits":7}', '{"hits":[7,null]}', '{"sites":{"length":1}}'];
    for (const text of ['', 'null', '[]', '{', '{"sites":["../x"]}', '7', ...others]) {
      await client.publish(`${namespace}:watchers`, text);
      await client.publish(`${namespace}:hits:garden`, text);
    }
    feed.publish(hitOf('garden', '/after'));
    await until(() => told.length > 0);
    expect(told.map(({ path }) => path)).toEqual(['/after']);
    expect(feed.isWatched('../x')).toBe(false);
    await feed.close();
  });

  it('shows a node its own hits while Redis is unavailable', async () => {
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

  it('still renews known sites when its list is full', async () => {
    const namespace = newNamespace();
    const now = { ms: 1_000_000 };
    const feed = await openFeed(namespace, () => now.ms);
    const { client } = opened[0] as RedisConnection;
    const announce = (sites: string[]) => client.publish(`${namespace}:watchers`, JSON.stringify({ from: 'another', sites }));
    await announce(Array.from({ length: 10_001 }, (_, n) => `site-${n}`));
    await until(() => feed.isWatched('site-9999'));
    expect(feed.isWatched('site-10000')).toBe(false);
    now.ms += 10_000;
    await announce(['site-1']);
    await announce(['site-2']);
    await client.ping();
    now.ms += 10_000;
    await until(() => !feed.isWatched('site-3'));
    expect([feed.isWatched('site-1'), feed.isWatched('site-2')]).toEqual([true, true]);
    await feed.close();
  });

  itWithOwnRedis('detects that Redis hangs even while nobody watches, and works again when Redis answers', async () => {
    await withOwnRedis(async (server, feed, other) => {
      await server.hang(6_500);
      await until(() => !feed.state().shared);
      const told = toldTo(feed);
      feed.publish(hitOf('garden', '/mine'));
      await until(() => told.length === 1);
      await until(() => feed.state().shared && other.state().shared);
      await until(() => other.isWatched('garden'));
      other.publish(hitOf('garden', '/theirs'));
      await until(() => told.length === 2);
      expect(told).toEqual(['/mine', '/theirs']);
    });
  });

  const view = (path: string) => plainHit(Date.now(), { site: 'garden', path });
  const untilTold = async (told: readonly string[], paths: readonly string[]): Promise<void> => {
    await until(() => paths.every((path) => told.includes(path)));
    await delay(200);
    expect([...told].sort()).toEqual([...paths].sort());
  };

  itWithOwnRedis(
    'tells of the hits that other nodes accepted while Redis was away, each once, also for sites watched meanwhile',
    async () => {
      await withOwnRedis(async (server, feed, other) => {
        const told = toldTo(feed);
        await until(() => other.isWatched('garden'));
        other.publish(view('/before'));
        await untilTold(told, ['/before']);
        for (const outage of [1, 2]) {
          await server.kill();
          await until(() => !feed.state().shared && !other.state().shared);
          other.publish(view(`/missed-${outage}`));
          feed.publish(view(`/own-${outage}`));
          await server.start();
          await until(() => feed.state().shared && other.state().shared);
          other.publish(view(`/after-${outage}`));
          await until(() => told.includes(`/after-${outage}`) && told.includes(`/missed-${outage}`));
        }
        const all = ['/before', '/missed-1', '/own-1', '/after-1', '/missed-2', '/own-2', '/after-2'];
        await untilTold(told, all);
        expect((await feed.recent('garden')).hits.map(({ path }) => path).sort()).toEqual([...all].sort());

        await server.kill();
        await until(() => !feed.state().shared && !other.state().shared);
        other.publish(plainHit(Date.now(), { site: 'moon', path: '/moon' }));
        feed.watch('moon', () => {});
        expect((await feed.recent('moon')).hits).toEqual([]);
        await server.start();
        await until(async () => (await feed.recent('moon')).hits.length === 1);
      });
    },
  );

  it.each([
    ['watches', 'feed'],
    ['accepts hits', 'other'],
  ] as const)('tells of the hits that it missed while only the node that %s was disconnected', async (_, cutOff) => {
    const namespace = newNamespace();
    const proxy: TcpProxy = await startProxy(redisUrl() as string);
    const open = async (name: string): Promise<Feed> => {
      const redis = openRedis(name === cutOff ? proxy.uri : (redisUrl() as string), namespace);
      opened.push(redis);
      return openRedisFeed(redis);
    };
    const [feed, other] = [await open('feed'), await open('other')];
    const far = { feed, other }[cutOff];
    try {
      await until(() => feed.state().shared && other.state().shared);
      const told = toldTo(feed);
      await until(() => other.isWatched('garden'));
      other.publish(view('/before'));
      await until(() => told.length === 1);
      proxy.refuse();
      await until(() => !far.state().shared);
      for (const path of ['/missed-1', '/missed-2']) other.publish(view(path));
      await delay(100);
      proxy.pass();
      await until(() => far.state().shared);
      other.publish(view('/after'));
      await untilTold(told, ['/before', '/missed-1', '/missed-2', '/after']);
    } finally {
      await Promise.all([feed.close(), other.close()]);
      await proxy.close();
    }
  });
});
