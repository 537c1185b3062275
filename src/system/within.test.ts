import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { within } from './within.js';

describe('waiting for a promise', () => {
  it('has its value or its error, or nothing if it takes too long', async () => {
    expect(await within(Promise.resolve(7), 1000)).toBe(7);
    await expect(within(Promise.reject(new Error('no')), 1000)).rejects.toThrow('no');
    expect(await within(delay(1000, 7, { ref: false }), 1)).toBeUndefined();
  });

  it('leaves no rejection unhandled that comes too late', async () => {
    const late = delay(5).then(() => Promise.reject(new Error('late')));
    expect(await within(late, 1)).toBeUndefined();
    await delay(10); // an unhandled rejection would end the test
  });
});
