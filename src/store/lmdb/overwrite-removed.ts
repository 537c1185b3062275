// Overwrites removed records in the file of the embedded store. lmdb leaves them in freed pages, in gaps of used
// pages, and in the keys of its tree.
import type { RootDatabase } from 'lmdb';

/** Two of these fill a page almost completely, so that almost nothing of its former content remains. */
const FILLING = Buffer.alloc(1960);
const FILLINGS_AT_ONCE = 500;
/**
 * Freed pages are reused only after further commits, and not while a process reads. Therefore several rounds are
 * needed.
 */
const ROUNDS = 3;
const PAGES_OF_GROWTH = 64;

/**
 * Rewrites all records, and then overwrites every free page. A service may be running: its writes wait until the whole
 * store is written, about ten seconds for a gigabyte, and the file grows to twice its size.
 */
export async function overwriteRemoved(root: RootDatabase): Promise<void> {
  await fillFreePages(root);
  for (const name of [...root.getKeys({})] as string[]) {
    const written = root.openDB<Buffer>({ name, encoding: 'binary' });
    const copy = root.openDB<Buffer>({ name: COPY, encoding: 'binary' });
    if (name === COPY) continue;
    root.transactionSync(() => {
      for (const { key, value } of written.getRange({})) copy.putSync(key, value);
      written.clearSync();
      for (const { key, value } of copy.getRange({})) written.putSync(key, value);
      copy.clearSync();
    });
    await root.flushed;
  }
  await fillFreePages(root);
}

const COPY = 'copy';

async function fillFreePages(root: RootDatabase): Promise<void> {
  const fillings = root.openDB<Buffer, string>({ name: 'fillings', encoding: 'binary' });
  const pages = () => (root.getStats() as { lastPageNumber: number }).lastPageNumber;
  for (let round = 0; round < ROUNDS; round++) {
    const before = pages();
    for (let written = 0; pages() < before + PAGES_OF_GROWTH; ) {
      root.transactionSync(() => {
        for (let i = 0; i < FILLINGS_AT_ONCE; i++) fillings.putSync(String(written++), FILLING);
      });
      await root.flushed;
    }
    root.transactionSync(() => fillings.clearSync());
    await root.flushed;
  }
}
