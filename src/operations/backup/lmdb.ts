// Backups of the embedded store. lmdb copies the whole environment as it was between two transactions, while other
// processes write. The hits of a segment and its number are committed together, and so are an imported range and its
// number. The copy therefore contains exactly the segments up to the number of each node. What the journal has beyond
// these numbers is what the copy lacks.
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { type Holds, whileHeld } from '../../store/holds.js';
import { draftOf } from '../../store/lmdb/draft.js';
import { problemOfFile } from '../../store/lmdb/file/check-file.js';
import { StoreDamaged } from '../../store/lmdb/file/store-damaged.js';
import { verifyStore } from '../../store/lmdb/file/verify-store.js';
import { syncToDisk } from '../../system/sync-to-disk.js';
import { fileInside } from '../../system/untrusted-files.js';
import { type Manifest, STORE_FILE, sizeAndChecksum } from './manifest.js';
import { DATA, type OpenStore, STORE, withCopy, withStore } from './opened-store.js';
import type { BackupSource, Backups, RestoreTarget } from './port.js';
import { countsIn, endSessions, fillStore, nodesIn } from './store-entries.js';
import type { StoreRecord } from './store-record.js';
import { Stopped, type Watch } from './watch.js';

const PROGRESS_EVERY_MS = 200;
/** The share of the time that copying takes. Computing the checksum takes the rest. */
const COPYING_SHARE = 0.8;
/** A store has these entries after a service has been started once. Replacing them loses nothing. */
const OF_A_FRESH_START = ['nodes', 'ledger', 'collections', 'holds'];

export interface LmdbBackupOptions {
  readonly dataDir: string;
  /** Opens the store of a data folder. */
  readonly open: OpenStore;
  openHolds(root: RootDatabase): Holds;
  /** Reads the records of a backup of a MongoDB database. */
  read(folder: string, manifest: Manifest, watch: Watch): AsyncIterable<StoreRecord>;
  readonly nowMs: () => number;
}

export function openLmdbBackups(options: LmdbBackupOptions): Backups {
  return { ...sourceIn(options), ...targetIn(options), async close() {} };
}

function sourceIn(options: LmdbBackupOptions): BackupSource {
  const { dataDir, open, openHolds } = options;
  const dataPath = join(dataDir, STORE, DATA);
  return {
    mode: 'embedded',
    async copy(folder, { onShare, isStopped }) {
      if (!existsSync(dataPath))
        throw new Error(`there is no data in ${dataDir}, so there is nothing to back up; name the data folder with --data-dir`);
      const to = join(folder, STORE);
      mkdirSync(to, { recursive: true });
      const progress = setInterval(() => {
        const copied = statSync(join(to, DATA), { throwIfNoEntry: false })?.size ?? 0;
        onShare(Math.min(1, copied / statSync(dataPath).size) * COPYING_SHARE);
      }, PROGRESS_EVERY_MS);
      // The journal must not pack hits that the copy contains together with hits that it lacks (store/holds.ts).
      const counts = await withStore(dataDir, open, async (root) => {
        const holds = openHolds(root);
        return whileHeld(holds, `backup-${process.pid}`, async () => {
          await root.backup(to, true);
          const [counts, nodes] = await withCopy(folder, open, async (copy) => [countsIn(copy), nodesIn(copy)] as const);
          await addCuts(holds, nodes, options.nowMs());
          return counts;
        });
      }).finally(() => clearInterval(progress));
      const copied = await sizeAndChecksum(join(to, DATA), { isStopped });
      const damages = await damagesIn(join(to, DATA), isStopped);
      onShare(1);
      return { files: [{ path: STORE_FILE, ...copied }], counts, damages };
    },
  };
}

