// The merge of a delta into a document's bytes. Applying a segment touches a few rows of documents that have a thousand; so what
// a delta does not touch is copied as bytes, never made into objects.
import { encode } from './codec.js';
import { type Counter, Counters, addSums, isLarger } from './counters.js';
import { LEVEL } from './format.js';
import { Reader } from './reader.js';
import { Sketch } from './sketch.js';
import { Writer } from './writer.js';

/**
 * The bytes of the document after taking in the delta: the same as encode(mergeInto(decode(bytes), delta)), but for the order of keys.
 * Into memory of its own, or into that of a writer, which begins anew.
 */
export function mergeBytes(bytes: Buffer | undefined, delta: Counters, out = new Writer(bytes?.length)): Buffer {
  if (bytes === undefined) return encode(delta, out);
  mergeLevel(new Reader(bytes), delta, out.reset());
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
