// A document is a tree of counters. There are two kinds, which differ in their JavaScript type:
// a number is a *sum* (merged by adding), a string or a sketch is a *max* (merged by taking the larger).
import type { LevelKey, SketchKey, SumKey, TextKey } from './keys.js';
import { Sketch } from './sketch.js';

export type Counter = number | string | Sketch | Counters;

/** One level of the tree. A key may be any text: keys are in a Map and never name a property of an object. */
export class Counters {
  readonly fields = new Map<string, Counter>();

  /** Adds to a sum. `by` must be a whole number of at least 0. Stops at 2^53 - 1 instead of losing precision. */
  sum(key: SumKey, by = 1): void {
    const now = this.fields.get(key);
    this.fields.set(key, now === undefined ? by : addSums(now as number, by));
  }

  /** Keeps the larger of two texts, by their UTF-8 bytes. */
  max(key: TextKey, value: string): void {
    const now = this.fields.get(key);
    if (now === undefined || isLarger(value, now as string)) this.fields.set(key, value);
  }

  /** The level below, which is created if there is none. */
  at(key: LevelKey): Counters {
    let below = this.fields.get(key);
    if (below === undefined) {
      below = new Counters();
      this.fields.set(key, below);
    }
    return below as Counters;
  }

  /** The sketch under this key, which is created if there is none. */
  sketch(key: SketchKey): Sketch {
    let sketch = this.fields.get(key);
    if (sketch === undefined) {
      sketch = new Sketch();
      this.fields.set(key, sketch);
    }
    return sketch as Sketch;
  }

  // The functions below only read. If a key has another kind of counter, they return an empty result.

  /** A sum's value; 0 when nothing was counted. */
  get(key: SumKey): number {
    const value = this.fields.get(key);
    return typeof value === 'number' ? value : 0;
  }

  /** A text; empty when there is none. */
  text(key: TextKey): string {
    const value = this.fields.get(key);
    return typeof value === 'string' ? value : '';
  }

  /** The level below; an empty one if there is none. Must not be changed. */
  below(key: LevelKey): Counters {
    const value = this.fields.get(key);
    return value instanceof Counters ? value : EMPTY;
  }

  /** The sketch under this key; an empty one if there is none. Must not be changed. */
  sketchOf(key: SketchKey): Sketch {
    const value = this.fields.get(key);
    return value instanceof Sketch ? value : NO_SKETCH;
  }

  /** The sums of this level, in the order in which they were added. */
  sums(): Array<[key: string, value: number]> {
    const sums: Array<[string, number]> = [];
    for (const [key, value] of this.fields) if (typeof value === 'number') sums.push([key, value]);
    return sums;
  }

  /** The levels below, in the order in which they were added. */
  levels(): Array<[key: string, level: Counters]> {
    const levels: Array<[string, Counters]> = [];
    for (const [key, value] of this.fields) if (value instanceof Counters) levels.push([key, value]);
    return levels;
  }
}

const EMPTY = new Counters();
const NO_SKETCH = new Sketch();

export function addSums(a: number, b: number): number {
  const sum = a + b;
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}

/**
 * Whether `a` is larger than `b` by UTF-8 bytes, as MongoDB's `$max` compares. JavaScript compares UTF-16 units, which
 * differs where one has a surrogate (U+10000 and above) and the other a unit from U+E000 on.
 */
export function isLarger(a: string, b: string): boolean {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x > y : isSurrogate(x);
  }
  return a.length > b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