function targetIn(options: LmdbBackupOptions): RestoreTarget {
  const { dataDir, open, read, nowMs } = options;
  const storePath = join(dataDir, STORE);
  const dataPath = join(storePath, DATA);
  /** Where the next `load` moves the present store; undefined if it must not be replaced. */
  let replacedPath: string | undefined;

  /** No service is running, because the restore holds the lock of the data folder; but commands may be. */
  const users = async (): Promise<string | undefined> => {
    if (!existsSync(dataPath)) return undefined;
    const others = await withStore(dataDir, open, async (root) => otherReaders(root)).catch((error: unknown) => {
      if (error instanceof StoreDamaged) return []; // no process can use it
      throw error;
    });
    return others.length === 0 ? undefined : `the process${others.length === 1 ? '' : 'es'} ${others.join(', ')}`;
  };

  return {
    async contents() {
      if (!existsSync(dataPath)) return undefined;
      try {
        return await withStore(dataDir, open, async (root) => {
          const counts = countsIn(root);
          const isEmpty = Object.entries(counts).every(([name, entries]) => entries === 0 || OF_A_FRESH_START.includes(name));
          return isEmpty ? undefined : `the folder ${storePath} with ${counts.documents ?? 0} documents`;
        });
      } catch (error) {
        if (error instanceof StoreDamaged) return `the folder ${storePath}, whose store is damaged`;
        throw error;
      }
    },

    users,
    // The restore holds the lock of the data folder, so no service can start.
    reserve: users,

    // The old store stays in place until the new one is complete.
    async clear() {
      replacedPath = `${storePath}.replaced-${new Date(nowMs()).toISOString().replaceAll(/[:.]/g, '-')}`;
      return `the present store is moved to ${replacedPath}; remove it when you no longer need it`;
    },

    async checkFits(folder, manifest, watch) {
      if (manifest.mode === 'embedded') {
        const path = fileInside(folder, STORE_FILE);
        const problem = problemOfFile(path);
        if (problem !== undefined) throw new Error(`${path} is damaged, and was damaged before it was copied: ${problem}`);
        return;
      }
      for await (const _ of read(folder, manifest, watch)) if (watch.isStopped()) throw new Stopped();
    },

    async load(folder, manifest, watch) {
      const { draft, remarks } = await loadDraft(options, folder, manifest, watch);
      if (replacedPath !== undefined && existsSync(storePath)) renameSync(storePath, replacedPath);
      rmSync(storePath, { recursive: true, force: true });
      renameSync(join(draft, STORE), storePath);
      syncToDisk(dataDir);
      rmSync(draft, { recursive: true, force: true });
      return remarks;
    },
  };
}

/**
 * The store has another name until it is complete, so that no service starts with half of it. While there is a draft
 * and no store, openStore refuses to create one.
 */
async function loadDraft(
  { dataDir, open, openHolds, read, nowMs }: LmdbBackupOptions,
  folder: string,
  manifest: Manifest,
  watch: Watch,
): Promise<{ draft: string; remarks: string[] }> {
  const draft = draftOf(dataDir);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(join(draft, STORE), { recursive: true });
  const remarks =
    manifest.mode === 'embedded'
      ? await copyBack(folder, manifest, draft, watch)
      : await withStore(draft, open, (root) => fillStore(root, read(folder, manifest, watch)));
  // The same backup may be restored again. The journal must then still keep the hits that it contains apart from those
  // that it lacks.
  if (remarks.length === 0) await withStore(draft, open, (root) => addCuts(openHolds(root), nodesIn(root), nowMs()));
  const isDamaged = manifest.mode === 'embedded' && remarks.length > 0; // nothing is written into a damaged file
  if (!isDamaged) await withStore(draft, open, endSessions);
  syncToDisk(join(draft, STORE, DATA));
  return { draft, remarks };
}

async function addCuts(holds: Holds, nodes: ReturnType<typeof nodesIn>, atMs: number): Promise<void> {
  for (const { id, number } of nodes) await holds.addPackBoundary({ node: id, after: number, upTo: number, atMs });
}

/** The ids of the other processes that have the store open. */
function otherReaders(root: RootDatabase): number[] {
  root.readerCheck(); // removes the entries of killed processes
  const pids = [...root.readerList().matchAll(/^\s*(\d+)\s/gm)].map(([, pid]) => Number(pid));
  return [...new Set(pids)].filter((pid) => pid !== process.pid).sort((a, b) => a - b);
}

async function copyBack(folder: string, { files }: Manifest, draft: string, watch: Watch): Promise<string[]> {
  const to = join(draft, STORE_FILE);
  copyFileSync(fileInside(folder, STORE_FILE), to);
  chmodSync(to, 0o600); // a copy has the mode of its original
  if ((await sizeAndChecksum(to, watch)).sha256 !== files[0]?.sha256)
    throw new Error(`${STORE_FILE} changed while it was copied: try again`);
  const damages = await damagesIn(to, watch.isStopped);
  watch.onShare(1);
  if (damages.length === 0) return [];
  return [
    `the backup contains ${damages.length} records that were damaged when it was made; hitherto verify --store lists them`,
    'people are still signed in where they were when it was made; hitherto person sign-out ends the sessions of a person',
  ];
}

/** Throws a Stopped when the caller stops it. */
async function damagesIn(path: string, isStopped: () => boolean): Promise<readonly string[]> {
  const { problems, complete } = await verifyStore(path, { onShare: () => {}, isStopped });
  if (!complete) throw new Stopped();
  return problems;
}
