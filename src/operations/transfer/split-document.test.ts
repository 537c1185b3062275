import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plain, trees } from '../../../test/fixtures/trees.js';
import { row, VIEWS } from '../../counters/cap.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import { counterCount, splitDocument } from './split-document.js';

/** Removes empty levels. */
function counted(tree: Counters): Counters {
  return [...splitDocument(tree, [], Number.POSITIVE_INFINITY)][0] ?? new Counters();
}

describe('a document that is split into chunks', () => {
  it('is the same again when they are added in any order', () => {
    fc.assert(
      fc.property(trees(), fc.integer({ min: 1, max: 10 }), (tree, max) => {
        const chunks = [...splitDocument(tree, [], max)];
        for (const order of [chunks, [...chunks].reverse()]) {
          expect(plain(order.reduce(mergeInto, new Counters()))).toEqual(plain(counted(tree)));
        }
      }),
    );
  });

  it('has no chunk that is larger than the limit, unless it is a single sketch', () => {
    const tree = new Counters();
    for (let day = 10; day < 30; day++)
      for (let register = 0; register < 900; register++) tree.at('D').at(`11-${day}`).sketch('s').add(register, 2);
    const weights = [...splitDocument(tree, [], 2000)].map(counterCount);
    expect(weights).toEqual(Array.from({ length: 10 }, () => 1800));
  });

  it('has each capped map in one chunk, however large it is', () => {
    const tree = new Counters();
    for (let n = 0; n < 100; n++) row(tree, 'p', `/${n}`).sum(VIEWS);
    for (let n = 0; n < 100; n++) tree.at('other').sum(String(n));
    const chunks = [...splitDocument(tree, ['p'], 50)];
    expect(chunks.filter((chunk) => chunk.fields.has('p'))).toHaveLength(1);
    expect(chunks.length).toBeGreaterThan(2);
  });
});
