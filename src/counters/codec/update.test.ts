import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { updateOne } from 'mingo';
import { OUTSIDE_KEYS, plain, trees } from '../../../test/fixtures/trees.js';
import { Counters } from '../counters.js';
import { merge } from '../merge.js';
import { type Fields, fromFields, hasLooseRegisters, toFields } from './fields.js';
import { escapeKey, unescapeKey } from './key.js';
import { updateOf } from './update.js';

describe('a delta as update operators', () => {
  it('changes a document as merging does, for random deltas', () => {
    // Excludes what mingo does differently from the databases. Beyond 2^53 it adds as JavaScript does. It compares texts by
    // UTF-16 units, whose order differs from that of UTF-8 if there are surrogates.
    const small = trees().filter((tree) => !/[0-9]{12}|[\ud800-\udfff]/.test(JSON.stringify(toFields(tree, false))));
    fc.assert(
      fc.property(small, small, (document, delta) => {
        const collection = [{ _id: 1, c: toFields(document, false) }];
        const { $inc, $max } = updateOf(delta, 'c');
        const update = { ...(Object.keys($inc).length > 0 ? { $inc } : {}), ...(Object.keys($max).length > 0 ? { $max } : {}) };
        if (Object.keys(update).length > 0) updateOne(collection, { _id: 1 }, update);
        expect(collection[0]).toEqual({ _id: 1, c: toFields(merge([document, delta]), false) });
      }),
      { numRuns: 300 },
    );
  });
});

describe('a tree as fields', () => {
  it('survives a round trip, with packed and unpacked sketches', () => {
    fc.assert(
      fc.property(trees(), fc.boolean(), (tree, isOver) => {
        const fields = toFields(tree, isOver);
        expect(plain(fromFields(fields))).toEqual(plain(fromFields(toFields(merge([tree, new Counters()]), false))));
        expect(isOver && hasLooseRegisters(fields)).toBe(false);
      }),
    );
  });

  it('uses the larger rank of a packed register and one that was added later', () => {
    const early = new Counters();
    early.sketch('s').add(5, 3);
    early.sketch('s').add(6, 9);
    const fields = toFields(early, true) as { _s: Fields };
    Object.assign(fields._s, { 5: 4, 6: 2, 7: 1 });
    expect(hasLooseRegisters(fields)).toBe(true);
    const expected = new Counters();
    for (const [register, rank] of [
      [5, 4],
      [6, 9],
      [7, 1],
    ] as const)
      expected.sketch('s').add(register, rank);
    expect(plain(fromFields(fields))).toEqual(plain(expected));
  });
});

describe('an escaped key', () => {
  it('survives a round trip for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (key) => expect(unescapeKey(escapeKey(key))).toBe(key)));
    for (const key of OUTSIDE_KEYS) expect(unescapeKey(escapeKey(key))).toBe(key);
  });

  it('is one part of a field path: not empty, without dot, dollar and NUL, and never __proto__', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...OUTSIDE_KEYS)), (key) => {
        expect(escapeKey(key)).toMatch(/^[^.$\0_][^.$\0]*$/s);
      }),
    );
  });
});
