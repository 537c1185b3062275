// Where a hit is kept from the moment it is acknowledged until it is counted. Hits that arrive in one turn of the event loop are
// written together, and each is answered after that write: with `DURABILITY=fsync`, after it has reached the disk.
import { closeSync, fdatasync, ftruncateSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Point } from '../hit/hit.js';
import type { Registers } from './registers.js';
import { createSegment, type SegmentName } from './segment.js';

const fdatasyncAsync = promisify(fdatasync);

/** A larger segment would take longer to count than a reader should wait. */
const SEGMENT_BYTES_MAX = 8 * 1024 * 1024;

export type Acknowledge = (error: Error | undefined) => void;

export interface JournalOptions {
  readonly folder: string;
  readonly registers: Registers;
  readonly node: string;
  /** The first segment that this process writes. */
  readonly number: number;
  readonly durability: 'write' | 'fsync';
  /** Bytes that may wait to be counted. Beyond them hits are answered with 503 instead of filling the disk. */
  readonly uncountedBytesMax: number;
  /** Bytes that wait already, left by an earlier process. */
  readonly uncountedBytes: number;
  readonly nowMs: () => number;
  /** Called when a segment is closed and can be sealed. `points`: those that raised a register while it was open. */
  onClosed(segment: SegmentName, points: readonly Point[]): void;
}

export interface Journal {
  /** Stores the lines and the point of a hit, then calls `acknowledge`; with an error if nothing of the hit is stored. */
  append(lines: string, point: Point | undefined, acknowledge: Acknowledge): void;
  /** Closes the open segment unless it is empty, and calls `onClosed`. Does nothing if the next one cannot be opened. */
  rotate(): void;
  /** Subtracts counted bytes from those that wait. */
  counted(bytes: number): void;
  /** Why hits cannot be stored now; undefined if they can. */
  failure(): Error | undefined;
  /** When the oldest hit of the open segment was written; undefined if it is empty. */
  openSinceMs(): number | undefined;
  uncountedBytes(): number;
  /** Writes what waits and closes the open segment, calling `onClosed` if anything is in it. */
  close(): Promise<void>;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share the state of the open segment
export function openJournal(options: JournalOptions): Journal {
  const { folder, registers, node, durability, onClosed } = options;
  let number = options.number;
  let { file, start: end } = createSegment(folder, { node, number });
  let openSinceMs: number | undefined;
  let uncounted = options.uncountedBytes;
  let failure: Error | undefined;

  let lines = '';
  let points: Point[] = [];
  /** Of the open segment. */
  let raised: Point[] = [];
  let waiting: Acknowledge[] = [];
  let scheduled = false;

  // Only with DURABILITY=fsync:
  const unsynced = new Set<number>();
  let syncing: Promise<Error | undefined> | undefined;
  let nextSync: Promise<Error | undefined> | undefined;
  /** Closed segments whose last bytes a sync is still to reach. */
  let retired: Array<{ file: number; finish: () => void }> = [];

  const flush = (): void => {
    scheduled = false;
    const [text, newPoints, acknowledges] = [lines, points, waiting];
    lines = '';
    points = [];
    waiting = [];
    if (acknowledges.length === 0) return;
    try {
      write(text, newPoints);
      failure = undefined;
    } catch (error) {
      failure = error as Error;
      for (const acknowledge of acknowledges) acknowledge(failure);
      return;
    }
    if (durability === 'write') for (const acknowledge of acknowledges) acknowledge(undefined);
    else {
      void sync().then((error) => {
        for (const acknowledge of acknowledges) acknowledge(error);
      });
    }
    if (end >= SEGMENT_BYTES_MAX) rotate();
  };

  /** What a failed write left behind is cut off again, so that nothing refused is ever counted. */
  const write = (text: string, newPoints: readonly Point[]): void => {
    if (uncounted >= options.uncountedBytesMax) {
      throw new Error('the journal is full (JOURNAL_MAX): hits wait to be counted and no more can be kept');
    }
    try {
      const bytes = writeWhole(file, text, end);
      for (const point of newPoints) if (registers.raise(point)) raised.push(point);
      openSinceMs ??= options.nowMs();
      end += bytes;
      uncounted += bytes;
      if (durability === 'fsync') unsynced.add(file);
    } catch (error) {
      ftruncateSync(file, end);
      throw error;
    }
  };

  /** Group commit: what is written while one sync runs is synced by the next, together. */
  const sync = (): Promise<Error | undefined> => {
    if (syncing === undefined) return startSync();
    nextSync ??= syncing.then(() => {
      nextSync = undefined;
      return startSync();
    });
    return nextSync;
  };

  const startSync = (): Promise<Error | undefined> => {
    const files = [...unsynced];
    unsynced.clear();
    syncing = Promise.all([...files.map((file) => fdatasyncAsync(file)), registers.sync()]).then(
      () => undefined,
      (error: Error) => {
        failure = error;
        return error;
      },
    );
    return syncing.then((error) => {
      syncing = undefined;
      retired = retired.filter(({ file, finish }) => {
        const waits = unsynced.has(file);
        if (!waits) finish();
        return waits;
      });
      return error;
    });
  };

  const rotate = (): void => {
    if (openSinceMs === undefined) return;
    let next: ReturnType<typeof createSegment>;
    try {
      next = createSegment(folder, { node, number: number + 1 });
    } catch (error) {
      failure = error as Error; // the open one goes on: what is kept stays kept, and the next attempt may succeed
      return;
    }
    const [closed, closedFile, closedPoints] = [{ node, number }, file, raised];
    ({ file, start: end } = next);
    number++;
    raised = [];
    openSinceMs = undefined;
    const finish = () => {
      closeSync(closedFile);
      onClosed(closed, closedPoints);
    };
    if (durability === 'write') finish();
    else retired.push({ file: closedFile, finish });
    if (durability === 'fsync') void sync();
  };

  return {
    append(text, point, acknowledge) {
      lines += text;
      if (point !== undefined) points.push(point);
      waiting.push(acknowledge);
      if (!scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
    },
    rotate,
    counted(bytes) {
      uncounted = Math.max(0, uncounted - bytes);
    },
    failure: () => failure,
    openSinceMs: () => openSinceMs,
    uncountedBytes: () => uncounted,
    async close() {
      flush();
      rotate();
      while (syncing !== undefined || nextSync !== undefined) await (nextSync ?? syncing);
      closeSync(file);
      registers.close();
    },
  };
}

/** Grows to what one turn of the event loop brings and stays there. */
let scratch = Buffer.allocUnsafe(256 * 1024);

/** Writes all of the text at this place, or throws; returns its length in bytes. */
function writeWhole(file: number, text: string, position: number): number {
  if (text.length * 3 > scratch.length) scratch = Buffer.allocUnsafe(text.length * 3);
  const length = scratch.write(text, 0, 'utf8');
  for (let done = 0; done < length; ) done += writeSync(file, scratch, done, length - done, position + done);
  return length;
}
