// The one lmdb environment of the embedded mode: documents, accounts and imports, each in named databases of their own.
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type RootDatabase, open } from 'lmdb';
import { refuseUnusable, unusable } from './own-files.js';

/** What lmdb writes at the beginning of its file, behind a page's head of 16 or, as built for lmdb-js, 24 bytes; of such pages there are two at the least. */
const MAGIC = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);
const HEAD_BYTES = 32;
const BYTES_MIN = 2 * 4096;

/**
 * Opened by each thread and by command line tools beside a running service: lmdb takes care of them all. Throws when there is a
 * file that is no store: lmdb would begin a new one in its place, or end the process.
 */
export function openStore(dataDir: string): { root: RootDatabase } {
  const own = { path: dataDir, variable: 'DATA_DIR' } as const;
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    throw unusable(dataDir, own, error);
  }
  const store = join(dataDir, 'store');
  for (const path of [store, join(store, 'data.mdb'), join(store, 'lock.mdb')]) refuseUnusable(path, own);
  if (!existsSync(store)) refuseUnusable(dataDir, own);
  refuseDamaged(join(store, 'data.mdb'));
  return { root: open({ path: store, maxDbs: 32, encoding: 'binary' }) };
}

function refuseDamaged(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    readSync(file, head, 0, HEAD_BYTES, 0);
    if (fstatSync(file).size < BYTES_MIN || !head.includes(MAGIC)) {
      throw new Error(`${path} is damaged: it is no lmdb store; restore it from a backup, or move it away to begin anew`);
    }
  } finally {
    closeSync(file);
  }
}
