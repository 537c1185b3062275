// Backups of the embedded store: lmdb's own copy of the whole environment, as it was at one moment between two
// transactions, while others write. A segment's hits and its number are committed together, as are an imported range
// and its number: so the copy holds exactly the segments up to its nodes' numbers, and what the journal has beyond
// them is what it lacks.
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { type Holds, whileHeld } from '../../store/holds.js';
import { draftOf } from '../../store/lmdb/draft.js';
import { problemOfFile } from '../../store/lmdb/file/check-file.js';
import { StoreDamaged } from '../../store/lmdb/file/store-damaged.js';
import { verifyStore } from '../../store/lmdb/file/verify-store.js';
import { fileInside } from '../../system/untrusted-files.js';
import type { Kept } from './kept.js';
import { type Manifest, measure, STORE_FILE } from './manifest.js';
import { type Backups, Stopped, type Watch } from './port.js';
import { countsIn, fillStore, nodesIn } from './store-entries.js';

const STORE = 'store';
const DATA = 'data.mdb';
const LOOK_EVERY_MS = 200;
/** The rest of the time is the checksum's. */
const COPYING_SHARE = 0.8;
/** A service that was only started once has these in its store, which are no loss. */
const OF_A_FRESH_START = ['nodes', 'ledger', 'collections', 'holds'];

export interface LmdbBackupOptions {
  readonly dataDir: string;
  /** Opens the store of a data folder. */
  open(dataDir: string): { root: RootDatabase };
  openHolds(root: RootDatabase): Holds;
  /** Everything that a backup of the other mode holds. */
  read(folder: string, manifest: Manifest, watch: Watch): AsyncIterable<Kept>;
  readonly nowMs: () => number;
}

export function openLmdbBackups({ dataDir, open, openHolds, read, nowMs }: LmdbBackupOptions): Backups {
  const storePath = join(dataDir, STORE);
  const dataPath = join(storePath, DATA);
  /** Where the present store is moved when the backup takes its place. */
  let aside: string | undefined;

  /** No service runs, since whoever restores has the lock of the data folder; but commands may be at work. */
  const inUse = async (): Promise<string | undefined> => {
    if (!existsSync(dataPath)) return undefined;
    const others = await withStore(dataDir, open, async (root) => otherReaders(root)).catch((error: unknown) => {
      if (error instanceof StoreDamaged) return []; // nobody can use it
      throw error;
    });
    return others.length === 0 ? undefined : `the process${others.length === 1 ? '' : 'es'} ${others.join(', ')}`;
  };

  const addCuts = async (holds: Holds, nodes: ReturnType<typeof nodesIn>): Promise<void> => {
    for (const { id, number } of nodes) await holds.addCut({ node: id, after: number, upTo: number, atMs: nowMs() });
  };

  return {
    mode: 'embedded',

    async copy(folder, { onShare, isStopped }) {
      if (!existsSync(dataPath))
        throw new Error(`there is no data in ${dataDir}: nothing to back up; name its folder with --data-dir`);
      const to = join(folder, STORE);
      mkdirSync(to, { recursive: true });
      const look = setInterval(() => {
        const copied = statSync(join(to, DATA), { throwIfNoEntry: false })?.size ?? 0;
        onShare(Math.min(1, copied / statSync(dataPath).size) * COPYING_SHARE);
      }, LOOK_EVERY_MS);
      // The hits that the copy has and those that it lacks must stay apart in the journal (store/holds.ts).
      const counts = await withStore(dataDir, open, async (root) => {
        const holds = openHolds(root);
        return whileHeld(holds, `backup-${process.pid}`, async () => {
          await root.backup(to, true);
          const [counts, nodes] = await withCopy(folder, open, async (copy) => [countsIn(copy), nodesIn(copy)] as const);
          await addCuts(holds, nodes);
          return counts;
        });
      }).finally(() => clearInterval(look));
      const copied = await measure(join(to, DATA), { isStopped });
      const damages = await damagesIn(join(to, DATA), isStopped);
      onShare(1);
      return { files: [{ path: STORE_FILE, ...copied }], counts, damages };
    },

    async holds() {
      if (!existsSync(dataPath)) return undefined;
      try {
        return await withStore(dataDir, open, async (root) => {
          const counts = countsIn(root);
          const isEmpty = Object.entries(counts).every(([name, entries]) => entries === 0 || OF_A_FRESH_START.includes(name));
          return isEmpty ? undefined : `the folder ${storePath} with ${counts.documents ?? 0} documents in it`;
        });
      } catch (error) {
        if (error instanceof StoreDamaged) return `the folder ${storePath}, whose store is damaged`;
        throw error;
      }
    },

    inUse: () => inUse(),
    // The lock of the data folder, which whoever restores has, keeps a service from starting.
    reserve: () => inUse(),

    // The old store stays in place until the new one is complete.
    async clear() {
      aside = `${storePath}.replaced-${new Date(nowMs()).toISOString().replaceAll(/[:.]/g, '-')}`;
      return `the present store is moved to ${aside}; remove it when you no longer need it`;
    },

    async refuseUnfit(folder, manifest, watch) {
      if (manifest.mode === 'embedded') {
        const path = fileInside(folder, STORE_FILE);
        const problem = problemOfFile(path);
        if (problem !== undefined) throw new Error(`${path} is damaged, and was so already when it was copied: ${problem}`);
        return;
      }
      for await (const _ of read(folder, manifest, watch)) if (watch.isStopped()) throw new Stopped();
    },

    async load(folder, manifest, watch) {
      // It has another name until it is complete, so that no service starts with half of it. While there is a draft
      // and no store, openStore refuses to create one.
      const draft = draftOf(dataDir);
      rmSync(draft, { recursive: true, force: true });
      mkdirSync(join(draft, STORE), { recursive: true });
      const remarks =
        manifest.mode === 'embedded'
          ? await copyBack(folder, manifest, draft, watch)
          : await withStore(draft, open, (root) => fillStore(root, read(folder, manifest, watch)));
      // The same backup may be restored once more, and then again needs what it holds and what it lacks apart in the journal.
      if (remarks.length === 0) await withStore(draft, open, (root) => addCuts(openHolds(root), nodesIn(root)));
      synced(join(draft, STORE, DATA));
      if (aside !== undefined && existsSync(storePath)) renameSync(storePath, aside);
      rmSync(storePath, { recursive: true, force: true });
      renameSync(join(draft, STORE), storePath);
      synced(dataDir);
      rmSync(draft, { recursive: true, force: true });
      return remarks;
    },

    async close() {},
  };
}

