// Opens the embedded store of a data folder, or of a backup, for as long as one piece of work takes.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';

export const STORE = 'store';
export const DATA = 'data.mdb';

/** Opens the store in the folder `store` of the given folder. */
export type OpenStore = (folder: string) => { root: RootDatabase };

export async function withStore<Result>(
  folder: string,
  open: OpenStore,
  use: (root: RootDatabase) => Promise<Result>,
): Promise<Result> {
  const { root } = open(folder);
  try {
    return await use(root);
  } finally {
    await root.close();
  }
}

/** Opens the store in a backup, and afterwards removes the lock file that lmdb creates beside it. */
export async function withCopy<Result>(
  folder: string,
  open: OpenStore,
  use: (root: RootDatabase) => Promise<Result>,
): Promise<Result> {
  try {
    return await withStore(folder, open, use);
  } finally {
    removeLockFile(folder);
  }
}

export function removeLockFile(folder: string): void {
  rmSync(join(folder, STORE, 'lock.mdb'), { force: true });
}
