// A database that a restore has not filled yet says so itself: whoever began to count into a half of it would lose the other.
import { insertOrRead } from '../connections/mongodb-writes.js';
import type { Mongodb } from '../connections/mongodb.js';
import { dropCollection } from '../connections/mongodb-collections.js';
import { RESTORES } from './manifest.js';

/** Call this before anything is removed. The mark may exist already, from a restore that was interrupted. */
export async function markUnfinished({ db, written, confirmed }: Mongodb): Promise<void> {
  const restores = db.collection<{ _id: string }>(RESTORES, { writeConcern: written, readConcern: confirmed });
  await insertOrRead(restores, { _id: 'unfinished' });
}

export async function markFinished({ db }: Mongodb): Promise<void> {
  await dropCollection(db, RESTORES);
}

/** Why this database must not be used; undefined when nothing speaks against it. */
export async function unfinishedRestore({ db }: Mongodb): Promise<string | undefined> {
  const mark = await db.collection<{ _id: string }>(RESTORES).findOne({ _id: 'unfinished' });
  if (mark === null) return undefined;
  return `a restore into the database ${db.databaseName} is not finished: wait for it, or run it again with --force`;
}
