import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CallTimedOut, connect, Moved, type Nothing, startThread, ThreadEnded } from './call.js';

interface Adder {
  add(numbers: readonly [number, number]): number;
  fail(): Promise<never>;
  never(): Promise<void>;
  bytes(): Moved<Uint8Array>;
  length(bytes: Uint8Array): number;
  remember(text: string): void;
}

class StoreIsAway extends Error {
  override readonly name = 'StoreIsAway';
}

/** Two ends of a channel in this thread. Messages are cloned, as between threads. */
function pair() {
  const { port1, port2 } = new MessageChannel();
  const remembered: string[] = [];
  const adder: Adder = {
    add: ([one, other]) => one + other,
    fail: async () => {
      throw new StoreIsAway('it does not answer');
    },
    never: () => new Promise(() => {}),
    bytes() {
      const bytes = new Uint8Array([1, 2, 3]);
      return new Moved(bytes, [bytes.buffer]);
    },
    length: (bytes) => bytes.length,
    remember: (text) => void remembered.push(text),
  };
  connect<Nothing, Adder>(port2, adder);
  const { peer, end, openCalls } = connect<Adder, Nothing>(port1, {});
  return { peer, end, openCalls, remembered, close: () => port1.close() };
}

describe('a call to another thread', () => {
  let ends: ReturnType<typeof pair>;
  beforeEach(() => {
    ends = pair();
  });
  afterEach(() => ends.close());

  it('resolves with the result of the function', async () => {
    expect(await Promise.all([ends.peer.call('add', [1, 2]), ends.peer.call('add', [3, 4])])).toEqual([3, 7]);
    expect(ends.openCalls()).toBe(0);
  });

  it('rejects with the name and the message of the error', async () => {
    await expect(ends.peer.call('fail', undefined)).rejects.toMatchObject({
      name: 'StoreIsAway',
      message: 'it does not answer',
      stack: expect.stringContaining('call.test'),
    });
  });

  it('is handled after the notices that were sent before it', async () => {
    ends.peer.notify('remember', 'first');
    await ends.peer.call('remember', 'second');
    expect(ends.remembered).toEqual(['first', 'second']);
  });

  it('moves buffers in both directions', async () => {
    const bytes = new Uint8Array(10);
    expect(await ends.peer.call('length', bytes, { move: [bytes.buffer] })).toBe(10);
    expect(bytes.length).toBe(0);
    expect(await ends.peer.call('bytes', undefined)).toEqual(new Uint8Array([1, 2, 3]));
  });

  it('rejects when the answer takes too long', async () => {
    await expect(ends.peer.call('never', undefined, { timeoutMs: 1 })).rejects.toThrow(CallTimedOut);
    expect(ends.openCalls()).toBe(0);
  });

  it('rejects when its argument cannot be sent', async () => {
    await expect(ends.peer.call('remember', (() => {}) as unknown as string)).rejects.toThrow('could not be cloned');
    expect(ends.openCalls()).toBe(0);
  });

  it('rejects when the other thread ends before it has answered, and after that', async () => {
    const open = ends.peer.call('never', undefined);
    ends.end(new ThreadEnded('the thread has ended'));
    await expect(open).rejects.toThrow(ThreadEnded);
    await expect(ends.peer.call('add', [1, 2])).rejects.toThrow(ThreadEnded);
  });
});

const program = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`);
const SILENT = program(`
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', (message) => message === 'stop' && process.exit(0));`);
const BROKEN = program('throw new Error("broken")');

describe('a thread', () => {
  it('rejects open calls when it is stopped, and does not report that as a failure', async () => {
    const failures: Error[] = [];
    const thread = startThread<Adder>(SILENT, { offers: {}, onEnded: (error) => failures.push(error) });
    const open = expect(thread.call('never', undefined)).rejects.toThrow(ThreadEnded);
    expect(thread.openCalls()).toBe(1);
    await thread.stop(10_000);
    await open;
    expect(failures).toEqual([]);
  });

  it('reports that it has failed, and rejects open calls with that error', async () => {
    const failure = new Promise<Error>((resolve) => {
      const thread = startThread<Adder>(BROKEN, { offers: {}, onEnded: resolve });
      thread.call('add', [1, 2]).catch(resolve);
    });
    expect((await failure).message).toBe('broken');
  });
});
