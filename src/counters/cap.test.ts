import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CREDIT, compact, DETAIL, errorOf, FLOOR, ROWS, row, SLACK, VIEWS } from './cap.js';
import { Counters } from './counters.js';
import { merge, mergeInto } from './merge.js';

const CAP = 8;

/** Counts a stream in batches into a document with a capped map, compacting as the stores do. */
function count(batches: readonly (readonly number[])[], cap = CAP): Counters {
  const document = new Counters();
  for (const batch of batches) {
    const delta = new Counters();
    for (const key of batch) {
      const counted = row(delta, 'p', `/${key}`);
      counted.sum(VIEWS);
      if (key % 2 === 0) counted.sum('u');
    }
    mergeInto(document, delta);
    if (document.at('p').at(ROWS).fields.size > cap * SLACK) compact(document.at('p'), cap);
  }
  return document;
}

/** Checks the promised bounds against an exact count. */
function expectBounds(document: Counters, stream: readonly number[], cap = CAP): void {
  const map = document.below('p');
  const truth = new Map<string, number>();
  for (const key of stream) truth.set(`/${key}`, (truth.get(`/${key}`) ?? 0) + 1);
  for (const counter of [VIEWS, 'u']) {
    for (const [key, views] of truth) {
      const exact = counter === VIEWS || Number(key.slice(1)) % 2 === 0 ? views : 0;
      const counted = map.below(ROWS).below(key).get(counter);
      expect(counted).toBeLessThanOrEqual(exact);
      expect(exact).toBeLessThanOrEqual(counted + errorOf(map, key, counter));
    }
  }
  for (const key of map.below(ROWS).fields.keys()) {
    expect(errorOf(map, key, VIEWS) * (cap + 1)).toBeLessThanOrEqual(stream.length);
  }
  expect(map.below(FLOOR).get(VIEWS) * (cap + 1)).toBeLessThanOrEqual(stream.length);
}

const uniform = fc.array(fc.nat(60), { maxLength: 600 });
const skewed = fc.array(
  fc.nat(3600).map((n) => Math.floor(Math.sqrt(n))),
  { maxLength: 600 },
);
/** A stream of ever new keys, which evicts as many rows as possible, and of a few keys that occur again. */
const evicting = fc
  .array(fc.tuple(fc.boolean(), fc.nat(30)), { maxLength: 600 })
  .map((steps) => steps.map(([fresh, key], i) => (fresh ? 1000 + i : key)));
const streams = fc.oneof(uniform, skewed, evicting);
const batched = fc.tuple(streams, fc.integer({ min: 1, max: 40 })).map(([stream, size]) => {
  const batches: number[][] = [];
  for (let i = 0; i < stream.length; i += size) batches.push(stream.slice(i, i + size));
  return { stream, batches };
});

describe('a capped map', () => {
  it('keeps its bounds against an exact count for any stream in any batches', () => {
    fc.assert(
      fc.property(batched, ({ stream, batches }) => expectBounds(count(batches), stream)),
      { numRuns: 1000 },
    );
  });

  it('keeps its bounds when maps are merged, and when the merged one is compacted', () => {
    fc.assert(
      fc.property(batched, batched, batched, (a, b, c) => {
        const merged = merge([count(a.batches), count(b.batches), count(c.batches)]);
        const stream = [...a.stream, ...b.stream, ...c.stream];
        expectBounds(merged, stream);
        if (merged.fields.size > 0) compact(merged.at('p'), CAP);
        expectBounds(merged, stream);
      }),
      { numRuns: 500 },
    );
  });

  it('is exact while no row was dropped', () => {
    const document = count([
      [1, 2, 3, 1],
      [1, 4],
    ]);
    expect(document.below('p').below(ROWS).below('/1').get(VIEWS)).toBe(3);
    expect(errorOf(document.below('p'), '/1', VIEWS)).toBe(0);
  });

  it('keeps a row exact that was there before the first drop and was never dropped', () => {
    const stream = [...Array<number>(50).fill(1), ...Array.from({ length: 40 }, (_, i) => 100 + i)];
    const document = count(stream.map((key) => [key]));
    expect(document.below('p').below(ROWS).below('/1').get(VIEWS)).toBe(50);
    expect(errorOf(document.below('p'), '/1', VIEWS)).toBe(0);
    expect(document.below('p').below(FLOOR).get(VIEWS)).toBeGreaterThan(0);
  });

  it('finds a page that becomes popular late in the day', () => {
    const stream = [...Array.from({ length: 400 }, (_, i) => i), ...Array<number>(30).fill(7777)];
    const document = count(stream.map((key) => [key]));
    expect(document.below('p').below(ROWS).below('/7777').get(VIEWS)).toBe(30);
  });

  it('never holds more than twice as many rows as its cap', () => {
    fc.assert(
      fc.property(batched, ({ batches }) => {
        const rows = count(batches).below('p').below(ROWS).fields.size;
        expect(rows).toBeLessThanOrEqual(CAP * SLACK);
      }),
    );
  });

  it('keeps no floor for details: they cover only the hits since the row was created', () => {
    const document = new Counters();
    const detail = `${DETAIL}an hour`;
    const add = (key: string) => {
      const one = row(document, 'p', key);
      one.sum(VIEWS);
      one.sum(detail);
    };
    for (let n = 0; n < CAP; n++) for (let views = 0; views < 3; views++) add(`/${n}`);
    add('/small');
    compact(document.at('p'), CAP);
    add('/small');
    const map = document.below('p');
    expect([...map.below(FLOOR).fields]).toEqual([[VIEWS, 1]]);
    expect([...map.below(ROWS).below('/0').below(CREDIT).fields.keys()]).toEqual([VIEWS]);
    expect(map.below(ROWS).below('/small').get(detail)).toBe(1);
    expect(errorOf(map, '/small', VIEWS)).toBe(1);
  });

  it('accepts any key, even one that is also a key of the map itself', () => {
    const document = new Counters();
    for (const key of [ROWS, FLOOR, CREDIT, VIEWS, '__proto__', 'constructor', '']) row(document, 'p', key).sum(VIEWS);
    expect(document.below('p').below(ROWS).fields.size).toBe(7);
    expect(document.below('p').below(FLOOR).fields.size).toBe(0);
  });
});
