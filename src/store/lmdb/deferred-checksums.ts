// Decides when documents get their checksums (document-checksum.ts). To compute a checksum, the whole document is
// read. For documents that are written several times a second, this would cost a tenth of the counting time. These
// are written without a checksum, which is added once they have not changed for a while.
import type { Database } from 'lmdb';
import type { Writer } from '../../counters/codec/writer.js';
import { checksumState, DamagedDocument, isValidTree, withChecksum } from './document-checksum.js';

/** A document that is written again within this time is written without a checksum. */
const PAUSE_MS = 2_000;
/** The limit of one transaction, because counting waits meanwhile. */
const CHECKSUMS_AT_ONCE = 100;

export interface DeferredChecksums {
  /** Returns the stored document. Throws a DamagedDocument, because merging into it would give it a valid checksum. */
  read(key: string): Buffer | undefined;
  /** Stores the writer's bytes. Call this and the following in a transaction. */
  write(key: string, out: Writer): void;
  /** Adds the checksums of some documents that have not been written for a while. */
  addDueChecksums(): void;
  /** Adds all missing checksums. */
  addAllChecksums(): void;
  /** Whether `addDueChecksums` has anything to do. */
  isDue(): boolean;
  hasMissingChecksums(): boolean;
}

export function createDeferredChecksums(
  documents: Database<Buffer, string>,
  out: Writer,
  nowMs: () => number,
): DeferredChecksums {
  /**
   * When each document was last written, oldest first. Contains the documents of the last `PAUSE_MS` and those without
   * a checksum.
   */
  const written = new Map<string, { readonly atMs: number; readonly hasChecksum: boolean }>();

  const addChecksum = (key: string): void => {
    const bytes = documents.get(key);
    // the document was deleted, or another process has added the checksum
    if (bytes === undefined || checksumState(key, bytes) !== 'none' || !isValidTree(bytes)) return;
    out.reset().copy(bytes, 0, bytes.length);
    documents.putSync(key, withChecksum(key, out));
  };
  const addChecksumsUntil = (untilMs: number, max: number): void => {
    let left = max;
    for (const [key, { atMs, hasChecksum }] of written) {
      if (atMs > untilMs || left === 0) return;
      written.delete(key);
      if (hasChecksum) continue;
      addChecksum(key);
      left--;
    }
  };
  const isDue = (): boolean => {
    const [oldest] = written.values();
    return oldest !== undefined && oldest.atMs <= nowMs() - PAUSE_MS;
  };

  return {
    read(key) {
      const bytes = documents.get(key);
      if (bytes !== undefined && checksumState(key, bytes) === 'damaged') throw new DamagedDocument(key);
      return bytes;
    },
    write(key, writer) {
      const atMs = nowMs();
      const hasChecksum = atMs - (written.get(key)?.atMs ?? Number.NEGATIVE_INFINITY) > PAUSE_MS;
      documents.putSync(key, hasChecksum ? withChecksum(key, writer) : writer.bytes());
      written.delete(key); // setting it again moves it to the end of the map
      written.set(key, { atMs, hasChecksum });
    },
    addDueChecksums() {
      addChecksumsUntil(nowMs() - PAUSE_MS, CHECKSUMS_AT_ONCE);
    },
    addAllChecksums() {
      addChecksumsUntil(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    },
    isDue,
    hasMissingChecksums: () => [...written.values()].some(({ hasChecksum }) => !hasChecksum),
  };
}
