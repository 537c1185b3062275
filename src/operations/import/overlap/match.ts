// Finds the lines of a log that other logs have counted, by comparing them with the stored chunks of those logs. Lines
// are added in the order of the file, and compared hour by hour.
//
// Lines are known if their sum is that of a stored chunk, or of all chunks of the hour. At the places where a log was
// cut or joined there are parts of chunks. Such a part is known if its neighbours are also the neighbours of that chunk
// in the other log. All other lines are new.
import { endsChunk, type LineHash } from './fingerprint.js';
import { allOf, type Lines, partsIn, type Segment, segmentsOf, wholeIn } from './segments.js';
import type { Seconds, StoredChunk, StoredHours } from './stored-logs.js';

/** Positions in bytes of the log. */
export type Part = readonly [from: number, to: number];

export interface Match {
  /** Sorted; adjacent parts are merged. */
  readonly known: readonly Part[];
  readonly knownLines: number;
  /** New lines from times of other logs: of another machine, or of a log that was filtered or written differently. */
  readonly besideLines: number;
}

export interface Matcher {
  /** Five numbers instead of an object, because it is called for every line. `from` and `to` are the line's place. */
  add(hour: number, second: number, hash: LineHash, from: number, to: number): void;
  /** No more lines of hours before this one will be added. */
  passed(hour: number): void;
  finish(): Match;
}

/** An hour whose lines were compared. */
interface Resolved {
  readonly hour: number;
  readonly lines: Lines;
  readonly segments: Segment[];
  /** The chunks of other logs that were not found. */
  readonly left: StoredChunk[];
}

/** This many hours stay undecided, because the hours after them may decide about their parts. */
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
    // biome-ignore lint/complexity/useMaxParams: called for every line, where an object for each call would cost
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
      return { known: mergedParts(parts), knownLines, besideLines };
    },
  };
}

/**
 * Finds the segments that are parts of chunks by their neighbours. It goes through them in both directions, because a
 * segment that was found helps to find the next one.
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

/** The chunk that follows the chunks of the neighbour in their log (`step`: 1), or precedes them (-1). */
function beside(neighbour: Segment | undefined, left: readonly StoredChunk[], step: 1 | -1): StoredChunk | undefined {
  if (neighbour === undefined) return undefined;
  return left.find((chunk) => neighbour.chunks.some(({ log, place }) => chunk.log === log && chunk.place === place + step));
}

/** The first and last second are excluded: a log that continues another one shares a second with it. */
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

/** Sorts the parts, and merges those that touch or overlap. */
export function mergedParts(parts: Part[]): Part[] {
  parts.sort(([a], [b]) => a - b);
  const result: Array<[number, number]> = [];
  for (const [from, to] of parts) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
