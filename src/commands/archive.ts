// hitherto archive list | write | verify | restore | drop
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { archivesDirOf, composeTool, type ToolParts } from '../process/compose.js';
import { archive } from '../upkeep/archive/archive.js';
import { mendArchives } from '../upkeep/archive/lock.js';
import { type Archive, archivesIn, missingYears, readableArchives, verify } from '../upkeep/archive/manifest.js';
import { type Restoring, restore, undoRestore } from '../upkeep/archive/restore.js';
import { closedCollections, collectionsToSummarise, yearsToArchive } from '../upkeep/due-years.js';
import { archivedYears, RESTORED, restoredYears } from '../upkeep/expired.js';
import { longWork } from './long-work.js';
import { CommandFailure, placeOf, table } from './run.js';

/** Of a document that is put away. */
const STEPS = 3;

interface Tool extends ToolParts {
  readonly archivesDir: string;
}

export function archiveCommands(program: Command): void {
  const group = program.command('archive').description('Years that are put away in files, and put back');

  group
    .command('list')
    .description('The archives that there are, with what they hold and take.')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }, command: Command) =>
      withTool(command, async ({ archivesDir, ledger }) => {
        const restored = await ledger.allDays(RESTORED);
        const missing = await missingYears(ledger, archivesDir);
        if (missing.length > 0) process.stderr.write(`hitherto: ${notHere(missing, archivesDir)}\n`);
        const { archives, problems } = readableArchives(archivesDir);
        const rows = archives.map((archive) => rowOf(archive, restored));
        process.stdout.write(json ? `${JSON.stringify(rows)}\n` : listText(rows, archivesDir));
        if (problems.length > 0) throw new CommandFailure(problems.join('; '));
      }),
    );

  group
    .command('write')
    .argument('<year>')
    .description('Put a closed year away now: written, read back, and only then removed from the store.')
    .action((year: string, _options: object, command: Command) => withTool(command, (tool) => write(tool, year)));

  group
    .command('verify')
    .argument('[year]')
    .description('Read archives whole and compare them with their checksums.')
    .action((year: string | undefined, _options: object, command: Command) =>
      withTool(command, async ({ archivesDir, ledger }) => {
        const { archives, problems } =
          year === undefined ? readableArchives(archivesDir) : { archives: archivesOf(archivesDir, year), problems: [] };
        for (const archive of archives) {
          const problem = await verify(archive).then(
            () => undefined,
            (error: Error) => error.message,
          );
          if (problem !== undefined) problems.push(problem);
          else process.stdout.write(`${archive.folder}: ${archive.manifest.documents.toLocaleString('en')} documents, whole\n`);
        }
        const missing = year === undefined ? await missingYears(ledger, archivesDir) : [];
        if (missing.length > 0) problems.push(notHere(missing, archivesDir));
        if (problems.length > 0) throw new CommandFailure(problems.join('; '));
      }),
    );

  group
    .command('restore')
    .argument('<year>')
    .option('--site <id>', 'only this site')
    .description('Put an archived year back, so that its days and months can be read. The archive stays.')
    .action((year: string, { site }: { site?: string }, command: Command) =>
      withTool(command, (tool) => putBack(tool, year, site, restore, 'put back')),
    );

  group
    .command('drop')
    .argument('<year>')
    .option('--site <id>', 'only this site')
    .description('Take out of the store again what was put back. The archive stays.')
    .action((year: string, { site }: { site?: string }, command: Command) =>
      withTool(command, (tool) => putBack(tool, year, site, undoRestore, 'taken out again')),
    );
}

function notHere(years: readonly string[], archivesDir: string): string {
  return `${years.join(', ')} ${years.length === 1 ? 'was' : 'were'} put away, and nothing of it is in ${archivesDir}: bring the archives back from a copy, or set ARCHIVE_DIR`;
}

async function write({ archivesDir, ...parts }: Tool, year: string): Promise<void> {
  if (!/^[0-9]{4}$/.test(year)) throw new CommandFailure(`"${year}" is no year; write it as 2019`);
  const nowMs = Date.now();
  const closed = await closedCollections(parts, nowMs);
  const its = closed.filter((name) => name.startsWith(`${name.split('.', 1)[0]}.${year}`));
  if ((await restoredYears(parts.ledger)).has(year))
    throw new CommandFailure(`${year} was put back from its archive; hitherto archive drop ${year} takes it out again`);
  if (its.length === 0 && (await archivedYears(parts.ledger)).has(year))
    throw new CommandFailure(`${year} is put away already; hitherto archive list shows it`);
  if (its.length === 0) {
    throw new CommandFailure(
      `${year} cannot be put away: nothing of it is there, or it is not closed yet (35 days after its end, when every node and import has counted all of it; what was imported late, 35 days after the end of the year of the import)`,
    );
  }
  const waiting = (await collectionsToSummarise(parts, closed)).filter((name) => its.includes(name));
  if (waiting.length > 0) {
    throw new CommandFailure(`${waiting.join(', ')} must be summarised first: the running service does that within an hour`);
  }
  const names = (await yearsToArchive(parts, closed, 0, nowMs)).get(year) ?? [];
  const { documents, ledger } = parts;
  let count = 0;
  for (const name of names) for await (const _ of documents.ids(name)) count++;
  await longWork('writing, checking and removing documents', STEPS * count, async ({ isStopped, onProgress }) => {
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

async function putBack(
  { documents, ledger, archivesDir, accounts }: Tool,
  year: string,
  site: string | undefined,
  act: (restoring: Restoring) => Promise<number>,
  done: string,
): Promise<void> {
  if (site !== undefined && accounts.site(site) === undefined) throw new CommandFailure(`there is no site "${site}"`);
  const archives = archivesOf(archivesDir, year);
  const total = archives.reduce((sum, archive) => sum + documentsOf(archive, site), 0);
  await longWork('documents', total, async ({ isStopped, onProgress }) => {
    const isKnown = (id: string) => accounts.site(id) !== undefined;
    const count = await act({ documents, ledger, year, archives, site, isKnown, isStopped, onProgress });
    return `${count.toLocaleString('en')} documents of ${year} are ${done}\n`;
  });
}

function archivesOf(archivesDir: string, year: string): Archive[] {
  const archives = archivesIn(archivesDir, year);
  if (archives.length === 0)
    throw new CommandFailure(`there is no archive of ${year} in ${archivesDir}; hitherto archive list shows all`);
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
  /** Sites for which it is back in the store; `*`: all. */
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
  if (rows.length === 0) return `no year is archived in ${archivesDir}\n`;
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

async function withTool(command: Command, act: (tool: Tool) => Promise<void>): Promise<void> {
  const place = placeOf(command);
  const archivesDir = archivesDirOf(place);
  if (archivesDir === undefined) throw new CommandFailure('with MongoDB the archives are in ARCHIVE_DIR: set it to their folder');
  const tool = await composeTool(place);
  try {
    mendArchives(archivesDir); // an earlier deletion may have been killed
    await act({ ...tool, archivesDir });
  } finally {
    await tool.close();
  }
}
