// Holds on MongoDB: `{ _id: 'hold:<id>', untilMs }` and `{ _id: 'cut:<node>:<time>', node, after, upTo, atMs }`.

import type { Holds, PackBoundary } from '../holds.js';
import type { Mongodb } from './connection.js';

interface Entry extends Partial<PackBoundary> {
  readonly _id: string;
  readonly untilMs?: number;
}

export function openMongodbHolds({ db, written, confirmed }: Mongodb): Holds {
  const entries = db.collection<Entry>('holds', { writeConcern: written, readConcern: confirmed });
  return {
    async hold(id, untilMs) {
      await entries.replaceOne({ _id: `hold:${id}` }, { untilMs }, { upsert: true });
    },
    async release(id) {
      await entries.deleteOne({ _id: `hold:${id}` });
    },
    async isHeld(nowMs) {
      return (await entries.findOne({ untilMs: { $gt: nowMs } })) !== null;
    },
    async addPackBoundary(boundary) {
      await entries.replaceOne({ _id: `cut:${boundary.node}:${boundary.atMs}` }, { ...boundary }, { upsert: true });
    },
    async packBoundaries(node) {
      const found = await entries.find({ node }, { projection: { _id: 0 } }).toArray();
      return found as unknown as PackBoundary[];
    },
    async removePackBoundaries(beforeMs) {
      await entries.deleteMany({ $or: [{ atMs: { $lt: beforeMs } }, { untilMs: { $lt: beforeMs } }] });
    },
  };
}
