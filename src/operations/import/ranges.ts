// A log as its journal: ranges of whole lines, each decided once and checked whenever it is read again.
import { crc32 } from 'node:zlib';
import type { ImportRecord, Imports, PlannedRange } from '../../store/imports.js';
import type { directivesAfter } from './formats/w3c.js';
import type { LogStream } from './log-stream.js';
import type { ImportOptions } from './options.js';
import { NoProgram } from './packing.js';

const RANGE_BYTES = 4 * 1024 * 1024;
/** No server writes longer lines; a file that has them is no log, and would fill the memory. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;

/** Something that the person who gave the file can mend. */
export class NotImportable extends Error {}

/** The log begins like one that was counted, and goes on otherwise. */
export class OtherLog extends NotImportable {}

export interface NextRange {
  readonly range: PlannedRange;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What is known of a log up to where it has been read. */
export interface Cursor {
  readonly log: LogStream;
  /** In force there; see formats/w3c.ts. */
  directives: string;
  readonly follow: typeof directivesAfter;
  /** The last line is a whole one, with or without an end. */
  readonly isFinal: boolean;
}

/** The next range as decided before, or else whole lines of at most 4 MB; undefined when there is no whole line left. */
export async function nextRange(
  { log, isFinal }: Cursor,
  record: ImportRecord,
  imports: Pick<Imports, 'range' | 'plan'>,
  number: number,
  { path, nowMs }: Pick<ImportOptions, 'path' | 'nowMs'>,
): Promise<NextRange | undefined> {
  const from = log.position();
  let range = await imports.range(record.id, number);
  if (range === undefined) {
    const bytes = await wholeLines(log, path, isFinal);
    if (bytes.length === 0) return undefined;
    range = await imports.plan(record.id, {
      number,
      from,
      to: from + bytes.length,
      receivedAtMs: nowMs(),
      checksum: crc32(bytes),
    });
  }
  // a copy of its own, to be given to a thread
  const bytes = new Uint8Array(await log.take(range.to - from));
  if (bytes.length < range.to - from) {
    throw new NotImportable(
      `${path} ends before its byte ${range.to}, to which it has been read before; what comes before its byte ${from} is counted, and the same command goes on when the rest is there`,
    );
  }
  if (range.from !== from || crc32(bytes) !== range.checksum) throw notTheSame(path, range);
  return { range, bytes };
}

/** At most 4 MB; empty when there is no whole line left. They are not taken yet. */
export async function wholeLines(log: LogStream, path: string, isFinal: boolean): Promise<Buffer> {
  for (let bytes = RANGE_BYTES; bytes <= LINE_BYTES_MAX; bytes *= 2) {
    const piece = await log.peek(bytes);
    const end = piece.lastIndexOf(0x0a) + 1;
    if (piece.length < bytes) return isFinal ? piece : piece.subarray(0, end);
    if (end > 0) return piece.subarray(0, end);
  }
  throw new NotImportable(
    `${path} has a line of more than ${LINE_BYTES_MAX} bytes from its byte ${log.position()} on: that is no access log`,
  );
}

/** The log, whose errors say which file it is and what to do. */
export function named(log: LogStream, path: string): LogStream {
  const told = (error: Error): never => {
    if (error instanceof NoProgram) throw new NotImportable(`${path} ${error.message}`);
    throw new NotImportable(
      `${path} cannot be read much beyond its (unpacked) byte ${log.position()}: ${error.message}; what comes before is counted, and the same command goes on when the file is whole`,
    );
  };
  return { ...log, peek: (bytes) => log.peek(bytes).catch(told), take: (bytes) => log.take(bytes).catch(told) };
}

export function shareOf(log: LogStream): number {
  return log.readBytes() / Math.max(1, log.fileBytes);
}

export interface Skipped {
  /** Where the last of the counted ranges ends. */
  readonly to: number;
  /** The log ends before it does: all that there is has been counted. */
  readonly isWhole: boolean;
}

/** Moves on to what comes after the range with number `last`. Throws an OtherLog when the log is not the one that was counted. */
export async function skipCounted(
  cursor: Cursor,
  record: ImportRecord,
  last: number,
  imports: Pick<Imports, 'range'>,
  { path, isStopped, onProgress }: ImportOptions,
): Promise<Skipped> {
  const { log } = cursor;
  for (let number = 1; number <= last && !isStopped(); number++) {
    // a range is kept before it is counted
    const range = (await imports.range(record.id, number)) as PlannedRange;
    const bytes = await log.take(range.to - range.from);
    if (bytes.length < range.to - range.from) return { to: range.to, isWhole: true };
    if (crc32(bytes) !== range.checksum) throw notTheSame(path, range);
    cursor.directives = cursor.follow(bytes, cursor.directives);
    onProgress({ share: shareOf(log), lines: 0, bytes: 0 });
  }
  return { to: log.position(), isWhole: false };
}

function notTheSame(path: string, { from, to }: PlannedRange): OtherLog {
  return new OtherLog(
    `${path} begins like one that was counted before, but differs from it between its bytes ${from} and ${to}; nothing of it was counted, since some would be counted twice`,
  );
}
