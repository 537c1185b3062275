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
  const [mongodb, patient] = [await openWatchedMongodb(proxy.uri), await openMongodb(proxy.uri)];
  closers.push(mongodb.close, patient.close, async () => proxy.pass());
  let asked = 0;
  const ask = () =>
    mongodb.failFast(() => {
      asked++;
      return mongodb.db.command({ ping: 1 });
    });
  const until = async (isAnswered: boolean): Promise<void> => {
    const answered = () =>
      ask().then(
        () => true,
        (error: unknown) => {
          expect(error).toBeInstanceOf(Error);
          return false;
        },
      );
    while ((await answered()) !== isAnswered) await delay(20);
  };
  return { proxy, ask, until, asked: () => asked, patient: () => patient.db.command({ ping: 1 }) };
}

type Fault = (proxy: TcpProxy) => void;

describeWith('MONGODB_URI')('MongoDB that is watched', () => {
  it.each<[string, Fault]>([
    ['refuses', (proxy) => proxy.refuse()],
    ['hangs', (proxy) => proxy.hang()],
  ])('and %s is not asked any more, until it answers again', async (_what, fault) => {
    const { proxy, ask, until, asked } = await watched();
    await until(true);
    fault(proxy);
    await until(false);
    while (
      await ask().then(
        () => true,
        (error) => !(error instanceof StoreUnavailable),
      )
    )
      await delay(20);
    const before = asked();
    const errors = await Promise.all(Array.from({ length: 100 }, () => ask().catch((error: unknown) => error)));
    expect(errors.every((error) => error instanceof StoreUnavailable)).toBe(true);
    expect(asked()).toBe(before);
    proxy.pass();
    await until(true);
  });

  it.each<[string, Fault]>([
    ['refuses', (proxy) => proxy.refuse()],
    ['hangs', (proxy) => proxy.hang()],
  ])('and %s while it is asked is given up sooner than by who is patient', async (_what, fault) => {
    const { proxy, ask, until, patient } = await watched();
    await until(true);
    fault(proxy);
    // a first question may find its connection cut, and so fail at once
    const first = [patient(), ask()].map((asked) => asked.catch(() => {}));
    await first[1];
    let isPatient = true;
    const patience = patient()
      .catch(() => {})
      .finally(() => {
        isPatient = false;
      });
    await expect(ask()).rejects.toThrow(Error);
    expect(isPatient).toBe(true);
    proxy.pass();
    await Promise.all([patience, ...first]);
  });

  it('is not considered unavailable because the thread was busy or a connection was cut', async () => {
    const { proxy, ask, until } = await watched();
    await until(true);
    for (let times = 0; times < 3; times++) {
      const began = Date.now();
      while (Date.now() - began < 700); // merging documents, say
      await ask();
    }
    proxy.cut();
    // its own connection may be one of those that were cut
    await ask().catch((error: unknown) => expect(error).not.toBeInstanceOf(StoreUnavailable));
    await ask();
  });
});
