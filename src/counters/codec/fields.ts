// A tree of counters as the fields of a document in a document database, and back. Sums and texts are fields, levels
// are documents below; a sketch is a document whose name begins with `_` (an escaped key never does), each register a
// field named by its number. When its period is over, a sketch is *packed*: all registers go into one field of bytes, `p`.
// Registers that are added later are separate fields. Reading uses the larger rank.
import { Counters } from '../counters.js';
import { ALL, ANY_KEY, type Part } from '../part.js';
import { RANK_MAX, REGISTERS, Sketch } from '../sketch.js';
import { escapeKey, unescapeKey } from './key.js';
import { Reader } from './reader.js';
import { Writer } from './writer.js';

export type Fields = { [name: string]: unknown };

const PACKED = 'p';
/** Documents have at most a dozen levels. MongoDB allows a hundred. */
export const LEVELS_MAX = 50;

/** The fields that contain a part of a tree, as paths below `prefix`. They may contain more. */
export function pathsOfPart(part: Part, prefix: string): string[] {
  if (part.has(ANY_KEY)) return [prefix];
  return [...part].flatMap(([key, below]) =>
    below === ALL
      ? [`${prefix}.${escapeKey(key)}`, `${prefix}.${sketchName(key)}`]
      : pathsOfPart(below, `${prefix}.${escapeKey(key)}`),
  );
}

export function sketchName(key: string): string {
  return `_${escapeKey(key)}`;
}

/**
 * Packs the sketches if the period `isOver`, because no more points are expected then. Omits empty levels, as an update
 * does.
 */
export function toFields(tree: Counters, isOver: boolean): Fields {
  const fields: Fields = {};
  for (const [key, value] of tree.fields) {
    if (value instanceof Counters) {
      const below = toFields(value, isOver);
      if (Object.keys(below).length > 0) fields[escapeKey(key)] = below;
    } else if (value instanceof Sketch) {
      if (value.size > 0) fields[sketchName(key)] = isOver ? { [PACKED]: packed(value) } : registersOf(value);
    } else {
      fields[escapeKey(key)] = value;
    }
  }
  return fields;
}

/** Throws a TypeError if a field cannot be a counter. */
export function fromFields(fields: Fields): Counters {
  const tree = new Counters();
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith('_')) tree.fields.set(unescapeKey(name.slice(1)), sketchOf(value as Fields));
    else tree.fields.set(unescapeKey(name), counterOf(name, value));
  }
  return tree;
}

/** Whether any sketch has registers that are not packed. */
export function hasLooseRegisters(fields: Fields): boolean {
  return Object.entries(fields).some(([name, value]) => {
    if (typeof value !== 'object' || value === null) return false;
    if (name.startsWith('_')) return Object.keys(value).some((register) => register !== PACKED);
    return hasLooseRegisters(value as Fields);
  });
}

/** Validates a tree of counters from an untrusted file. Returns the problem, or undefined. */
export function problemOfFields(value: unknown, levelsMax = LEVELS_MAX): string | undefined {
  if (!isLevel(value)) return 'these are not counters';
  if (levelsMax === 0) return `it has more than ${LEVELS_MAX} levels`;
  for (const [name, field] of Object.entries(value)) {
    if (name === '' || /[$.\0]/.test(name)) return 'a counter has a name that is not allowed';
    const problem = name.startsWith('_') ? problemOfSketch(field) : problemOfCounter(field, levelsMax - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfCounter(value: unknown, levelsMax: number): string | undefined {
  if (typeof value === 'string' || isLong(value)) return undefined;
  if (typeof value !== 'number') return problemOfFields(value, levelsMax);
  return Number.isInteger(value) && value >= 0 ? undefined : 'a counter is not a whole number of at least 0';
}

function problemOfSketch(value: unknown): string | undefined {
  const isRank = (rank: unknown) => Number.isInteger(rank) && Number(rank) >= 1 && Number(rank) <= RANK_MAX;
  const isRegister = ([name, rank]: [string, unknown]) =>
    /^(?:0|[1-9][0-9]{0,3})$/.test(name) && Number(name) < REGISTERS && isRank(rank);
  const isPacked = ([name, bytes]: [string, unknown]) => name === PACKED && bytes instanceof Uint8Array && isSketch(bytes);
  const isWhole = isLevel(value) && Object.entries(value).every((field) => isRegister(field) || isPacked(field));
  return isWhole ? undefined : 'a sketch is not valid';
}

function isSketch(bytes: Uint8Array): boolean {
  try {
    const sketch: unknown = unpacked(bytes);
    let isWhole = sketch instanceof Sketch;
    if (sketch instanceof Sketch)
      sketch.forEach((register, rank) => {
        isWhole &&= register < REGISTERS && rank <= RANK_MAX;
      });
    return isWhole;
  } catch {
    return false;
  }
}

function isLevel(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Whether it is the driver's type for 64-bit numbers that JavaScript cannot represent exactly. */
function isLong(value: unknown): boolean {
  return typeof (value as { toNumber?: unknown } | null)?.toNumber === 'function';
}

function counterOf(name: string, value: unknown): number | string | Counters {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Math.min(value, Number.MAX_SAFE_INTEGER);
  if (typeof value !== 'object' || value === null) throw new TypeError(`the field "${name}" holds no counter`);
  if (isLong(value)) return Number.MAX_SAFE_INTEGER;
  return fromFields(value as Fields);
}

function sketchOf(registers: Fields): Sketch {
  const sketch = new Sketch();
  for (const [register, value] of Object.entries(registers)) {
    if (register === PACKED) sketch.take(unpacked(value as Uint8Array));
    else sketch.add(Number(register), value as number);
  }
  return sketch;
}

function registersOf(sketch: Sketch): Fields {
  const registers: Fields = {};
  sketch.forEach((register, rank) => {
    registers[register] = rank;
  });
  return registers;
}

function packed(sketch: Sketch): Buffer {
  const out = new Writer();
  out.value(sketch);
  return Buffer.from(out.bytes());
}

function unpacked(bytes: Uint8Array): Sketch {
  const reader = new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return reader.value(reader.kind()) as Sketch;
}
