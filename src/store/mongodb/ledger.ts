// The ledger on MongoDB: `{ _id: '<work>:<site>', until: '2026-11-20', days: [{ from, to }, …] }`.
import { type DayRange, joinRanges } from '../../time/day-range.js';
import type { Ledger } from '../ledger.js';
import { StoreUnavailable } from '../unavailable.js';
import { isUnavailable, type Mongodb } from './connection.js';
import { updateOrCreate } from './writes.js';

/** Ranges are added one by one, and joined when there are more than this. */
const ENTRIES_MAX = 50;

interface Entry {
  readonly _id: string;
  readonly until?: string;
  readonly days?: DayRange[];
}

export function openMongodbLedger({ db, written, confirmed }: Mongodb): Ledger {
  const days = db.collection<Entry>('ledger', { writeConcern: written, readConcern: confirmed });
  return {
    async days(work, site) {
      const found = await days.findOne({ _id: `${work}:${site}` }).catch(readable);
      return joinRanges(found?.days ?? []);
    },
    async allDays(work) {
      const found = await days
        .find({ ...ofWork(work), days: { $exists: true } })
        .toArray()
        .catch(readable);
      return new Map(found.map(({ _id, days }) => [_id.slice(work.length + 1), joinRanges(days ?? [])]));
    },
    async clear(work, site) {
      await days.updateOne({ _id: `${work}:${site}` }, { $unset: { days: '' } });
    },
    async add(work, site, more) {
      const _id = `${work}:${site}`;
      await updateOrCreate(days, { _id }, () => days.updateOne({ _id }, { $addToSet: { days: more } }));
      const entries = (await days.findOne({ _id }))?.days ?? [];
      // This has no effect if another range was added meanwhile. Then a later call joins the ranges.
      if (entries.length > ENTRIES_MAX) await days.updateOne({ _id, days: entries }, { $set: { days: joinRanges(entries) } });
    },
    async removeSite(site) {
      // Ids of sites contain no characters with a meaning in regular expressions.
      await days.deleteMany({ _id: { $regex: `:${site}$` } });
    },
    async works() {
      const all = await days.find({}, { projection: { _id: 1 } }).toArray();
      return [...new Set(all.map(({ _id }) => _id.slice(0, _id.lastIndexOf(':'))))].sort();
    },
    async until(work, site) {
      return (await days.findOne({ _id: `${work}:${site}` }))?.until;
    },
    async all(work) {
      const found = await days.find({ ...ofWork(work), until: { $exists: true } }).toArray();
      return new Map(found.map(({ _id, until }) => [_id.slice(work.length + 1), until as string]));
    },
    async done(work, site, day) {
      const _id = `${work}:${site}`;
      await updateOrCreate(days, { _id }, () => days.updateOne({ _id }, { $max: { until: day } }));
    },
  };
}

function readable(error: Error): never {
  throw isUnavailable(error) ? new StoreUnavailable(`MongoDB does not answer: ${error.message}`) : error;
}

function ofWork(work: string): { _id: { $gte: string; $lt: string } } {
  return { _id: { $gte: `${work}:`, $lt: `${work};` } }; // ';' is the character after ':'
}
