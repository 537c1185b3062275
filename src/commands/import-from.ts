// hitherto import --from: what another tool has counted.
import { basename } from 'node:path';
import { type Place, composeTool } from '../compose.js';
import { createCalendar } from '../hit/calendar.js';
import type { Site } from '../hit/site.js';
import { createProgress, duration } from '../import/progress.js';
import { dayOf } from '../import/tools/columns.js';
import { TOOLS } from '../import/tools/index.js';
import { importNumbers } from '../import/tools/run.js';
import type { NumbersSummary } from '../import/tools/summary.js';
import type { Tool } from '../import/tools/tool.js';
import { giveWay } from '../threads/priority.js';
import { visible } from '../untrusted/visible.js';
import type { ImportCommandOptions } from './import.js';
import { CommandFailure, table } from './run.js';
import { EXIT_STOPPED, siteToImportInto, stoppable } from './stopping.js';

const DAY_MS = 86_400_000;

export async function importFrom(
  paths: readonly string[],
  { site: id, from, until, dryRun, quiet, json }: ImportCommandOptions,
  place: Place,
): Promise<void> {
  const tool = TOOLS.find(({ key }) => key === from) as Tool; // the option has no other choices
  if (until !== undefined && dayOf(until) === undefined)
    throw new CommandFailure(`--until "${until}" is no day; expected is one such as 2026-01-31`);
  const { isStopped, end } = stoppable(quiet);
  giveWay();
  const { accounts, documents, imports, close } = await composeTool(place);
  let summary: NumbersSummary;
  try {
    const site = siteToImportInto(accounts, id);
    const lastDay = lastDayFor(site, until && (dayOf(until) as string), Date.now());
    const began = performance.now();
    const progress = createProgress(process.stderr, () => performance.now());
    summary = await importNumbers(imports, documents, {
      tool,
      paths,
      site,
      lastDay,
      dryRun: dryRun === true,
      nowMs: Date.now,
      isStopped,
      onProgress: (made) => quiet || isStopped() || progress.update(made),
    }).finally(() => quiet || isStopped() || progress.end());
    const seconds = (performance.now() - began) / 1000;
    const told = { ...summary, lastDay, dryRun: dryRun === true, seconds };
    process.stdout.write(json ? `${JSON.stringify(told)}\n` : textOf(tool, told));
  } finally {
    await close();
    end();
  }
  if (!summary.complete) process.exit(EXIT_STOPPED);
}

/**
 * The last local day that is imported: the one asked for, else the one before the site was added here, since it counts by itself from then on.
 * Never one that is not over.
 */
export function lastDayFor({ timezone, createdAtMs }: Site, until: string | undefined, nowMs: number): string {
  const { localTime } = createCalendar(timezone);
  const yesterday = dayBefore(localTime(nowMs).day);
  const asked = until ?? dayBefore(localTime(createdAtMs).day);
  return [asked, yesterday].sort()[0] as string;
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
}

type Told = NumbersSummary & { readonly lastDay: string; readonly dryRun: boolean; readonly seconds: number };

function textOf(tool: Tool, { files, reports, leftOut, differing, complete, lastDay, dryRun, seconds }: Told): string {
  const counted = reports.filter(({ days }) => days > 0);
  const before = reports.filter(({ daysBefore }) => daysBefore > 0);
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const head = `${tool.title}: ${count(files.length, 'file')}, ${count(lines, 'line')} in ${duration(seconds)}`;
  const rows = counted.map(({ report, days, firstDay, lastDay, amount }) => [
    `  ${report}`,
    count(days, 'day'),
    fromTo(firstDay, lastDay),
    `${amount.toLocaleString('en')} ${unitOf(report)}`,
  ]);
  const nothing = before.length > 0 ? 'already counted, nothing new' : 'nothing to count';
  return [
    `${head}${dryRun ? '; nothing is counted, but would be:' : ''}\n`,
    rows.length > 0 || !complete ? table(rows) : `  ${nothing}\n`,
    ...before.map(({ report, daysBefore }) => `  ${report}: ${count(daysBefore, 'day')} counted before\n`),
    ...differing.map(
      ({ report, from, to }) => `  ${report}: ${fromTo(from, to)} counted before with other numbers, which stand\n`,
    ),
    ...Object.entries(leftOut).map(([reason, left]) => `  left out: ${count(left, 'line')}: ${reason}${why(reason, lastDay)}\n`),
    ...files.flatMap(({ file, tablesLeftOut }) =>
      tablesLeftOut.map((reason) => `  left out: ${visible(`${basename(file)}: ${reason}`)}\n`),
    ),
    ...(rows.length > 0 ? files : []).flatMap(({ file, columnsLeftOut }) =>
      columnsLeftOut.length === 0 ? [] : [`  not counted of ${visible(`${basename(file)}: ${columnsLeftOut.join(', ')}`)}\n`],
    ),
    complete ? '' : '  stopped: what is said above is counted; the same command goes on from there\n',
  ].join('');
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
}

function fromTo(from: string, to: string): string {
  return from === to ? from : `${from} to ${to}`;
}

function unitOf(report: string): string {
  if (report === 'visitors' || report === 'hits') return report;
  return report.startsWith('from ') || report === 'referrer' || report === 'visits' ? 'visits' : 'views';
}

function why(reason: string, lastDay: string): string {
  return reason === 'later-day' ? ` (after ${lastDay}: as --until says, not over, or counted here since the site was added)` : '';
}
