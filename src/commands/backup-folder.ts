// The folder that a backup is written into. A backup that was ended in the middle leaves it half full: a mark says so, and the same command begins
// there anew.
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST } from '../backup/manifest.js';
import { lockFolder } from '../journal/lock.js';
import { CommandFailure } from './run.js';

const MARK = 'unfinished';
const LOCK = /^lock[.-]/;
const TEXT = 'A backup was begun here and is not finished. The same command begins anew.\n';

export interface BackupFolder {
  /** The backup is whole. */
  finish(): void;
  /** Removes what there is of it, and the folder if it was not there before. */
  abandon(): void;
}

/** `finished`: the folder holds a backup that was ended when it was whole. Throws a CommandFailure for a folder with anything else in it. */
export function beginBackup(folder: string): BackupFolder | 'finished' {
  const wasThere = existsSync(folder);
  if (wasThere && !mayBeUsed(folder)) throw new CommandFailure(`${folder} is not empty: a backup needs a folder of its own`);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const lock = lockFolder(folder);
  const mark = join(folder, MARK);
  const finish = (): void => {
    rmSync(mark, { force: true });
    lock.release();
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

/** Empty, or with the mark of a backup that was not finished; nothing of anybody else's is removed. */
function mayBeUsed(folder: string): boolean {
  // the mark is the first file: if it was not written whole there is nothing else
  return isMarked(folder) || readdirSync(folder).every((name) => name === MARK || LOCK.test(name));
}

function isMarked(folder: string): boolean {
  const mark = join(folder, MARK);
  return lstatSync(mark, { throwIfNoEntry: false })?.isFile() === true && readFileSync(mark, 'utf8') === TEXT;
}
