// A database that a restore has not filled yet says so itself: whoever began to count into a half of it would lose the other.

import { dropCollection } from '../../store/mongodb/collections.js';
import type { Mongodb } from '../../store/mongodb/connection.js';
import { isDuplicateKey } from '../../store/mongodb/writes.js';
import { RESTORES } from './manifest.js';

const MARK = { _id: 'unfinished' };

/** Call this before anything is removed. `before`: the mark is there already, of a restore that goes on or was interrupted. */
export async function markUnfinished(mongodb: Mongodb): Promise<'marked' | 'before'> {
  try {
    await marksOf(mongodb).insertOne(MARK);
    return 'marked';
  } catch (error) {
    if (isDuplicateKey(error)) return 'before';
    throw error;
  }
}

export async function markFinished({ db }: Mongodb): Promise<void> {
  await dropCollection(db, RESTORES);
}

/** Why this database must not be used; undefined when nothing speaks against it. */
export async function unfinishedRestore(mongodb: Mongodb): Promise<string | undefined> {
  if ((await marksOf(mongodb).findOne(MARK)) === null) return undefined;
  return `a restore into the database ${mongodb.db.databaseName} is not finished: wait for it, or run it again with --force`;
}

function marksOf({ db, written, confirmed }: Mongodb) {
  return db.collection<typeof MARK>(RESTORES, { writeConcern: written, readConcern: confirmed });
}
