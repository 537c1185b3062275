// The folder that a backup is written into. An interrupted backup leaves an incomplete folder with a mark file in it.
// Running the same command again starts over.
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
 * Returns `finished` if a complete backup lacked only its last step. Throws a CommandFailure if there are other files
 * in the folder.
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
    rmSync(mark, { force: true }); // must be the last step: without the mark the backup is finished
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

/** Whether the folder is empty or has our mark. Files of other origin must not be removed. */
function mayBeUsed(folder: string): boolean {
  // the mark is written first, so if it is incomplete there are no other files
  return isMarked(folder) || readdirSync(folder).every((name) => name === MARK || LOCK.test(name));
}

function isMarked(folder: string): boolean {
  const mark = join(folder, MARK);
  return lstatSync(mark, { throwIfNoEntry: false })?.isFile() === true && readFileSync(mark, 'utf8') === TEXT;
}
