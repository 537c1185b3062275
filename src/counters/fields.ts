// A tree of counters as the fields of a document in a document database, and back. Sums and texts are fields, levels are documents
// below; a sketch is a document whose name begins with `_` (an escaped key never does), each register a field named by its number.
// When its period is over a sketch is *packed*: all registers in one field of bytes, `p`. Registers that come later stand beside it, and
// reading takes the larger.
import { Counters } from './counters.js';
import { escapeKey, unescapeKey } from './key.js';
import { Reader } from './reader.js';
import { Sketch } from './sketch.js';
import { Writer } from './writer.js';

export type Fields = { [name: string]: unknown };

const PACKED = 'p';

export function sketchName(key: string): string {
  return `_${escapeKey(key)}`;
}

/** With sketches packed where `isOver` says that nothing more is expected. Levels with nothing in them are left out, as an update would leave them. */
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

/** Throws a TypeError for what no counter can be. */
export function fromFields(fields: Fields): Counters {
  const tree = new Counters();
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith('_')) tree.fields.set(unescapeKey(name.slice(1)), sketchOf(value as Fields));
    else tree.fields.set(unescapeKey(name), counterOf(name, value));
  }
  return tree;
}

/** Whether any sketch below has registers that are not packed. */
export function hasLooseRegisters(fields: Fields): boolean {
  return Object.entries(fields).some(([name, value]) => {
    if (typeof value !== 'object' || value === null) return false;
    if (name.startsWith('_')) return Object.keys(value).some((register) => register !== PACKED);
    return hasLooseRegisters(value as Fields);
  });
}

function counterOf(name: string, value: unknown): number | string | Counters {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Math.min(value, Number.MAX_SAFE_INTEGER);
  if (typeof value !== 'object' || value === null) throw new TypeError(`the field "${name}" holds no counter`);
  // A 64-bit number beyond what JavaScript holds exactly; no name of a field is a function's.
  if (typeof (value as { toNumber?: unknown }).toNumber === 'function') return Number.MAX_SAFE_INTEGER;
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
