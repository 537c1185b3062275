// Allows only one process per journal folder. The lock is a file with a generation in its name. To replace an owner
// that has exited, a process creates the file of the next generation. Only one process can do this, so two processes
// that start at the same time cannot both get the lock.
import { linkSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { processExists, processStart } from './process.js';

export class FolderInUse extends Error {}

export interface FolderLock {
  release(): void;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Distinguishes this process from a later one with the same id. Empty if the system does not provide it. */
  readonly started: string;
}

const NAME = /^lock\.([0-9]+)$/;
/** The owner updates its file's time this often, which shows processes on other machines that it is running. */
const TOUCH_EVERY_MS = 1_000;
/** An owner on another machine whose file does not change for this long has exited. */
const WATCH_MS = 3_500;
const CHECK_EVERY_MS = 100;

/** Throws a FolderInUse that names the owner if another running process has the lock. */
export function lockFolder(folder: string): FolderLock {
  const me: Owner = { pid: process.pid, host: hostname(), started: processStart(process.pid) };
  const draft = join(folder, `lock-${me.pid}.draft`);
  writeFileSync(draft, JSON.stringify(me));
  try {
    for (;;) {
      const generations = generationsIn(folder);
      const newest = generations.at(-1) ?? 0;
      const newestLock = join(folder, `lock.${newest}`);
      const owner = newest === 0 ? undefined : ownerOf(newestLock);
      if (owner !== undefined && isRunning(owner, newestLock)) {
        throw new FolderInUse(`the folder is in use by process ${owner.pid} on ${owner.host}`);
      }
      const nextLock = join(folder, `lock.${newest + 1}`);
      try {
        linkSync(draft, nextLock); // atomic; fails if another process was faster: check again
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
        throw error;
      }
      for (const old of generations) rmSync(join(folder, `lock.${old}`), { force: true });
      const touching = setInterval(() => touch(nextLock), TOUCH_EVERY_MS);
      touching.unref();
      return {
        release() {
          clearInterval(touching);
          rmSync(nextLock, { force: true });
        },
      };
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function generationsIn(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function ownerOf(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return undefined; // just released, or damaged: the lock of a running owner is complete, because linking is atomic
  }
}

/**
 * The processes of another host (a shared folder, a container) are not visible here, so the owner's file is watched.
 */
function isRunning(owner: Owner, path: string): boolean {
  if (owner.host !== hostname()) return isBeingTouched(path);
  return processExists(owner.pid) && owner.started === processStart(owner.pid);
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // a folder that cannot be written is reported by the journal
  }
}

function isBeingTouched(path: string): boolean {
  const timeOf = () => statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  const before = timeOf();
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited < WATCH_MS; waited += CHECK_EVERY_MS) {
    Atomics.wait(sleeper, 0, 0, CHECK_EVERY_MS); // blocking is fine: nothing else runs yet in this process
    if (timeOf() !== before) return true;
  }
  return false;
}
