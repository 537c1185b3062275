// Reads what writer.ts wrote; see format.ts.
import { type Counter, Counters, isLarger } from '../counters.js';
import { ALL, type Part, partUnder } from '../part.js';
import { REGISTERS, Sketch } from '../sketch.js';
import { type Bytes, DENSE, LEVEL, MAX, SPARSE, SUM } from './format.js';

/** Throws a RangeError if the bytes are not a whole document. */
export class Reader {
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

  /** Whether the next text is less than this one by its bytes. It remains to be read. */
  isLess(text: string): boolean {
    const start = this.at;
    const length = this.varint();
    const end = this.at + length;
    if (end > this.source.length) throw truncated();
    let i = 0;
    for (let at = this.at; i < text.length && at < end; i++, at++) {
      const [unit, byte] = [text.charCodeAt(i), this.source[at] as number];
      if (unit > 0x7f || byte > 0x7f) break;
      if (unit !== byte) {
        this.at = start;
        return unit > byte;
      }
    }
    // the rest may not be ASCII
    const rest = this.source.utf8Slice(this.at + i, end);
    this.at = start;
    return isLarger(text.slice(i), rest);
  }

  head(): { entries: number; length: number } {
    if (this.at + 8 > this.source.length) throw truncated();
    const entries = uint32(this.source, this.at);
    const length = uint32(this.source, this.at + 4);
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

  /** Skips what is not in the part. Levels are skipped by their length, so this is much faster than `level`. */
  partOfLevel(part: Part): Counters {
    const tree = new Counters();
    const end = this.head().length + this.at;
    while (this.at < end) {
      const key = this.text();
      const kind = this.kind();
      const wanted = partUnder(part, key);
      if (wanted === undefined) this.skip(kind);
      else tree.fields.set(key, wanted === ALL || kind !== LEVEL ? this.value(kind) : this.partOfLevel(wanted));
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

/** Faster than the Buffer's own function, which repeats the checks made here. */
function uint32(bytes: Bytes, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
  return low + (bytes[at + 3] as number) * 0x1000000;
}

function truncated(): Error {
  return new RangeError('these bytes are not a whole document');
}
