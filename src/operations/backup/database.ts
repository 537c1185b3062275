// The collections of a MongoDB database that belong in a backup.
import type { Collection } from 'mongodb';
import { dropCollection, namesIn } from '../../store/mongodb/collections.js';
import type { Mongodb } from '../../store/mongodb/connection.js';
import { PROCESSES } from '../../store/mongodb/presence.js';
import type { Entry } from './dump-entries.js';
import { RESTORES } from './manifest.js';

/** They describe running processes, restores and the journals of this installation. A restore leaves them in place. */
const OF_THIS_INSTALLATION = [PROCESSES, RESTORES, 'holds'];

export function collectionOf({ db, written, confirmed }: Mongodb, name: string): Collection<Entry> {
  return db.collection<Entry>(name, { readConcern: confirmed, writeConcern: written });
}

export async function namesToBackUp({ db }: Mongodb): Promise<string[]> {
  return (await namesIn(db)).filter((name) => !OF_THIS_INSTALLATION.includes(name));
}

export async function dropAll(mongodb: Mongodb): Promise<void> {
  for (const name of await namesToBackUp(mongodb)) await dropCollection(mongodb.db, name);
}
