// hitherto delete site | period | page | referrer | list
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { canonicalPattern } from '../counting/deleted/pattern.js';
import { archivesForDeletion } from '../operations/delete/archives.js';
import { asJson } from '../operations/delete/as-json.js';
import { carryOut, type DeletionParts } from '../operations/delete/delete.js';
import { nameOf, outcomeText, previewText, unfinishedText } from '../operations/delete/messages.js';
import { distributedNodes, embeddedNodes } from '../operations/delete/node-progress.js';
import { previewOf } from '../operations/delete/preview.js';
import { createPeople } from '../people/people.js';
import { archivesDirOf, composeTool } from '../process/compose.js';
import { journalFolder } from '../process/data-directory.js';
import type { Actor, AuditAction } from '../store/audit-log.js';
import { type Deleted, type Deletion, type RowKind, sameDeletion, type Tombstone } from '../store/tombstones.js';
import { EXIT_STOPPED } from '../system/exit.js';
import { isDay } from '../time/dates.js';
import { mendArchives } from '../upkeep/archive/lock.js';
import { missingYears } from '../upkeep/archive/manifest.js';
import { unknownSite } from './arguments.js';
import { longWork } from './long-work.js';
import { recordChanges } from './record-changes.js';
import { CommandFailure, placeOf, table, tell } from './run.js';
import { withTool } from './with-tool.js';

interface DeleteOptions {
  dryRun?: true;
  json?: true;
  yes?: true;
  quiet?: true;
  withoutArchives?: true;
  recordedAs?: Actor;
}

const ACTIONS = {
  site: 'site.deleted',
  period: 'site.period-deleted',
  page: 'site.pages-deleted',
  referrer: 'site.referrers-deleted',
} as const satisfies Record<Deleted['kind'], AuditAction>;

export function deleteCommands(program: Command): void {
  const group = program.command('delete').description('Delete a site, a period, or pages and referrers permanently.');

  run(group.command('site').argument('<id>'))
    // the service passes who has deleted it on a page or by the API
    .addOption(new Option('--recorded-as <actor>').hideHelp().argParser((text) => JSON.parse(text) as Actor))
    .description(
      'Delete a site with everything that was counted, its tokens, its share links, its imports and the roles of people on ' +
        'it. Its id can never be used again.',
    )
    .action((id: string, options: DeleteOptions, command: Command) => act(command, id, { kind: 'site' }, options));

  run(group.command('period').argument('<site>'))
    .description('Delete days of a site. Their months and years are rebuilt from the remaining days.')
    .requiredOption('--from <day>', 'the first day, 2026-11-01')
    .requiredOption('--to <day>', 'the last day')
    .action((id: string, options: DeleteOptions & { from: string; to: string }, command: Command) => {
      const { from, to } = options;
      for (const day of [from, to]) {
        if (!isDay(day)) command.error(`"${day}" is not a day: write it as 2026-11-01`);
      }
      if (from > to) command.error('the first day is after the last day');
      return act(command, id, { kind: 'period', from, to }, options);
    });

  rows(group, 'page', 'paths of pages', "'/private/*'");
  rows(group, 'referrer', 'hosts, or host and path', "'mail.example.com/*'");

  group
    .command('list')
    .description('List all deletions, including unfinished ones.')
    .option('--json', 'as JSON')
    .action((options: { json?: true }, command: Command) => list(command, options.json === true));
}

function rows(group: Command, kind: RowKind, what: string, example: string): void {
  run(group.command(kind).argument('<site>').argument('<pattern>', `${what}; * matches any text: ${example}`))
    .description(`Delete ${kind}s of a site wherever they are listed. Totals do not change.`)
    .action((id: string, pattern: string, options: DeleteOptions, command: Command) => {
      if (pattern === '') command.error('the pattern must not be empty');
      return act(command, id, { kind, pattern: canonicalPattern(kind, pattern) }, options);
    });
}

function run(command: Command): Command {
  return command
    .option('--dry-run', 'show what would be deleted and what would not; change nothing')
    .option('--json', 'with --dry-run: as JSON')
    .option('--yes', 'do not ask for confirmation')
    .option('--without-archives', 'delete even if archives of the store are lost')
    .option('--quiet', 'show no progress');
}

