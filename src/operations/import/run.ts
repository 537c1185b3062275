// Counts a log: finds out which import it belongs to and how much of it has been counted, and counts the rest. What
// other logs have counted of it, since logs are joined, split and cut, is not counted again.

import type { NotCounted } from '../../hit/hit.js';
import type { Site } from '../../hit/site.js';
import type { Documents } from '../../store/documents.js';
import type { DayLimits, ImportRecord, Imports, Places, Recognised } from '../../store/imports.js';
import { recordOf, recordOfBundle } from './begin.js';
import type { Bundled } from './bundles.js';
import { countRest, emptySum, type Sum } from './count.js';
import type { FoldPool } from './fold-pool.js';
import { directivesFollower } from './formats/w3c.js';
import { FUTURE_MS_MAX, type NotTaken } from './line-to-hit.js';
import type { LogStream } from './log-stream.js';
import type { ImportOptions } from './options.js';
import { untracedParts } from './overlap/same-log.js';
import type { StoredLogs } from './overlap/stored.js';
import { createSurvey, type Survey } from './overlap/survey.js';
import { type Cursor, NotImportable, named, OtherLog, skipCounted } from './ranges.js';
import { ended, LOOKED_AT_BYTES, type SeenLog } from './survey-log.js';
import { type GoesBack, orderFrom } from './time-order.js';

export interface ImportSummary {
  /** As `--format` names it; empty while the log has no whole line. */
  readonly format: string;
  /** What each field was taken for. */
  readonly fields: Places;
  readonly lines: number;
  readonly counted: number;
  readonly leftOut: Partial<Record<NotCounted | NotTaken, number>>;
  /** Local days of the lines that are not left out for their days; empty when there were none. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Bytes of the unpacked log that other runs have counted, earlier or meanwhile. */
  readonly countedBefore: number;
  /** Lines from between those of other logs, which do not have them. They are counted. */
  readonly linesBeside: number;
  /**
   * Where its times go back for good: it was joined of several logs, and lines that are in two of them are counted
   * twice. Absent: nowhere.
   */
  readonly goesBack?: GoesBack;
  /** Views by host, where the log names hosts and the site has none. */
  readonly hosts: Readonly<Record<string, number>>;
  /** The last line has no end yet and waits for the next run. */
  readonly unfinishedLine: boolean;
  /** False when it was stopped; the same command goes on from there. */
  readonly complete: boolean;
}

export interface ImportParts {
  readonly imports: Imports;
  readonly documents: Pick<Documents, 'apply' | 'node'>;
  readonly folders: FoldPool;
  /** Of the site. */
  readonly stored: StoredLogs;
}

export interface LogImport extends Omit<ImportOptions, 'path'> {
  readonly source: Bundled;
  readonly site: Site;
  /** See keyOfLogs in begin.ts. */
  readonly key: string;
  readonly days: DayLimits | undefined;
  /** The name of the format, if it was chosen by hand. */
  readonly format: string | undefined;
}

/** A log of which a record is found or begun, and how far it has been counted. */
interface Begun {
  readonly cursor: Cursor;
  readonly record: ImportRecord;
  readonly format: Recognised;
  readonly number: number;
  readonly countedBefore: number;
  /** All of it is counted, or the run was stopped. */
  readonly isOver: boolean;
  readonly isComplete: boolean;
}

export async function importLog(parts: ImportParts, given: LogImport): Promise<ImportSummary> {
  const options: ImportOptions = { ...given, path: given.source.name };
  const others = new Set<string>();
  for (;;) {
    const log = named(given.source.open(), options.path);
    try {
      return await importOpened(parts, given, options, log, others);
    } catch (error) {
      if (!(error instanceof OtherLog) || others.size >= OTHERS_MAX) throw error;
      await passOver(parts, given, options, others, error);
    } finally {
      log.close();
    }
  }
}

/** So many logs that begin alike are passed over. */
const OTHERS_MAX = 20;

async function importOpened(
  parts: ImportParts,
  given: LogImport,
  options: ImportOptions,
  log: LogStream,
  others: ReadonlySet<string>,
): Promise<ImportSummary> {
  const sum = emptySum();
  const { recognition } = given.source;
  if (recognition === undefined) return summaryOf(undefined, sum, 0, 0, (await log.peek(1)).length > 0, true);
  const begun = await begin(parts, given, options, log, others);
  const unfinished = async (complete: boolean) => complete && (await log.peek(1)).length > 0;
  if (begun.isOver)
    return summaryOf(begun.format, sum, begun.countedBefore, 0, await unfinished(begun.isComplete), begun.isComplete);
  const survey = await surveyFor(parts, given, options, begun.record, begun.format);
  const { cursor, record, number } = begun;
  const complete = await countRest(parts, cursor, record, number, survey, options, sum);
  // files that were delivered overlap, and each is counted once
  if (given.source.bundle !== undefined) sum.order = orderFrom(sum.order.lastMs);
  return summaryOf(begun.format, sum, begun.countedBefore, survey?.besideLines() ?? 0, await unfinished(complete), complete);
}

