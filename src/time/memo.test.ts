import { describe, expect, it } from '@jest/globals';
import { memoize } from './memo.js';

describe('a memoized function', () => {
  const counting = (max: number) => {
    const asked: number[] = [];
    const half = memoize((n: number) => {
      asked.push(n);
      return n % 2 === 0 ? n / 2 : undefined;
    }, max);
    return { asked, half };
  };

  it('computes each result once, even if it is undefined', () => {
    const { asked, half } = counting(10);
    expect([half(4), half(3), half(4), half(3)]).toEqual([2, undefined, 2, undefined]);
    expect(asked).toEqual([4, 3]);
  });

  it('empties its cache when it is full', () => {
    const { asked, half } = counting(2);
    for (const n of [2, 4, 6, 6, 2]) half(n);
    expect(asked).toEqual([2, 4, 6, 2]);
  });
});
