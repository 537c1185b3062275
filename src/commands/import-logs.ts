// hitherto import, without --from: imports access logs.
import type { Command } from 'commander';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import type { Site } from '../hit/site.js';
import { keyOfLogs } from '../operations/import/begin.js';
import { bundleSmallFiles, type LogOrBundle } from '../operations/import/bundles.js';
import { daysOfScript, daysOfTools } from '../operations/import/counted-days.js';
import { createDryRun } from '../operations/import/dry-run.js';
import { startFoldPool } from '../operations/import/fold-pool.js';
import { type InspectedLog, inspectLogs } from '../operations/import/inspect-logs.js';
import { createStoredLogs } from '../operations/import/overlap/stored-logs.js';
import { createProgress } from '../operations/import/progress.js';
import { type ImportParts, importLog } from '../operations/import/run.js';
import { sourcesOf } from '../operations/import/sources.js';
import { noteDaysWithoutDetail } from '../operations/import/without-detail.js';
import { composeTool } from '../process/compose.js';
import type { DayLimits } from '../store/imports.js';
import { EXIT_STOPPED } from '../system/exit.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { createCalendar } from '../time/calendar.js';
import { siteToImportInto } from './arguments.js';
import { askedDays, askedYes, type DayChoice, daysToCount } from './import-days.js';
import { filesBeforeText, notALogText, recognitionTexts, summaryText } from './import-messages.js';
import type { ImportCommandOptions } from './import-options.js';
import { CommandFailure, placeOf, tell } from './run.js';
import { stoppable } from './stopping.js';

type Tool = Awaited<ReturnType<typeof composeTool>>;

/** One call of the command. */
interface Call {
  readonly tool: Tool;
  readonly site: Site;
  readonly options: ImportCommandOptions;
  readonly command: Command;
  isStopped(): boolean;
}

export async function importLogs(paths: readonly string[], options: ImportCommandOptions, command: Command): Promise<void> {
  const asked = askedDays(options);
  if (paths.includes('-') && process.stdin.isTTY)
    throw new CommandFailure('standard input is a terminal: pipe a log into the command, or give a file');
  const { isStopped, end } = stoppable(options.quiet);
  lowerThreadPriority(); // before the threads start, which inherit it: a running service takes precedence
  const tool = await composeTool(placeOf(command));
  let complete = true;
  try {
    const site = siteToImportInto(tool.accounts, options.site);
    const call: Call = { tool, site, options, command, isStopped };
    const sources = await sourcesOf(paths, () => process.stdin);
    const { logs, others } = await inspectLogs(sources, site, options.format);
    process.stderr.write(recognitionTexts(logs, site));
    for (const other of others) process.stderr.write(notALogText(other));
    const days = await chosenDays(call, logs, asked, !paths.includes('-'));
    const key = await keyOfLogs(tool.imports, site.id);
    const bundled = await bundleSmallFiles(tool, logs, { site, key, days });
    if (bundled.before > 0) process.stderr.write(filesBeforeText(bundled.before));
    complete = await importAll(call, bundled.logs, key, days);
    if (!options.dryRun) await noteDaysWithoutDetail(tool, DOCUMENT_KINDS, site.id, Date.now());
    for (const source of sources) source.close();
  } finally {
    await tool.close();
    end();
  }
  if (!complete) process.exit(EXIT_STOPPED);
}

/** `canReadAnswers`: standard input is not used for a log. */
async function chosenDays(
  { tool, site, options: { quiet, json, dryRun } }: Call,
  logs: readonly InspectedLog[],
  asked: Pick<DayLimits, 'from' | 'until'>,
  canReadAnswers: boolean,
): Promise<DayLimits | undefined> {
  const { localTime } = createCalendar(site.timezone);
  const firstMs = Math.min(...logs.flatMap(({ recognition }) => recognition?.firstMs ?? []));
  if (!Number.isFinite(firstMs)) return Object.keys(asked).length === 0 ? undefined : asked;
  const lastMs = Math.max(...logs.map((log) => log.lastMs));
  const script = await daysOfScript(tool, site, localTime(firstMs).day);
  const tools = await daysOfTools(tool.imports, site.id);
  const lastDay = Number.isFinite(lastMs) ? localTime(lastMs).day : undefined;
  const { days, warnings, question }: DayChoice = daysToCount(asked, { script, tools }, lastDay);
  const canAsk = process.stdin.isTTY && process.stderr.isTTY && canReadAnswers && !quiet && !json && !dryRun;
  if (question === undefined || !canAsk) {
    for (const warning of warnings) process.stderr.write(`note: ${warning}\n`);
    return days;
  }
  if (await askedYes(question)) return days;
  const { until: _, ...all } = days ?? {};
  return Object.keys(all).length === 0 ? undefined : all;
}

/** Resolves to false when it was stopped. */
async function importAll(
  { tool: { imports, documents, nodes }, site, options: { quiet, json, dryRun, format }, command, isStopped }: Call,
  logs: readonly LogOrBundle[],
  key: string,
  days: DayLimits | undefined,
): Promise<boolean> {
  let complete = true;
  const stores = dryRun ? createDryRun(imports, nodes) : { imports, documents, nodes };
  const pool = startFoldPool();
  const parts: ImportParts = { ...stores, pool, stored: createStoredLogs(stores.imports, stores.nodes, site.id) };
  try {
    for (const source of logs) {
      if (isStopped()) return false;
      const began = performance.now();
      const progress = createProgress(process.stderr, () => performance.now());
      const onProgress: Parameters<typeof importLog>[1]['onProgress'] = (made) => quiet || isStopped() || progress.update(made);
      const given = { source, site, key, days, format, nowMs: Date.now, isStopped, onProgress };
      const summary = await importLog(parts, given).finally(() => quiet || isStopped() || progress.end());
      complete &&= summary.complete;
      const seconds = (performance.now() - began) / 1000;
      const { name } = source;
      const text = summaryText({ name, site: site.id, summary, until: days?.until, seconds });
      if (json) process.stdout.write(`${JSON.stringify({ file: name, ...summary, dryRun: dryRun === true, seconds })}\n`);
      else tell(dryRun ? `dry run, nothing was counted; the import would count:\n${text}` : text, command);
    }
    return complete;
  } finally {
    await pool.close();
  }
}
