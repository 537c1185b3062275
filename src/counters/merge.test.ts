import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plain, trees } from '../../test/fixtures/trees.js';
import { decode, encode } from './codec/codec.js';
import { levelSize, mergeBytes } from './codec/merge-bytes.js';
import { Counters, isLarger } from './counters.js';
import { merge } from './merge.js';

describe('merging', () => {
  it('does not depend on the order', () => {
    fc.assert(fc.property(trees(), trees(), (a, b) => expect(plain(merge([a, b]))).toEqual(plain(merge([b, a])))));
  });

  it('does not depend on the grouping', () => {
    fc.assert(
      fc.property(trees(), trees(), trees(), (a, b, c) =>
        expect(plain(merge([merge([a, b]), c]))).toEqual(plain(merge([a, merge([b, c])]))),
      ),
    );
  });

  it('with an empty tree changes nothing', () => {
    fc.assert(fc.property(trees(), (a) => expect(plain(merge([new Counters(), a, new Counters()]))).toEqual(plain(a))));
  });

  it('does not change its arguments', () => {
    fc.assert(
      fc.property(trees(), trees(), (a, b) => {
        const before = [plain(a), plain(b)];
        const merged = merge([a, b]);
        merge([merged, a]);
        expect([plain(a), plain(b)]).toEqual(before);
      }),
    );
  });

  it('rejects a key with two kinds of counters', () => {
    const sum = new Counters();
    sum.sum('a');
    const max = new Counters();
    max.max('a', 'text');
    expect(() => merge([sum, max])).toThrow('"a" is of different kinds');
    expect(() => mergeBytes(encode(sum), max)).toThrow('"a" is of different kinds');
  });

  it('stops a sum at 2^53 - 1 instead of losing hits by rounding', () => {
    const near = new Counters();
    near.sum('a', Number.MAX_SAFE_INTEGER - 1);
    expect(merge([near, near]).get('a')).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('keeps the larger of two texts by their UTF-8 bytes', () => {
    const bytes = (text: string) => Buffer.from(text);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        fc.pre(a.isWellFormed() && b.isWellFormed());
        expect(isLarger(a, b)).toBe(Buffer.compare(bytes(a), bytes(b)) > 0);
      }),
    );
    expect(isLarger('\u{10000}', '\uffff')).toBe(true);
  });
});

describe('a tree as bytes', () => {
  it('survives a round trip', () => {
    fc.assert(fc.property(trees(), (a) => expect(plain(decode(encode(a)))).toEqual(plain(a))));
  });

  it('merges a delta like the tree in memory', () => {
    fc.assert(
      fc.property(trees(), trees(), (a, b) => expect(plain(decode(mergeBytes(encode(a), b)))).toEqual(plain(merge([a, b])))),
      { numRuns: 500 },
    );
  });

  it('merges a delta whose keys have the same hash', () => {
    // Two words with the same 32-bit FNV-1a hash.
    const delta = new Counters();
    delta.sum('costarring', 1);
    delta.sum('liquid', 2);
    const document = new Counters();
    document.sum('liquid', 10);
    expect(plain(decode(mergeBytes(encode(document), delta)))).toEqual([
      ['costarring', 1],
      ['liquid', 12],
    ]);
  });

  it('knows the size of a level without reading it', () => {
    const tree = new Counters();
    for (let i = 0; i < 300; i++) tree.at('p').at('r').at(`/${i}`).sum('v');
    const size = levelSize(encode(tree), 'p', 'r');
    expect(size?.entries).toBe(300);
    expect(levelSize(encode(tree), 'p', 'x')).toBeUndefined();
    expect(levelSize(encode(tree), 'q')).toBeUndefined();
  });

  it('is rejected when it is truncated', () => {
    const tree = new Counters();
    tree.at('a').max('b', 'text');
    const bytes = encode(tree);
    for (let length = 0; length < bytes.length; length++) expect(() => decode(bytes.subarray(0, length))).toThrow(RangeError);
  });
});
