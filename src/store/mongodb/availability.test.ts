import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { startProxy, type TcpProxy } from '../../../test/fixtures/proxy.js';
import { describeWith, mongodbUri } from '../../../test/fixtures/servers.js';
import { StoreUnavailable } from '../unavailable.js';
import { openMongodb, openWatchedMongodb } from './connection.js';

const closers: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function watched() {
  const proxy = await startProxy(mongodbUri() as string);
  closers.push(proxy.close);
  const [mongodb, unwatched] = [await openWatchedMongodb(proxy.uri), await openMongodb(proxy.uri)];
  closers.push(mongodb.close, unwatched.close, async () => proxy.pass());
  let sent = 0;
  const ping = () =>
    mongodb.failFast(() => {
      sent++;
      return mongodb.db.command({ ping: 1 });
    });
  const until = async (isAnswered: boolean): Promise<void> => {
    const answered = () =>
      ping().then(
        () => true,
        (error: unknown) => {
          expect(error).toBeInstanceOf(Error);
          return false;
        },
      );
    while ((await answered()) !== isAnswered) await delay(20);
  };
  return { proxy, ping, until, sent: () => sent, unwatched: () => unwatched.db.command({ ping: 1 }) };
}

type Fault = (proxy: TcpProxy) => void;

describeWith('MONGODB_URI')('watched MongoDB', () => {
  it.each<[string, Fault]>([
    ['refuses connections', (proxy) => proxy.refuse()],
    ['hangs', (proxy) => proxy.hang()],
  ])('receives no commands while it %s, until it answers again', async (_what, fault) => {
    const { proxy, ping, until, sent } = await watched();
    await until(true);
    fault(proxy);
    await until(false);
    while (
      await ping().then(
        () => true,
        (error) => !(error instanceof StoreUnavailable),
      )
    )
      await delay(20);
    const before = sent();
    const errors = await Promise.all(Array.from({ length: 100 }, () => ping().catch((error: unknown) => error)));
    expect(errors.every((error) => error instanceof StoreUnavailable)).toBe(true);
    expect(sent()).toBe(before);
    proxy.pass();
    await until(true);
  });

  it.each<[string, Fault]>([
    ['refuses connections', (proxy) => proxy.refuse()],
    ['hangs', (proxy) => proxy.hang()],
  ])('fails sooner than an unwatched connection when it %s during a command', async (_what, fault) => {
    const { proxy, ping, until, unwatched } = await watched();
    await until(true);
    fault(proxy);
    // the first command may fail at once because its connection was cut
    const first = [unwatched(), ping()].map((sent) => sent.catch(() => {}));
    await first[1];
    let isWaiting = true;
    const unwatchedPing = unwatched()
      .catch(() => {})
      .finally(() => {
        isWaiting = false;
      });
    await expect(ping()).rejects.toThrow(Error);
    expect(isWaiting).toBe(true);
    proxy.pass();
    await Promise.all([unwatchedPing, ...first]);
  });

  it('is not considered unavailable because the thread was busy or a connection was cut', async () => {
    const { proxy, ping, until } = await watched();
    await until(true);
    for (let times = 0; times < 3; times++) {
      const began = Date.now();
      while (Date.now() - began < 700); // busy, as when merging documents
      await ping();
    }
    proxy.cut();
    // the connection of this command may be one of those that were cut
    await ping().catch((error: unknown) => expect(error).not.toBeInstanceOf(StoreUnavailable));
    await ping();
  });
});
