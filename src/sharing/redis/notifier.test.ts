import { afterEach, expect, it } from '@jest/globals';
import { startProxy, type TcpProxy } from '../../../test/fixtures/proxy.js';
import { describeWith, newNamespace, redisUrl } from '../../../test/fixtures/servers.js';
import type { ChangeNotifier } from '../../store/change-notifier.js';
import { notifierContract, until } from '../../store/contracts/accounts.js';
import { openRedis } from './connection.js';
import { openRedisNotifier } from './notifier.js';

const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function notifierAt(url: string, namespace: string): ChangeNotifier {
  const redis = openRedis(url, namespace);
  const notifier = openRedisNotifier(redis);
  closers.push(redis.close, notifier.close);
  return notifier;
}

/** A notifier says that it may have missed something as soon as it hears. */
async function hears(notifier: ChangeNotifier): Promise<void> {
  let isHearing = false;
  const end = notifier.onChange(() => {
    isHearing = true;
  });
  await until(() => isHearing, 5000);
  end();
}

describeWith('REDIS_URL')('on Redis', () => {
  notifierContract(async () => {
    const namespace = newNamespace();
    const [notifier, other] = [notifierAt(redisUrl() as string, namespace), notifierAt(redisUrl() as string, namespace)];
    await Promise.all([hears(notifier), hears(other)]);
    return { notifier, other };
  });

  it('a notifier is not heard by another installation', async () => {
    const [notifier, stranger] = [
      notifierAt(redisUrl() as string, newNamespace()),
      notifierAt(redisUrl() as string, newNamespace()),
    ];
    await Promise.all([hears(notifier), hears(stranger)]);
    let [own, heard] = [0, 0];
    notifier.onChange(() => own++);
    stranger.onChange(() => heard++);
    notifier.notify();
    await until(() => own === 1, 10_000);
    expect(heard).toBe(0);
  });

  it('a notifier calls its listeners once when it hears again, since it may have missed something, and is heard again', async () => {
    const proxy: TcpProxy = await startProxy(redisUrl() as string);
    closers.push(proxy.close);
    const namespace = newNamespace();
    const [far, near] = [notifierAt(proxy.uri, namespace), notifierAt(redisUrl() as string, namespace)];
    await Promise.all([hears(far), hears(near)]);
    let heard = 0;
    far.onChange(() => heard++);
    proxy.refuse();
    near.notify();
    expect(() => far.notify()).not.toThrow();
    proxy.pass();
    await until(() => heard > 0, 5000);
    expect(heard).toBe(1);
    near.notify();
    await until(() => heard === 2, 10_000);
  });

  it('a notifier may be rung and closed where there is no Redis', async () => {
    const notifier = notifierAt('redis://127.0.0.1:1', newNamespace());
    notifier.notify();
    await notifier.close();
    notifier.notify();
  });
});
