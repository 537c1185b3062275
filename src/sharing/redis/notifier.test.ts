import { afterEach, expect, it } from '@jest/globals';
import { startProxy, type TcpProxy } from '../../../test/fixtures/proxy.js';
import { describeWith, newNamespace, redisUrl } from '../../../test/fixtures/servers.js';
import { until } from '../../../test/fixtures/until.js';
import type { ChangeNotifier } from '../../store/change-notifier.js';
import { notifierContract } from '../contracts/notifier.js';
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

/** A notifier calls its listeners once it has subscribed, because it may have missed a notice before. */
async function subscribed(notifier: ChangeNotifier): Promise<void> {
  let isSubscribed = false;
  const end = notifier.onChange(() => {
    isSubscribed = true;
  });
  await until(() => isSubscribed);
  end();
}

describeWith('REDIS_URL')('a change notifier on Redis', () => {
  notifierContract(async () => {
    const namespace = newNamespace();
    const [notifier, other] = [notifierAt(redisUrl() as string, namespace), notifierAt(redisUrl() as string, namespace)];
    await Promise.all([subscribed(notifier), subscribed(other)]);
    return { notifier, other };
  });

  it('does not reach another installation', async () => {
    const [notifier, stranger] = [
      notifierAt(redisUrl() as string, newNamespace()),
      notifierAt(redisUrl() as string, newNamespace()),
    ];
    await Promise.all([subscribed(notifier), subscribed(stranger)]);
    let [own, foreign] = [0, 0];
    notifier.onChange(() => own++);
    stranger.onChange(() => foreign++);
    notifier.notify();
    await until(() => own === 1);
    expect(foreign).toBe(0);
  });

  it('calls its listeners once after a lost connection, because it may have missed a notice', async () => {
    const proxy: TcpProxy = await startProxy(redisUrl() as string);
    closers.push(proxy.close);
    const namespace = newNamespace();
    const [far, near] = [notifierAt(proxy.uri, namespace), notifierAt(redisUrl() as string, namespace)];
    await Promise.all([subscribed(far), subscribed(near)]);
    let calls = 0;
    far.onChange(() => calls++);
    proxy.refuse();
    near.notify();
    expect(() => far.notify()).not.toThrow();
    proxy.pass();
    await until(() => calls > 0);
    expect(calls).toBe(1);
    near.notify();
    await until(() => calls === 2);
  });

  it('can be used and closed while Redis is unavailable', async () => {
    const notifier = notifierAt('redis://127.0.0.1:1', newNamespace());
    notifier.notify();
    await notifier.close();
    notifier.notify();
  });
});
