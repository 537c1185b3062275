// Finds the import to which a log belongs: an earlier one that began with the same lines, or a new one.
import { createHash, randomBytes } from 'node:crypto';
import type { Site } from '../../hit/site.js';
import type { DayLimits, ImportRecord, Imports, LogPrefix, Recognised } from '../../store/imports.js';
import type { Bundle } from './bundles.js';
import { sameLimits } from './limits.js';
import { LINE_FEED } from './log-stream.js';
import { NotImportable } from './ranges.js';

/** A log is recognised by at most this many bytes, whatever its file is called, packed or not. */
const BEGINNING_BYTES_MAX = 64 * 1024;

/** The key that all logs of a site share, from the first import on. Hex. */
export async function keyOfLogs(imports: Pick<Imports, 'begun'>, site: string): Promise<string> {
  const first = (await imports.begun(site)).find(({ tool }) => tool === undefined);
  return first?.key ?? randomBytes(32).toString('hex');
}

export interface Beginnings {
  readonly start: Buffer;
  readonly site: Site;
  /** See keyOfLogs. */
  readonly key: string;
  readonly format: Recognised;
  readonly days: DayLimits | undefined;
}

/** `others`: imports of logs that begin alike but continue differently. */
export async function recordOf(
  imports: Pick<Imports, 'begin'>,
  { start, site, key, format, days }: Beginnings,
  others: ReadonlySet<string>,
): Promise<ImportRecord> {
  const record: ImportRecord = {
    id: newId(),
    site,
    key,
    beginnings: beginningsOf(start),
    format,
    ...(days && { days }),
  };
  return imports.begin(
    record,
    (known) => !others.has(known.id) && hasBeginningOf(start, known.beginnings) && sameLimits(known.days, days),
  );
}

/** Returns the import of a bundle. Throws a NotImportable when another command has begun to import some of its files. */
export async function recordOfBundle(
  imports: Pick<Imports, 'begin'>,
  { members, bytes }: Bundle,
  { site, key, format, days }: Omit<Beginnings, 'start'>,
): Promise<ImportRecord> {
  const id = newId();
  const record: ImportRecord = { id, site, key, beginnings: [], format, members, bytes, ...(days && { days }) };
  const hashes = new Set(members);
  const begun = await imports.begin(
    record,
    (known) => sameLimits(known.days, days) && known.members?.some((member) => hashes.has(member)) === true,
  );
  if (String(begun.members) !== String(members))
    throw new NotImportable('another command is importing some of these files; give the same command again when it has finished');
  return begun;
}

function newId(): string {
  return `i${randomBytes(8).toString('hex')}`;
}

/**
 * Hashes of the log's start, each about twice as long as the one before. The shortest ends after the first request,
 * because many logs begin with the same directives. All of them end after a whole line, because the last line may
 * still grow.
 */
export function beginningsOf(start: Buffer): LogPrefix[] {
  const firstLine = firstRequestEnd(start);
  const whole = start.subarray(0, Math.max(firstLine, start.subarray(0, BEGINNING_BYTES_MAX).lastIndexOf(LINE_FEED) + 1));
  const beginnings: LogPrefix[] = [];
  for (let bytes = firstLine; bytes > 0; ) {
    beginnings.push({ bytes, sha256: sha256(whole.subarray(0, bytes)) });
    const doubled = whole.subarray(0, bytes * 2).lastIndexOf(LINE_FEED) + 1;
    // if the next line is longer than all lines before it, take its end; 0 after the last line
    bytes = doubled > bytes ? doubled : whole.indexOf(LINE_FEED, bytes) + 1;
  }
  return beginnings;
}

const HASH = 0x23;
const BYTE_ORDER_MARK = 'efbbbf';

/** The end of the first line that is not a directive; 0 when there is none. */
function firstRequestEnd(start: Buffer): number {
  for (let at = start.toString('hex', 0, 3) === BYTE_ORDER_MARK ? 3 : 0; ; ) {
    const end = start.indexOf(LINE_FEED, at) + 1;
    if (end === 0 || start[at] !== HASH) return end;
    at = end;
  }
}

/** Whether a log starts with the longest of these beginnings for which it is long enough. */
export function hasBeginningOf(start: Buffer, beginnings: readonly LogPrefix[]): boolean {
  const matches = ({ bytes, sha256: hash }: LogPrefix) => hash === sha256(start.subarray(0, bytes));
  const longest = beginnings.findLast(({ bytes }) => bytes <= start.length);
  // the shortest one first: it is cheap, and most logs differ there
  return longest !== undefined && matches(beginnings[0] as LogPrefix) && matches(longest);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
