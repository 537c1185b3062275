// Opens the embedded store.
import type { RootDatabase } from 'lmdb';
import { createClosing } from '../../system/closing.js';
import { openedOnce, type Store } from '../store.js';
import { openLmdbAccounts } from './accounts.js';
import { openLmdbAuditLog } from './audit-log.js';
import { openLmdbDocuments } from './documents.js';
import { openEnvironment, storeFile } from './environment.js';
import { createStoreScrubbing } from './file/scrub-store.js';
import { openLmdbHolds } from './holds.js';
import { openLmdbImports } from './imports.js';
import { openLmdbLedger } from './ledger.js';
import { openLmdbNodes } from './nodes.js';
import { overwriteRemoved } from './overwrite-removed.js';
import { openLmdbTombstones } from './tombstones.js';

export interface LmdbStore extends Store {
  readonly root: RootDatabase;
}

/** Throws a StoreDamaged or a StartFailure; see environment.ts. */
export function openLmdbStore(dataDir: string): LmdbStore {
  const { root } = openEnvironment(dataDir);
  const closing = createClosing();
  closing.add(root);
  const documents = openedOnce(() => closing.add(openLmdbDocuments(root)));
  const accounts = openedOnce(() => closing.add(openLmdbAccounts(root)));
  const nodes = openedOnce(() => openLmdbNodes(root, () => documents().addDueChecksums()));
  const ledger = openedOnce(() => openLmdbLedger(root));
  const imports = openedOnce(() => openLmdbImports(root));
  const tombstones = openedOnce(() => openLmdbTombstones(root));
  const holds = openedOnce(() => openLmdbHolds(root));
  const auditLog = openedOnce(() => openLmdbAuditLog(root));

  return {
    root,
    get documents() {
      return documents();
    },
    get nodes() {
      return nodes();
    },
    get ledger() {
      return ledger();
    },
    get imports() {
      return imports();
    },
    get tombstones() {
      return tombstones();
    },
    get holds() {
      return holds();
    },
    get auditLog() {
      return auditLog();
    },
    openAccounts: async () => accounts(),
    remarks: [],
    retry: (act) => act(),
    failFast: (act) => act(),
    overwriteRemoved: () => overwriteRemoved(root),
    startScrubbing: () => createStoreScrubbing(root, storeFile(dataDir)),
    close: closing.close,
  };
}
