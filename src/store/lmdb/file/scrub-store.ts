// Overwrites earlier versions of documents in the file of an open store (scrub-pages.ts).
import { statSync } from 'node:fs';
import type { RootDatabase } from 'lmdb';
import { openRecords } from '../records.js';
import { PageFile } from './page-file.js';
import { NOTHING_SCRUBBED, scrubPages } from './scrub-pages.js';

/**
 * In a larger file, gaps that an earlier process has left between records are overwritten only when their pages are
 * written again.
 */
const SCANNED_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Call the result every few minutes, and never twice at the same time. Counting and commands wait while it reads the
 * pages that were written since the last call. This takes a tenth of a second for ten thousand documents.
 */
export function createStoreScrubbing(root: RootDatabase, path: string): () => Promise<void> {
  const collections = openRecords<true, string>(root, 'collections');
  const isLarge = statSync(path).size > SCANNED_BYTES_MAX;
  let scrubbed = isLarge ? { ...NOTHING_SCRUBBED, clean: transactionIn(path) } : NOTHING_SCRUBBED;

  return async () => {
    const [any] = collections.getKeys({ limit: 1 });
    if (any === undefined || transactionIn(path) === scrubbed.clean) return;
    // Pages that a transaction has freed may be overwritten only when a later one is on disk, because lmdb would
    // return to the last transaction on disk after a power cut.
    let onDisk = 0n;
    root.transactionSync(() => {
      onDisk = transactionIn(path) + 1n;
      collections.putSync(any, true);
    });
    await root.flushed;
    root.transactionSync(() => {
      const reader = oldestReader(root);
      scrubbed = scrubPages(path, reader !== undefined && reader < onDisk ? reader : onDisk, scrubbed);
    });
  };
}

/** The last committed transaction. */
function transactionIn(path: string): bigint {
  const file = new PageFile(path);
  try {
    return file.meta.transaction;
  } finally {
    file.close();
  }
}

/** The oldest transaction that a reader in any process uses; undefined if there are no readers. */
function oldestReader(root: RootDatabase): bigint | undefined {
  root.readerCheck(); // removes entries of processes that were killed
  const transactions = [...root.readerList().matchAll(/^\s*\d+\s+\S+\s+(\d+)\s*$/gm)].map(([, id]) => BigInt(id as string));
  return transactions.reduce<bigint | undefined>(
    (oldest, one) => (oldest === undefined || one < oldest ? one : oldest),
    undefined,
  );
}
