import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hits, points, refusals } from '../../test/fixtures/hits.js';
import { createLineReader, hitLine, parsePointLine, pointLine, refusalLine } from './line.js';

describe('a journal line', () => {
  const read = createLineReader();

  it('gives back the hit that it was made of, on one line', () => {
    fc.assert(
      fc.property(hits, (hit) => {
        const line = hitLine(hit);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(read(line.slice(0, -1))).toEqual({ hit });
      }),
      { numRuns: 500 },
    );
  });

  it('gives back a refusal', () => {
    fc.assert(fc.property(refusals, (refusal) => expect(read(refusalLine(refusal).slice(0, -1))).toEqual({ refusal })));
  });

  it('gives back a point, which tells no time of day', () => {
    fc.assert(
      fc.property(points, (point) => {
        expect(parsePointLine(pointLine(point).slice(0, -1))).toEqual(point);
        expect(pointLine(point).split('\t')).toHaveLength(5);
      }),
    );
  });

  it('says so when a line is none of ours', () => {
    for (const line of ['', 'v', 'x\ty', 'r\tone', '\0\0\0', 'v\tone\t1']) expect(read(line)).toBeUndefined();
    expect(parsePointLine('1\tone')).toBeUndefined();
  });
});
