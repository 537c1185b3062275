import { describe, expect, it } from '@jest/globals';
import { pointOf, REGISTERS, Sketch, STANDARD_ERROR } from './sketch.js';

/**
 * A small generator of 32-bit numbers with a seed (Steele and Vigna's SplitMix, 32-bit form), so that a failure can
 * be repeated.
 */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

function sketchOf(visitors: number, seed: number): Sketch {
  const next = numbers(seed);
  const sketch = new Sketch();
  for (let i = 0; i < visitors; i++) {
    const { register, rank } = pointOf(next(), next());
    sketch.add(register, rank);
  }
  return sketch;
}

describe('a visitor sketch', () => {
  it.each([10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000])(
    'estimates %i visitors within three standard errors',
    (visitors) => {
      for (let seed = 1; seed <= (visitors > 10_000 ? 1 : 10); seed++) {
        const off = Math.abs(sketchOf(visitors, seed * 7919).estimate() - visitors) / visitors;
        // For few visitors, single collisions dominate the error: two of ten may share a register.
        expect({ visitors, seed, off }).toEqual({ visitors, seed, off: expect.any(Number) });
        expect(off).toBeLessThan(3 * STANDARD_ERROR);
      }
    },
  );

  it('has no visitors at first', () => {
    expect(new Sketch().estimate()).toBe(0);
  });

  it('becomes the union when another sketch is merged into it', () => {
    const next = numbers(42);
    const points = Array.from({ length: 5000 }, () => pointOf(next(), next()));
    const [a, b, both] = [new Sketch(), new Sketch(), new Sketch()];
    points.forEach(({ register, rank }, i) => {
      both.add(register, rank);
      if (i < 3000) a.add(register, rank);
      if (i >= 2000) b.add(register, rank);
    });
    a.take(b);
    expect(a.estimate()).toBe(both.estimate());
  });

  it('does not change when a visitor returns', () => {
    const sketch = sketchOf(2000, 3);
    const before = sketch.estimate();
    sketch.take(sketchOf(2000, 3));
    expect(sketch.estimate()).toBe(before);
  });

  it('stays finite when every register is full', () => {
    const sketch = new Sketch();
    for (let register = 0; register < REGISTERS; register++) sketch.add(register, 32);
    expect(sketch.estimate()).toBeGreaterThan(1e12);
  });
});
