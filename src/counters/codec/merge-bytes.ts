// Merges a delta into a document's bytes. A segment touches only a few of the thousand rows of a document. So everything that
// the delta does not touch is copied as bytes and never becomes an object.

import { addSums, type Counter, Counters } from '../counters.js';
import { Sketch } from '../sketch.js';
import { encode } from './codec.js';
import { type Bytes, LEVEL, MAX, SUM } from './format.js';
import { Reader } from './reader.js';
import { Writer } from './writer.js';

/**
 * Returns the bytes of the merged document: the same as encode(mergeInto(decode(bytes), delta)), except for the order of
 * keys. Writes into new memory, or into that of a writer, which is reset.
 */
export function mergeBytes(bytes: Buffer | undefined, delta: Counters, out = new Writer(bytes?.length)): Buffer {
  if (bytes === undefined) return encode(delta, out);
  mergeLevel(new Reader(bytes), delta, out.reset());
  return out.bytes();
}

/** The number of rows of a level and their bytes, without reading them. Undefined if there is no such level. */
export function levelSize(bytes: Buffer, ...path: string[]): { entries: number; bytes: number } | undefined {
  const reader = new Reader(bytes);
  let level = reader.head();
  for (const key of path) {
    const end = reader.at + level.length;
    let found = false;
    while (reader.at < end && !found) {
      const name = reader.text();
      const kind = reader.kind();
      found = name === key && kind === LEVEL;
      if (!found) reader.skip(kind);
    }
    if (!found) return undefined;
    level = reader.head();
  }
  return { entries: level.entries, bytes: level.length };
}

function mergeLevel(reader: Reader, delta: Counters, out: Writer): void {
  const { length } = reader.head();
  const end = reader.at + length;
  const mark = out.beginLevel();
  const touched = delta.fields.size > FEW ? new KeyIndex(delta.fields) : new FewKeys(delta.fields);
  let entries = 0;
  let copiedTo = reader.at;
  while (reader.at < end) {
    entries++;
    const key = touched.take(reader);
    const kindAt = reader.at;
    const kind = reader.kind();
    const change = key === undefined ? undefined : (delta.fields.get(key) as Counter);
    if (change === undefined || (kind === MAX && typeof change === 'string' && !reader.isLess(change))) {
      reader.skip(kind);
      continue;
    }
    out.copy(reader.source, copiedTo, kindAt);
    if (typeof change === 'number' && kind === SUM) {
      out.byte(SUM);
      out.varint(addSums(reader.varint(), change));
    } else if (change instanceof Counters && kind === LEVEL) {
      out.byte(LEVEL);
      mergeLevel(reader, change, out);
    } else if (typeof change === 'string' && kind === MAX) {
      reader.skip(kind);
      out.value(change);
    } else {
      out.value(mergedSketch(key as string, reader.value(kind), change));
    }
    copiedTo = reader.at;
  }
  out.copy(reader.source, copiedTo, end);
  for (const key of touched.left()) {
    entries++;
    out.text(key);
    out.value(delta.fields.get(key) as Counter);
  }
  out.endLevel(mark, entries);
}

function mergedSketch(key: string, now: Counter, change: Counter): Sketch {
  if (!(change instanceof Sketch && now instanceof Sketch)) {
    throw new TypeError(`the counter "${key}" is of different kinds in the document and in the delta`);
  }
  now.take(change);
  return now;
}

/** For up to this many keys of a delta, comparing is cheaper than an index. Nearly every row has one or two keys. */
const FEW = 8;

interface Keys {
  /** Reads the next key. Returns the delta's key if it is one of them, and removes it from those that are left. */
  take(reader: Reader): string | undefined;
  /** The delta's keys that were not found. */
  left(): Iterable<string>;
}

class FewKeys implements Keys {
  private readonly keys: string[];
  /** In bytes. Most keys already differ in length. */
  private readonly lengths: number[];

  constructor(fields: ReadonlyMap<string, unknown>) {
    this.keys = [...fields.keys()];
    this.lengths = this.keys.map(byteLength);
  }

  take(reader: Reader): string | undefined {
    const length = reader.varint();
    const start = reader.at;
    reader.at = start + length;
    for (let i = 0; i < this.keys.length; i++) {
      const key = this.keys[i] as string;
      if (this.lengths[i] !== length || !isText(key, reader.source, start, reader.at)) continue;
      this.keys.splice(i, 1);
      this.lengths.splice(i, 1);
      return key;
    }
    return undefined;
  }

  left(): Iterable<string> {
    return this.keys;
  }
}

function byteLength(text: string): number {
  return text.length === 1 && text.charCodeAt(0) < 0x80 ? 1 : Buffer.byteLength(text);
}

/** Compares without making a string of the bytes. */
function isText(text: string, bytes: Bytes, start: number, end: number): boolean {
  if (text.length > end - start) return false; // a unit takes at least one byte
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return bytes.utf8Slice(start, end) === text;
    if (unit !== bytes[start + i]) return false;
  }
  return text.length === end - start;
}

/**
 * Finds the delta's key that equals the next key in the bytes. Compares a hash of the bytes first, so that other keys never
 * become strings. Keys with the same hash are stored in a list, so that crafted collisions cost only time.
 */
class KeyIndex implements Keys {
  private readonly byHash = new Map<number, string | string[]>();

  constructor(fields: ReadonlyMap<string, unknown>) {
    for (const key of fields.keys()) {
      const hash = hashOfText(key);
      const same = this.byHash.get(hash);
      if (same === undefined) this.byHash.set(hash, key);
      else this.byHash.set(hash, [key].concat(same));
    }
  }

  take(reader: Reader): string | undefined {
    const length = reader.varint();
    const start = reader.at;
    reader.at = start + length;
    const hash = hashOfBytes(reader.source, start, reader.at);
    const same = this.byHash.get(hash);
    if (same === undefined) return undefined;
    if (typeof same === 'string') {
      if (!isText(same, reader.source, start, reader.at)) return undefined;
      this.byHash.delete(hash);
      return same;
    }
    const place = same.findIndex((key) => isText(key, reader.source, start, reader.at));
    return place < 0 ? undefined : (same.splice(place, 1)[0] as string);
  }

  left(): Iterable<string> {
    const left: string[] = [];
    for (const same of this.byHash.values()) {
      if (typeof same === 'string') left.push(same);
      else left.push(...same);
    }
    return left;
  }
}

/**
 * Four bytes at a time, each step a bijection (a multiplication by an odd number and a shift): different words give
 * different hashes.
 */
function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

function hashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let i = start;
  for (; i + 3 < end; i += 4) {
    const low = (bytes[i] as number) | ((bytes[i + 1] as number) << 8);
    hash = mixed(hash, low | ((bytes[i + 2] as number) << 16) | ((bytes[i + 3] as number) << 24));
  }
  for (; i < end; i++) hash = mixed(hash, bytes[i] as number);
  return hash;
}

/** The hash of its UTF-8 bytes. */
function hashOfText(text: string): number {
  const end = text.length;
  let hash = end;
  let seen = 0;
  let i = 0;
  for (; i + 3 < end; i += 4) {
    const [a, b, c, d] = [text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2), text.charCodeAt(i + 3)];
    seen |= a | b | c | d;
    hash = mixed(hash, a | (b << 8) | (c << 16) | (d << 24));
  }
  for (; i < end; i++) {
    const unit = text.charCodeAt(i);
    seen |= unit;
    hash = mixed(hash, unit);
  }
  if (seen <= 0x7f) return hash;
  const bytes = Buffer.from(text);
  return hashOfBytes(bytes, 0, bytes.length);
}
