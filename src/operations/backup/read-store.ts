// A backup of an embedded store as what it holds, for MongoDB.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import type { Kept } from './kept.js';
import type { Watch } from './port.js';
import { countsIn, keptInStore } from './store-entries.js';

/** `open` opens the store below a folder. Nodes come last. */
export async function* keptInCopy(
  folder: string,
  open: (folder: string) => { root: RootDatabase },
  watch: Watch,
): AsyncGenerator<Kept> {
  const { root } = open(folder);
  try {
    const all = Object.values(countsIn(root)).reduce((sum, entries) => sum + entries, 0);
    let done = 0;
    for (const kept of keptInStore(root)) {
      yield kept;
      watch.onShare(Math.min(1, ++done / all));
    }
  } finally {
    await root.close();
    rmSync(join(folder, 'store', 'lock.mdb'), { force: true }); // made by reading, and no part of the backup
  }
}
