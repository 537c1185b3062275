// A tree of counters as bytes, and back.
import type { Counters } from '../counters.js';
import type { Part } from '../part.js';
import { Reader } from './reader.js';
import { Writer } from './writer.js';

/** Writes into new memory, or into that of a writer, which is reset. */
export function encode(tree: Counters, out = new Writer()): Buffer {
  out.reset().level(tree);
  return out.bytes();
}

/** Throws a RangeError if the bytes are not a whole tree. */
export function decode(bytes: Buffer): Counters {
  const reader = new Reader(bytes);
  return reader.level();
}

/** Throws a RangeError if the bytes are not a whole tree. Bytes outside the part are not checked. */
export function decodePart(bytes: Buffer, part: Part): Counters {
  return new Reader(bytes).partOfLevel(part);
}
