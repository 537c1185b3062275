// Writes a tree as bytes; see format.ts.
import { type Counter, Counters } from '../counters.js';
import { REGISTERS, type Sketch } from '../sketch.js';
import { type Bytes, DENSE, LEVEL, MAX, SPARSE, SPARSE_MAX, SUM } from './format.js';

/** For up to this many bytes a loop is faster than a call to copy memory. Less than 128, so that their length is one byte. */
const SHORT = 48;

/**
 * Grows to the largest document that it has written. A writer that is used again leaves nothing to the garbage collector.
 */
export class Writer {
  private buffer: Bytes;
  private at = 0;

  constructor(expected = 0) {
    this.buffer = Buffer.allocUnsafe(expected + 1024) as Bytes;
  }

  /** The bytes written so far, in the writer's own memory: they are valid until the next `reset`. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  /** Starts again in the same memory. */
  reset(): this {
    this.at = 0;
    return this;
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

  uint32(value: number): void {
    this.reserve(4);
    this.at = this.buffer.writeUInt32LE(value, this.at);
  }

  text(text: string): void {
    this.reserve(text.length * 3 + 8);
    if (text.length <= SHORT && this.ascii(text)) return;
    const length = Buffer.byteLength(text);
    this.varint(length);
    this.at += this.buffer.utf8Write(text, this.at);
  }

  copy(source: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.reserve(end - start);
    if (end - start <= SHORT) {
      for (let i = start; i < end; i++) this.buffer[this.at++] = source[i] as number;
      return;
    }
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

  /** Writes the text if it is ASCII. Returns whether it was. */
  private ascii(text: string): boolean {
    const start = this.at + 1;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      this.buffer[start + i] = unit;
    }
    this.buffer[this.at] = text.length;
    this.at = start + text.length;
    return true;
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
