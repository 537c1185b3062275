// hitherto archive list | write | verify | restore | drop

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { archivesDirOf, type ToolParts } from '../process/compose.js';
import { EXIT_STOPPED } from '../system/exit.js';
import { archive } from '../upkeep/archive/archive.js';
import { mendArchives } from '../upkeep/archive/lock.js';
import { type Archive, archivesIn, missingYears, readableArchives, verify } from '../upkeep/archive/manifest.js';
import { type Restoring, restore, undoRestore } from '../upkeep/archive/restore.js';
import { closedCollections, collectionsToSummarise, yearsToArchive } from '../upkeep/due-years.js';
import { archivedYears, RESTORED, restoredYears } from '../upkeep/expired.js';
import { unknownSite } from './arguments.js';
import { longWork } from './long-work.js';
import { CommandFailure, placeOf, table } from './run.js';
import { withTool } from './with-tool.js';

/** Each archived document is written, checked and removed. */
const STEPS = 3;

interface ArchiveTool extends ToolParts {
  readonly archivesDir: string;
}

export function archiveCommands(program: Command): void {
  const group = program.command('archive').description('Archive closed years in files, and restore them.');

  group
    .command('list')
    .description('List the archives with their content and size.')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }, command: Command) =>
      withArchives(command, async ({ archivesDir, ledger }) => {
        const restored = await ledger.allDays(RESTORED);
        const missing = await missingYears(ledger, archivesDir);
        if (missing.length > 0) process.stderr.write(`hitherto: ${missingText(missing, archivesDir)}\n`);
        const { archives, problems } = readableArchives(archivesDir);
        const rows = archives.map((archive) => rowOf(archive, restored));
        process.stdout.write(json ? `${JSON.stringify(rows)}\n` : listText(rows, archivesDir));
        if (problems.length > 0) throw new CommandFailure(problems.join('; '));
      }),
    );

  group
    .command('write')
    .argument('<year>')
    .description('Archive a closed year now: write it, compare it with the store, and then remove it from the store.')
    .action((year: string, _options: object, command: Command) => withArchives(command, (tool) => write(tool, year)));

  group
    .command('verify')
    .argument('[year]')
    .description('Read archives completely and compare them with their checksums.')
    .action((year: string | undefined, _options: object, command: Command) =>
      withArchives(command, (tool) => verifyArchives(tool, year)),
    );

  group
    .command('restore')
    .argument('<year>')
    .option('--site <id>', 'only this site')
    .description('Restore an archived year, so that its days and months can be read. The archive is not changed.')
    .action((year: string, { site }: { site?: string }, command: Command) =>
      withArchives(command, (tool) => changeRestored(tool, { year, site, change: restore, done: 'restored' })),
    );

  group
    .command('drop')
    .argument('<year>')
    .option('--site <id>', 'only this site')
    .description('Remove a restored year from the store again. The archive is not changed.')
    .action((year: string, { site }: { site?: string }, command: Command) =>
      withArchives(command, (tool) => changeRestored(tool, { year, site, change: undoRestore, done: 'removed again' })),
    );
}

function missingText(years: readonly string[], archivesDir: string): string {
  return (
    `${years.join(', ')} ${years.length === 1 ? 'was' : 'were'} archived, but there is no archive in ${archivesDir}: ` +
    'copy the archives back, or set ARCHIVE_DIR'
  );
}

async function verifyArchives({ archivesDir, ledger }: ArchiveTool, year: string | undefined): Promise<void> {
  const { archives, problems } =
    year === undefined ? readableArchives(archivesDir) : { archives: archivesOf(archivesDir, year), problems: [] };
  for (const archive of archives) {
    const problem = await verify(archive).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (problem !== undefined) problems.push(problem);
    else process.stdout.write(`${archive.folder}: ${archive.manifest.documents.toLocaleString('en')} documents, intact\n`);
  }
  const missing = year === undefined ? await missingYears(ledger, archivesDir) : [];
  if (missing.length > 0) problems.push(missingText(missing, archivesDir));
  if (problems.length > 0) throw new CommandFailure(problems.join('; '));
}

async function write({ archivesDir, ...parts }: ArchiveTool, year: string): Promise<void> {
  if (!/^[0-9]{4}$/.test(year)) throw new CommandFailure(`"${year}" is not a year; write it as 2019`);
  const nowMs = Date.now();
  const closed = await closedCollections(parts, nowMs);
  const collections = closed.filter((name) => name.startsWith(`${name.split('.', 1)[0]}.${year}`));
  if ((await restoredYears(parts.ledger)).has(year))
    throw new CommandFailure(`${year} was restored from its archive; hitherto archive drop ${year} removes it again`);
  if (collections.length === 0 && (await archivedYears(parts.ledger)).has(year))
    throw new CommandFailure(`${year} is already archived; hitherto archive list shows it`);
  if (collections.length === 0) {
    throw new CommandFailure(
      `${year} cannot be archived: there is no data, or it is not closed yet (a year is closed 35 days after its end, when ` +
        'every node and import has counted all of it; data that was imported later, 35 days after the end of the year of ' +
        'the import)',
    );
  }
  const waiting = (await collectionsToSummarise(parts, closed)).filter((name) => collections.includes(name));
  if (waiting.length > 0) {
    throw new CommandFailure(`${waiting.join(', ')} must be summarised first; the running service does that within an hour`);
  }
  const names = (await yearsToArchive(parts, closed, 0, nowMs)).get(year) ?? [];
  const { documents, ledger } = parts;
  let count = 0;
  for (const name of names) for await (const _ of documents.ids(name)) count++;
  await stoppableWork('writing, checking and removing documents', STEPS * count, async ({ isStopped, onProgress }) => {
    await archive({
      documents,
      ledger,
      archivesDir,
      year,
      names,
      nowMs,
      isStopped,
      onProgress: (_step, count) => onProgress(count),
    });
    return archivesIn(archivesDir, year)
      .map(({ folder, manifest }) => `${folder}: ${manifest.documents.toLocaleString('en')} documents\n`)
      .join('');
  });
}

