// The ledger on MongoDB: `{ _id: '<work>:<site>', until: '2026-11-20' }`.
import type { Mongodb } from '../connections/mongodb.js';
import type { Ledger } from './port.js';

export function openMongodbLedger({ db, written }: Mongodb): Ledger {
  const days = db.collection<{ _id: string; until: string }>('ledger', { writeConcern: written });
  return {
    async until(work, site) {
      return (await days.findOne({ _id: `${work}:${site}` }))?.until;
    },
    async all(work) {
      // ';' is what follows ':'
      const found = await days.find({ _id: { $gte: `${work}:`, $lt: `${work};` } }).toArray();
      return new Map(found.map(({ _id, until }) => [_id.slice(work.length + 1), until]));
    },
    async done(work, site, day) {
      await days.updateOne({ _id: `${work}:${site}` }, { $max: { until: day } }, { upsert: true });
    },
  };
}
