// The lmdb environment of the embedded mode. Each port has its own named databases in it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { open, type RootDatabase } from 'lmdb';
import { EXIT_UNAVAILABLE } from '../../system/exit.js';
import { makeFolder } from '../../system/make-folder.js';
import { refuseUnusable, unusable } from '../../system/own-files.js';
import { StartFailure } from '../../system/start-failure.js';
import { draftOf } from './draft.js';
import { problemOfFile } from './file/check-file.js';
import { isDamageError, StoreDamaged } from './file/store-damaged.js';

export function storeFile(dataDir: string): string {
  return join(dataDir, 'store', 'data.mdb');
}

/**
 * Each thread opens the environment, and so do commands while a service is running. lmdb coordinates them. Throws a
 * StoreDamaged if the file is not a valid store, because lmdb would replace it by an empty one, or crash.
 */
export function openEnvironment(dataDir: string): { root: RootDatabase } {
  const own = { path: dataDir, variable: 'DATA_DIR' } as const;
  try {
    makeFolder(dataDir);
  } catch (error) {
    throw unusable(dataDir, own, error);
  }
  const store = join(dataDir, 'store');
  const path = storeFile(dataDir);
  for (const needed of [store, path, join(store, 'lock.mdb')]) refuseUnusable(needed, own);
  if (!existsSync(store)) refuseUnusable(dataDir, own);
  // A new, empty store would be mistaken for the one that is being restored.
  if (!existsSync(path) && existsSync(join(draftOf(dataDir), 'store'))) {
    throw new StartFailure(
      `a restore into ${dataDir} is not finished: run hitherto restore again, ` +
        `or remove ${draftOf(dataDir)} to start with an empty store`,
      EXIT_UNAVAILABLE,
    );
  }
  // the main thread has checked the file before other threads open it
  const problem = isMainThread && existsSync(path) ? problemOfFile(path) : undefined;
  if (problem !== undefined) throw new StoreDamaged(path, problem);
  try {
    return { root: open({ path: store, maxDbs: 32, encoding: 'binary' }) };
  } catch (error) {
    throw isDamageError(error) ? new StoreDamaged(path, (error as Error).message) : error;
  }
}

/**
 * Calls `act` during a read transaction, so that no page of the store's current state is overwritten meanwhile. If
 * lmdb cannot open the store, no process can write to it, and `act` is called without a transaction.
 */
export async function withReadTransaction<Result>(dataDir: string, act: (path: string) => Promise<Result>): Promise<Result> {
  const path = storeFile(dataDir);
  if (!existsSync(path)) throw new Error(`there is no store in ${dataDir}; name its folder with --data-dir`);
  let root: RootDatabase;
  try {
    ({ root } = openEnvironment(dataDir));
  } catch (error) {
    if (error instanceof StoreDamaged) return act(path);
    throw error;
  }
  const transaction = root.useReadTransaction();
  try {
    return await act(path);
  } finally {
    transaction.done();
    await root.close();
  }
}
