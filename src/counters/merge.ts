// The only arithmetic: it merges hits into a delta, deltas into a document and documents into a report.
import { addSums, Counters, isLarger } from './counters.js';
import { Sketch } from './sketch.js';

/**
 * Merges `from` into `into`. Commutative and associative, with an empty tree as identity. Does not change `from`, and the
 * result shares nothing with it. Throws if a key holds different kinds of counters: then a report is wrong.
 */
export function mergeInto(into: Counters, from: Counters): Counters {
  return mergeShifted(into, from, 0);
}

/** The same with the registers of the sketches in `from` shifted, so that equal points of two trees add up: see `Sketch.take`. */
export function mergeShifted(into: Counters, from: Counters, shift: number): Counters {
  for (const [key, value] of from.fields) {
    const now = into.fields.get(key);
    if (typeof value === 'number') {
      into.fields.set(key, now === undefined ? value : addSums(expectNumber(key, now), value));
    } else if (typeof value === 'string') {
      if (now === undefined || isLarger(value, expectText(key, now))) into.fields.set(key, value);
    } else if (value instanceof Sketch) {
      if (now !== undefined && !(now instanceof Sketch)) throw kinds(key);
      into.sketch(key).take(value, shift);
    } else {
      if (now !== undefined && !(now instanceof Counters)) throw kinds(key);
      mergeShifted(into.at(key), value, shift);
    }
  }
  return into;
}

/** Merges all of these into a new tree. */
export function merge(trees: Iterable<Counters>): Counters {
  const merged = new Counters();
  for (const tree of trees) mergeInto(merged, tree);
  return merged;
}

function expectNumber(key: string, value: unknown): number {
  if (typeof value !== 'number') throw kinds(key);
  return value;
}

function expectText(key: string, value: unknown): string {
  if (typeof value !== 'string') throw kinds(key);
  return value;
}

function kinds(key: string): Error {
  return new TypeError(
    `the counter "${key}" is of different kinds: a report counts it as a sum in one place and as a max in another`,
  );
}
