// Creates, locks and checks the data folder before anything in it is opened.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderLock, lockFolder } from '../journal/lock.js';
import { nodeIn } from '../journal/node.js';
import { shellQuoted } from '../system/command-line.js';
import { EXIT_CONFIG, EXIT_UNAVAILABLE } from '../system/exit.js';
import { log } from '../system/log.js';
import { makeFolder } from '../system/make-folder.js';
import { refuseUnmakable, secureFiles, unusable } from '../system/own-files.js';
import { StartFailure } from '../system/start-failure.js';

export function journalFolder(dataDir: string): string {
  return join(dataDir, 'journal');
}

/**
 * Throws a StartFailure for the folder of an embedded service. Its journal is counted in the store beside it, and
 * MongoDB would count the last days again. Only if a backup of the folder was restored to MongoDB does that know the
 * folder's node, and up to which segment it is counted.
 */
export async function refuseEmbeddedFolder(dataDir: string, isKnown: (node: string) => Promise<boolean>): Promise<void> {
  if (!existsSync(join(dataDir, 'store'))) return;
  const node = nodeIn(journalFolder(dataDir));
  if (node !== undefined && (await isKnown(node))) return;
  throw new StartFailure(
    `the folder ${dataDir} contains the data of a service without MongoDB, and MongoDB does not have that data; ` +
      `to move it there: hitherto --data-dir ${shellQuoted(dataDir)} backup <folder>, then hitherto restore <folder>; ` +
      'else choose another folder with DATA_DIR, or unset MONGODB_URI and REDIS_URL',
    EXIT_CONFIG,
  );
}

/** Throws a StartFailure when the folder cannot be used, or is in use by another process. */
export function prepareFolders(dataDir: string): FolderLock {
  const folder = journalFolder(dataDir);
  const own = { path: dataDir, variable: 'DATA_DIR' } as const;
  try {
    makeFolder(folder);
  } catch (error) {
    throw unusable(existsSync(folder) ? folder : dataDir, own, error);
  }
  for (const remark of secureFiles(own)) log(remark);
  try {
    return lockFolder(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw unusable(folder, own, error);
    throw new StartFailure(
      `${dataDir}: ${(error as Error).message}; stop it, or choose another folder with DATA_DIR`,
      EXIT_UNAVAILABLE,
    );
  }
}

/** For processes that write archives. Throws a StartFailure when the folder cannot be used. */
export function prepareArchives(archivesDir: string): void {
  const own = { path: archivesDir, variable: 'ARCHIVE_DIR' } as const;
  if (!existsSync(archivesDir)) refuseUnmakable(own);
  else for (const remark of secureFiles(own)) log(remark);
}
