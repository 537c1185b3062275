// By what a line is known again, in whatever file it comes: the second, the method, the target and the status of its
// request. Neither address nor agent nor referrer is in it, so nothing of a visitor can be found out from what is
// kept: sums of hashes, see trace.ts.
import { createHmac } from 'node:crypto';
import { DAY_MS, HOUR_MS } from '../../../time/units.js';
import type { LogLine } from '../formats/log-line.js';

/** Two halves of 32 bits. The same object is filled again for every line. */
export interface LineHash {
  a: number;
  b: number;
}

/** Longer targets are told apart by their beginnings. */
const TARGET_CHARS_MAX = 2048;

/** `key`: hex, the same for all logs of a site. */
export function createLineHasher(key: string): (line: LogLine, into: LineHash) => void {
  const seed = createHmac('sha256', Buffer.from(key, 'hex')).update('lines of logs').digest();
  const [seedA, seedB] = [seed.readUInt32LE(0), seed.readUInt32LE(4)];
  return ({ atMs, method, target, status }, into) => {
    let hash = Math.imul(seedA ^ Math.floor(atMs / 1000), 0x9e3779b1) ^ (status << 8) ^ method.charCodeAt(0);
    const length = Math.min(target.length, TARGET_CHARS_MAX);
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ target.charCodeAt(i), 0x5f356495);
    into.a = mixed(hash ^ length);
    into.b = mixed(into.a ^ seedB);
  };
}

function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The hour that a line belongs to: by UTC, but where a local day begins within it, one for each of the days. So an
 * import that is to count certain days only has whole hours. A whole number that rises with time.
 */
export function createHours(): (atMs: number, day: string) => number {
  let [before, isOdd] = ['', 0];
  return (atMs, day) => {
    if (day !== before) {
      before = day;
      isOdd = (Date.parse(day) / DAY_MS) & 1;
    }
    return 2 * Math.floor(atMs / HOUR_MS) + isOdd;
  };
}

/** In milliseconds, of an hour as these are numbered. */
export function beginOfHour(hour: number): number {
  return Math.floor(hour / 2) * HOUR_MS;
}

/** Of the hour. */
export function secondOf(atMs: number): number {
  return Math.floor((atMs % HOUR_MS) / 1000);
}

/** So many lines on average are kept as one sum. */
const CHUNK_LINES = 32;

/** Whether a chunk ends with this line: told by the line alone, so that it ends there in whatever file the line comes. */
export function endsChunk({ a }: LineHash): boolean {
  return a % CHUNK_LINES === 0;
}
