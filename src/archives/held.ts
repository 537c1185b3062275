// Archives that are there are changed by one process at a time. What one that died has left is put right by whoever comes next.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FolderInUse, type FolderLock, lockFolder } from '../journal/lock.js';
import { type Archive, MANIFEST, archivesIn } from './manifest.js';

/** Drafts of archives without what is taken out of them, and archives that such a draft has replaced: both hold what was to be taken out. */
export const THINNING = '.thinning-';
export const REPLACED = '.replaced-';
/** Drafts of new archives; these are written without the lock, since that takes long. */
export const WRITING = '.writing-';
/** What a process that died has left. */
const WRITING_MS_MAX = 86_400_000;
const LOCK = /^lock\./;
const LOOK_EVERY_MS = 200;

/** Waits for another process that changes archives there. `archivesDir` undefined: there are none. */
export async function holdingArchives<Result>(
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

/** Puts right what processes have left that died, unless one that lives is at work there. */
export function mendArchives(archivesDir: string): void {
  if (!existsSync(archivesDir)) return;
  const isLeft = (name: string) => name.startsWith(THINNING) || name.startsWith(REPLACED) || LOCK.test(name);
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

/** Of new archives. */
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
    await delay(LOOK_EVERY_MS);
  }
}

/** Between the two renames the old archive is put back; after them it is removed. */
function mend(archivesDir: string): void {
  removeOldDrafts(archivesDir, Date.now());
  for (const name of readdirSync(archivesDir)) {
    const path = join(archivesDir, name);
    if (name.startsWith(THINNING)) rmSync(path, { recursive: true, force: true });
    if (!name.startsWith(REPLACED)) continue;
    const folder = join(archivesDir, name.slice(REPLACED.length));
    if (existsSync(folder)) rmSync(path, { recursive: true, force: true });
    else if (existsSync(join(path, MANIFEST))) renameSync(path, folder);
  }
}

function isReadOnly(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');
}