interface RestoredChange {
  readonly year: string;
  /** Undefined: all sites. */
  readonly site: string | undefined;
  change(restoring: Restoring): Promise<number>;
  /** What the summary says about the documents. */
  readonly done: string;
}

async function changeRestored(tool: ArchiveTool, { year, site, change, done }: RestoredChange): Promise<void> {
  const { documents, ledger, archivesDir, accounts } = tool;
  if (site !== undefined && accounts.site(site) === undefined) throw unknownSite(site);
  const archives = archivesOf(archivesDir, year);
  const total = archives.reduce((sum, archive) => sum + documentsOf(archive, site), 0);
  await stoppableWork('documents', total, async ({ isStopped, onProgress }) => {
    const isKnown = (id: string) => accounts.site(id) !== undefined;
    const count = await change({ documents, ledger, year, archives, site, isKnown, isStopped, onProgress });
    return `${count.toLocaleString('en')} documents of ${year} were ${done}\n`;
  });
}

/** Shows progress by the number of documents, prints the summary that `act` returns, and sets the exit code. */
async function stoppableWork(
  step: string,
  total: number,
  act: (work: Pick<Restoring, 'isStopped' | 'onProgress'>) => Promise<string>,
): Promise<void> {
  let done = 0;
  const outcome = await longWork(false, async ({ isStopped, show }) => {
    const onProgress = (count: number): void => {
      done += count;
      show(step, total === 0 ? 1 : done / total);
    };
    const summary = await act({ isStopped, onProgress });
    return isStopped() ? 'stopped' : { summary };
  });
  process.stdout.write(outcome === 'stopped' ? 'stopped: run the same command again to continue\n' : outcome.summary);
  if (outcome === 'stopped') process.exitCode = EXIT_STOPPED;
}

function archivesOf(archivesDir: string, year: string): Archive[] {
  const archives = archivesIn(archivesDir, year);
  if (archives.length === 0)
    throw new CommandFailure(`there is no archive of ${year} in ${archivesDir}; hitherto archive list lists all archives`);
  return archives;
}

function documentsOf({ manifest }: Archive, site: string | undefined): number {
  const members = manifest.collections.flatMap(({ members }) => members);
  return members.reduce((sum, member) => (site === undefined || member.site === site ? sum + member.lines : sum), 0);
}

interface Row {
  readonly year: string;
  readonly part: number;
  readonly documents: number;
  readonly bytes: number;
  readonly sites: number;
  readonly writtenAt: string;
  /** The sites for which the year is restored; `*` means all sites. */
  readonly restored: readonly string[];
}

function rowOf({ folder, manifest }: Archive, restored: Map<string, readonly { from: string; to: string }[]>): Row {
  const { year, part, documents, writtenAt, collections } = manifest;
  const isBack = ([, days]: [string, readonly { from: string; to: string }[]]) =>
    days.some(({ from, to }) => from <= `${year}-01-01` && to >= `${year}-12-31`);
  return {
    year,
    part,
    documents,
    bytes: readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0),
    sites: new Set(collections.flatMap(({ members }) => members.map(({ site }) => site))).size,
    writtenAt,
    restored: [...restored].filter(isBack).map(([site]) => site),
  };
}

function listText(rows: readonly Row[], archivesDir: string): string {
  if (rows.length === 0) return `there are no archives in ${archivesDir}\n`;
  const lines = rows.map(({ year, part, documents, bytes, sites, writtenAt, restored }) => [
    part === 1 ? year : `${year} (part ${part})`,
    documents.toLocaleString('en'),
    sites.toLocaleString('en'),
    `${(bytes / 1e6).toFixed(1)} MB`,
    writtenAt.slice(0, 10),
    restored.includes('*') ? 'all sites' : restored.join(', '),
  ]);
  return table([['year', 'documents', 'sites', 'size', 'written', 'restored for'], ...lines]);
}

async function withArchives(command: Command, act: (tool: ArchiveTool) => Promise<void>): Promise<void> {
  const archivesDir = archivesDirOf(placeOf(command));
  if (archivesDir === undefined)
    throw new CommandFailure('with MongoDB the folder of the archives is not known: set ARCHIVE_DIR');
  await withTool(command, async (tool) => {
    mendArchives(archivesDir); // an earlier deletion may have been killed
    await act({ ...tool, archivesDir });
  });
}
