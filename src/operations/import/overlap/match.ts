// Which lines of a log other logs have counted, told by the chunks that are kept of those. Lines come in the order of
// the file, hour by hour.
//
// Lines are known where they make up a chunk that was kept, or all that was kept of the hour. Where a log was cut or
// joined, there are parts of chunks: they are known when what stands beside them comes before or after that chunk in
// the other log as well. All else is new.
import { endsChunk, type LineHash } from './fingerprint.js';
import { allOf, type Lines, partsIn, type Segment, segmentsOf, wholeIn } from './segments.js';
import type { Seconds, StoredChunk, StoredHours } from './stored-logs.js';

/** From and to, in bytes of the log. */
export type Part = readonly [from: number, to: number];

export interface Match {
  /** In order; two that touch are one. */
  readonly known: readonly Part[];
  readonly knownLines: number;
  /** New lines from between the lines of other logs: of another machine, or of a log that was filtered or written otherwise. */
  readonly besideLines: number;
}

export interface Matcher {
  add(hour: number, second: number, hash: LineHash, from: number, to: number): void;
  /** No more lines come of hours before this one. */
  passed(hour: number): void;
  finish(): Match;
}

/** An hour whose lines were compared. */
interface Resolved {
  readonly hour: number;
  readonly lines: Lines;
  readonly segments: Segment[];
  /** What of the other logs' chunks was not found. */
  readonly left: StoredChunk[];
}

/** So many hours stay open for what their neighbours tell. */
const HOURS_OPEN = 2;

export function createMatcher(stored: StoredHours): Matcher {
  const growing = new Map<number, Lines>();
  /** In order of time. */
  let kept: Resolved[] = [];
  const parts: Part[] = [];
  let [knownLines, besideLines] = [0, 0];

  const resolve = (until: number): void => {
    for (const [hour, lines] of [...growing].sort(([a], [b]) => a - b)) {
      if (hour >= until) continue;
      growing.delete(hour);
      kept.push(compared(hour, lines, stored.of(hour)));
    }
  };
  const settle = ({ lines, segments, left }: Resolved): void => {
    const others = [...new Set(left.map(({ seconds }) => seconds))];
    for (const { begin, end, chunks } of segments) {
      for (let i = begin; i < end; i++) {
        if (chunks.length > 0) parts.push([lines.from[i] as number, lines.to[i] as number]);
        else if (others.some((other) => isWithin(lines.seconds[i] as number, other))) besideLines++;
      }
      if (chunks.length > 0) knownLines += end - begin;
    }
  };

  return {
    add(hour, second, { a, b }, from, to) {
      let lines = growing.get(hour);
      if (lines === undefined) {
        lines = { seconds: [], a: [], b: [], from: [], to: [] };
        growing.set(hour, lines);
      }
      lines.seconds.push(second);
      lines.a.push(a);
      lines.b.push(b);
      lines.from.push(from);
      lines.to.push(to);
    },
    passed(hour) {
      resolve(hour);
      if (kept.length <= 2 * HOURS_OPEN) return;
      decideParts(kept);
      for (const one of kept.slice(0, -HOURS_OPEN)) settle(one);
      kept = kept.slice(-HOURS_OPEN);
    },
    finish() {
      resolve(Number.POSITIVE_INFINITY);
      decideParts(kept);
      for (const one of kept) settle(one);
      return { known: joined(parts), knownLines, besideLines };
    },
  };
}

/**
 * Finds the segments that are parts of chunks by their neighbours; from the left and from the right, as one may tell
 * the next.
 */
function decideParts(hours: readonly Resolved[]): void {
  const order = hours.flatMap(({ segments, left }) => segments.map((segment) => ({ segment, left })));
  const decide = (at: number): void => {
    const { segment, left } = order[at] as (typeof order)[number];
    if (segment.chunks.length > 0) return;
    const lines = segment.end - segment.begin;
    const behind = beside(order[at - 1]?.segment, left, 1);
    const before = beside(order[at + 1]?.segment, left, -1);
    const [one] = [behind, before].filter((chunk) => chunk !== undefined && chunk.lines >= lines);
    const both = behind !== undefined && before !== undefined && behind !== before && behind.lines + before.lines >= lines;
    segment.chunks = one !== undefined ? [one] : both ? [behind, before] : [];
    for (const chunk of segment.chunks) left.splice(left.indexOf(chunk), 1);
  };
  for (let at = 0; at < order.length; at++) decide(at);
  for (let at = order.length - 1; at >= 0; at--) decide(at);
}

/** The chunk that in its log comes after one of those that the neighbour is (`step`: 1), or before it (-1). */
function beside(neighbour: Segment | undefined, left: readonly StoredChunk[], step: 1 | -1): StoredChunk | undefined {
  if (neighbour === undefined) return undefined;
  return left.find((chunk) => neighbour.chunks.some(({ log, place }) => chunk.log === log && chunk.place === place + step));
}

/** Where one log goes on from another they share a second. */
function isWithin(second: number, { first, last }: Seconds): boolean {
  return first < second && second < last;
}

function compared(hour: number, lines: Lines, logs: ReadonlyArray<readonly StoredChunk[]>): Resolved {
  const segments = segmentsOf(lines, (a) => endsChunk({ a, b: 0 }));
  const all = allOf(lines, logs);
  if (all !== undefined) {
    return { hour, lines, segments: [{ begin: 0, end: lines.a.length, chunks: all }], left: [] };
  }
  const left = wholeIn(segments, lines, logs.flat());
  return { hour, lines, segments: segments.flatMap((segment) => partsIn(segment, lines, left)), left };
}

/** In order; parts that touch or overlap are one. */
export function joined(parts: Part[]): Part[] {
  parts.sort(([a], [b]) => a - b);
  const result: Array<[number, number]> = [];
  for (const [from, to] of parts) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
