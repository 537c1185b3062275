// The one lmdb environment of the embedded mode: documents, accounts and imports, each in named databases of their own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type RootDatabase, open } from 'lmdb';

/** Opened by each thread and by command line tools beside a running service: lmdb takes care of them all. */
export function openStore(dataDir: string): { root: RootDatabase } {
  mkdirSync(dataDir, { recursive: true });
  return { root: open({ path: join(dataDir, 'store'), maxDbs: 32, encoding: 'binary' }) };
}
