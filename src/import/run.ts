// Counts a log: finds out how much of it has been counted, cuts the rest into ranges, folds them on all cores and adds them in order.
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Documents } from '../documents/port.js';
import type { NotCounted } from '../hit/hit.js';
import type { Site } from '../hit/site.js';
import { createLineScanner, emptyLine } from './access-log.js';
import { type Folders, startFolders } from './folders.js';
import type { RangeTally } from './line-to-hit.js';
import { type LogStream, openLog } from './log-stream.js';
import type { ImportRecord, Imports, PlannedRange } from './port.js';

const RANGE_BYTES = 4 * 1024 * 1024;
const FINGERPRINT_BYTES_MAX = 64 * 1024;
/** No server writes longer lines; a file that has them is no log, and would fill the memory. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;
/** So many lines are looked at to tell whether this is a log at all. */
const TRIED_LINES = 1000;

export interface ImportSummary {
  readonly lines: number;
  readonly counted: number;
  readonly leftOut: Partial<Record<NotCounted, number>>;
  /** Local days of the lines that could be read; empty when there were none. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Bytes of the unpacked log that had been counted by earlier runs. */
  readonly countedBefore: number;
  /** The last line has no end yet and waits for the next run. */
  readonly unfinishedLine: boolean;
  /** False when it was stopped; the same command goes on from there. */
  readonly complete: boolean;
}

export interface ImportOptions {
  readonly path: string;
  readonly site: Site;
  readonly nowMs: () => number;
  /** Asked before each range; when true, what has been begun is finished and no more. */
  readonly isStopped: () => boolean;
  onProgress(share: number, lines: number): void;
}

/** Something that the person who gave the file can mend. */
export class NotImportable extends Error {}

export async function importLog(imports: Imports, documents: Documents, options: ImportOptions): Promise<ImportSummary> {
  const log = openLog(options.path);
  let folders: Folders | undefined;
  try {
    const record = await recordOf(log, imports, options);
    const countedBefore = await skipCounted(log, record, imports, documents);
    const sum: RangeTally = { lines: 0, counted: 0, refused: {}, firstDay: '', lastDay: '' };
    folders = startFolders(record);
    const complete = await countRest(log, record, imports, documents, folders, options, sum);
    const { lines, counted, refused: leftOut, firstDay, lastDay } = sum;
    const unfinishedLine = complete && (await log.peek(1)).length > 0;
    return { lines, counted, leftOut, firstDay, lastDay, countedBefore, unfinishedLine, complete };
  } finally {
    log.close();
    await folders?.close();
  }
}

/** The import that this log belongs to: an earlier one whose beginning it has, or a new one. */
async function recordOf(log: LogStream, imports: Imports, { path, site }: ImportOptions): Promise<ImportRecord> {
  const beginning = await log.peek(FINGERPRINT_BYTES_MAX);
  const known = imports
    .ofSite(site.id)
    .find(
      ({ fingerprint, fingerprintBytes }) =>
        fingerprintBytes <= beginning.length && fingerprint === sha256(beginning.subarray(0, fingerprintBytes)),
    );
  if (known !== undefined) return known;
  if (!looksLikeLog(beginning)) {
    throw new NotImportable(
      `${path} is no access log: none of its first lines can be read; expected are lines of the common or combined format of Apache and nginx, such as 192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1234 "-" "Mozilla/5.0"`,
    );
  }
  // Of whole lines only: the last one may still grow.
  const fingerprintBytes = beginning.lastIndexOf(0x0a) + 1;
  const record: ImportRecord = {
    id: `i${randomBytes(8).toString('hex')}`,
    site,
    key: randomBytes(32).toString('hex'),
    fingerprint: sha256(beginning.subarray(0, fingerprintBytes)),
    fingerprintBytes,
  };
  await imports.add(record);
  return record;
}

