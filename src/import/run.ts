// Counts a log: finds out how much of it has been counted, cuts the rest into ranges, folds them on all cores and adds them in order.
import { createHash, randomBytes } from 'node:crypto';
import type { Documents } from '../documents/port.js';
import type { NotCounted } from '../hit/hit.js';
import { createLineScanner } from './access-log.js';
import { type Folders, startFolders } from './folders.js';
import { emptyLine } from './formats/line.js';
import type { RangeTally } from './line-to-hit.js';
import { type LogStream, openLog } from './log-stream.js';
import type { ImportOptions } from './options.js';
import type { Beginning, ImportRecord, Imports, PlannedRange } from './port.js';
import { NotImportable, named, nextRange, shareOf, skipCounted } from './ranges.js';

/** In it are the first 1,000 lines, at 1 KB each. */
const LOOKED_AT_BYTES = 1024 * 1024;
/** By these bytes at the most a log is known again, whatever its file is called, packed or not. */
const BEGINNING_BYTES_MAX = 64 * 1024;
/** So many lines are looked at to tell whether this is a log at all. */
const TRIED_LINES = 1000;
const LINE_END = 0x0a;

export interface ImportSummary {
  readonly lines: number;
  readonly counted: number;
  readonly leftOut: Partial<Record<NotCounted, number>>;
  /** Local days of the lines that could be read; empty when there were none. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Bytes of the unpacked log that other runs have counted, earlier or meanwhile. */
  readonly countedBefore: number;
  /** The last line has no end yet and waits for the next run. */
  readonly unfinishedLine: boolean;
  /** False when it was stopped; the same command goes on from there. */
  readonly complete: boolean;
}

export async function importLog(imports: Imports, documents: Documents, options: ImportOptions): Promise<ImportSummary> {
  const log = named(openLog(options.path), options.path);
  let folders: Folders | undefined;
  const sum: Sum = { lines: 0, counted: 0, refused: {}, firstDay: '', lastDay: '', bytesElsewhere: 0 };
  const summary = async (countedBefore: number, complete: boolean): Promise<ImportSummary> => {
    const { lines, counted, refused: leftOut, firstDay, lastDay, bytesElsewhere } = sum;
    const unfinishedLine = complete && (await log.peek(1)).length > 0;
    return {
      lines,
      counted,
      leftOut,
      firstDay,
      lastDay,
      countedBefore: countedBefore + bytesElsewhere,
      unfinishedLine,
      complete,
    };
  };
  try {
    const record = await recordOf(log, imports, options);
    if (record === undefined) return await summary(0, true);
    const number = (await documents.node(record.id))?.number ?? 0;
    const before = await skipCounted(log, record, number, imports, options);
    if (before.isWhole || options.isStopped()) return await summary(log.position(), before.isWhole);
    folders = startFolders(record);
    const complete = await countRest(log, record, number, imports, documents, folders, options, sum);
    return await summary(before.to, complete);
  } finally {
    log.close();
    await folders?.close();
  }
}

interface Sum extends RangeTally {
  /** Of ranges that another run has added meanwhile. */
  bytesElsewhere: number;
}

/** The import that this log belongs to: an earlier one whose beginning it has, or a new one; none while it has no whole line. */
async function recordOf(log: LogStream, imports: Imports, { path, site }: ImportOptions): Promise<ImportRecord | undefined> {
  const start = await log.peek(LOOKED_AT_BYTES);
  const kind = kindOf(start);
  if (kind === 'other') {
    throw new NotImportable(
      `${path} is no access log: none of its first lines can be read; expected are lines of the common or combined format of Apache and nginx, such as 192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1234 "-" "Mozilla/5.0"`,
    );
  }
  if (kind === 'empty') return undefined;
  const record: ImportRecord = {
    id: `i${randomBytes(8).toString('hex')}`,
    site,
    key: randomBytes(32).toString('hex'),
    beginnings: beginningsOf(start),
  };
  return imports.begin(record, (known) => hasBeginningOf(start, known.beginnings));
}

