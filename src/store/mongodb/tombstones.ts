// Tombstones on MongoDB: `{ _id, tombstone, obeys: { <node>: ms }, cleaned: { <node>: ms }, finishedAtMs }`, and `{
// _id: 'count', number }`, which is raised after each new tombstone. A process that exits in between has not reported
// the tombstone as put, and the command puts it again.

import { type Deletion, deletionOf, type StoredDeletion, type Tombstone, type Tombstones } from '../tombstones.js';
import type { Mongodb } from './connection.js';
import { wakeUpNodes } from './node-states.js';
import { insertOrRead, updateOrCreate } from './writes.js';

interface TombstoneDocument extends Partial<StoredDeletion> {
  readonly _id: string;
  /** Only in the count. */
  readonly number?: number;
}

const COUNT = 'count';

export function openMongodbTombstones(mongodb: Mongodb): Tombstones {
  const { db, written, confirmed } = mongodb;
  const stored = db.collection<TombstoneDocument>('tombstones', { writeConcern: written, readConcern: confirmed });
  let known: { readonly count: number; readonly list: readonly Tombstone[] } = { count: 0, list: [] };

  const raise = () =>
    updateOrCreate(stored, { _id: COUNT, number: 0 }, () => stored.updateOne({ _id: COUNT }, { $inc: { number: 1 } }));

  const deletions = async (): Promise<Deletion[]> => {
    const found = await stored.find({ tombstone: { $exists: true } }).toArray();
    return found.map((document) => deletionOf(document as StoredDeletion)).sort((a, b) => a.receivedUntilMs - b.receivedUntilMs);
  };

  return {
    async read() {
      // Read the number first: a later tombstone raises it again.
      const count = (await stored.findOne({ _id: COUNT }))?.number ?? 0;
      if (count !== known.count) known = { count, list: await deletions() };
      return known.list;
    },
    async put(tombstone) {
      await insertOrRead(stored, { _id: tombstone.id, tombstone });
      await raise();
      await wakeUpNodes(mongodb);
    },
    deletions,
    async acknowledge(id, node, step, atMs) {
      await stored.updateOne({ _id: id }, { $min: { [`${step}.${node}`]: atMs } });
    },
    async finish(id, finishedAtMs) {
      await stored.updateOne({ _id: id }, { $set: { finishedAtMs } });
    },
  };
}