async function begin(
  { imports, documents }: ImportParts,
  { source, site, key, days, format: asked }: LogImport,
  options: ImportOptions,
  log: LogStream,
  others: ReadonlySet<string>,
): Promise<Begun> {
  const recognised = (source.recognition as NonNullable<SeenLog['recognition']>).recognised;
  const begins = { site, key, format: recognised, days };
  const record =
    source.bundle === undefined
      ? await recordOf(imports, { ...begins, start: ended(await log.peek(LOOKED_AT_BYTES), source) }, others)
      : await recordOfBundle(imports, source.bundle, begins);
  refuseOtherFormat(record, asked, options.path);
  const number = (await documents.node(record.id))?.number ?? 0;
  const format = record.format ?? recognised;
  const cursor: Cursor = { log, directives: '', follow: directivesFollower(format), isFinal: source.isFinal };
  const before = await skipCounted(cursor, record, number, imports, options).catch((error: unknown) => {
    throw error instanceof OtherLog ? new OtherImport(error.message, record, number) : error;
  });
  const isWhole = before.isWhole || (number > 0 && (await log.peek(1)).length === 0);
  const isOver = isWhole || options.isStopped();
  const countedBefore = isOver ? log.position() : before.to;
  return { cursor, record, format, number, countedBefore, isOver, isComplete: isWhole };
}

/** A log is read to its end like its beginning. */
function refuseOtherFormat({ format }: ImportRecord, asked: string | undefined, path: string): void {
  const begun = format?.layouts[0]?.format;
  if (asked !== undefined && begun !== undefined && begun !== asked) {
    throw new NotImportable(
      `${path} has been begun as a log of the format ${begun}, and its rest is read in the same way; give the command without --format ${asked}`,
    );
  }
}

/** The log begins like that of an import, and differs from it. */
class OtherImport extends OtherLog {
  constructor(
    message: string,
    readonly record: ImportRecord,
    readonly number: number,
  ) {
    super(message);
  }
}

/**
 * The import is of another log, which begins alike: it may be cut or joined otherwise. The next try passes over it,
 * if all lines of this log are either known or of hours that no log has counted anything of. Else they are lines that
 * were changed, and would be counted twice.
 */
async function passOver(
  parts: ImportParts,
  given: LogImport,
  options: ImportOptions,
  others: Set<string>,
  error: OtherLog,
): Promise<void> {
  if (!(error instanceof OtherImport)) throw error;
  const { record, number } = error;
  if ((await parts.imports.range(record.id, number + 1)) !== undefined) throw error;
  const { recognised } = given.source.recognition as NonNullable<SeenLog['recognition']>;
  const survey = await surveyFor(parts, given, options, { ...record, id: '' }, recognised);
  await survey?.from(0, '');
  if (survey === undefined || survey.besideLines() > 0) throw error;
  others.add(record.id);
}

/** Makes the threads ready for the log. Undefined where nothing that other imports have counted can be in it. */
async function surveyFor(
  { imports, documents, folders, stored: logs }: ImportParts,
  { source, nowMs, isStopped }: LogImport,
  { path }: ImportOptions,
  record: ImportRecord,
  format: Recognised,
): Promise<Survey | undefined> {
  logs.forget(record.id);
  const stored = await logs.except(record.id);
  const watched = stored.hours();
  folders.use({ ...record, format }, watched);
  const open = () => named(source.open(), path);
  const counted = await untracedParts(imports, documents, record.site.id, record.id, await startOf(open), open);
  if (watched.length === 0 && counted.length === 0) return undefined;
  const follow = directivesFollower(format);
  const untilMs = nowMs() + FUTURE_MS_MAX;
  return createSurvey({ stored, counted, folders, open, path, follow, isFinal: source.isFinal, untilMs, isStopped });
}

async function startOf(open: () => LogStream): Promise<Buffer> {
  const log = open();
  try {
    return await log.peek(LOOKED_AT_BYTES);
  } finally {
    log.close();
  }
}

function summaryOf(
  format: Recognised | undefined,
  { lines, counted, refused, notTaken, firstDay, lastDay, hosts, bytesElsewhere, order }: Sum,
  countedBefore: number,
  linesBeside: number,
  unfinishedLine: boolean,
  complete: boolean,
): ImportSummary {
  const [layout] = format?.layouts ?? [];
  return {
    format: layout?.format ?? '',
    fields: layout?.places ?? {},
    lines,
    counted,
    leftOut: { ...refused, ...notTaken },
    firstDay,
    lastDay,
    countedBefore: countedBefore + bytesElsewhere,
    linesBeside,
    ...(order.back && { goesBack: order.back }),
    hosts: Object.fromEntries(hosts),
    unfinishedLine,
    complete,
  };
}
