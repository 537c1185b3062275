// Divides a log into ranges of whole lines, as a journal is divided into segments. The borders of a range are decided
// once, and its checksum is verified whenever it is read again.
import { crc32 } from 'node:zlib';
import type { Imports, PlannedRange } from '../../store/imports.js';
import type { directivesAfter } from './formats/w3c.js';
import type { LogStream } from './log-stream.js';
import type { ImportOptions } from './options.js';
import { NoProgram } from './packing.js';

const RANGE_BYTES = 4 * 1024 * 1024;
/** No server writes longer lines. A file that has them is not a log, and would fill the memory. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;

/** The files cannot be imported. The message tells the user why and what to do. */
export class NotImportable extends Error {}

/** The log begins like one that was counted before, but continues differently. */
export class OtherLog extends NotImportable {}

export interface NextRange {
  readonly range: PlannedRange;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A log and the state at the place up to which it has been read. */
export interface Cursor {
  readonly log: LogStream;
  /** The directives in force at that place; see formats/w3c.ts. */
  directives: string;
  readonly follow: typeof directivesAfter;
  /** The last line is complete even without a line break. */
  readonly isFinal: boolean;
}

/** Returns the next range: as decided before, or whole lines of up to 4 MB. Undefined when no whole line is left. */
export async function nextRange(
  { log, isFinal }: Cursor,
  { id, number }: { readonly id: string; readonly number: number },
  imports: Pick<Imports, 'range' | 'plan'>,
  { path, nowMs }: Pick<ImportOptions, 'path' | 'nowMs'>,
): Promise<NextRange | undefined> {
  const from = log.position();
  let range = await imports.range(id, number);
  if (range === undefined) {
    const bytes = await wholeLines(log, path, isFinal);
    if (bytes.length === 0) return undefined;
    range = await imports.plan(id, {
      number,
      from,
      to: from + bytes.length,
      receivedAtMs: nowMs(),
      checksum: crc32(bytes),
    });
  }
  // a copy that can be transferred to a thread
  const bytes = new Uint8Array(await log.take(range.to - from));
  if (bytes.length < range.to - from) {
    throw new NotImportable(
      `${path} ends before byte ${range.to}, up to which it was read before; everything before byte ${from} is counted, ` +
        'and the same command continues when the rest is there',
    );
  }
  if (range.from !== from || crc32(bytes) !== range.checksum) throw notTheSame(path, range);
  return { range, bytes };
}

/** Peeks at the next whole lines, up to 4 MB. Empty when no whole line is left. */
export async function wholeLines(log: LogStream, path: string, isFinal: boolean): Promise<Buffer> {
  for (let bytes = RANGE_BYTES; bytes <= LINE_BYTES_MAX; bytes *= 2) {
    const piece = await log.peek(bytes);
    const end = piece.lastIndexOf(0x0a) + 1;
    if (piece.length < bytes) return isFinal ? piece : piece.subarray(0, end);
    if (end > 0) return piece.subarray(0, end);
  }
  throw new NotImportable(
    `${path} has a line of more than ${LINE_BYTES_MAX} bytes at byte ${log.position()}: this is not an access log`,
  );
}

/** The same log. Its errors name the file and tell the user what to do. */
export function withNamedErrors(log: LogStream, path: string): LogStream {
  const failed = (error: Error): never => {
    if (error instanceof NoProgram) throw new NotImportable(`${path} ${error.message}`);
    throw new NotImportable(
      `${path} cannot be read much beyond its (unpacked) byte ${log.position()}: ${error.message}; everything before is ` +
        'counted, and the same command continues when the file is complete',
    );
  };
  return { ...log, peek: (bytes) => log.peek(bytes).catch(failed), take: (bytes) => log.take(bytes).catch(failed) };
}

export function shareOf(log: LogStream): number {
  return log.readBytes() / Math.max(1, log.fileBytes);
}

export interface Skipped {
  /** The end of the last counted range. */
  readonly to: number;
  /** The log ends before that, so all of it is counted. */
  readonly isWhole: boolean;
}

/** Skips the ranges of an import up to number `last`. Throws an OtherLog when the log is not the one that was counted. */
export async function skipCounted(
  cursor: Cursor,
  { id, last }: { readonly id: string; readonly last: number },
  imports: Pick<Imports, 'range'>,
  { path, isStopped, onProgress }: ImportOptions,
): Promise<Skipped> {
  const { log } = cursor;
  for (let number = 1; number <= last && !isStopped(); number++) {
    // a range is stored before it is counted
    const range = (await imports.range(id, number)) as PlannedRange;
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
    `${path} begins like a log that was counted before, but differs from it between bytes ${from} and ${to}; nothing of it ` +
      'was counted, because some lines would be counted twice',
  );
}
