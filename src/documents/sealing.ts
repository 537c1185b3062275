// When documents get their checksums (seal.ts). Making one reads the whole document: for those that are counted into again and again, several times a
// second, that would be a tenth of the counting. So they are written without while they are, and sealed once that has paused.
import type { Database } from 'lmdb';
import type { Writer } from '../counters/writer.js';
import { DamagedDocument, isWholeTree, sealOf, sealed } from './seal.js';

/** A document that is written again within this time is written without a checksum. */
const PAUSE_MS = 2_000;
/** In one transaction: they hold up what is being counted. */
const SEALED_AT_ONCE = 100;

export interface Sealing {
  /** The document as it is stored. Throws a DamagedDocument where it is not what was written: written anew, it would look whole. */
  read(key: string): Buffer | undefined;
  /** Stores what the writer holds. In the transaction that it is called in, as the others are. */
  write(key: string, out: Writer): void;
  /** Seals some of those that have not been written for a while. */
  sealSome(): void;
  /** Seals those that are left, whether they have paused or not. */
  sealAll(): void;
  /** Whether `sealSome` has anything to do. */
  isDue(): boolean;
  hasUnsealed(): boolean;
}

export function createSealing(documents: Database<Buffer, string>, out: Writer, nowMs: () => number): Sealing {
  /** When each was written last, the oldest first; later ones than `PAUSE_MS` ago, and those that are not sealed yet. */
  const written = new Map<string, { readonly atMs: number; readonly isSealed: boolean }>();

  const seal = (key: string): void => {
    const bytes = documents.get(key);
    // removed meanwhile, or sealed by another process
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
      written.delete(key); // to the end of the map
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
