import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CallTimedOut } from '../threads/call.js';
import { ReportsBusy, type RollupQuery } from './port.js';
import { createRollupQueue } from './rollup-queue.js';

const LIMITS = { waitingMax: 2, waitMsMax: 10_000, answerMsMax: 5_000 };
const query = (report: string): RollupQuery => ({ report, sites: [], limit: 1, search: '', page: '', asOfMs: 0 });

describe('roll-ups', () => {
  let begun: string[];
  let ends: Map<string, (error?: Error) => void>;
  let rollup: (report: string, signal?: AbortSignal) => Promise<string>;
  beforeEach(() => {
    jest.useFakeTimers();
    begun = [];
    ends = new Map();
    const queue = createRollupQueue(({ report }) => {
      begun.push(report);
      return new Promise((resolve, reject) =>
        ends.set(report, (error) => (error === undefined ? resolve(report) : reject(error))),
      );
    }, LIMITS);
    rollup = (report, signal) => queue(query(report), signal);
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const end = async (report: string, error?: Error): Promise<void> => {
    ends.get(report)?.(error);
    await jest.advanceTimersByTimeAsync(0);
  };

  it('are made one after the other, in the order in which they were asked for, also after one has failed', async () => {
    const [a, b, c] = [rollup('a'), rollup('b'), rollup('c')];
    const failed = expect(a).rejects.toThrow('no');
    expect(begun).toEqual(['a']);
    await end('a', new Error('no'));
    await failed;
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    await end('c');
    expect(await Promise.all([b, c])).toEqual(['b', 'c']);
    const d = rollup('d');
    await end('d');
    expect(await d).toBe('d');
  });

  it('are refused at once where too many wait', async () => {
    const asked = [rollup('a'), rollup('b'), rollup('c')];
    await expect(rollup('d')).rejects.toBeInstanceOf(ReportsBusy);
    for (const report of ['a', 'b', 'c']) await end(report);
    expect(await Promise.all(asked)).toEqual(['a', 'b', 'c']);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('are refused after they have waited too long, and are not made then', async () => {
    const late = expect(rollup('a')).rejects.toBeInstanceOf(CallTimedOut);
    const refused = expect(rollup('b')).rejects.toBeInstanceOf(ReportsBusy);
    await jest.advanceTimersByTimeAsync(LIMITS.waitMsMax);
    await Promise.all([late, refused]);
    await end('a');
    expect(begun).toEqual(['a']);
  });

  it('do not begin before the one that has timed out has ended', async () => {
    const late = expect(rollup('a')).rejects.toBeInstanceOf(CallTimedOut);
    await jest.advanceTimersByTimeAsync(LIMITS.answerMsMax);
    await late;
    const b = rollup('b');
    expect(begun).toEqual(['a']);
    await end('a');
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(await b).toBe('b');
  });

  it('are not made for callers who have left', async () => {
    const [gone, left] = [new AbortController(), new AbortController()];
    const a = rollup('a');
    const b = expect(rollup('b', left.signal)).rejects.toThrow('aborted');
    left.abort();
    await b;
    gone.abort();
    await expect(rollup('c', gone.signal)).rejects.toThrow('aborted');
    const d = rollup('d', new AbortController().signal);
    await end('a');
    expect(begun).toEqual(['a', 'd']);
    await end('d');
    expect(await Promise.all([a, d])).toEqual(['a', 'd']);
    expect(jest.getTimerCount()).toBe(0);
  });
});
