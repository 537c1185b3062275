// Divides the lines of one hour of a log at the ends of chunks, and compares them with the stored chunks of other logs.
import type { StoredChunk } from './stored-logs.js';

/** The lines of an hour in the order of the file: their seconds, the halves of their hashes, and their places in the log. */
export interface Lines {
  readonly seconds: number[];
  readonly a: number[];
  readonly b: number[];
  readonly from: number[];
  readonly to: number[];
}

/** A run of an hour's lines, given by their numbers. */
export interface Segment {
  readonly begin: number;
  readonly end: number;
  /** The stored chunks that consist of these lines: one, or all of an hour that is known as a whole. Empty: not known. */
  chunks: readonly StoredChunk[];
}

interface Sum {
  readonly lines: number;
  readonly a: number;
  readonly b: number;
}

export function segmentsOf({ a }: Lines, isEnd: (a: number) => boolean): Segment[] {
  const segments: Segment[] = [];
  let begin = 0;
  for (let i = 0; i < a.length; i++) {
    if (!isEnd(a[i] as number) && i < a.length - 1) continue;
    segments.push({ begin, end: i + 1, chunks: [] });
    begin = i + 1;
  }
  return segments;
}

/** The chunks of the hour, if its lines are those of one log or of all logs together, in any order. */
export function allOf(lines: Lines, logs: ReadonlyArray<readonly StoredChunk[]>): readonly StoredChunk[] | undefined {
  const sum = sumOf(lines, 0, lines.a.length);
  const one = logs.find((log) => isSame(sum, total(log)));
  return one ?? (logs.length > 1 && isSame(sum, total(logs.flat())) ? logs.flat() : undefined);
}

/** Finds the segments that are a whole chunk. Returns the chunks that were not found. */
export function wholeIn(segments: readonly Segment[], lines: Lines, chunks: readonly StoredChunk[]): StoredChunk[] {
  const bySum = new Map<string, StoredChunk[]>();
  for (const chunk of chunks) {
    const same = bySum.get(keyOf(chunk));
    if (same === undefined) bySum.set(keyOf(chunk), [chunk]);
    else same.push(chunk);
  }
  for (const segment of segments) {
    const chunk = bySum.get(keyOf(sumOf(lines, segment.begin, segment.end)))?.shift();
    if (chunk !== undefined) segment.chunks = [chunk];
  }
  return [...bySum.values()].flat();
}

function keyOf({ lines, a, b }: Sum): string {
  return `${lines} ${a} ${b}`;
}

/** Divides an unknown segment at the stored chunks that are parts of it, and removes these from `left`. */
export function partsIn(segment: Segment, lines: Lines, left: StoredChunk[]): Segment[] {
  if (segment.chunks.length > 0) return [segment];
  for (const [i, chunk] of left.entries()) {
    const begin = chunk.mayBePart ? placeOf(chunk, lines, segment) : -1;
    if (begin < 0) continue;
    left.splice(i, 1);
    const end = begin + chunk.lines;
    const before = { begin: segment.begin, end: begin, chunks: [] };
    const behind = { begin: end, end: segment.end, chunks: [] };
    return [
      ...(before.end > before.begin ? partsIn(before, lines, left) : []),
      { begin, end, chunks: [chunk] },
      ...(behind.end > behind.begin ? partsIn(behind, lines, left) : []),
    ];
  }
  return [segment];
}

/** The place in the segment at which a run of lines has the chunk's sum; -1 when there is none. */
function placeOf(chunk: Sum, lines: Lines, { begin, end }: Segment): number {
  if (chunk.lines === 0 || chunk.lines > end - begin) return -1;
  let { a, b } = sumOf(lines, begin, begin + chunk.lines);
  for (let at = begin; ; at++) {
    if (a === chunk.a && b === chunk.b) return at;
    const next = at + chunk.lines;
    if (next >= end) return -1;
    a = (a - (lines.a[at] as number) + (lines.a[next] as number)) >>> 0;
    b = (b - (lines.b[at] as number) + (lines.b[next] as number)) >>> 0;
  }
}

function sumOf({ a, b }: Lines, begin: number, end: number): Sum {
  let [sumA, sumB] = [0, 0];
  for (let i = begin; i < end; i++) {
    sumA = (sumA + (a[i] as number)) >>> 0;
    sumB = (sumB + (b[i] as number)) >>> 0;
  }
  return { lines: end - begin, a: sumA, b: sumB };
}

function total(chunks: readonly Sum[]): Sum {
  let [lines, a, b] = [0, 0, 0];
  for (const chunk of chunks) {
    lines += chunk.lines;
    a = (a + chunk.a) >>> 0;
    b = (b + chunk.b) >>> 0;
  }
  return { lines, a, b };
}

function isSame(one: Sum, other: Sum): boolean {
  return one.lines === other.lines && one.a === other.a && one.b === other.b;
}
