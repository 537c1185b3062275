// Takes out of the embedded store's file what was removed from the store. lmdb leaves it in pages that it has given
// up, in the gaps of those that it goes on with, and in the keys by which its tree finds them.
import type { RootDatabase } from 'lmdb';

/** Two to a page, nearly without a remainder that an older page could show through. */
const FILLING = Buffer.alloc(1960);
const FILLINGS_AT_ONCE = 500;
/** Pages given up a moment ago are given out only after the next commits, and while somebody reads, not at all: so, again. */
const ROUNDS = 3;
const PAGES_OF_GROWTH = 64;

/**
 * Writes all that there is anew, and then over every page that is free. A service may run beside it: its writes wait
 * for as long as the whole store takes to be written, some ten seconds for a gigabyte, and the file grows by as much
 * as is in it.
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
