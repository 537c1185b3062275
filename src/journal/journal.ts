// Stores hits from their acknowledgement until they are counted. Hits that arrive in one turn of the event loop are
// written together and acknowledged after that write, or, with `DURABILITY=fsync`, after the data is synced to disk.
import { closeSync, fdatasync, ftruncateSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Point } from '../hit/hit.js';
import type { Registers } from './registers.js';
import { createSegment, type SegmentName } from './segment.js';

const fdatasyncAsync = promisify(fdatasync);

/** Counting a larger segment would delay the reports too long. */
const SEGMENT_BYTES_MAX = 8 * 1024 * 1024;

export type Acknowledge = (error: Error | undefined) => void;

export interface JournalOptions {
  readonly folder: string;
  readonly registers: Registers;
  readonly node: string;
  /** The number of the first segment that this process writes. */
  readonly number: number;
  readonly durability: 'write' | 'fsync';
  /**
   * The most bytes that may wait to be counted. Above this limit, hits are refused with status 503 instead of filling
   * the disk.
   */
  readonly uncountedBytesMax: number;
  /** Bytes that an earlier process left uncounted. */
  readonly uncountedBytes: number;
  readonly nowMs: () => number;
  /**
   * Called when a segment is closed and can be sealed. `points`: the points that raised a register while it was open.
   */
  onClosed(segment: SegmentName, points: readonly Point[]): void;
}

export interface Journal {
  /**
   * Stores the lines and the point of a hit, then calls `acknowledge`, with an error if nothing of the hit is stored.
   */
  append(lines: string, point: Point | undefined, acknowledge: Acknowledge): void;
  /**
   * Closes the open segment unless it is empty, and calls `onClosed`. Does nothing if the next one cannot be opened.
   */
  rotate(): void;
  /** Subtracts counted bytes from the uncounted ones. */
  counted(bytes: number): void;
  /** Why hits cannot be stored now; undefined if they can. */
  failure(): Error | undefined;
  /** When the oldest hit of the open segment was written; undefined if it is empty. */
  openSinceMs(): number | undefined;
  uncountedBytes(): number;
  /** Writes waiting hits and closes the open segment, and calls `onClosed` unless it is empty. */
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
  /** Points that raised a register while the current segment was open. */
  let raised: Point[] = [];
  let waiting: Acknowledge[] = [];
  let scheduled = false;

  // Only with DURABILITY=fsync:
  const unsynced = new Set<number>();
  let syncing: Promise<Error | undefined> | undefined;
  let nextSync: Promise<Error | undefined> | undefined;
  /** Closed segments whose last bytes are not synced yet. */
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

  /** Truncates what a failed write has left, so that a refused hit is never counted. */
  const write = (text: string, newPoints: readonly Point[]): void => {
    if (uncounted >= options.uncountedBytesMax) {
      throw new Error('the journal is full (JOURNAL_MAX): too many hits wait to be counted');
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

  /** Group commit: everything that is written during one sync is synced together by the next one. */
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
      failure = error as Error; // the current segment remains open, and the next attempt may succeed
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

/** Grows to the most text that one turn of the event loop has written, and is never shrunk. */
let scratch = Buffer.allocUnsafe(256 * 1024);

/** Writes the complete text at this position, or throws. Returns its length in bytes. */
function writeWhole(file: number, text: string, position: number): number {
  if (text.length * 3 > scratch.length) scratch = Buffer.allocUnsafe(text.length * 3);
  const length = scratch.write(text, 0, 'utf8');
  for (let done = 0; done < length; ) done += writeSync(file, scratch, done, length - done, position + done);
  return length;
}