function looksLikeLog(beginning: Buffer): boolean {
  const lines = beginning.toString('latin1').split('\n').slice(0, -1).slice(0, TRIED_LINES);
  const scan = createLineScanner();
  return lines.some((line) => scan(line, 0, line.length, emptyLine()));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Moves on to what has not been counted; returns how many bytes have. Throws when the log is not the one that was counted. */
async function skipCounted(log: LogStream, record: ImportRecord, imports: Imports, documents: Documents): Promise<number> {
  const number = (await documents.node(record.id))?.number ?? 0;
  const last = number === 0 ? undefined : imports.range(record.id, number);
  if (last === undefined) return 0;
  while (log.position() < last.from) {
    if ((await log.take(Math.min(RANGE_BYTES, last.from - log.position()))).length === 0) throw notTheSame(last);
  }
  const bytes = await log.take(last.to - last.from);
  if (bytes.length < last.to - last.from || crc32(bytes) !== last.checksum) throw notTheSame(last);
  return last.to;
}

function notTheSame({ from, to }: PlannedRange): NotImportable {
  return new NotImportable(
    `this log begins like one that was counted before, but differs from it between its bytes ${from} and ${to}; nothing was counted, since some of it would be counted twice`,
  );
}

async function countRest(
  log: LogStream,
  record: ImportRecord,
  imports: Imports,
  documents: Documents,
  folders: Folders,
  options: ImportOptions,
  sum: RangeTally,
): Promise<boolean> {
  type Folding = { range: PlannedRange; folded: ReturnType<Folders['fold']>; share: number };
  const ahead: Folding[] = [];
  let number = (await documents.node(record.id))?.number ?? 0;

  const begin = async (): Promise<boolean> => {
    const next = await nextRange(log, record, imports, number + 1, options.nowMs());
    if (next === undefined) return false;
    number++;
    const folded = folders.fold(next.bytes, next.range.receivedAtMs);
    folded.catch(() => {}); // met below, when its turn comes
    ahead.push({ range: next.range, folded, share: log.readBytes() / Math.max(1, log.fileBytes) });
    return true;
  };

  for (let more = true; ; ) {
    // one range more than threads, so that none waits for the disk
    while (more && ahead.length <= folders.threads && !options.isStopped()) more = await begin();
    const first = ahead.shift();
    if (first === undefined) return !more;
    const { deltas, tally } = await first.folded;
    const { range } = first;
    const outcome = await documents.apply(
      { node: record.id, number: range.number, checksum: range.checksum },
      deltas,
      range.receivedAtMs,
    );
    if (outcome === 'applied') addTally(sum, tally);
    options.onProgress(first.share, sum.lines);
    if (options.isStopped()) return false;
  }
}

/** The next range as decided before, or else whole lines of at most 4 MB; undefined when there is no whole line left. */
async function nextRange(
  log: LogStream,
  record: ImportRecord,
  imports: Imports,
  number: number,
  receivedAtMs: number,
): Promise<{ range: PlannedRange; bytes: Uint8Array<ArrayBuffer> } | undefined> {
  const from = log.position();
  let range = imports.range(record.id, number);
  if (range === undefined) {
    const bytes = await wholeLines(log);
    if (bytes.length === 0) return undefined;
    range = await imports.plan(record.id, { number, from, to: from + bytes.length, receivedAtMs, checksum: crc32(bytes) });
  }
  // a copy of its own, to be given to a thread
  const bytes = new Uint8Array(await log.take(range.to - from));
  if (range.from !== from || bytes.length < range.to - from || crc32(bytes) !== range.checksum) throw notTheSame(range);
  return { range, bytes };
}

async function wholeLines(log: LogStream): Promise<Buffer> {
  for (let bytes = RANGE_BYTES; bytes <= LINE_BYTES_MAX; bytes *= 2) {
    const piece = await log.peek(bytes);
    const end = piece.lastIndexOf(0x0a) + 1;
    if (end > 0 || piece.length < bytes) return piece.subarray(0, end);
  }
  throw new NotImportable(`there is a line of more than ${LINE_BYTES_MAX} bytes: this is no access log`);
}

function addTally(sum: RangeTally, { lines, counted, refused, firstDay, lastDay }: RangeTally): void {
  sum.lines += lines;
  sum.counted += counted;
  for (const [reason, hits] of Object.entries(refused) as Array<[NotCounted, number]>)
    sum.refused[reason] = (sum.refused[reason] ?? 0) + hits;
  if (firstDay !== '' && (sum.firstDay === '' || firstDay < sum.firstDay)) sum.firstDay = firstDay;
  if (lastDay > sum.lastDay) sum.lastDay = lastDay;
}
