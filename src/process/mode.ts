// What differs between the embedded and the distributed mode; see embedded.ts and distributed.ts.
import type { JournalResponder, Journals } from '../operations/repair/port.js';
import type { Sharing } from '../sharing/sharing.js';
import type { Store, StoreLocation } from '../store/store.js';

/** Where all data of a process is. */
export interface DataLocation extends StoreLocation {
  readonly redisUrl?: string | undefined;
  /** Undefined: in the data folder; in the distributed mode nowhere. */
  readonly archivesDir?: string | undefined;
  /** Whole years after its end that a year stays in the store; 0: always. */
  readonly archiveAfterYears?: number | undefined;
}

export interface OpenOptions {
  /** How long to wait for a store that does not answer. */
  readonly retryMs: number;
  /** How other processes see this one. Undefined for threads, and for a web, which they see as a node. */
  readonly as?: 'a worker' | 'a command';
  /** Whether `store.failFast` notices that the store is unavailable. */
  readonly failsFast?: boolean;
}

export interface OpenMode {
  readonly store: Store;
  openSharing(nowMs?: () => number): Promise<Sharing>;
  /** The journals of all nodes. */
  openJournals(): Promise<Journals>;
  /** Answers queries of other processes about this node's journal. */
  startResponder(node: string, journalFolder: string): Promise<JournalResponder>;
}
