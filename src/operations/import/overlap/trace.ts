// The trace of a range: what is stored about the lines that it has counted, so that they are recognised in other logs.
// For each hour it contains sums of the lines' hashes. An hour with many lines is divided into chunks.
import { endsChunk, type LineHash } from './fingerprint.js';

/**
 * How a chunk ends. `whole`: at a line that ends a chunk in every file. `open`: at the end of the range; it continues in
 * the next one. `cut`: before lines that are skipped.
 */
export type ChunkEnd = 'whole' | 'open' | 'cut';
const ENDS: readonly ChunkEnd[] = ['whole', 'open', 'cut'];

/** A number of lines, and the sums of both halves of their hashes, modulo 2³². */
export interface Chunk {
  readonly lines: number;
  readonly a: number;
  readonly b: number;
  readonly end: ChunkEnd;
}

export interface HourTrace {
  readonly hour: number;
  /** The first and the last second within the hour, both included. */
  readonly first: number;
  readonly last: number;
  readonly chunks: readonly Chunk[];
}

interface Growing {
  first: number;
  last: number;
  chunks: Chunk[];
  lines: number;
  a: number;
  b: number;
}

/** A range of 4 MB has more chunks only if its lines are not in order of time. Then no trace is stored. */
const CHUNKS_MAX = 16_384;

export interface TraceBuilder {
  add(hour: number, second: number, hash: LineHash): void;
  /** Ends all chunks, because the next lines are skipped. */
  cut(): void;
  /** Base64; empty when there are no lines or too many chunks. */
  encoded(): string;
}

export function createTraceBuilder(): TraceBuilder {
  const hours = new Map<number, Growing>();
  let [lastHour, last] = [Number.NaN, undefined as Growing | undefined];
  return {
    add(hour, second, hash) {
      if (hour !== lastHour || last === undefined) {
        lastHour = hour;
        last = hours.get(hour);
        if (last === undefined) {
          last = { first: second, last: second, chunks: [], lines: 0, a: 0, b: 0 };
          hours.set(hour, last);
        }
      }
      if (second < last.first) last.first = second;
      if (second > last.last) last.last = second;
      last.lines++;
      last.a = (last.a + hash.a) >>> 0;
      last.b = (last.b + hash.b) >>> 0;
      if (endsChunk(hash)) end(last, 'whole');
    },
    cut() {
      for (const growing of hours.values()) if (growing.lines > 0) end(growing, 'cut');
    },
    encoded() {
      for (const growing of hours.values()) if (growing.lines > 0) end(growing, 'open');
      return encodeTrace(
        [...hours].sort(([a], [b]) => a - b).map(([hour, { first, last, chunks }]) => ({ hour, first, last, chunks })),
      );
    },
  };
}

function end(growing: Growing, how: ChunkEnd): void {
  const { lines, a, b } = growing;
  growing.chunks.push({ lines, a, b, end: how });
  growing.lines = 0;
  growing.a = 0;
  growing.b = 0;
}

const CHUNK_BYTES_MAX = 5 + 8;

export function encodeTrace(traces: readonly HourTrace[]): string {
  const chunks = traces.reduce((sum, trace) => sum + trace.chunks.length, 0);
  if (chunks > CHUNKS_MAX) return '';
  const bytes = Buffer.alloc(traces.length * 19 + chunks * CHUNK_BYTES_MAX);
  let at = 0;
  const put = (value: number): void => {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
    bytes[at++] = rest;
  };
  let before = 0;
  for (const { hour, first, last, chunks } of traces) {
    put(hour - before);
    before = hour;
    put(first);
    put(last);
    put(chunks.length);
    for (const { lines, a, b, end } of chunks) {
      put(lines * ENDS.length + ENDS.indexOf(end));
      at = bytes.writeUInt32LE(a, at);
      at = bytes.writeUInt32LE(b, at);
    }
  }
  return bytes.toString('base64', 0, at);
}

export function decodeTrace(text: string): HourTrace[] {
  const bytes = Buffer.from(text, 'base64');
  const traces: HourTrace[] = [];
  let at = 0;
  const take = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      factor *= 0x80;
      if (byte < 0x80) return value;
    }
  };
  for (let hour = 0; at < bytes.length; ) {
    hour += take();
    const [first, last] = [take(), take()];
    const chunks: Chunk[] = [];
    for (let n = take(); n > 0 && at < bytes.length; n--) {
      const head = take();
      const [lines, end] = [Math.floor(head / ENDS.length), ENDS[head % ENDS.length] as ChunkEnd];
      chunks.push({ lines, a: bytes.readUInt32LE(at), b: bytes.readUInt32LE(at + 4), end });
      at += 8;
    }
    traces.push({ hour, first, last, chunks });
  }
  return traces;
}

/** Joins two parts of one chunk. */
export function addChunks(one: Chunk, other: Chunk): Chunk {
  return { lines: one.lines + other.lines, a: (one.a + other.a) >>> 0, b: (one.b + other.b) >>> 0, end: other.end };
}
