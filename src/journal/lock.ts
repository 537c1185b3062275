// One process per journal folder. The lock is a file whose name holds a generation: taking over from a dead owner is
// making the next generation's file, which only one process can do, so two that start at once cannot both believe
// they have it.
import { linkSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isThere, startOf } from './process.js';

export class FolderInUse extends Error {}

export interface FolderLock {
  release(): void;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** What tells this process from a later one with the same number. Empty where the system does not say. */
  readonly started: string;
}

const NAME = /^lock\.([0-9]+)$/;
/** By its file's time an owner on another machine is known to live. */
const TOUCH_EVERY_MS = 1_000;
const WATCH_MS = 3_500;
const LOOK_EVERY_MS = 100;

/** Throws a FolderInUse that names the owner when another living process has the folder. */
export function lockFolder(folder: string): FolderLock {
  const me: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  const draft = join(folder, `lock-${me.pid}.draft`);
  writeFileSync(draft, JSON.stringify(me));
  try {
    for (;;) {
      const generations = generationsIn(folder);
      const newest = generations.at(-1) ?? 0;
      const held = join(folder, `lock.${newest}`);
      const owner = newest === 0 ? undefined : ownerOf(held);
      if (owner !== undefined && lives(owner, held)) {
        throw new FolderInUse(`the folder is in use by process ${owner.pid} on ${owner.host}`);
      }
      const mine = join(folder, `lock.${newest + 1}`);
      try {
        linkSync(draft, mine); // atomic, and fails if the file is there: then somebody was faster, look again
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
        throw error;
      }
      for (const old of generations) rmSync(join(folder, `lock.${old}`), { force: true });
      const touching = setInterval(() => touch(mine), TOUCH_EVERY_MS);
      touching.unref();
      return {
        release() {
          clearInterval(touching);
          rmSync(mine, { force: true });
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
    return undefined; // released a moment ago, or written by nobody who lives: a lock appears whole or not at all
  }
}

/** An owner on another host (a shared folder, a container) cannot be asked: its file is watched for some seconds. */
function lives(owner: Owner, path: string): boolean {
  if (owner.host !== hostname()) return isTouched(path);
  return isThere(owner.pid) && owner.started === startOf(owner.pid);
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // a folder that cannot be written shows where it matters: at the journal
  }
}

function isTouched(path: string): boolean {
  const timeOf = () => statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  const before = timeOf();
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited < WATCH_MS; waited += LOOK_EVERY_MS) {
    Atomics.wait(sleeper, 0, 0, LOOK_EVERY_MS); // nothing else runs yet that this could hold up
    if (timeOf() !== before) return true;
  }
  return false;
}
