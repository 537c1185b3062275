// hitherto backup | restore
import type { Command } from 'commander';
import { type Manifest, readManifest, verifyBackup, writeManifest } from '../operations/backup/manifest.js';
import type { Backups } from '../operations/backup/port.js';
import { Stopped, type Watch } from '../operations/backup/watch.js';
import { duration } from '../operations/import/progress.js';
import { composeBackups, type DataLocation } from '../process/compose.js';
import { prepareFolders } from '../process/data-directory.js';
import { dataDirOption, shellQuoted } from '../system/command-line.js';
import { EXIT_STOPPED } from '../system/exit.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { beginBackup } from './backup-folder.js';
import { CommandFailure, placeOf } from './run.js';
import { createShareProgress } from './share-progress.js';
import { stoppable } from './stopping.js';
import { versionOfThis } from './version.js';

export function backupCommands(program: Command): void {
  program
    .command('backup')
    .argument('<folder>', 'where to: a new or empty folder')
    .description('Copy everything into a folder: documents, sites, tokens, progress of imports. The service goes on meanwhile.')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      '\nThe journal is no part of it: what it holds beyond the backup is counted after a restore. Keep it (JOURNAL_KEEP) for longer than the\ntime between two backups. Token hashes are in the backup: keep it as you keep secrets.',
    )
    .action((folder: string, { quiet }: { quiet?: true }, command: Command) => backUp(folder, quiet === true, placeOf(command)));

  program
    .command('restore')
    .argument('<folder>', 'what hitherto backup has made')
    .description('Fill an empty store from a backup, of either mode. Stop the service before.')
    .option('--force', 'replace what is in the store')
    .option('--quiet', 'no progress')
    .action((folder: string, { quiet, force }: { quiet?: true; force?: true }, command: Command) =>
      restore(folder, quiet === true, force === true, placeOf(command)),
    );
}

async function backUp(folder: string, quiet: boolean, place: DataLocation): Promise<void> {
  const into = beginBackup(folder);
  if (into === 'finished') {
    process.stdout.write(`${folder}: this backup was already finished\n`);
    return;
  }
  let damages: readonly string[] = [];
  const wasStopped = await watched(quiet, place, 'backup', async (backups, watch) => {
    const began = performance.now();
    const begunAt = new Date().toISOString();
    try {
      const { damages: found, ...copied } = await backups.copy(folder, watch('copying'));
      damages = found;
      writeManifest(folder, { version: versionOfThis(), begunAt, mode: backups.mode, ...copied });
      into.finish();
      const bytes = copied.files.reduce((sum, file) => sum + file.bytes, 0);
      const seconds = (performance.now() - began) / 1000;
      return `${folder}: ${(bytes / 1e6).toFixed(1)} MB in ${duration(seconds)}, everything counted until ${begunAt}\n`;
    } catch (error) {
      into.abandon();
      throw error;
    }
  });
  if (wasStopped) process.exit(EXIT_STOPPED);
  if (damages.length > 0) {
    throw new CommandFailure(
      `the backup was made, but the store is damaged, and the backup has the same damage (${damages[0]}${damages.length > 1 ? `, and ${damages.length - 1} more` : ''}): keep earlier backups; hitherto verify --store lists all of it`,
    );
  }
}

async function restore(folder: string, quiet: boolean, force: boolean, place: DataLocation): Promise<void> {
  const manifest = readManifest(folder);
  // The lock of the data folder: no service runs on it, and none can be started meanwhile.
  const lock = place.mongodbUri === undefined ? prepareFolders(place.dataDir) : undefined;
  let wasStopped = false;
  try {
    wasStopped = await watched(quiet, place, 'restore', async (backups, watch) => {
      refuseInUse(await backups.users());
      const held = await backups.contents();
      if (held !== undefined && !force) {
        throw new CommandFailure(
          `the store is not empty: a restore would replace ${held}; choose an empty one, or say --force to replace what is there`,
        );
      }
      await verifyBackup(folder, manifest, watch('checking the backup'));
      await backups.checkFits(folder, manifest, watch('looking whether it fits'));
      refuseInUse(await backups.reserve()); // checking may have taken long
      // Said at once: whatever happens from here on, it is to be known.
      if (held !== undefined) process.stdout.write(`${await backups.clear()}\n`);
      const remarks = await backups.load(folder, manifest, watch('writing'));
      return `${[`restored what was counted until ${manifest.begunAt}`, ...remarks, nextStep(manifest, backups.mode, place)].join('\n')}\n`;
    });
  } finally {
    lock?.release();
  }
  if (wasStopped) process.exit(EXIT_STOPPED);
}

function refuseInUse(users: string | undefined): void {
  if (users === undefined) return;
  throw new CommandFailure(`this store is in use by ${users}: stop all webs, workers and other commands, then restore`);
}

function nextStep({ mode }: Manifest, into: Backups['mode'], { dataDir }: DataLocation): string {
  if (mode === 'embedded' && into === 'mongodb') {
    return 'next: stop the service that was backed up, if it still runs, and start it with MONGODB_URI, REDIS_URL and the DATA_DIR that it had: what its journal holds beyond the backup is counted then';
  }
  const journal = into === 'mongodb' ? 'journals of the webs hold' : 'journal in the data folder holds';
  const where = into === 'mongodb' || dataDirOption(dataDir) === '' ? '' : ` with DATA_DIR=${shellQuoted(dataDir)}`;
  return `next: start the service${where}: what the ${journal} beyond the backup is counted then. Sites, tokens and deletions since the backup are to be made again, imports run again`;
}

/** Shows how far it is. What `act` gives is printed. True when it was stopped by Ctrl-C, which is said. */
async function watched(
  quiet: boolean,
  place: DataLocation,
  name: string,
  act: (backups: Backups, watch: (what: string) => Watch) => Promise<string>,
): Promise<boolean> {
  const stopping = stoppable(quiet);
  let wasStopped = false;
  lowerThreadPriority();
  const progress = createShareProgress(process.stderr, () => performance.now());
  try {
    const backups = await composeBackups(place);
    try {
      const done = await act(backups, (what) => ({
        onShare: (share) => quiet || progress.update(what, share),
        isStopped: stopping.isStopped,
      })).finally(() => quiet || progress.end());
      process.stdout.write(done);
    } finally {
      await backups.close();
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    process.stderr.write(
      `hitherto: the ${name} was stopped and is not whole; the same command begins anew${name === 'restore' ? ' (with --force)' : ''}\n`,
    );
    wasStopped = true;
  } finally {
    stopping.end();
  }
  return wasStopped;
}