/** The numbers of the other processes that have the store open. */
function otherReaders(root: RootDatabase): number[] {
  root.readerCheck(); // what processes left that were killed
  const pids = [...root.readerList().matchAll(/^\s*(\d+)\s/gm)].map(([, pid]) => Number(pid));
  return [...new Set(pids)].filter((pid) => pid !== process.pid).sort((a, b) => a - b);
}

async function copyBack(folder: string, { files }: Manifest, draft: string, watch: Watch): Promise<string[]> {
  const to = join(draft, STORE_FILE);
  copyFileSync(fileInside(folder, STORE_FILE), to);
  chmodSync(to, 0o600); // a copy has the rights of its original
  if ((await measure(to, watch)).sha256 !== files[0]?.sha256)
    throw new Error(`${STORE_FILE} changed while it was copied: try again`);
  const damages = await damagesIn(to, watch.isStopped);
  watch.onShare(1);
  if (damages.length === 0) return [];
  return [
    `${damages.length} damaged records were in the store when the backup was made, and are in it; hitherto verify --store lists them`,
  ];
}

/** Throws a Stopped when the copy was stopped. */
async function damagesIn(path: string, isStopped: () => boolean): Promise<readonly string[]> {
  const { problems, complete } = await verifyStore(path, { onShare: () => {}, isStopped });
  if (!complete) throw new Stopped();
  return problems;
}

/** Flushes a file to disk, or the list of files of a folder. */
function synced(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Reading needs a file of locks beside the store; in a backup it is not left. */
export async function withCopy<Result>(
  folder: string,
  open: LmdbBackupOptions['open'],
  use: (root: RootDatabase) => Promise<Result>,
): Promise<Result> {
  try {
    return await withStore(folder, open, use);
  } finally {
    rmSync(join(folder, STORE, 'lock.mdb'), { force: true });
  }
}

async function withStore<Result>(
  dataDir: string,
  open: LmdbBackupOptions['open'],
  use: (root: RootDatabase) => Promise<Result>,
): Promise<Result> {
  const { root } = open(dataDir);
  try {
    return await use(root);
  } finally {
    await root.close();
  }
}
