// Replays the lines of a segment of any version.
import type { Hit, Point, Refusal } from '../hit/hit.js';
import type { Observation } from '../hit/observation.js';
import { linesBySite } from './by-site.js';
import { createLineReader, type Parsed } from './line.js';
import { createOldLineReader, parsePointLine } from './old-line.js';
import type { SegmentLines } from './segment.js';

export interface ReplayHandler {
  hit(hit: Hit): void;
  observation(observation: Observation, times: number): void;
  refusal(refusal: Refusal): void;
  /**
   * Only segments of version 0.1 contain points. Points have no time, so `receivedAtMs` is the earliest time of
   * receipt in the segment.
   */
  point(point: Point, receivedAtMs: number): void;
  /** Called for a line that cannot be read. This happens only if a disk has lost data that it had confirmed. */
  unreadable(): void;
}

export function replaySegment(lines: SegmentLines, handler: ReplayHandler): void {
  if (lines.format === 1) replayOldSegment(lines, handler);
  else {
    const read = createLineReader();
    for (const ofSite of linesBySite(lines.lines)) for (const line of ofSite) pass(read(line), handler);
  }
}

function replayOldSegment({ lines, points }: SegmentLines, handler: ReplayHandler): void {
  const read = createOldLineReader();
  let earliestMs = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const parsed = read(line);
    if (parsed.length === 0) handler.unreadable();
    for (const one of parsed) {
      earliestMs = Math.min(earliestMs, receivedAtMs(one));
      pass(one, handler);
    }
  }
  for (const line of points) {
    const point = parsePointLine(line);
    if (point === undefined) handler.unreadable();
    else handler.point(point, earliestMs === Number.POSITIVE_INFINITY ? 0 : earliestMs);
  }
}

function pass(parsed: Parsed | undefined, handler: ReplayHandler): void {
  if (parsed === undefined) handler.unreadable();
  else if ('hit' in parsed) handler.hit(parsed.hit);
  else if ('observation' in parsed) handler.observation(parsed.observation, parsed.times);
  else handler.refusal(parsed.refusal);
}

/** Milliseconds since 1970. */
function receivedAtMs(parsed: Parsed): number {
  if ('hit' in parsed) return parsed.hit.receivedAtMs;
  return 'observation' in parsed ? parsed.observation.receivedAtMs : parsed.refusal.receivedAtMs;
}
