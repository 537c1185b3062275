import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plain, trees } from '../../../test/fixtures/trees.js';
import { Counters } from '../counters.js';
import { ALL, ANY_KEY, type Part, part, partUnder } from '../part.js';
import { decodePart, encode } from './codec.js';

/** The same without bytes: what is not in the part is removed. */
function pruned(tree: Counters, of: Part): Counters {
  const kept = new Counters();
  for (const [key, value] of tree.fields) {
    const below = partUnder(of, key);
    if (below === undefined) continue;
    kept.fields.set(key, below !== ALL && value instanceof Counters ? pruned(value, below) : value);
  }
  return kept;
}

const keysOf = (tree: Counters): string[] => [
  ...tree.fields.keys(),
  ...tree.levels().flatMap(([, below]) => [...below.fields.keys()]),
];

describe('a part of an encoded tree', () => {
  it('is what the whole tree contains under the keys of the part', () => {
    const parts = (keys: readonly string[]) =>
      fc.array(fc.constantFrom(...keys, ANY_KEY, '__proto__')).map((chosen): Part => {
        const below = part(...chosen.slice(2));
        return new Map(chosen.map((key, i) => [key, i % 2 === 0 ? ALL : below]));
      });
    const cases = trees().chain((tree) => fc.tuple(fc.constant(tree), parts(keysOf(tree))));
    fc.assert(
      fc.property(cases, ([tree, of]) => {
        expect(plain(decodePart(Buffer.from(encode(tree)), of))).toEqual(plain(pruned(tree, of)));
      }),
    );
  });

  it('is refused if the bytes end too early', () => {
    const tree = new Counters();
    tree.at('D').at('2026-11-20').sum('v', 300);
    const bytes = Buffer.from(encode(tree));
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodePart(bytes.subarray(0, length), part('D'))).toThrow(RangeError);
  });
});
