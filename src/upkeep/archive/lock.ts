// Only one process at a time changes existing archives. The next one cleans up after a process that was killed.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FolderInUse, type FolderLock, lockFolder } from '../../journal/lock.js';
import { type Archive, archivesIn, MANIFEST } from './manifest.js';

/**
 * Prefixes of the folders that prune.ts creates: drafts of smaller archives, and the archives that a draft has replaced.
 * Both may contain deleted data.
 */
export const PRUNING = '.thinning-';
export const REPLACED = '.replaced-';
/** Prefix of drafts of new archives. These are written without the lock, because writing one takes long. */
export const WRITING = '.writing-';
/** An older draft was left by a process that was killed. */
const WRITING_MS_MAX = 86_400_000;
const LOCK = /^lock\./;
const RETRY_MS = 200;

/**
 * Calls `act` with all archives while no other process changes them; waits until none does. `archivesDir` is
 * undefined when there are no archives.
 */
export async function withLockedArchives<Result>(
  archivesDir: string | undefined,
  act: (archives: readonly Archive[]) => Promise<Result>,
): Promise<Result> {
  if (archivesDir === undefined || !existsSync(archivesDir)) return act([]);
  const lock = await locked(archivesDir);
  try {
    mend(archivesDir);
    return await act(archivesIn(archivesDir));
  } finally {
    lock.release();
  }
}

/** Cleans up after processes that were killed. Does nothing while a process is changing archives. */
export function mendArchives(archivesDir: string): void {
  if (!existsSync(archivesDir)) return;
  const isLeft = (name: string) => name.startsWith(PRUNING) || name.startsWith(REPLACED) || LOCK.test(name);
  if (!readdirSync(archivesDir).some(isLeft)) return;
  let lock: FolderLock;
  try {
    lock = lockFolder(archivesDir);
  } catch (error) {
    if (error instanceof FolderInUse || isReadOnly(error)) return;
    throw error;
  }
  try {
    mend(archivesDir);
  } finally {
    lock.release();
  }
}

/** Removes old drafts of new archives. */
export function removeOldDrafts(archivesDir: string, nowMs: number): void {
  for (const name of readdirSync(archivesDir)) {
    const path = join(archivesDir, name);
    if (name.startsWith(WRITING) && nowMs - statSync(path).mtimeMs > WRITING_MS_MAX)
      rmSync(path, { recursive: true, force: true });
  }
}

async function locked(archivesDir: string): Promise<FolderLock> {
  for (;;) {
    try {
      return lockFolder(archivesDir);
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
    }
    await delay(RETRY_MS);
  }
}

/** After a process was killed between the two renames in prune.ts, the old archive is renamed back; after both, it is removed. */
function mend(archivesDir: string): void {
  removeOldDrafts(archivesDir, Date.now());
  for (const name of readdirSync(archivesDir)) {
    const path = join(archivesDir, name);
    if (name.startsWith(PRUNING)) rmSync(path, { recursive: true, force: true });
    if (!name.startsWith(REPLACED)) continue;
    const folder = join(archivesDir, name.slice(REPLACED.length));
    if (existsSync(folder)) rmSync(path, { recursive: true, force: true });
    else if (existsSync(join(path, MANIFEST))) renameSync(path, folder);
  }
}

function isReadOnly(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');
}
