// Reads a backup of an embedded store as records that do not depend on the backend.
import { type OpenStore, removeLockFile } from './opened-store.js';
import { countsIn, recordsInStore } from './store-entries.js';
import type { StoreRecord } from './store-record.js';
import type { Watch } from './watch.js';

/** `open` opens the store in a folder. The records of nodes come last. */
export async function* recordsInCopy(folder: string, open: OpenStore, watch: Watch): AsyncGenerator<StoreRecord> {
  const { root } = open(folder);
  try {
    const all = Object.values(countsIn(root)).reduce((sum, entries) => sum + entries, 0);
    let done = 0;
    for (const record of recordsInStore(root)) {
      yield record;
      watch.onShare(Math.min(1, ++done / all));
    }
  } finally {
    await root.close();
    removeLockFile(folder);
  }
}
