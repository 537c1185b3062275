// Making, sharding and dropping collections, which several processes may do at once.
import { type Db, MongoServerError } from 'mongodb';
import { ALREADY_INITIALIZED, NAMESPACE_EXISTS, NAMESPACE_NOT_FOUND } from './codes.js';
import type { Mongodb } from './connection.js';
import { untilNotBusy } from './writes.js';

/** By name, since servers list them in any order; without the server's own. */
export async function namesIn(db: Db): Promise<string[]> {
  const all = await db.listCollections({}, { nameOnly: true }).toArray();
  return all
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

/** Again is harmless. */
export async function makeCollections({ db, kind }: Mongodb, names: readonly string[]): Promise<void> {
  const existing = new Set(await namesIn(db));
  for (const name of names) {
    if (!existing.has(name)) await untilNotBusy(() => passingOver(NAMESPACE_EXISTS, () => db.createCollection(name)));
    if (kind === 'sharded cluster') await shard(db, name);
  }
}

/** Hashed: a site's days would else lie side by side, and all that is written today in one place. */
async function shard(db: Db, name: string): Promise<void> {
  const command = { shardCollection: `${db.databaseName}.${name}`, key: { _id: 'hashed' } };
  // where an operator has sharded it by another key, it stays so
  await untilNotBusy(() => passingOver(ALREADY_INITIALIZED, () => db.admin().command(command)));
}

/** One that is not there is dropped. */
export function dropCollection(db: Db, name: string): Promise<void> {
  return untilNotBusy(() => passingOver(NAMESPACE_NOT_FOUND, () => db.collection(name).drop()));
}

/** Looks before each try: others may write into it meanwhile. */
export function dropIfEmpty(db: Db, name: string): Promise<'dropped' | 'in use'> {
  return untilNotBusy(async () => {
    if ((await db.collection(name).findOne({}, { projection: { _id: 1 } })) !== null) return 'in use';
    await passingOver(NAMESPACE_NOT_FOUND, () => db.collection(name).drop());
    return 'dropped';
  });
}

async function passingOver(code: number, change: () => Promise<unknown>): Promise<void> {
  try {
    await change();
  } catch (error) {
    const isOver = error instanceof MongoServerError && (error.code === code || isNotFound(code, error));
    if (!isOver) throw error;
  }
}

/** Older servers say only this, without a code. */
function isNotFound(code: number, { message }: MongoServerError): boolean {
  return code === NAMESPACE_NOT_FOUND && /ns not found/i.test(message);
}
