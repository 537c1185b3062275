// The data folder and what is in it: made, locked and tried before anything is opened.
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderLock, lockFolder } from './journal/lock.js';
import { nodeIn } from './journal/node.js';

/** As in sysexits.h. */
export const EXIT_CANNOT_CREATE = 73;
export const EXIT_CONFIG = 78;
export const EXIT_UNAVAILABLE = 69;

/** The service cannot start, for a reason that its operator can mend. */
export class StartFailure extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

export function journalFolder(dataDir: string): string {
  return join(dataDir, 'journal');
}

/**
 * The journal of an embedded service is counted in the store beside it: with MongoDB its last days would be counted there once more, unless
 * MongoDB knows the folder's node, and so how far it is counted: from a backup of this folder that was restored there.
 */
export async function refuseEmbeddedFolder(dataDir: string, isKnown: (node: string) => Promise<boolean>): Promise<void> {
  if (!existsSync(join(dataDir, 'store'))) return;
  const node = nodeIn(journalFolder(dataDir));
  if (node !== undefined && (await isKnown(node))) return;
  throw new StartFailure(
    `the folder ${dataDir} holds the data of a service without MongoDB, and MongoDB does not have them; to move them there: hitherto --data-dir ${dataDir} backup <folder>, then hitherto restore <folder>; else choose another folder with DATA_DIR, or unset MONGODB_URI and REDIS_URL`,
    EXIT_CONFIG,
  );
}

/** Throws a StartFailure when the folder cannot be used, or is in use by another process. */
export function prepareFolders(dataDir: string): FolderLock {
  const folder = journalFolder(dataDir);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(dataDir, constants.W_OK);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw cannotWrite(dataDir, error);
  }
  try {
    return lockFolder(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw cannotWrite(dataDir, error);
    throw new StartFailure(
      `${dataDir}: ${(error as Error).message}; stop it, or choose another folder with DATA_DIR`,
      EXIT_UNAVAILABLE,
    );
  }
}

function cannotWrite(dataDir: string, error: unknown): StartFailure {
  return new StartFailure(
    `the folder ${dataDir} cannot be written (${(error as Error).message}); make it writable, or choose another with DATA_DIR`,
    EXIT_CANNOT_CREATE,
  );
}