/** `other` when none of the first lines is one of a log; `empty` while there is no whole line. */
export function kindOf(start: Buffer): 'log' | 'empty' | 'other' {
  const lines = start.toString('latin1').split('\n');
  const unfinished = lines.pop() as string;
  const scan = createLineScanner();
  if (lines.slice(0, TRIED_LINES).some((line) => scan(line, 0, line.length, emptyLine()))) return 'log';
  return lines.length === 0 && (unfinished === '' || BEGUN_LINE.test(unfinished)) ? 'empty' : 'other';
}

const BEGUN_LINE = /^[^[\n]{0,1000} \[[0-9]{2}\/[A-Z][a-z]{2}\/[0-9]{4}:/;

/** Of whole lines only, since the last one may still grow: the first line, and then each about twice as long as the one before. */
export function beginningsOf(start: Buffer): Beginning[] {
  const firstLine = start.indexOf(LINE_END) + 1;
  const whole = start.subarray(0, Math.max(firstLine, start.subarray(0, BEGINNING_BYTES_MAX).lastIndexOf(LINE_END) + 1));
  const beginnings: Beginning[] = [];
  for (let bytes = firstLine; bytes > 0; ) {
    beginnings.push({ bytes, sha256: sha256(whole.subarray(0, bytes)) });
    const doubled = whole.subarray(0, bytes * 2).lastIndexOf(LINE_END) + 1;
    // where the next line alone is longer than all before it: its end; 0 after the last
    bytes = doubled > bytes ? doubled : whole.indexOf(LINE_END, bytes) + 1;
  }
  return beginnings;
}

/** Whether a log starts with the longest of these beginnings that it is long enough for. */
export function hasBeginningOf(start: Buffer, beginnings: readonly Beginning[]): boolean {
  const longest = beginnings.findLast(({ bytes }) => bytes <= start.length);
  return longest !== undefined && longest.sha256 === sha256(start.subarray(0, longest.bytes));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function countRest(
  log: LogStream,
  record: ImportRecord,
  counted: number,
  imports: Imports,
  documents: Documents,
  folders: Folders,
  options: ImportOptions,
  sum: Sum,
): Promise<boolean> {
  type Folding = { range: PlannedRange; folded: ReturnType<Folders['fold']>; share: number };
  const ahead: Folding[] = [];
  const startsAt = log.position();
  let number = counted;
  let failure: unknown;

  const begin = async (): Promise<boolean> => {
    const next = await nextRange(log, record, imports, number + 1, options).catch((error: unknown) => {
      failure = error; // thrown when what came before it is counted
    });
    if (next === undefined) return false;
    number++;
    const folded = folders.fold(next.bytes, next.range.receivedAtMs);
    folded.catch(() => {}); // met below, when its turn comes
    ahead.push({ range: next.range, folded, share: shareOf(log) });
    return true;
  };

  for (let more = true; ; ) {
    // one range more than threads, so that none waits for the disk
    while (more && ahead.length <= folders.threads && !options.isStopped()) more = await begin();
    const first = ahead.shift();
    if (first === undefined) {
      if (failure !== undefined) throw failure;
      return !more;
    }
    const { deltas, tally } = await first.folded;
    const { range, share } = first;
    const { outcome } = await documents.apply(
      { node: record.id, number: range.number, checksum: range.checksum },
      deltas,
      range.receivedAtMs,
    );
    if (outcome === 'applied') addTally(sum, tally);
    else sum.bytesElsewhere += range.to - range.from;
    options.onProgress({ share, lines: sum.lines, bytes: range.to - startsAt });
    if (options.isStopped() && (more || ahead.length > 0)) return false;
  }
}

function addTally(sum: RangeTally, { lines, counted, refused, firstDay, lastDay }: RangeTally): void {
  sum.lines += lines;
  sum.counted += counted;
  for (const [reason, hits] of Object.entries(refused) as Array<[NotCounted, number]>)
    sum.refused[reason] = (sum.refused[reason] ?? 0) + hits;
  if (firstDay !== '' && (sum.firstDay === '' || firstDay < sum.firstDay)) sum.firstDay = firstDay;
  if (lastDay > sum.lastDay) sum.lastDay = lastDay;
}
