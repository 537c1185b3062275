// Marks a database while a restore fills it. A process that counted into a half-filled database would lose the other
// half.
import { dropCollection } from '../../store/mongodb/collections.js';
import type { Mongodb } from '../../store/mongodb/connection.js';
import { isDuplicateKey } from '../../store/mongodb/writes.js';
import { RESTORES } from './manifest.js';

const MARK = { _id: 'unfinished' };

/**
 * Call this before anything is removed. Returns `before` if the mark exists already: another restore is running, or was
 * interrupted.
 */
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

/** Returns the reason why this database must not be used, or undefined if it may be used. */
export async function unfinishedRestore(mongodb: Mongodb): Promise<string | undefined> {
  if ((await marksOf(mongodb).findOne(MARK)) === null) return undefined;
  return `a restore into the database ${mongodb.db.databaseName} is not finished: wait until it is, or run it again with --force`;
}

function marksOf({ db, written, confirmed }: Mongodb) {
  return db.collection<typeof MARK>(RESTORES, { writeConcern: written, readConcern: confirmed });
}
