// Creates, shards and drops collections. Several processes may do this at the same time.
import { type Db, MongoServerError } from 'mongodb';
import { ALREADY_INITIALIZED, NAMESPACE_EXISTS, NAMESPACE_NOT_FOUND } from './codes.js';
import type { Mongodb } from './connection.js';
import { untilNotBusy } from './writes.js';

/** Sorted, because servers list them in any order; without the server's own collections. */
export async function namesIn(db: Db): Promise<string[]> {
  const all = await db.listCollections({}, { nameOnly: true }).toArray();
  return all
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

/** May be repeated. */
export async function createCollections({ db, kind }: Mongodb, names: readonly string[]): Promise<void> {
  const existing = new Set(await namesIn(db));
  for (const name of names) {
    if (!existing.has(name)) await untilNotBusy(() => ignoring(NAMESPACE_EXISTS, () => db.createCollection(name)));
    if (kind === 'sharded cluster') await shard(db, name);
  }
}

/** By hash: otherwise all documents that are written today would be on the same shard. */
async function shard(db: Db, name: string): Promise<void> {
  const command = { shardCollection: `${db.databaseName}.${name}`, key: { _id: 'hashed' } };
  // if an operator has sharded it by another key, this does not change it
  await untilNotBusy(() => ignoring(ALREADY_INITIALIZED, () => db.admin().command(command)));
}

/** A collection that does not exist counts as dropped. */
export function dropCollection(db: Db, name: string): Promise<void> {
  return untilNotBusy(() => ignoring(NAMESPACE_NOT_FOUND, () => db.collection(name).drop()));
}

/** Checks before each try, because other processes may write into it meanwhile. */
export function dropIfEmpty(db: Db, name: string): Promise<'dropped' | 'in use'> {
  return untilNotBusy(async () => {
    if ((await db.collection(name).findOne({}, { projection: { _id: 1 } })) !== null) return 'in use';
    await ignoring(NAMESPACE_NOT_FOUND, () => db.collection(name).drop());
    return 'dropped';
  });
}

async function ignoring(code: number, change: () => Promise<unknown>): Promise<void> {
  try {
    await change();
  } catch (error) {
    const isOver = error instanceof MongoServerError && (error.code === code || isNotFound(code, error));
    if (!isOver) throw error;
  }
}

/** Older servers return only this message, without a code. */
function isNotFound(code: number, { message }: MongoServerError): boolean {
  return code === NAMESPACE_NOT_FOUND && /ns not found/i.test(message);
}
