// The composition root: the one file that knows which adapters are in use. Today there is one way to run, the embedded one.
import type { RootDatabase } from 'lmdb';
import { openLmdbAccounts } from './accounts/lmdb.js';
import type { Accounts } from './accounts/port.js';
import { openLmdbDocuments } from './documents/lmdb.js';
import type { Documents } from './documents/port.js';
import { openLmdbImports } from './import/lmdb.js';
import type { Imports } from './import/port.js';
import { openLocalSalts } from './limits/local.js';
import type { Salts } from './limits/port.js';
import { openStore } from './store.js';

export interface Opened {
  readonly documents: Documents;
  close(): Promise<void>;
}

function openDocuments(dataDir: string): Opened {
  const { root } = openStore(dataDir);
  const documents = openLmdbDocuments(root);
  return { documents, close: () => closeAll(root, documents) };
}

/** For the counter thread. */
export const composeCounter = openDocuments;

/** For the report thread. */
export const composeReports = openDocuments;

/** For the main thread. */
export function composeService(dataDir: string, nowMs: () => number): Opened & { accounts: Accounts; salts: Salts } {
  const { root } = openStore(dataDir);
  const documents = openLmdbDocuments(root);
  const accounts = openLmdbAccounts(root);
  return { documents, accounts, salts: openLocalSalts(dataDir, nowMs), close: () => closeAll(root, accounts) };
}

/** For command line tools, which may run beside the service. */
export function composeTool(dataDir: string): Opened & { accounts: Accounts; imports: Imports } {
  const { root } = openStore(dataDir);
  const documents = openLmdbDocuments(root);
  const accounts = openLmdbAccounts(root);
  return { documents, accounts, imports: openLmdbImports(root), close: () => closeAll(root, documents) };
}

async function closeAll(root: RootDatabase, last: { close(): Promise<void> }): Promise<void> {
  await last.close();
  await root.close();
}
