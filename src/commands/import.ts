// hitherto import
import { existsSync, statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type Place, composeTool } from '../compose.js';
import { createProgress, duration } from '../import/progress.js';
import { type ImportSummary, importLog } from '../import/run.js';
import { giveWay } from '../threads/priority.js';
import { TOOLS } from '../import/tools/index.js';
import { importFrom } from './import-from.js';
import { CommandFailure, placeOf } from './run.js';
import { EXIT_STOPPED, siteToImportInto, stoppable } from './stopping.js';

export interface ImportCommandOptions {
  site: string;
  from?: string;
  until?: string;
  dryRun?: true;
  quiet?: true;
  json?: true;
}

export function importCommand(program: Command): void {
  program
    .command('import')
    .argument(
      '<file...>',
      'access logs of Apache or nginx, common or combined format, plain or gzipped; with --from, exports or folders of them',
    )
    .description(
      'Count access logs, or what another tool has counted. The same file twice is not counted twice; one that has grown goes on. Ctrl-C stops safely.',
    )
    .requiredOption('--site <id>', 'the site whose pages they are')
    .addOption(
      new Option('--from <tool>', 'the files are exports of this tool (see docs/import.md)').choices(TOOLS.map(({ key }) => key)),
    )
    .option('--until <day>', 'with --from: the last day that is counted (default: the one before the site was added here)')
    .option('--dry-run', 'with --from: say what would be counted, and count nothing')
    .option('--quiet', 'no progress')
    .option('--json', 'the summary as JSON, one object for each file')
    .addHelpText(
      'after',
      "\nCounted of a log are GET requests for pages that were answered 200, 206 or 304. Left out, each reason counted: requests for assets, other methods,\nredirects and errors, hosts that are not the site's, excluded addresses, bots, and lines that cannot be read. Where a log has no user\nagents (common format), bots cannot be told. An import keeps the settings that the site had when it began.",
    )
    .action((files: string[], options: ImportCommandOptions, command: Command) => {
      if (options.from !== undefined) return importFrom(files, options, placeOf(command));
      if (options.until !== undefined || options.dryRun) throw new CommandFailure('--until and --dry-run go with --from');
      return run(files, options, placeOf(command));
    });
}

async function run(files: readonly string[], { site: id, quiet, json }: ImportCommandOptions, place: Place): Promise<void> {
  for (const path of files) {
    if (path === '-')
      throw new CommandFailure('standard input cannot be imported: a log must be there again to go on with; give a file');
    if (!existsSync(path) || !statSync(path).isFile()) throw new CommandFailure(`there is no file ${path}`);
  }
  let complete = true;
  const { isStopped, end } = stoppable(quiet);
  giveWay(); // the threads that are started from here take over the priority: a service beside this comes first
  const { accounts, documents, imports, close } = await composeTool(place);
  try {
    const site = siteToImportInto(accounts, id);
    for (const path of files) {
      complete = complete && !isStopped();
      if (isStopped()) break;
      const began = performance.now();
      const progress = createProgress(process.stderr, () => performance.now());
      const summary = await importLog(imports, documents, {
        path,
        site,
        nowMs: Date.now,
        isStopped,
        onProgress: (made) => quiet || isStopped() || progress.update(made),
      }).finally(() => quiet || isStopped() || progress.end());
      complete = complete && summary.complete;
      const seconds = (performance.now() - began) / 1000;
      process.stdout.write(
        json ? `${JSON.stringify({ file: path, ...summary, seconds })}\n` : summaryText(path, summary, seconds),
      );
    }
  } finally {
    await close();
    end();
  }
  if (!complete) process.exit(EXIT_STOPPED);
}

function summaryText(path: string, summary: ImportSummary, seconds: number): string {
  const { lines, counted, leftOut, firstDay, lastDay, countedBefore, unfinishedLine, complete } = summary;
  const number = (n: number) => n.toLocaleString('en');
  const width = number(lines).length;
  const row = (n: number, text: string) => `  ${number(n).padStart(width)}  ${text}`;
  const reasons = Object.entries(leftOut).sort(([, a], [, b]) => b - a);
  const nothing = lines === 0 && countedBefore > 0;
  return `${[
    nothing && complete
      ? `${path}: already counted, nothing new`
      : `${path}: ${number(lines)} lines in ${duration(seconds)} (${number(Math.round(lines / seconds))} lines/s)${firstDay === '' ? '' : `, ${firstDay} to ${lastDay}`}`,
    ...(lines > 0 ? [row(counted, 'counted'), ...reasons.map(([reason, hits]) => row(hits, `left out: ${reason}`))] : []),
    ...(countedBefore > 0 && !nothing ? [`  its first ${number(countedBefore)} bytes had been counted before`] : []),
    ...(unfinishedLine ? ['  its last line has no end yet and waits for the next import'] : []),
    ...(complete ? [] : ['  stopped: what is said above is counted; the same command goes on from there']),
  ].join('\n')}\n`;
}
