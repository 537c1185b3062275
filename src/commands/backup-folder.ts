// The folder that a backup is written into. An interrupted backup leaves a half-full folder with a mark in it;
// running the same command again starts over.
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '../journal/lock.js';
import { MANIFEST } from '../operations/backup/manifest.js';
import { makeFolder } from '../system/make-folder.js';
import { CommandFailure } from './run.js';

const MARK = 'unfinished';
const LOCK = /^lock[.-]/;
const TEXT = 'The backup in this folder is not finished. Run the same command again to start over.\n';

export interface BackupFolder {
  /** Call this when the backup is complete. */
  finish(): void;
  /** Removes what was written, and the folder too if it is new. */
  abandon(): void;
}

/**
 * Returns `finished` when a complete backup only lacked its last step. Throws a CommandFailure when the folder has
 * other files in it.
 */
export function beginBackup(folder: string): BackupFolder | 'finished' {
  const wasThere = existsSync(folder);
  if (wasThere && !mayBeUsed(folder)) {
    const what = existsSync(join(folder, MANIFEST)) ? 'contains a finished backup' : 'is not empty';
    throw new CommandFailure(`${folder} ${what}: a backup needs a folder of its own`);
  }
  makeFolder(folder);
  chmodSync(folder, 0o700);
  const lock = lockFolder(folder);
  const mark = join(folder, MARK);
  const finish = (): void => {
    lock.release();
    rmSync(mark, { force: true }); // the last step: nothing is left to be done when it is gone
  };
  const clear = (): void => {
    for (const name of readdirSync(folder))
      if (name !== MARK && !LOCK.test(name)) rmSync(join(folder, name), { recursive: true });
  };
  if (readdirSync(folder).includes(MANIFEST)) {
    finish();
    return 'finished';
  }
  if (!isMarked(folder)) writeFileSync(mark, TEXT);
  clear();
  return {
    finish,
    abandon() {
      clear();
      finish();
      if (!wasThere) rmSync(folder, { recursive: true });
    },
  };
}

/** Only an empty folder or one with our mark: nobody else's files may be removed. */
function mayBeUsed(folder: string): boolean {
  // the mark is the first file: if it is incomplete, there is nothing else
  return isMarked(folder) || readdirSync(folder).every((name) => name === MARK || LOCK.test(name));
}

function isMarked(folder: string): boolean {
  const mark = join(folder, MARK);
  return lstatSync(mark, { throwIfNoEntry: false })?.isFile() === true && readFileSync(mark, 'utf8') === TEXT;
}
