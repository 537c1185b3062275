import { expect, it } from '@jest/globals';
import { createTurns } from './turns.js';

it('functions run in the order of the calls, some at the same time, also after one has failed', async () => {
  const inTurn = createTurns(2);
  const begun: number[] = [];
  const ends: Array<(error?: Error) => void> = [];
  const results = [0, 1, 2, 3].map((number) =>
    inTurn(() => {
      begun.push(number);
      return new Promise<number>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve(number))));
    }).catch(() => 'failed'),
  );
  expect(begun).toEqual([0, 1]);
  ends[1]?.(new Error('no'));
  await results[1];
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.();
  ends[2]?.();
  await results[2];
  ends[3]?.();
  expect(await Promise.all(results)).toEqual([0, 'failed', 2, 3]);
});
