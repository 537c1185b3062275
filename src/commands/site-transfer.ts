// hitherto site export | import

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { createAnnotations } from '../operations/annotations/annotations.js';
import { exportSite } from '../operations/transfer/export-site.js';
import { importSite } from '../operations/transfer/import-site.js';
import type { ToolParts } from '../process/compose.js';
import { EXIT_STOPPED } from '../system/exit.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { ALL_SITES, ARCHIVED } from '../upkeep/expired.js';
import { namedSite } from './arguments.js';
import { type LongWork, longWork } from './long-work.js';
import { recordChanges } from './record-changes.js';
import { CommandFailure, tell } from './run.js';
import { versionOfThis } from './version.js';
import { withTool } from './with-tool.js';

/** Call this after siteCommands, which creates the group `site`. */
export function siteTransferCommands(program: Command): void {
  const site = program.commands.find((command) => command.name() === 'site') ?? program.command('site');

  site
    .command('export')
    .argument('<id>', 'the site')
    .argument('<file>', 'a new file, which will contain gzipped lines of JSON')
    .description('Export a site to a file: its settings and everything that was counted. First let its hits go to the new place.')
    .option('--quiet', 'show no progress')
    .action((id: string, path: string, { quiet }: { quiet?: true }, command: Command) =>
      transfer(command, quiet === true, (parts, work) => runExport(parts, work, id, path)),
    );

  site
    .command('import')
    .argument('<file>', 'a file that `site export` has written')
    .description('Import a site from a file. The same file is added only once. After Ctrl-C, the same command continues.')
    .option('--id <id>', 'the id of the site here, if it is another one')
    .option('--same', 'the existing site with this id is the same one: add the file to it')
    .option('--quiet', 'show no progress')
    .action(async (path: string, options: ImportOptions, command: Command) => {
      if (!existsSync(path)) throw new CommandFailure(`there is no file ${path}`);
      await transfer(command, options.quiet === true, (parts, work) => runImport(parts, work, path, options));
    });
}

interface ImportOptions {
  id?: string;
  same?: true;
  quiet?: true;
}

interface Outcome {
  readonly text: string;
  readonly complete: boolean;
}

async function transfer(
  command: Command,
  quiet: boolean,
  act: (parts: ToolParts, work: LongWork) => Promise<Outcome>,
): Promise<void> {
  lowerThreadPriority();
  const { text, complete } = await withTool(command, (parts) => longWork(quiet, (work) => act(parts, work)));
  tell(text, command);
  if (!complete) process.exit(EXIT_STOPPED);
}

async function runExport(parts: ToolParts, { watch }: LongWork, id: string, path: string): Promise<Outcome> {
  const { accounts, documents, ledger } = parts;
  const site = namedSite(accounts, id);
  const annotations = createAnnotations(accounts, Date.now).ofSite(id);
  const options = { path, site, annotations, version: versionOfThis(), nowMs: Date.now() };
  const summary = await exportSite(documents, ledger, { ...options, ...watch('writing') });
  if (summary === undefined) return { text: 'stopped: no file was written\n', complete: false };
  const archived = (await ledger.days(ARCHIVED, ALL_SITES)).map(({ from, to }) =>
    from.slice(0, 4) === to.slice(0, 4) ? from.slice(0, 4) : `${from.slice(0, 4)}–${to.slice(0, 4)}`,
  );
  const text = [
    `${path}: ${summary.documents} documents\n`,
    summary.changed
      ? 'hits were counted during the export, and the file lacks some of them: let the hits go to the new place first, ' +
        'then export again\n'
      : '',
    archived.length > 0
      ? `the days and months of ${archived.join(', ')} are archived, and the file contains only the summaries of these ` +
        'years; to export everything, restore them first (hitherto archive restore)\n'
      : '',
  ];
  return { text: text.join(''), complete: true };
}

async function runImport(parts: ToolParts, { watch }: LongWork, path: string, { id: as, same }: ImportOptions): Promise<Outcome> {
  const before = new Set(parts.accounts.sites().map((site) => site.id));
  const summary = await importSite(parts, { path, as, same: same === true, nowMs: Date.now, ...watch('adding') });
  const { id, documents, already, rejected, complete } = summary;
  if (id === '') return { text: 'stopped before anything was added\n', complete };
  if (!before.has(id)) await recordChanges(parts, { action: 'site.created', site: id });
  const lines = [
    already ? `${id}: already added, nothing new` : `${id}: ${documents} documents`,
    ...(rejected > 0 ? [`${rejected} parts of documents could not be added and were rejected`] : []),
    ...(complete ? [] : ['stopped: run the same command again to continue']),
  ];
  return { text: `${lines.join('\n')}\n`, complete };
}
