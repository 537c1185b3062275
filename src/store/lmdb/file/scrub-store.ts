// Overwrites, in the file of a store that is open, what its counters were a moment ago (scrub-pages.ts).
import { statSync } from 'node:fs';
import type { RootDatabase } from 'lmdb';
import { openRecords } from '../records.js';
import { PageFile } from './page-file.js';
import { NOTHING_WIPED, wipePages } from './scrub-pages.js';

/**
 * Of a larger file, what a process that was killed has left between the records of its pages stays until they are
 * written again.
 */
const LOOKED_THROUGH_BYTES_MAX = 64 * 1024 * 1024;

/**
 * What it returns is to be called now and then, from one place. Counting and commands wait meanwhile, for as long as
 * it takes to read what was written since: a tenth of a second after ten thousand documents.
 */
export function createStoreWiping(root: RootDatabase, path: string): () => Promise<void> {
  const collections = openRecords<true, string>(root, 'collections');
  const isLarge = statSync(path).size > LOOKED_THROUGH_BYTES_MAX;
  let wiped = isLarge ? { ...NOTHING_WIPED, clean: transactionIn(path) } : NOTHING_WIPED;

  return async () => {
    const [any] = collections.getKeys({ limit: 1 });
    if (any === undefined || transactionIn(path) === wiped.clean) return;
    // What a transaction has given up may only be touched once a later one is on disk: after a power cut, lmdb goes on from that.
    let onDisk = 0n;
    root.transactionSync(() => {
      onDisk = transactionIn(path) + 1n;
      collections.putSync(any, true);
    });
    await root.flushed;
    root.transactionSync(() => {
      const reader = oldestReader(root);
      wiped = wipePages(path, reader !== undefined && reader < onDisk ? reader : onDisk, wiped);
    });
  };
}

/** The last one that is committed. */
function transactionIn(path: string): bigint {
  const file = new PageFile(path);
  try {
    return file.meta.transaction;
  } finally {
    file.close();
  }
}

/** The oldest transaction that anybody reads as of, in whatever process; undefined while nobody reads. */
function oldestReader(root: RootDatabase): bigint | undefined {
  root.readerCheck(); // what processes left that were killed
  const transactions = [...root.readerList().matchAll(/^\s*\d+\s+\S+\s+(\d+)\s*$/gm)].map(([, id]) => BigInt(id as string));
  return transactions.reduce<bigint | undefined>(
    (oldest, one) => (oldest === undefined || one < oldest ? one : oldest),
    undefined,
  );
}
