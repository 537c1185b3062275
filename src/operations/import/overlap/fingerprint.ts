// Hashes a line so that it is recognised in any other file: by the second, method, target and status of its request.
// Address, agent and referrer are not part of the hash, so the stored sums of hashes (see trace.ts) tell nothing about
// visitors.
import { createHmac } from 'node:crypto';
import { DAY_MS, HOUR_MS } from '../../../time/units.js';
import type { LogLine } from '../formats/log-line.js';

/** A hash of 64 bits in two halves. The same object is used for every line. */
export interface LineHash {
  a: number;
  b: number;
}

/** Of longer targets only the start is hashed. */
const TARGET_CHARS_MAX = 2048;

/** `key`: in hex; all logs of a site have the same. */
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
 * Returns the number of a line's hour, a whole number that rises with time. It is an hour of UTC; if a local day begins
 * within it, each of the two days has an hour of its own. So an import of certain days consists of whole hours.
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

/** The start of an hour in milliseconds. `hour` is a number that `createHours` returned. */
export function beginOfHour(hour: number): number {
  return Math.floor(hour / 2) * HOUR_MS;
}

/** The second within the hour. */
export function secondOf(atMs: number): number {
  return Math.floor((atMs % HOUR_MS) / 1000);
}

/** The average number of lines that are stored as one sum. */
const CHUNK_LINES = 32;

/** Whether a chunk ends with this line. It depends on the line alone, so that chunks end at the same lines in every file. */
export function endsChunk({ a }: LineHash): boolean {
  return a % CHUNK_LINES === 0;
}
