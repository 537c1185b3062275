// Everything that a segment's lines say, whichever version wrote them.
import type { Hit, Point, Refusal } from '../hit/hit.js';
import type { Observation } from '../hit/observation.js';
import { linesBySite } from './by-site.js';
import { createLineReader, type Parsed } from './line.js';
import { createOldLineReader, parsePointLine } from './old-line.js';
import type { SegmentLines } from './segment.js';

export interface Listener {
  hit(hit: Hit): void;
  observation(observation: Observation, times: number): void;
  refusal(refusal: Refusal): void;
  /**
   * Only segments of version 0.1 hold points. They have no time: this is the earliest at which one of the segment can
   * have come.
   */
  point(point: Point, receivedAtMs: number): void;
  /** A line that cannot be read: there are none unless a disk has lost what it had confirmed. */
  unreadable(): void;
}

export function tellSegment(lines: SegmentLines, listener: Listener): void {
  if (lines.format === 1) tellOldSegment(lines, listener);
  else {
    const read = createLineReader();
    for (const some of linesBySite(lines.lines)) for (const line of some) tell(read(line), listener);
  }
}

function tellOldSegment({ lines, points }: SegmentLines, listener: Listener): void {
  const read = createOldLineReader();
  let earliestMs = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const parsed = read(line);
    if (parsed.length === 0) listener.unreadable();
    for (const one of parsed) {
      earliestMs = Math.min(earliestMs, receivedAtMs(one));
      tell(one, listener);
    }
  }
  for (const line of points) {
    const point = parsePointLine(line);
    if (point === undefined) listener.unreadable();
    else listener.point(point, earliestMs === Number.POSITIVE_INFINITY ? 0 : earliestMs);
  }
}

function tell(parsed: Parsed | undefined, listener: Listener): void {
  if (parsed === undefined) listener.unreadable();
  else if ('hit' in parsed) listener.hit(parsed.hit);
  else if ('observation' in parsed) listener.observation(parsed.observation, parsed.times);
  else listener.refusal(parsed.refusal);
}

/** Milliseconds since 1970. */
function receivedAtMs(parsed: Parsed): number {
  if ('hit' in parsed) return parsed.hit.receivedAtMs;
  return 'observation' in parsed ? parsed.observation.receivedAtMs : parsed.refusal.receivedAtMs;
}
