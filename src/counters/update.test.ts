import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { updateOne } from 'mingo';
import { OUTSIDE_KEYS, trees } from '../../test/fixtures/trees.js';
import { Counters } from './counters.js';
import { escapeKey, unescapeKey } from './key.js';
import { merge } from './merge.js';
import { Sketch } from './sketch.js';
import { updateOf } from './update.js';

/** A tree as a document database holds it. */
function documentOf(tree: Counters): Record<string, unknown> {
  const fields = [...tree.fields].map(([key, value]) => [
    escapeKey(key),
    value instanceof Counters ? documentOf(value) : value instanceof Sketch ? registersOf(value) : value,
  ]);
  // an empty level is nothing that an update could make
  return Object.fromEntries(
    fields.filter(([, value]) => !(typeof value === 'object' && Object.keys(value as object).length === 0)),
  );
}

function registersOf(sketch: Sketch): Record<string, number> {
  const registers: Record<string, number> = {};
  sketch.forEach((register, rank) => {
    registers[register] = rank;
  });
  return registers;
}

describe('a delta as update operators', () => {
  it('changes a document as merging does, for random deltas', () => {
    // Where mingo differs from the databases: it adds as JavaScript does beyond 2^53, and compares texts by UTF-16 units,
    // which is another order than UTF-8's where there are surrogates.
    const small = trees().filter((tree) => !/[0-9]{12}|[\ud800-\udfff]/.test(JSON.stringify(documentOf(tree))));
    fc.assert(
      fc.property(small, small, (document, delta) => {
        const held = documentOf(document);
        const collection = [{ _id: 1, ...held }];
        const { $inc, $max } = updateOf(delta);
        const update = { ...(Object.keys($inc).length > 0 ? { $inc } : {}), ...(Object.keys($max).length > 0 ? { $max } : {}) };
        if (Object.keys(update).length > 0) updateOne(collection, { _id: 1 }, update);
        const expected = documentOf(merge([document, delta]));
        expect(collection[0]).toEqual({ _id: 1, ...expected });
      }),
      { numRuns: 300 },
    );
  });
});

describe('an escaped key', () => {
  it('comes back as it was, whatever it is', () => {
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