async function act(
  command: Command,
  site: string,
  deleted: Deleted,
  { dryRun, json, yes, quiet, withoutArchives, recordedAs }: DeleteOptions,
): Promise<void> {
  if (json && !dryRun) command.error('--json is for --dry-run only');
  const { parts, auditLog, people, tokensOnlyOf, hasSite, close } = await open(command, withoutArchives === true);
  let complete = true;
  try {
    const before = sameDeletion(await parts.tombstones.deletions(), site, deleted);
    if (!hasSite(site) && before === undefined) throw unknownSite(site);
    const tombstone = before ?? { id: `d${randomBytes(8).toString('hex')}`, site, deleted, receivedUntilMs: Date.now() };
    const covered = await previewOf(parts.documents, parts.kinds, tombstone);
    const besides = {
      tokens: tokensOnlyOf(site),
      members: people.members.of(site).length,
      shares: people.shares.ofSite(site).length,
      archives: await parts.archives.holding(tombstone),
      segments: await parts.nodes.segments(tombstone),
    };
    if (json) {
      process.stdout.write(`${JSON.stringify(asJson(covered, besides))}\n`);
      return;
    }
    tell(previewText(tombstone, covered, besides), command);
    if (dryRun) return;
    if (!yes) await confirm(tombstone);
    const onStored = async () => {
      // a deletion that is continued was recorded before
      if (before === undefined) await recordChanges({ auditLog, who: recordedAs }, { action: ACTIONS[deleted.kind], site });
    };
    const { outcome, wasStopped } = await longWork(quiet === true, async ({ isStopped, show }) => ({
      outcome: await carryOut(parts, tombstone, { isStopped, onProgress: show, onStored }),
      wasStopped: isStopped(),
    }));
    if (!wasStopped) tell(outcomeText(tombstone, outcome), command);
    const unfinished = unfinishedText(tombstone, outcome);
    if (unfinished !== undefined) throw new CommandFailure(unfinished);
    complete = outcome.complete;
  } finally {
    await close();
  }
  if (!complete) process.exit(EXIT_STOPPED);
}

async function open(command: Command, withoutArchives: boolean) {
  const place = placeOf(command);
  const tool = await composeTool(place);
  const { documents, accounts, imports, ledger, tombstones, overwriteRemoved, close } = tool;
  const isEmbedded = place.mongodbUri === undefined;
  const nodes = isEmbedded
    ? embeddedNodes(journalFolder(place.dataDir), tombstones)
    : distributedNodes(tool.nodes, tombstones, Date.now);
  const archivesDir = archivesDirOf(place);
  if (archivesDir !== undefined) mendArchives(archivesDir); // an earlier deletion may have been killed
  const parts: DeletionParts = {
    ...{ documents, accounts, imports, ledger, tombstones, overwriteRemoved, nodes },
    archives: archivesForDeletion(archivesDir, DOCUMENT_KINDS),
    kinds: DOCUMENT_KINDS,
    nowMs: Date.now,
  };
  const missing = await missingYears(ledger, archivesDir);
  if (missing.length > 0 && !withoutArchives) {
    await close();
    throw new CommandFailure(
      `${missing.join(', ')} may contain data to delete, but the archives are not here: set ARCHIVE_DIR to their folder, ` +
        'or use --without-archives if they are lost',
    );
  }
  const tokensOnlyOf = (site: string) => accounts.tokens().filter(({ sites }) => String(sites) === site).length;
  const isDamaged = (id: string) => accounts.damagedSites().some((site) => site.id === id);
  const hasSite = (id: string) => accounts.site(id) !== undefined || isDamaged(id);
  return { parts, auditLog: tool.auditLog, people: createPeople(accounts, Date.now), tokensOnlyOf, hasSite, close };
}

async function confirm(tombstone: Tombstone): Promise<void> {
  if (!process.stdin.isTTY) throw new CommandFailure('nothing was deleted: add --yes to delete what is listed above');
  // with `terminal` it would move the cursor, which guardOutput does not permit
  const prompt = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const answer = await prompt.question(`This cannot be undone. Type the id of the site to delete ${nameOf(tombstone)}: `);
  prompt.close();
  if (answer.trim() !== tombstone.site) throw new CommandFailure('nothing was deleted');
}

async function list(command: Command, json: boolean): Promise<void> {
  await withTool(command, async ({ tombstones }) => {
    const deletions = await tombstones.deletions();
    process.stdout.write(
      json ? `${JSON.stringify(deletions)}\n` : table([['deleted', 'received until', 'finished'], ...deletions.map(line)]),
    );
  });
}

function line(deletion: Deletion): string[] {
  const { receivedUntilMs, finishedAtMs } = deletion;
  const finished = finishedAtMs === undefined ? 'no: run the same command again' : new Date(finishedAtMs).toISOString();
  return [nameOf(deletion), new Date(receivedUntilMs).toISOString(), finished];
}
