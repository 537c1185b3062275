// A tree of counters as bytes, and back.
import type { Counters } from './counters.js';
import { Reader } from './reader.js';
import { Writer } from './writer.js';

export function encode(tree: Counters): Buffer {
  const out = new Writer();
  out.level(tree);
  return out.bytes();
}

/** Throws a RangeError when the bytes are not a whole tree. */
export function decode(bytes: Buffer): Counters {
  const reader = new Reader(bytes);
  return reader.level();
}
