// Decides when documents get their checksums (seal.ts). To compute a checksum, the whole document is read. For
// documents that are written several times a second, this would cost a tenth of the counting time. These are written
// without a checksum and sealed once they have not changed for a while.
import type { Database } from 'lmdb';
import type { Writer } from '../../counters/codec/writer.js';
import { DamagedDocument, isWholeTree, sealed, sealOf } from './seal.js';

/** A document that is written again within this time is written without a checksum. */
const PAUSE_MS = 2_000;
/** The limit of one transaction, because counting waits meanwhile. */
const SEALED_AT_ONCE = 100;

export interface Sealing {
  /** Returns the stored document. Throws a DamagedDocument, because merging into it would give it a valid checksum. */
  read(key: string): Buffer | undefined;
  /** Stores the writer's bytes. Call this and the following in a transaction. */
  write(key: string, out: Writer): void;
  /** Seals some documents that have not been written for a while. */
  sealSome(): void;
  /** Seals all that are not sealed yet. */
  sealAll(): void;
  /** Whether `sealSome` has anything to do. */
  isDue(): boolean;
  hasUnsealed(): boolean;
}

export function createSealing(documents: Database<Buffer, string>, out: Writer, nowMs: () => number): Sealing {
  /**
   * When each document was last written, oldest first. Contains the documents of the last `PAUSE_MS` and those not
   * sealed yet.
   */
  const written = new Map<string, { readonly atMs: number; readonly isSealed: boolean }>();

  const seal = (key: string): void => {
    const bytes = documents.get(key);
    // deleted, or sealed by another process
    if (bytes === undefined || sealOf(key, bytes) !== 'none' || !isWholeTree(bytes)) return;
    out.reset().copy(bytes, 0, bytes.length);
    documents.putSync(key, sealed(key, out));
  };
  const sealUntil = (untilMs: number, max: number): void => {
    let left = max;
    for (const [key, { atMs, isSealed }] of written) {
      if (atMs > untilMs || left === 0) return;
      written.delete(key);
      if (isSealed) continue;
      seal(key);
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
      if (bytes !== undefined && sealOf(key, bytes) === 'damaged') throw new DamagedDocument(key);
      return bytes;
    },
    write(key, writer) {
      const atMs = nowMs();
      const isSealed = atMs - (written.get(key)?.atMs ?? Number.NEGATIVE_INFINITY) > PAUSE_MS;
      documents.putSync(key, isSealed ? sealed(key, writer) : writer.bytes());
      written.delete(key); // setting it again moves it to the end of the map
      written.set(key, { atMs, isSealed });
    },
    sealSome() {
      sealUntil(nowMs() - PAUSE_MS, SEALED_AT_ONCE);
    },
    sealAll() {
      sealUntil(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    },
    isDue,
    hasUnsealed: () => [...written.values()].some(({ isSealed }) => !isSealed),
  };
}
