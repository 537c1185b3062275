// A tree of counters as JSON that any tool can read, and back: for files that outlive the program. A sum is a number, a text
// is a string, a level is an object. A sketch is an array: registers and ranks in turn, or, if many are in use, one string
// with the ranks of all 4,096 registers as bytes in base64.
import { Counters } from '../counters.js';
import { RANK_MAX, REGISTERS, Sketch } from '../sketch.js';
import { LEVELS_MAX } from './fields.js';

/** All ranks take 5.5 KB in base64. A register and its rank take up to 8 characters. */
const PAIRS_MAX = 700;

/** Returns one line. Built by hand, because a key may be any text, even one with a special meaning in an object. */
export function toJson(tree: Counters): string {
  const fields: string[] = [];
  for (const [key, value] of tree.fields) {
    const text = value instanceof Counters ? toJson(value) : value instanceof Sketch ? sketchJson(value) : JSON.stringify(value);
    fields.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${fields.join(',')}}`;
}

/** Reads a result of JSON.parse. Throws a TypeError if it is not a tree of counters. */
export function fromJson(value: unknown): Counters {
  return levelOf(value, LEVELS_MAX);
}

function levelOf(value: unknown, levelsMax: number): Counters {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('these are not counters');
  if (levelsMax === 0) throw new TypeError(`it has more than ${LEVELS_MAX} levels`);
  const tree = new Counters();
  for (const [key, field] of Object.entries(value)) tree.fields.set(key, counterOf(key, field, levelsMax - 1));
  return tree;
}

function counterOf(key: string, value: unknown, levelsMax: number): number | string | Sketch | Counters {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return sketchOf(key, value);
  if (typeof value !== 'number') return levelOf(value, levelsMax);
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`"${key}" holds ${value}, which no counter can be`);
  return value;
}

function sketchJson(sketch: Sketch): string {
  const pairs: number[] = [];
  sketch.forEach((register, rank) => {
    pairs.push(register, rank);
  });
  if (pairs.length <= 2 * PAIRS_MAX) return JSON.stringify(pairs);
  const bytes = Buffer.alloc(REGISTERS);
  sketch.forEach((register, rank) => {
    bytes[register] = rank;
  });
  return JSON.stringify([bytes.toString('base64')]);
}

function sketchOf(key: string, value: readonly unknown[]): Sketch {
  const sketch = new Sketch();
  const add = (register: unknown, rank: unknown): void => {
    if (!isWhole(register, 0, REGISTERS - 1) || !isWhole(rank, 1, RANK_MAX)) throw new TypeError(`"${key}" holds no sketch`);
    sketch.add(register, rank);
  };
  if (value.length === 1 && typeof value[0] === 'string') {
    const bytes = Buffer.from(value[0], 'base64');
    if (bytes.length !== REGISTERS) throw new TypeError(`"${key}" holds no sketch`);
    for (const [register, rank] of bytes.entries()) if (rank > 0) add(register, rank);
  } else {
    for (let i = 0; i < value.length; i += 2) add(value[i], value[i + 1]);
  }
  return sketch;
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}
