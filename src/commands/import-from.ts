// hitherto import --from: imports the numbers of another tool.
import { basename } from 'node:path';
import { viewsOfLogs } from '../operations/import/overlap/stored-logs.js';
import { createProgress, duration } from '../operations/import/progress.js';
import { TOOLS } from '../operations/import/tools/index.js';
import { importNumbers } from '../operations/import/tools/run.js';
import type { NumbersSummary } from '../operations/import/tools/summary.js';
import type { Tool } from '../operations/import/tools/tool.js';
import { composeTool, type DataLocation } from '../process/compose.js';
import { EXIT_STOPPED } from '../system/exit.js';
import { visible } from '../system/visible.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { siteToImportInto } from './arguments.js';
import { askedDays, lastDayFor } from './import-days.js';
import type { ImportCommandOptions } from './import-options.js';
import { table } from './run.js';
import { stoppable } from './stopping.js';

export async function importFrom(
  paths: readonly string[],
  { site: id, from, fromDay, until, dryRun, quiet, json }: ImportCommandOptions,
  place: DataLocation,
): Promise<void> {
  const tool = TOOLS.find(({ key }) => key === from) as Tool; // the option has no other choices
  const asked = askedDays({ ...(fromDay && { fromDay }), ...(until && { until }) });
  const { isStopped, end } = stoppable(quiet);
  lowerThreadPriority();
  const { accounts, documents, nodes, imports, close } = await composeTool(place);
  let summary: NumbersSummary;
  try {
    const site = siteToImportInto(accounts, id);
    const lastDay = lastDayFor(site, asked.until, Date.now());
    const { views } = await viewsOfLogs(imports, nodes, site.id);
    process.stderr.write(countedByLogsText([...views.keys()].filter((day) => day >= (asked.from ?? '') && day <= lastDay)));
    const began = performance.now();
    const progress = createProgress(process.stderr, () => performance.now());
    summary = await importNumbers(
      { imports, documents, nodes },
      {
        tool,
        paths,
        site,
        firstDay: asked.from ?? '',
        lastDay,
        dryRun: dryRun === true,
        nowMs: Date.now,
        isStopped,
        onProgress: (made) => quiet || isStopped() || progress.update(made),
      },
    ).finally(() => quiet || isStopped() || progress.end());
    const seconds = (performance.now() - began) / 1000;
    const outcome = { ...summary, lastDay, dryRun: dryRun === true, seconds };
    process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : summaryText(tool, outcome));
  } finally {
    await close();
    end();
  }
  if (!summary.complete) process.exit(EXIT_STOPPED);
}

/** A note about days of which logs have counted views, because the export may contain the same views. */
function countedByLogsText(days: readonly string[]): string {
  const [first, last] = [days.toSorted()[0], days.toSorted().at(-1)];
  if (first === undefined || last === undefined) return '';
  return (
    `note: logs have counted views of ${count(days.length, 'day')} (${fromTo(first, last)}): ` +
    'if the export contains these days too, their views are counted twice\n'
  );
}

type Outcome = NumbersSummary & { readonly lastDay: string; readonly dryRun: boolean; readonly seconds: number };

function summaryText(tool: Tool, outcome: Outcome): string {
  const { files, reports, leftOut, differing, complete, lastDay, dryRun, seconds } = outcome;
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
    `${head}${dryRun ? '; dry run, nothing was counted; the import would count:' : ''}\n`,
    rows.length > 0 || !complete ? table(rows) : `  ${nothing}\n`,
    ...before.map(({ report, daysBefore }) => `  ${report}: ${count(daysBefore, 'day')} counted before\n`),
    ...differing.map(
      ({ report, from, to }) => `  ${report}: ${fromTo(from, to)} counted before with other numbers, which do not change\n`,
    ),
    ...Object.entries(leftOut).map(([reason, left]) => `  left out: ${count(left, 'line')}: ${reason}${why(reason, lastDay)}\n`),
    ...files.flatMap(({ file, tablesLeftOut }) =>
      tablesLeftOut.map((reason) => `  left out: ${visible(`${basename(file)}: ${reason}`)}\n`),
    ),
    ...(rows.length > 0 ? files : []).flatMap(({ file, columnsLeftOut }) =>
      columnsLeftOut.length === 0 ? [] : [`  not counted of ${visible(`${basename(file)}: ${columnsLeftOut.join(', ')}`)}\n`],
    ),
    complete ? '' : '  stopped: the numbers above are counted; the same command continues the import\n',
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
  return reason === 'later-day' ? ` (after ${lastDay}: excluded by --until, not over, or counted here by the site itself)` : '';
}
