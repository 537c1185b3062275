// A tree of counters as bytes, and the merge of a delta into such bytes. Applying a segment touches a few rows of documents
// that have a thousand; so what a delta does not touch is copied as bytes, never made into objects.
//
//   level  = entries u32, length of what follows in bytes u32, entry*
//   entry  = key length varint, key UTF-8, kind u8, value
//   value  = SUM varint | MAX length varint, UTF-8 | SPARSE n u16, n x (register u16, rank u8) | DENSE 4096 bytes | LEVEL level
import { type Counter, Counters, addSums, isLarger } from './counters.js';
import { REGISTERS, Sketch } from './sketch.js';

const SUM = 0;
const MAX = 1;
const SPARSE = 2;
const DENSE = 3;
const LEVEL = 4;
const SPARSE_MAX = 1024;

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

/** The bytes of the document after taking in the delta: the same as encode(mergeInto(decode(bytes), delta)), but for the order of keys. */
export function mergeBytes(bytes: Buffer | undefined, delta: Counters): Buffer {
  if (bytes === undefined) return encode(delta);
  const out = new Writer(bytes.length);
  mergeLevel(new Reader(bytes), delta, out);
  return out.bytes();
}

/** How many rows a level below has and how many bytes they take, without reading them; undefined when there is no such level. */
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
    const entryStart = reader.at;
    entries++;
    const key = touched.take(reader);
    const kind = reader.kind();
    if (key === undefined) {
      reader.skip(kind);
      continue;
    }
    out.copy(reader.source, copiedTo, entryStart);
    const change = delta.fields.get(key) as Counter;
    out.text(key);
    if (change instanceof Counters) {
      if (kind !== LEVEL) throw kindsDiffer(key);
      out.byte(LEVEL);
      mergeLevel(reader, change, out);
    } else {
      out.value(merged(key, reader.value(kind), change));
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

function merged(key: string, now: Counter, change: Counter): Counter {
  if (typeof change === 'number' && typeof now === 'number') return addSums(now, change);
  if (typeof change === 'string' && typeof now === 'string') return isLarger(change, now) ? change : now;
  if (change instanceof Sketch && now instanceof Sketch) {
    now.take(change);
    return now;
  }
  throw kindsDiffer(key);
}

function kindsDiffer(key: string): Error {
  return new TypeError(`the counter "${key}" of the document and of the delta are of two kinds`);
}

/** Up to this many keys of a delta, comparing them is cheaper than an index: nearly every row has one or two. */
const FEW = 8;

interface Keys {
  /** Reads the next key; the delta's key if it is one of them, which then counts as met. */
  take(reader: Reader): string | undefined;
  /** The keys not met. */
  left(): Iterable<string>;
}

class FewKeys implements Keys {
  private readonly met: string[] = [];

  constructor(private readonly fields: ReadonlyMap<string, unknown>) {}

  take(reader: Reader): string | undefined {
    const key = reader.text();
    if (!this.fields.has(key)) return undefined;
    this.met.push(key);
    return key;
  }

  left(): Iterable<string> {
    if (this.met.length === this.fields.size) return [];
    return [...this.fields.keys()].filter((key) => !this.met.includes(key));
  }
}

/**
 * Finds which of a delta's keys the next key in the bytes is, without making a string of every key that it is not: by a
 * hash of its bytes first. Keys with one hash stand in a list, so that crafted collisions cost time and nothing else.
 */
class KeyIndex implements Keys {
  private readonly byHash = new Map<number, string[]>();

  constructor(fields: ReadonlyMap<string, unknown>) {
    for (const key of fields.keys()) {
      const hash = hashOfText(key);
      const same = this.byHash.get(hash);
      if (same) same.push(key);
      else this.byHash.set(hash, [key]);
    }
  }

  take(reader: Reader): string | undefined {
    const length = reader.varint();
    const start = reader.at;
    reader.at = start + length;
    const same = this.byHash.get(hashOfBytes(reader.source, start, reader.at));
    if (same === undefined) return undefined;
    const text = reader.source.utf8Slice(start, reader.at);
    const place = same.indexOf(text);
    return place < 0 ? undefined : (same.splice(place, 1)[0] as string);
  }

  *left(): Iterable<string> {
    for (const same of this.byHash.values()) yield* same;
  }
}

/** FNV-1a over bytes (Fowler, Noll, Vo). */
function hashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash;
}

function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) {
      const bytes = Buffer.from(text);
      return hashOfBytes(bytes, 0, bytes.length);
    }
    hash = Math.imul(hash ^ unit, 0x01000193);
  }
  return hash;
}

/** Buffer has these by every Node of the last ten years; its types do not say so. */
type Bytes = Buffer & {
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, offset: number): number;
};

