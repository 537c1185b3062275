import { afterEach, expect, it } from '@jest/globals';
import { type TcpProxy, startProxy } from '../../../test/fixtures/proxy.js';
import { describeWith, newNamespace, redisUrl } from '../../../test/fixtures/servers.js';
import { openRedis } from './connection.js';
import type { Bell } from '../../store/change-notifier.js';
import { bellContract, until } from '../../store/contracts/accounts.js';
import { openRedisBell } from './notifier.js';

const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function bellAt(url: string, namespace: string): Bell {
  const redis = openRedis(url, namespace);
  const bell = openRedisBell(redis);
  closers.push(redis.close, bell.close);
  return bell;
}

/** A bell says that it may have missed something as soon as it hears. */
async function hears(bell: Bell): Promise<void> {
  let isHearing = false;
  const end = bell.onRing(() => {
    isHearing = true;
  });
  await until(() => isHearing, 5000);
  end();
}

describeWith('REDIS_URL')('on Redis', () => {
  bellContract(async () => {
    const namespace = newNamespace();
    const [bell, other] = [bellAt(redisUrl() as string, namespace), bellAt(redisUrl() as string, namespace)];
    await Promise.all([hears(bell), hears(other)]);
    return { bell, other };
  });

  it('a bell is not heard by another installation', async () => {
    const [bell, stranger] = [bellAt(redisUrl() as string, newNamespace()), bellAt(redisUrl() as string, newNamespace())];
    await Promise.all([hears(bell), hears(stranger)]);
    let [own, heard] = [0, 0];
    bell.onRing(() => own++);
    stranger.onRing(() => heard++);
    bell.ring();
    await until(() => own === 1, 10_000);
    expect(heard).toBe(0);
  });

  it('a bell calls its listeners once when it hears again, since it may have missed something, and is heard again', async () => {
    const proxy: TcpProxy = await startProxy(redisUrl() as string);
    closers.push(proxy.close);
    const namespace = newNamespace();
    const [far, near] = [bellAt(proxy.uri, namespace), bellAt(redisUrl() as string, namespace)];
    await Promise.all([hears(far), hears(near)]);
    let heard = 0;
    far.onRing(() => heard++);
    proxy.refuse();
    near.ring();
    expect(() => far.ring()).not.toThrow();
    proxy.pass();
    await until(() => heard > 0, 5000);
    expect(heard).toBe(1);
    near.ring();
    await until(() => heard === 2, 10_000);
  });

  it('a bell may be rung and closed where there is no Redis', async () => {
    const bell = bellAt('redis://127.0.0.1:1', newNamespace());
    bell.ring();
    await bell.close();
    bell.ring();
  });
});
