// hitherto site export | import
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { exportSite } from '../operations/transfer/export-site.js';
import { importSite } from '../operations/transfer/import-site.js';
import { composeTool } from '../process/compose.js';
import { EXIT_STOPPED } from '../system/exit.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { ALL_SITES, ARCHIVED } from '../upkeep/expired.js';
import { CommandFailure, placeOf, tell } from './run.js';
import { createShareProgress } from './share-progress.js';
import { stoppable } from './stopping.js';
import { versionOfThis } from './version.js';

/** Comes after the group that makes `site`. */
export function siteMoveCommands(program: Command): void {
  const site = program.commands.find((command) => command.name() === 'site') ?? program.command('site');

  site
    .command('export')
    .argument('<id>', 'the site')
    .argument('<file>', 'where to: a new file, gzipped lines of JSON')
    .description('Write a site into a file: settings and everything that was counted. Do it when no more hits come to it here.')
    .option('--quiet', 'no progress')
    .action((id: string, path: string, { quiet }: { quiet?: true }, command: Command) =>
      runExport(id, path, quiet === true, command),
    );

  site
    .command('import')
    .argument('<file>', 'what `site export` has written')
    .description('Add a site from a file. The same file twice adds nothing; Ctrl-C stops safely, and the same command goes on.')
    .option('--id <id>', 'under another id than it had')
    .option('--same', 'the site of that id that is here is the same one: add the file to it')
    .option('--quiet', 'no progress')
    .action((path: string, options: { id?: string; same?: true; quiet?: true }, command: Command) =>
      runImport(path, options, command),
    );
}

async function runExport(id: string, path: string, quiet: boolean, command: Command): Promise<void> {
  await watched(quiet, command, async ({ accounts, documents, ledger }, watch) => {
    const site = accounts.site(id);
    if (site === undefined)
      throw new CommandFailure(`there is no site "${id}" here; \`hitherto site list\` shows those that there are`);
    const summary = await exportSite(documents, ledger, {
      path,
      site,
      version: versionOfThis(),
      nowMs: Date.now(),
      ...watch('writing'),
    });
    if (summary === undefined) return { text: 'stopped: there is no file\n', complete: false };
    const warning =
      'hits were counted meanwhile, and some are not in the file: send the pages to the new place first, then export again\n';
    const archived = (await ledger.days(ARCHIVED, ALL_SITES)).map(({ from, to }) =>
      from.slice(0, 4) === to.slice(0, 4) ? from.slice(0, 4) : `${from.slice(0, 4)}–${to.slice(0, 4)}`,
    );
    const hint =
      'days and months of these years are in archives; only their summaries are in the file, unless they are put back first (hitherto archive restore)';
    const text = [
      `${path}: ${summary.documents} documents\n`,
      summary.changed ? warning : '',
      archived.length > 0 ? `${archived.join(', ')}: ${hint}\n` : '',
    ];
    return { text: text.join(''), complete: true };
  });
}

async function runImport(path: string, options: { id?: string; same?: true; quiet?: true }, command: Command): Promise<void> {
  if (!existsSync(path)) throw new CommandFailure(`there is no file ${path}`);
  await watched(options.quiet === true, command, async (parts, watch) => {
    const summary = await importSite(parts, {
      path,
      as: options.id,
      same: options.same === true,
      nowMs: Date.now,
      ...watch('adding'),
    });
    const { id, documents, already, rejected, complete } = summary;
    if (id === '') return { text: 'stopped before anything was added\n', complete };
    const lines = [
      already ? `${id}: already added, nothing new` : `${id}: ${documents} documents`,
      ...(rejected > 0 ? [`${rejected} parts of documents could not be added and were rejected`] : []),
      ...(complete ? [] : ['stopped: the same command goes on from there']),
    ];
    return { text: `${lines.join('\n')}\n`, complete };
  });
}

type Parts = Awaited<ReturnType<typeof composeTool>>;
type Watch = { onShare(share: number): void; isStopped(): boolean };

async function watched(
  quiet: boolean,
  command: Command,
  act: (parts: Parts, watch: (what: string) => Watch) => Promise<{ text: string; complete: boolean }>,
): Promise<void> {
  const stopping = stoppable(quiet);
  lowerThreadPriority();
  const progress = createShareProgress(process.stderr, () => performance.now());
  const parts = await composeTool(placeOf(command));
  let isComplete = false;
  try {
    const { text, complete } = await act(parts, (what) => ({
      onShare: (share) => quiet || progress.update(what, share),
      isStopped: stopping.isStopped,
    })).finally(() => quiet || progress.end());
    tell(text, command);
    isComplete = complete;
  } finally {
    await parts.close();
    stopping.end();
  }
  if (!isComplete) process.exit(EXIT_STOPPED);
}
