import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createLanes, TooBusy } from './lanes.js';

type Lane = 'a' | 'b';

function start(limits: Partial<Parameters<typeof createLanes>[0]> = {}) {
  const inTurn = createLanes<Lane>({ atOnce: 1, waitingMax: 3, waitingOfKeyMax: 2, ...limits });
  const ends: Array<() => void> = [];
  const begun: string[] = [];
  const call = (lane: Lane, key: string, fails = false) =>
    inTurn({ lane, key }, async () => {
      begun.push(lane + key);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (fails) throw new Error('failed');
      return key;
    });
  /** Ends the one that began first. */
  const end = async () => {
    ends.shift()?.();
    await nextTurn();
  };
  return { call, begun, end };
}

describe('lanes', () => {
  it('run some at once, and the others in their order', async () => {
    const { call, begun, end } = start({ atOnce: 2 });
    const calls = [call('a', '1'), call('a', '2'), call('a', '3'), call('a', '4')];
    await nextTurn();
    expect(begun).toEqual(['a1', 'a2']);
    for (let i = 0; i < 4; i++) await end();
    expect([begun, await Promise.all(calls)]).toEqual([
      ['a1', 'a2', 'a3', 'a4'],
      ['1', '2', '3', '4'],
    ]);
    expect(await Promise.all([call('b', '5'), end()])).toEqual(['5', undefined]);
  });

  it('let lanes go on by turns, so that the end of a long one does not delay another', async () => {
    const { call, begun, end } = start();
    const calls = [call('a', '1'), call('a', '2'), call('a', '3'), call('a', '4'), call('b', '1'), call('b', '2')];
    for (let i = 0; i < 6; i++) await end();
    await Promise.all(calls);
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'b2', 'a4']);
  });

  it('refuse what would wait behind too many others, in the lane or with the same key', async () => {
    const { call, end } = start();
    const calls = [call('a', 'x'), call('a', 'x'), call('a', 'x')];
    await expect(call('a', 'x')).rejects.toThrow(TooBusy);
    calls.push(call('a', 'y'));
    await expect(call('a', 'z')).rejects.toThrow(TooBusy);
    calls.push(call('b', 'x'));
    for (let i = 0; i < 5; i++) await end();
    expect(await Promise.all(calls)).toHaveLength(5);
  });

  it('go on after a failure', async () => {
    const { call, end } = start();
    const [failing, next] = [call('a', '1', true), call('a', '2')];
    failing.catch(() => {});
    await end();
    await end();
    await expect(failing).rejects.toThrow('failed');
    expect(await next).toBe('2');
  });
});
