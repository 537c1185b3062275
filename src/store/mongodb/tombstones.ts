// Tombstones on MongoDB: `{ _id, tombstone, obeys: { <node>: ms }, cleaned: { <node>: ms }, finishedAtMs }`, and `{
// _id: 'count', number }`, raised after each new one: who dies in between has said to nobody that it is put, and puts
// it again.

import { type Deletion, deletionOf, type StoredDeletion, type Tombstone, type Tombstones } from '../tombstones.js';
import type { Mongodb } from './connection.js';
import { wakeUpNodes } from './node-states.js';
import { insertOrRead, updateOrMake } from './writes.js';

interface TombstoneDocument extends Partial<StoredDeletion> {
  readonly _id: string;
  /** Of the count. */
  readonly number?: number;
}

const COUNT = 'count';

export function openMongodbTombstones(mongodb: Mongodb): Tombstones {
  const { db, written, confirmed } = mongodb;
  const stored = db.collection<TombstoneDocument>('tombstones', { writeConcern: written, readConcern: confirmed });
  let known: { readonly count: number; readonly list: readonly Tombstone[] } = { count: 0, list: [] };

  const raise = () =>
    updateOrMake(stored, { _id: COUNT, number: 0 }, () => stored.updateOne({ _id: COUNT }, { $inc: { number: 1 } }));

  const deletions = async (): Promise<Deletion[]> => {
    const found = await stored.find({ tombstone: { $exists: true } }).toArray();
    return found.map((document) => deletionOf(document as StoredDeletion)).sort((a, b) => a.receivedUntilMs - b.receivedUntilMs);
  };

  return {
    async read() {
      // The number first: a tombstone that comes after it raises it again.
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
