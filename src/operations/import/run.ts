// Imports a log: finds out to which import it belongs and how much of it is already counted, and counts the rest.
// Lines that other logs have counted are not counted again, because people join, split and cut logs.

import type { NotCounted } from '../../hit/hit.js';
import type { Site } from '../../hit/site.js';
import type { DocumentCounting } from '../../store/documents.js';
import type { DayLimits, FieldPositions, ImportRecord, Imports, Recognised } from '../../store/imports.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { recordOf, recordOfBundle } from './begin.js';
import type { LogOrBundle } from './bundles.js';
import { countRest, emptySum, type Sum } from './count.js';
import type { FoldPool } from './fold-pool.js';
import { directivesFollower } from './formats/w3c.js';
import { INSPECTED_BYTES, type InspectedLog, withLineEnd } from './inspect-logs.js';
import type { NotTaken } from './limits.js';
import { FUTURE_MS_MAX } from './line-to-hit.js';
import type { LogStream } from './log-stream.js';
import type { ImportOptions } from './options.js';
import { untracedParts } from './overlap/same-log.js';
import type { StoredLogs } from './overlap/stored-logs.js';
import { createSurvey, type Survey } from './overlap/survey.js';
import { type Cursor, NotImportable, OtherLog, skipCounted, withNamedErrors } from './ranges.js';
import { type GoesBack, orderFrom } from './time-order.js';

export interface ImportSummary {
  /** The name that `--format` takes; empty while the log has no whole line. */
  readonly format: string;
  /** Where each field was found. */
  readonly fields: FieldPositions;
  readonly lines: number;
  readonly counted: number;
  readonly leftOut: Partial<Record<NotCounted | NotTaken, number>>;
  /** Local days of the lines that day limits did not exclude; empty when there were none. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Bytes of the unpacked log that other runs have counted, earlier or at the same time. */
  readonly countedBefore: number;
  /** Counted lines from times of other logs that these logs do not contain. */
  readonly linesBeside: number;
  /**
   * Where the times of the log go back: it was joined from several logs, and lines that these have in common are
   * counted twice. Absent when they do not go back.
   */
  readonly goesBack?: GoesBack;
  /** Views by host, if the log names hosts and the site has none. */
  readonly hosts: Readonly<Record<string, number>>;
  /** The last line has no end yet; the next run will count it. */
  readonly unfinishedLine: boolean;
  /** False when the import was stopped; the same command continues it. */
  readonly complete: boolean;
}

export interface ImportParts {
  readonly imports: Imports;
  readonly documents: Pick<DocumentCounting, 'apply'>;
  readonly nodes: Pick<NodeRegistry, 'get'>;
  readonly pool: FoldPool;
  /** The logs of the site that were counted before. */
  readonly stored: StoredLogs;
}

export interface LogImport extends Omit<ImportOptions, 'path'> {
  readonly source: LogOrBundle;
  readonly site: Site;
  /** See keyOfLogs in begin.ts. */
  readonly key: string;
  readonly days: DayLimits | undefined;
  /** The name of the format, if the user chose it. */
  readonly format: string | undefined;
}

/** One call of `importLog`. */
interface Run {
  readonly parts: ImportParts;
  readonly given: LogImport;
  readonly options: ImportOptions;
  /** Imports of other logs that begin alike, by id. */
  readonly others: Set<string>;
}

/** A log whose record was found or created, and how far it has been counted. */
interface Begun {
  readonly cursor: Cursor;
  readonly record: ImportRecord;
  readonly format: Recognised;
  /** The number of the last counted range. */
  readonly number: number;
  readonly countedBefore: number;
  /** All of it is counted, or the run was stopped. */
  readonly isOver: boolean;
  readonly isComplete: boolean;
}

export async function importLog(parts: ImportParts, given: LogImport): Promise<ImportSummary> {
  const run: Run = { parts, given, options: { ...given, path: given.source.name }, others: new Set() };
  for (;;) {
    const log = withNamedErrors(given.source.open(), run.options.path);
    try {
      return await importOpened(run, log);
    } catch (error) {
      if (!(error instanceof OtherLog) || run.others.size >= OTHERS_MAX) throw error;
      await passOver(run, error);
    } finally {
      log.close();
    }
  }
}

/** At most this many logs that begin alike are passed over. */
const OTHERS_MAX = 20;

