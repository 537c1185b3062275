// Imports on MongoDB:
//
//   imports        { _id: site id, revision, imports: [record, …] }     begun by a compare-and-set on the revision
//   import-ranges  { _id: '<import>:<number>', range }                  the first insert decides
//   import-traces  { _id: '<import>:<number>', trace }                  the first insert decides
//
// Majority reads determine the outcome. So a call that has rejected can be repeated, and then finds the
// result of the first one.
import { setTimeout as delay } from 'node:timers/promises';
import { type ImportRecord, type Imports, type PlannedRange, type RangeTrace, withKeyOf } from '../imports.js';
import { StoreUnavailable } from '../unavailable.js';
import { isUnavailable, type Mongodb } from './connection.js';
import { insertOrRead, repeated } from './writes.js';

/** Other processes may begin imports into the same site at the same time, or a majority may be slow. */
const TRIES_MAX = 100;
const RETRY_MS = 50;

interface SiteImports {
  readonly _id: string;
  readonly revision: number;
  readonly imports: readonly ImportRecord[];
}

interface RangeDocument {
  readonly _id: string;
  readonly range: PlannedRange;
}

interface TraceDocument {
  readonly _id: string;
  readonly trace: RangeTrace;
}

/** Rejects with a StoreUnavailable when MongoDB does not answer. */
export function openMongodbImports({ db, written, confirmed }: Mongodb): Imports {
  const concerns = { writeConcern: written, readConcern: confirmed };
  const sites = db.collection<SiteImports>('imports', concerns);
  const ranges = db.collection<RangeDocument>('import-ranges', concerns);
  const traces = db.collection<TraceDocument>('import-traces', concerns);

  const begin = async (record: ImportRecord, isSame: (known: ImportRecord) => boolean): Promise<ImportRecord> => {
    const _id = record.site.id;
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const found = await sites.findOne({ _id });
      // if an answer was lost, the list may already contain this import
      const known = found?.imports.find((known) => known.id === record.id || isSame(known));
      if (known !== undefined) return known;
      if (found === null) {
        await insertOrRead(sites, { _id, revision: 1, imports: [record] });
      } else {
        const begun = withKeyOf(found.imports, record);
        const update = { $push: { imports: begun }, $inc: { revision: 1 } };
        const { matchedCount } = await repeated(() => sites.updateOne({ _id, revision: found.revision }, update));
        if (matchedCount === 1) return begun;
      }
      await delay(RETRY_MS * Math.random());
    }
    throw new Error(
      `an import into ${_id} could not be begun because other processes were always faster: run the same command again`,
    );
  };

  return {
    begin: (record, isSame) => answered(() => begin(record, isSame)),

    ids: () =>
      answered(async () => {
        const found = await sites.find({}, { projection: { 'imports.id': 1 } }).toArray();
        return found.flatMap(({ imports }) => imports.map(({ id }) => id));
      }),

    begun: (site) =>
      answered(async () => {
        const { imports = [] } = (await sites.findOne({ _id: site })) ?? {};
        return [...imports].sort((a, b) => (a.id < b.id ? -1 : 1));
      }),

    range: (importId, number) => answered(async () => (await ranges.findOne({ _id: idOf(importId, number) }))?.range),

    plan: (importId, range) =>
      answered(async () => (await insertOrRead(ranges, { _id: idOf(importId, range.number), range })).range),

    decide: (importId, trace) =>
      answered(async () => (await insertOrRead(traces, { _id: idOf(importId, trace.number), trace })).trace),

    traces: (importId) =>
      answered(async () => {
        const found = await traces.find(ofImport(importId)).toArray();
        return found.map(({ trace }) => trace).sort((a, b) => a.number - b.number);
      }),

    removeSite: (site) =>
      answered(async () => {
        const records = (await sites.findOne({ _id: site }))?.imports ?? [];
        // The record is removed last, because it is needed to find the ranges.
        for (const { id } of records) {
          await repeated(() => ranges.deleteMany(ofImport(id)));
          await repeated(() => traces.deleteMany(ofImport(id)));
        }
        await repeated(() => sites.deleteOne({ _id: site }));
        return records.length;
      }),
  };
}

function idOf(importId: string, number: number): string {
  return `${importId}:${number}`;
}

/** ';' is the character after ':'. */
function ofImport(importId: string) {
  return { _id: { $gte: `${importId}:`, $lt: `${importId};` } };
}

async function answered<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const reason = (error as Error).message.replaceAll(/\s+/g, ' ');
    throw new StoreUnavailable(`MongoDB does not answer; run the same command again later to continue (${reason})`);
  }
}
