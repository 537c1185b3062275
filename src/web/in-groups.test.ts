import { describe, expect, it } from '@jest/globals';
import { GROUP, inGroups } from './in-groups.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('work in groups', () => {
  it('is done at once for the first group, and lets others have their turn before each further one', async () => {
    const done: number[] = [];
    const all = new Set(Array.from({ length: 2 * GROUP + 1 }, (_, i) => i));
    const working = inGroups(all, (one) => {
      done.push(one);
    });
    expect(done).toHaveLength(GROUP);
    all.add(-1); // has come too late
    await turn();
    await turn();
    expect([2 * GROUP, 2 * GROUP + 1]).toContain(done.length);
    await working;
    expect(done).toEqual(Array.from({ length: 2 * GROUP + 1 }, (_, i) => i));
  });

  it('fits into one turn for a few', async () => {
    const done: number[] = [];
    void inGroups([1, 2], (one) => done.push(one));
    expect(done).toEqual([1, 2]);
  });
});
