// Imports the numbers of another tool. It first finds the days of the export, and then counts each month of a report as
// one segment: in order, exactly once, and with the settings of the first import from that tool.
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { createSiteReader } from '../../../hit/prepared-site.js';
import type { Site } from '../../../hit/site.js';
import type { DocumentCounting } from '../../../store/documents.js';
import type { ImportRecord, Imports, PlannedRange } from '../../../store/imports.js';
import type { NodeRegistry } from '../../../store/nodes.js';
import type { ImportOptions } from '../options.js';
import { NotImportable } from '../ranges.js';
import { exportFiles } from './files.js';
import { foldDays } from './fold-days.js';
import { type DayRange, dayNames, type Plan, planOf } from './plan.js';
import { type ExportFile, type ReadOptions, readExport } from './read.js';
import { addTally, type NumbersSummary, summaryOf, type Tally } from './summary.js';
import { createSurvey, type SurveyedDays } from './survey.js';
import type { Tool } from './tool.js';

/** The files are read once for each batch of this many lines, whose counters are in memory until they are written. */
const LINES_AT_ONCE = 200_000;

export interface NumbersOptions extends Omit<ImportOptions, 'path'> {
  readonly tool: Tool;
  /** Files, and folders of files. */
  readonly paths: readonly string[];
  /** Earlier and later days are not counted. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Nothing is stored or counted. */
  readonly dryRun: boolean;
}

export interface NumbersParts {
  readonly imports: Imports;
  readonly documents: Pick<DocumentCounting, 'apply'>;
  readonly nodes: Pick<NodeRegistry, 'get'>;
}

/**
 * Rejects with a NotImportable when the files cannot be imported. Nothing is counted then, unless the files changed
 * during the import.
 */
export async function importNumbers(
  { imports, documents, nodes }: NumbersParts,
  options: NumbersOptions,
): Promise<NumbersSummary> {
  const { tool, dryRun } = options;
  const paths = exportFiles(options.paths);
  const record = await recordFor(imports, options.site, tool);
  const reading = { settings: record, measured: createSiteReader()(record.site) };
  const progress = progressOf(paths, options);
  const read = { tool, reading, firstDay: options.firstDay, lastDay: options.lastDay, onRead: progress.read };
  const counted = new Map<string, Tally>();

  const { files, days } = await surveyOf(paths, read);
  if (days === undefined) return summaryOf({ tool, files, days: new Map(), plan: undefined, counted, complete: false });
  if (!dryRun) await beginOnce(imports, record);
  const finished = (await nodes.get(record.id))?.number ?? 0;
  const ranges = await rangesOf(imports, record.id);
  const plan = planOf(days, ranges, finished);

  const batches = batchesOf(plan, days);
  progress.batches(batches.length);
  const planned = plannerOf(imports, record.id, ranges.length, options);
  let complete = true;
  for (const batch of batches) {
    const folded = await foldDays(await planned(batch), paths, days, read);
    complete &&= folded !== undefined;
    for (const { range, fold, tally } of folded ?? []) {
      complete &&= !options.isStopped();
      if (!complete) break;
      const segment = { node: record.id, number: range.number, checksum: range.checksum };
      const applied = dryRun ? undefined : await documents.apply(segment, fold.deltas(), range.receivedAtMs);
      // a range that another run has added is in the summary of that run
      if (applied?.outcome !== 'already') addTally(counted, range.report as string, tally);
    }
    if (!complete) break;
  }
  return summaryOf({ tool, files, days, plan, counted, complete });
}

/** The site's import from this tool, or a new one. A new one is not stored yet, because there may be nothing to count. */
async function recordFor(imports: Imports, site: Site, { key: tool }: Tool): Promise<ImportRecord> {
  const known = (await imports.begun(site.id)).find((record) => record.tool === tool);
  const [id, key] = [`i${randomBytes(8).toString('hex')}`, randomBytes(32).toString('hex')];
  return known ?? { id, site, key, beginnings: [], tool };
}

async function beginOnce(imports: Imports, record: ImportRecord): Promise<void> {
  const { id } = await imports.begin(record, ({ tool }) => tool === record.tool);
  if (id !== record.id) throw anotherRuns();
}

function anotherRuns(): NotImportable {
  return new NotImportable(
    'another import from the same tool into this site is running; give the same command again when it has finished',
  );
}

/** `days` is undefined when it was stopped. */
async function surveyOf(
  paths: readonly string[],
  options: Omit<ReadOptions, 'onEntry'>,
): Promise<{ files: readonly ExportFile[]; days: SurveyedDays | undefined }> {
  const survey = createSurvey();
  const files: ExportFile[] = [];
  for (const path of paths) {
    const file = await readExport(path, { ...options, onEntry: (entry, table) => survey.add(path, table, entry) });
    if (file === undefined) return { files, days: undefined };
    files.push(file);
  }
  if (files.every(({ tables }) => tables === 0)) {
    const reason = files.flatMap(({ file, tablesLeftOut }) => tablesLeftOut.map((text) => `${file}: ${text}`))[0];
    throw new NotImportable(`nothing in these files can be counted${reason === undefined ? '' : `; ${reason}`}`);
  }
  return { files, days: survey.days() };
}

async function rangesOf(imports: Imports, id: string): Promise<PlannedRange[]> {
  const ranges: PlannedRange[] = [];
  for (;;) {
    const range = await imports.range(id, ranges.length + 1);
    if (range === undefined) return ranges;
    ranges.push(range);
  }
}

type Todo = PlannedRange | DayRange;

/** Unfinished ranges come first, because their numbers do. */
function batchesOf({ begun, fresh }: Plan, days: SurveyedDays): Todo[][] {
  const batches: Todo[][] = [];
  let lines = LINES_AT_ONCE;
  for (const range of [...begun, ...fresh]) {
    const more = linesOf(range, days);
    if (lines + more > LINES_AT_ONCE) {
      batches.push([]);
      lines = 0;
    }
    batches.at(-1)?.push(range);
    lines += more;
  }
  return batches;
}

function linesOf({ report = '', from, to }: Todo, days: SurveyedDays): number {
  return dayNames(from, to).reduce((sum, day) => sum + (days.get(report)?.get(day)?.lines ?? 0), 0);
}

/** Stores the plan of new ranges under the next numbers. */
function plannerOf(imports: Imports, id: string, last: number, { dryRun, nowMs }: NumbersOptions) {
  let number = last;
  return async (batch: readonly Todo[]): Promise<PlannedRange[]> => {
    const planned: PlannedRange[] = [];
    for (const todo of batch) {
      if ('number' in todo) {
        planned.push(todo);
        continue;
      }
      const range = { ...todo, number: ++number, receivedAtMs: nowMs() };
      const stands = dryRun ? range : await imports.plan(id, range);
      if (keyOfRange(stands) !== keyOfRange(range)) throw anotherRuns();
      planned.push(stands);
    }
    return planned;
  };
}

function keyOfRange({ report, from, to, checksum }: PlannedRange): string {
  return [report, from, to, checksum].join(' ');
}

function progressOf(files: readonly string[], { isStopped, onProgress }: NumbersOptions) {
  const bytesAtOnce = files.reduce((sum, file) => sum + statSync(file).size, 0);
  let [passes, bytes, lines] = [2, 0, 0];
  return {
    batches(count: number) {
      passes = 1 + count;
    },
    read(moreBytes: number, moreLines: number): 'go on' | 'stop' {
      bytes += moreBytes;
      lines += moreLines;
      onProgress({ share: bytes / Math.max(1, bytesAtOnce * passes), lines, bytes });
      return isStopped() ? 'stop' : 'go on';
    },
  };
}