async function importOpened(run: Run, log: LogStream): Promise<ImportSummary> {
  const { parts, given, options } = run;
  const sum = emptySum();
  const hasMore = async () => (await log.peek(1)).length > 0;
  if (given.source.recognition === undefined)
    return summaryOf(sum, { countedBefore: 0, linesBeside: 0, unfinishedLine: await hasMore(), complete: true });
  const begun = await begin(run, log);
  const { cursor, record, format, number: counted, countedBefore, isOver } = begun;
  if (isOver) {
    const complete = begun.isComplete;
    return summaryOf(sum, { format, countedBefore, linesBeside: 0, unfinishedLine: complete && (await hasMore()), complete });
  }
  const survey = await surveyFor(run, record, format);
  const complete = await countRest(parts, { cursor, record, counted, survey, options, sum });
  // the times of a bundle's files overlap, and each file is counted once
  if (given.source.bundle !== undefined) sum.order = orderFrom(sum.order.lastMs);
  const linesBeside = survey?.besideLines() ?? 0;
  return summaryOf(sum, { format, countedBefore, linesBeside, unfinishedLine: complete && (await hasMore()), complete });
}

async function begin({ parts: { imports, nodes }, given, options, others }: Run, log: LogStream): Promise<Begun> {
  const { source, site, key, days } = given;
  const recognised = recognisedOf(source);
  const begins = { site, key, format: recognised, days };
  const record =
    source.bundle === undefined
      ? await recordOf(imports, { ...begins, start: withLineEnd(await log.peek(INSPECTED_BYTES), source) }, others)
      : await recordOfBundle(imports, source.bundle, begins);
  refuseOtherFormat(record, given.format, options.path);
  const number = (await nodes.get(record.id))?.number ?? 0;
  const format = record.format ?? recognised;
  const cursor: Cursor = { log, directives: '', follow: directivesFollower(format), isFinal: source.isFinal };
  const before = await skipCounted(cursor, { id: record.id, last: number }, imports, options).catch((error: unknown) => {
    throw error instanceof OtherLog ? new OtherImport(error.message, record, number) : error;
  });
  const isWhole = before.isWhole || (number > 0 && (await log.peek(1)).length === 0);
  const isOver = isWhole || options.isStopped();
  const countedBefore = isOver ? log.position() : before.to;
  return { cursor, record, format, number, countedBefore, isOver, isComplete: isWhole };
}

function recognisedOf({ recognition }: InspectedLog): Recognised {
  return (recognition as NonNullable<InspectedLog['recognition']>).recognised;
}

/** A log must be read in one format from start to end. */
function refuseOtherFormat({ format }: ImportRecord, asked: string | undefined, path: string): void {
  const begun = format?.layouts[0]?.format;
  if (asked !== undefined && begun !== undefined && begun !== asked) {
    throw new NotImportable(
      `the import of ${path} began in the format ${begun}, and the rest is read in the same format; ` +
        `give the command without --format ${asked}`,
    );
  }
}

/** The log begins like that of an import, but differs from it. */
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
 * Marks the import as that of another log, perhaps one that was cut or joined elsewhere, so that the next attempt passes
 * over it. It does so only if every line of this log is either known or from an hour of which no log has counted
 * anything. Otherwise lines were changed, and would be counted twice.
 */
async function passOver(run: Run, error: OtherLog): Promise<void> {
  if (!(error instanceof OtherImport)) throw error;
  const { record, number } = error;
  if ((await run.parts.imports.range(record.id, number + 1)) !== undefined) throw error;
  const survey = await surveyFor(run, { ...record, id: '' }, recognisedOf(run.given.source));
  await survey?.from(0, '');
  if (survey === undefined || survey.besideLines() > 0) throw error;
  run.others.add(record.id);
}

/** Prepares the threads for the log. Returns undefined when the log cannot contain lines that other imports have counted. */
async function surveyFor(
  { parts: { imports, nodes, pool, stored: logs }, given: { source, nowMs, isStopped }, options: { path } }: Run,
  record: ImportRecord,
  format: Recognised,
): Promise<Survey | undefined> {
  logs.forget(record.id);
  const stored = await logs.except(record.id);
  const watched = stored.hours();
  pool.use({ ...record, format }, watched);
  const open = () => withNamedErrors(source.open(), path);
  const log = { site: record.site.id, exceptId: record.id, start: await startOf(open), open };
  const counted = await untracedParts(imports, nodes, log);
  if (watched.length === 0 && counted.length === 0) return undefined;
  const follow = directivesFollower(format);
  const untilMs = nowMs() + FUTURE_MS_MAX;
  return createSurvey({ stored, counted, pool, open, path, follow, isFinal: source.isFinal, untilMs, isStopped });
}

async function startOf(open: () => LogStream): Promise<Buffer> {
  const log = open();
  try {
    return await log.peek(INSPECTED_BYTES);
  } finally {
    log.close();
  }
}

interface Outcome extends Pick<ImportSummary, 'countedBefore' | 'linesBeside' | 'unfinishedLine' | 'complete'> {
  /** Absent while the log has no whole line. */
  readonly format?: Recognised;
}

function summaryOf(sum: Sum, { format, countedBefore, linesBeside, unfinishedLine, complete }: Outcome): ImportSummary {
  const { lines, counted, refused, notTaken, firstDay, lastDay, hosts, bytesElsewhere, order } = sum;
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
