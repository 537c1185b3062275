// Compares two trees of counters. The order of keys does not matter.
import { Counters } from './counters.js';
import { Sketch } from './sketch.js';

export function areEqual(a: Counters, b: Counters): boolean {
  if (a.fields.size !== b.fields.size) return false;
  for (const [key, value] of a.fields) {
    const other = b.fields.get(key);
    if (value instanceof Counters) {
      if (!(other instanceof Counters) || !areEqual(value, other)) return false;
    } else if (value instanceof Sketch) {
      if (!(other instanceof Sketch) || !sameRegisters(value, other)) return false;
    } else if (value !== other) {
      return false;
    }
  }
  return true;
}

function sameRegisters(a: Sketch, b: Sketch): boolean {
  const ranks = new Map<number, number>();
  a.forEach((register, rank) => {
    ranks.set(register, rank);
  });
  let same = a.size === b.size;
  b.forEach((register, rank) => {
    if (ranks.get(register) !== rank) same = false;
  });
  return same;
}
