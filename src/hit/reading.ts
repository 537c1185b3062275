// A ping reports how long its view was read and how far down. Earlier pings may have reported a part of it. Anyone can send
// any number, so each number is limited to what an honest ping could contain.

import type { LocalTime } from '../time/calendar.js';
import { type Fields, wholeNumber } from './fields.js';
import { classOf, DEPTH_CLASSES, READING_CLASSES, type Reading, utcDayMs } from './visit.js';

/** Pings of pages that have been open for longer are not counted. */
const PING_AGE_SECONDS_MAX = 86_400;
/** Longer times are not credible, and a single one would shift the average of a site. */
export const ENGAGED_SECONDS_MAX = 3_600;
/**
 * The most seconds that a later ping may add. This is limited because a forged ping could add time to a view that was
 * never counted. Real readers rarely exceed it, because a ping is sent whenever they leave the tab.
 */
const ADDED_SECONDS_MAX = 1_800;
/** The tracker rounds the values of two clocks to seconds, so the reading time may exceed the age of the view by this much. */
const GRACE_SECONDS = 5;

/** Returns the age of the ping's view in seconds; undefined if it is missing or too large. */
export function pingAge(fields: Fields): number | undefined {
  const ageSeconds = wholeNumber(fields.get('z'), Number.MAX_SAFE_INTEGER);
  return ageSeconds < 0 || ageSeconds > PING_AGE_SECONDS_MAX ? undefined : ageSeconds;
}

export function parseReading(fields: Fields, { site, path, receivedAtMs, ageSeconds, viewAt }: PingedView): Reading {
  const number = (name: string, max: number) => Math.max(0, wholeNumber(fields.get(name), max));
  const secondsMax = Math.min(ENGAGED_SECONDS_MAX, ageSeconds + GRACE_SECONDS);
  const [secondsBefore, depthBefore] = [number('o', secondsMax), number('d', 100)];
  // The tracker's pings always report seconds or a depth. So if nothing was reported before, this is the first ping.
  const first = secondsBefore === 0 && depthBefore === 0;
  const addedMax = first ? secondsMax : secondsBefore + ADDED_SECONDS_MAX;
  const seconds = Math.max(secondsBefore, Math.min(addedMax, number('x', secondsMax)));
  const depth = Math.max(depthBefore, number('y', 100));
  return {
    kind: 'reading',
    site,
    receivedAtMs: utcDayMs(receivedAtMs),
    day: viewAt.day,
    hour: viewAt.hour,
    path,
    first,
    seconds: seconds - secondsBefore,
    secondsClassBefore: classOf(secondsBefore, READING_CLASSES, 0),
    secondsClass: classOf(seconds, READING_CLASSES, 0),
    depth: depth - depthBefore,
    depthClassBefore: classOf(depthBefore, DEPTH_CLASSES, 0),
    depthClass: classOf(depth, DEPTH_CLASSES, 0),
  };
}

export interface PingedView {
  readonly site: string;
  readonly path: string;
  readonly receivedAtMs: number;
  readonly ageSeconds: number;
  readonly viewAt: LocalTime;
}
