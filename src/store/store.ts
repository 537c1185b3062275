// A backend's ports. A new backend is one folder whose open.ts returns this.
import type { Accounts } from './accounts.js';
import type { AuditLog } from './audit-log.js';
import type { ChangeNotifier } from './change-notifier.js';
import type { Documents } from './documents.js';
import type { Holds } from './holds.js';
import type { Imports } from './imports.js';
import type { Ledger } from './ledger.js';
import type { NodeRegistry } from './nodes.js';
import type { Tombstones } from './tombstones.js';

/** Where a process finds its store. It is plain data, because a connection cannot be passed to a thread. */
export interface StoreLocation {
  readonly dataDir: string;
  /** Undefined in the embedded mode: then the store is in the data folder. */
  readonly mongodbUri?: string | undefined;
}

/** Repeats `act` while the store is unavailable, for a limited time. `act` must be safe to repeat. */
export type Retry = <Result>(act: () => Promise<Result>) => Promise<Result>;

/** Each port is opened when it is first used. */
export interface Store {
  readonly documents: Documents;
  readonly nodes: NodeRegistry;
  readonly ledger: Ledger;
  readonly imports: Imports;
  readonly tombstones: Tombstones;
  readonly holds: Holds;
  readonly auditLog: AuditLog;
  /** Closed with the store. */
  openAccounts(notifier: ChangeNotifier): Promise<Accounts>;
  /** Sentences about the servers, for the log. */
  readonly remarks: readonly string[];
  /** Rejects with a StoreUnavailable if the store is unavailable for too long after the start. */
  readonly retry: Retry;
  /** Rejects with a StoreUnavailable as soon as the store is known to be unavailable, instead of waiting for it. */
  failFast<Result>(act: () => Promise<Result>): Promise<Result>;
  /** Overwrites removed documents in the store's file. On MongoDB, this is left to the server. */
  overwriteRemoved(): Promise<void>;
  /**
   * Returns a function that overwrites, in the store's file, the versions of documents that were replaced since this
   * call. Call the function every few minutes.
   */
  startScrubbing(): () => Promise<void>;
  close(): Promise<void>;
}

/** Returns a function that opens at its first call, and returns the same value each time. */
export function openedOnce<Opened>(open: () => Opened): () => Opened {
  let opened: { readonly value: Opened } | undefined;
  return () => {
    opened ??= { value: open() };
    return opened.value;
  };
}