class Reader {
  at = 0;
  readonly source: Bytes;

  constructor(bytes: Buffer) {
    this.source = bytes as Bytes;
  }

  kind(): number {
    const kind = this.source[this.at++];
    if (kind === undefined) throw truncated();
    return kind;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.source[this.at++];
      if (byte === undefined || scale > 2 ** 49) throw truncated();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const length = this.varint();
    const end = this.at + length;
    if (end > this.source.length) throw truncated();
    if (length === 1) return String.fromCharCode(this.source[this.at++] as number); // most names of counters
    const text = this.source.utf8Slice(this.at, end);
    this.at = end;
    return text;
  }

  head(): { entries: number; length: number } {
    if (this.at + 8 > this.source.length) throw truncated();
    const entries = this.source.readUInt32LE(this.at);
    const length = this.source.readUInt32LE(this.at + 4);
    this.at += 8;
    if (this.at + length > this.source.length) throw truncated();
    return { entries, length };
  }

  level(): Counters {
    const tree = new Counters();
    const end = this.head().length + this.at;
    while (this.at < end) {
      const key = this.text();
      tree.fields.set(key, this.value(this.kind()));
    }
    return tree;
  }

  value(kind: number): Counter {
    if (kind === SUM) return this.varint();
    if (kind === MAX) return this.text();
    if (kind === LEVEL) return this.level();
    const sketch = new Sketch();
    if (kind === SPARSE) {
      const points = this.source.readUInt16LE(this.at);
      this.at += 2;
      for (let i = 0; i < points; i++, this.at += 3) {
        sketch.add(this.source.readUInt16LE(this.at), this.source.readUInt8(this.at + 2));
      }
    } else if (kind === DENSE) {
      for (let register = 0; register < REGISTERS; register++) {
        const rank = this.source[this.at + register] as number;
        if (rank > 0) sketch.add(register, rank);
      }
      this.at += REGISTERS;
    } else {
      throw truncated();
    }
    return sketch;
  }

  skip(kind: number): void {
    let length = 0;
    if (kind === SUM) this.varint();
    else if (kind === MAX) length = this.varint();
    else if (kind === SPARSE) length = 2 + 3 * this.source.readUInt16LE(this.at);
    else if (kind === DENSE) length = REGISTERS;
    else if (kind === LEVEL) length = this.head().length;
    else throw truncated();
    this.at += length; // after reading it: reading moves on too
  }
}

function truncated(): Error {
  return new RangeError('these bytes are not a whole document');
}

class Writer {
  private buffer: Bytes;
  private at = 0;

  constructor(expected = 0) {
    this.buffer = Buffer.allocUnsafe(expected + 1024) as Bytes;
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.at++] = value;
  }

  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.at++] = rest;
  }

  text(text: string): void {
    this.reserve(text.length * 3 + 8);
    const length = Buffer.byteLength(text);
    this.varint(length);
    this.at += this.buffer.utf8Write(text, this.at);
  }

  copy(source: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.reserve(end - start);
    this.buffer.set(source.subarray(start, end), this.at);
    this.at += end - start;
  }

  beginLevel(): number {
    this.reserve(8);
    this.at += 8;
    return this.at;
  }

  endLevel(mark: number, entries: number): void {
    this.buffer.writeUInt32LE(entries, mark - 8);
    this.buffer.writeUInt32LE(this.at - mark, mark - 4);
  }

  level(tree: Counters): void {
    const mark = this.beginLevel();
    for (const [key, value] of tree.fields) {
      this.text(key);
      this.value(value);
    }
    this.endLevel(mark, tree.fields.size);
  }

  value(value: Counter): void {
    if (typeof value === 'number') {
      this.byte(SUM);
      this.varint(value);
    } else if (typeof value === 'string') {
      this.byte(MAX);
      this.text(value);
    } else if (value instanceof Counters) {
      this.byte(LEVEL);
      this.level(value);
    } else {
      this.sketch(value);
    }
  }

  private sketch(sketch: Sketch): void {
    const points = sketch.size;
    if (points <= SPARSE_MAX) {
      this.byte(SPARSE);
      this.reserve(2 + 3 * points);
      this.at = this.buffer.writeUInt16LE(points, this.at);
      sketch.forEach((register, rank) => {
        this.at = this.buffer.writeUInt16LE(register, this.at);
        this.buffer[this.at++] = rank;
      });
    } else {
      this.byte(DENSE);
      this.reserve(REGISTERS);
      this.buffer.fill(0, this.at, this.at + REGISTERS);
      sketch.forEach((register, rank) => {
        this.buffer[this.at + register] = rank;
      });
      this.at += REGISTERS;
    }
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes)) as Bytes;
    larger.set(this.buffer.subarray(0, this.at));
    this.buffer = larger;
  }
}
