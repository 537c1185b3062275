import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OUTSIDE_KEYS, plain, trees } from '../../../test/fixtures/trees.js';
import { Counters } from '../counters.js';
import { fromJson, toJson } from './json.js';

const again = (tree: Counters) => fromJson(JSON.parse(toJson(tree)));

describe('counters as JSON', () => {
  it('survive a round trip, on one line', () => {
    fc.assert(
      fc.property(trees(), (tree) => {
        expect(plain(again(tree))).toEqual(plain(tree));
        expect(toJson(tree)).not.toContain('\n');
      }),
    );
  });

  it('keep any key unchanged', () => {
    const tree = new Counters();
    for (const key of OUTSIDE_KEYS) tree.at('rows').sum(key.toWellFormed(), 7);
    expect(plain(again(tree))).toEqual(plain(tree));
  });

  it.each([0, 1, 700, 701, 1025, 4096])('keep a sketch of %i registers', (registers) => {
    const tree = new Counters();
    const sketch = tree.sketch('s');
    for (let register = 0; register < registers; register++) sketch.add(register, 1 + (register % 32));
    expect(plain(again(tree))).toEqual(plain(tree));
    expect(toJson(tree).length).toBeLessThan(6000);
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a negative sum', { v: -1 }],
    ['half a hit', { v: 0.5 }],
    ['a truth', { v: true }],
    ['nothing in a field', { v: null }],
    ['a register that is none', { s: [4096, 1] }],
    ['a rank that is none', { s: [1, 33] }],
    ['half a pair', { s: [1] }],
    ['too few ranks', { s: ['AAAA'] }],
    ['a rank too large among all', { s: [Buffer.alloc(4096, 33).toString('base64')] }],
  ])('are not read from %s', (_what, value) => {
    expect(() => fromJson(value)).toThrow(TypeError);
  });
});
