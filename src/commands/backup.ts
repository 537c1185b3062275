// hitherto backup | restore

import type { Command } from 'commander';
import { type Manifest, readManifest, verifyBackup, writeManifest } from '../operations/backup/manifest.js';
import type { Backups } from '../operations/backup/port.js';
import { Stopped } from '../operations/backup/watch.js';
import { duration } from '../operations/import/progress.js';
import { composeBackups, type DataLocation } from '../process/compose.js';
import { prepareFolders } from '../process/data-directory.js';
import { dataDirOption, shellQuoted } from '../system/command-line.js';
import { EXIT_STOPPED } from '../system/exit.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { type BackupFolder, beginBackup } from './backup-folder.js';
import { type LongWork, longWork } from './long-work.js';
import { CommandFailure, placeOf } from './run.js';
import { versionOfThis } from './version.js';

const BACKUP_HELP = `
The journals are not included. After a restore the service counts what they contain beyond the backup, so retain them
(JOURNAL_KEEP) for longer than the time between two backups. The backup contains hashes of tokens: store it as securely
as other secrets.`;

export function backupCommands(program: Command): void {
  program
    .command('backup')
    .argument('<folder>', 'a new or empty folder')
    .description('Copy everything into a folder: documents, sites, tokens, the progress of imports. The service keeps running.')
    .option('--quiet', 'show no progress')
    .addHelpText('after', BACKUP_HELP)
    .action((folder: string, { quiet }: { quiet?: true }, command: Command) => backUp(folder, quiet === true, placeOf(command)));

  program
    .command('restore')
    .argument('<folder>', 'a folder that `hitherto backup` has written')
    .description('Fill an empty store from a backup of either mode. Stop the service first.')
    .option('--force', 'replace the content of the store')
    .option('--quiet', 'show no progress')
    .action((folder: string, { quiet, force }: { quiet?: true; force?: true }, command: Command) =>
      restore({ folder, force: force === true, place: placeOf(command) }, quiet === true),
    );
}

async function backUp(folder: string, quiet: boolean, place: DataLocation): Promise<void> {
  const into = beginBackup(folder);
  if (into === 'finished') {
    process.stdout.write(`${folder}: this backup was already finished\n`);
    return;
  }
  const copied = await withBackups(place, quiet, (backups, work) => copyInto(folder, into, backups, work));
  if (copied === 'stopped') {
    process.stderr.write('hitherto: the backup was stopped and is incomplete; run the same command again to start over\n');
    process.exit(EXIT_STOPPED);
  }
  process.stdout.write(copied.text);
  const [first, ...more] = copied.damages;
  if (first === undefined) return;
  throw new CommandFailure(
    `the backup was made, but the store is damaged, and so is the backup (${first}` +
      `${more.length > 0 ? `, and ${more.length} more` : ''}): keep earlier backups; hitherto verify --store lists all damage`,
  );
}

async function copyInto(
  folder: string,
  into: BackupFolder,
  backups: Backups,
  { watch }: LongWork,
): Promise<{ text: string; damages: readonly string[] }> {
  const began = performance.now();
  const begunAt = new Date().toISOString();
  try {
    const { damages, ...copied } = await backups.copy(folder, watch('copying'));
    writeManifest(folder, { version: versionOfThis(), begunAt, mode: backups.mode, ...copied });
    into.finish();
    const bytes = copied.files.reduce((sum, file) => sum + file.bytes, 0);
    const seconds = (performance.now() - began) / 1000;
    const text = `${folder}: ${(bytes / 1e6).toFixed(1)} MB in ${duration(seconds)}, with everything counted until ${begunAt}\n`;
    return { text, damages };
  } catch (error) {
    into.abandon();
    throw error;
  }
}

interface RestoreOptions {
  readonly folder: string;
  readonly force: boolean;
  readonly place: DataLocation;
}

async function restore(options: RestoreOptions, quiet: boolean): Promise<void> {
  const { folder, place } = options;
  const manifest = readManifest(folder);
  // The lock of the data folder ensures that no service is running, and that none can start.
  const lock = place.mongodbUri === undefined ? prepareFolders(place.dataDir) : undefined;
  try {
    const restored = await withBackups(place, quiet, (backups, work) => load(options, manifest, backups, work));
    if (restored !== 'stopped') {
      process.stdout.write(restored);
      return;
    }
    process.stderr.write(
      'hitherto: the restore was stopped and is incomplete; run the same command again to start over (with --force)\n',
    );
  } finally {
    lock?.release();
  }
  process.exit(EXIT_STOPPED);
}

async function load(
  { folder, force, place }: RestoreOptions,
  manifest: Manifest,
  backups: Backups,
  { watch }: LongWork,
): Promise<string> {
  refuseInUse(await backups.users());
  const contents = await backups.contents();
  if (contents !== undefined && !force) {
    throw new CommandFailure(
      `the store is not empty: a restore would replace ${contents}; choose an empty store, or replace it with --force`,
    );
  }
  await verifyBackup(folder, manifest, watch('checking the backup'));
  await backups.checkFits(folder, manifest, watch('checking whether it can be restored here'));
  refuseInUse(await backups.reserve()); // checking may have taken long
  // Printed immediately, because the person must know it even if the rest fails.
  if (contents !== undefined) process.stdout.write(`${await backups.clear()}\n`);
  const remarks = await backups.load(folder, manifest, watch('writing'));
  const lines = [`restored everything counted until ${manifest.begunAt}`, ...remarks, nextStep(manifest, backups.mode, place)];
  return `${lines.join('\n')}\n`;
}

function refuseInUse(users: string | undefined): void {
  if (users === undefined) return;
  throw new CommandFailure(`this store is in use by ${users}: stop all webs, workers and other commands, then restore`);
}

function nextStep({ mode }: Manifest, into: Backups['mode'], { dataDir }: DataLocation): string {
  if (mode === 'embedded' && into === 'mongodb') {
    return (
      'next: stop the service that was backed up, if it is still running, and start it with MONGODB_URI, REDIS_URL and ' +
      'the DATA_DIR that it had; it then counts what its journal contains beyond the backup'
    );
  }
  const journal = into === 'mongodb' ? 'the journals of the webs contain' : 'the journal in the data folder contains';
  const where = into === 'mongodb' || dataDirOption(dataDir) === '' ? '' : ` with DATA_DIR=${shellQuoted(dataDir)}`;
  return (
    `next: start the service${where}; it then counts what ${journal} beyond the backup. Sites, tokens, people and ` +
    'deletions that are newer than the backup must be created again; imports must be run again. Everybody must sign in again'
  );
}

async function withBackups<Result>(
  place: DataLocation,
  quiet: boolean,
  act: (backups: Backups, work: LongWork) => Promise<Result>,
): Promise<Result | 'stopped'> {
  lowerThreadPriority();
  try {
    return await longWork(quiet, async (work) => {
      const backups = await composeBackups(place);
      try {
        return await act(backups, work);
      } finally {
        await backups.close();
      }
    });
  } catch (error) {
    if (error instanceof Stopped) return 'stopped';
    throw error;
  }
}
