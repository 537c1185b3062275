// Implements the protocol's operations on a MongoDB server. Every operation on counters finds its document by `_id`,
// so no other index is needed.
import { type AnyBulkWriteOperation, MongoBulkWriteError, MongoInvalidArgumentError, MongoServerError } from 'mongodb';
import type { Fields } from '../../counters/codec/fields.js';
import { updateOf } from '../../counters/codec/update.js';
import type { Delta, DocumentId, Segment } from '../documents.js';
import { createCollections } from './collections.js';
import type { Mongodb } from './connection.js';
import type { Guards } from './guards.js';
import { nodeStatesIn } from './node-states.js';
import {
  type BulkOutcome,
  type CountingOperations,
  isForGood,
  type Operations,
  Refused,
  type Stored,
  type WholeDocumentOperations,
} from './operations.js';
import { storeRejected } from './rejected.js';
import { isDuplicateKey } from './writes.js';

/** `k`: the segments that the document contains, by node. `c`: its counters. */
export interface CountersDocument {
  readonly _id: string;
  readonly k: Guards;
  readonly c?: Fields;
}

const TOO_LARGE = 10334;
const TOO_LARGE_TEXT = 'it is too large for a document';

export function createServerOperations(mongodb: Mongodb, nowMs: () => number): Operations {
  const prepare = preparing(mongodb);
  return { ...createCounting(mongodb, prepare, nowMs), ...createWholeDocuments(mongodb, prepare) };
}

type Prepare = (collection: string) => Promise<void>;

/** Creates a collection before its first write. The first write would create it without sharding. */
function preparing(mongodb: Mongodb): Prepare {
  const prepared = new Set<string>();
  return async (name) => {
    if (mongodb.kind !== 'sharded cluster' || prepared.has(name)) return;
    await createCollections(mongodb, [name]);
    prepared.add(name);
  };
}

function countersIn({ db, written, confirmed }: Mongodb, collection: string) {
  return db.collection<CountersDocument>(collection, { writeConcern: written, readConcern: confirmed });
}

function createCounting(mongodb: Mongodb, prepare: Prepare, nowMs: () => number): CountingOperations {
  const update: Operations['update'] = async (name, segment, deltas, upsert) => {
    await prepare(name);
    const updates = deltas.map((delta) => guardedUpdate(delta, segment, upsert));
    try {
      const { matchedCount } = await countersIn(mongodb, name).bulkWrite(updates, { ordered: false });
      return { matched: matchedCount, failures: [] };
    } catch (error) {
      if (!isUnsendable(error)) return knownOutcome(error);
      if (deltas.length === 1) return { matched: 0, failures: [{ index: 0, code: TOO_LARGE, message: TOO_LARGE_TEXT }] };
      // One delta is too large for the driver to send. This must not affect the others, so each is sent separately.
      const outcomes: BulkOutcome[] = [];
      for (const delta of deltas) outcomes.push(await update(name, segment, [delta], upsert));
      return joined(outcomes);
    }
  };

  return {
    update,
    readGuards: (name, ids) => read(mongodb, name, ids, { projection: { k: 1 }, pick: ({ k }) => k }),
    reject: (delta, segment, reason) => storeRejected(mongodb, delta, segment, { reason, atMs: nowMs() }),
    async finish({ node, number, checksum }, countedUntilMs) {
      const states = nodeStatesIn(mongodb);
      const isBehind = { _id: node, number: { $not: { $gte: number } } };
      const update = (upsert: boolean) =>
        states.updateOne(isBehind, { $set: { number, checksum }, $max: { countedUntilMs } }, { upsert });
      await update(true).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
        return update(false); // the document was created meanwhile, or already has a higher number
      });
    },
  };
}

function createWholeDocuments(mongodb: Mongodb, prepare: Prepare): WholeDocumentOperations {
  return {
    read: (name, ids) =>
      read(mongodb, name, ids, { projection: {}, pick: ({ k, c = {} }): Stored => ({ guards: k, counters: c }) }),

    async replace({ collection: name, id }, guards, document) {
      await prepare(name);
      const replacement = { k: document.guards, c: document.counters };
      try {
        if (guards === undefined) {
          await countersIn(mongodb, name).insertOne({ _id: id, ...replacement });
          return 'replaced';
        }
        const { matchedCount } = await countersIn(mongodb, name).replaceOne({ _id: id, k: guards }, replacement);
        return matchedCount === 1 ? 'replaced' : 'lost';
      } catch (error) {
        if (isDuplicateKey(error)) return 'lost';
        if (isUnsendable(error)) throw new Refused(TOO_LARGE_TEXT);
        if (error instanceof MongoServerError && isForGood(Number(error.code))) throw new Refused(error.message);
        throw error;
      }
    },

    async remove({ collection: name, id }: DocumentId, guards: Guards) {
      const { deletedCount } = await countersIn(mongodb, name).deleteOne({ _id: id, k: guards });
      return deletedCount === 1 ? 'removed' : 'lost';
    },
  };
}

interface Reading<Read> {
  readonly projection: object;
  readonly pick: (found: CountersDocument) => Read;
}

async function read<Read>(
  mongodb: Mongodb,
  name: string,
  ids: readonly string[],
  { projection, pick }: Reading<Read>,
): Promise<Map<string, Read>> {
  const cursor = countersIn(mongodb, name).find({ _id: { $in: [...ids] } }, { projection, promoteBuffers: true });
  const found = new Map<string, Read>();
  for await (const document of cursor) found.set(document._id, pick(document));
  return found;
}

/** `outcomes`: of bulks with one update each. */
function joined(outcomes: readonly BulkOutcome[]): BulkOutcome {
  return {
    matched: outcomes.reduce((sum, { matched }) => sum + matched, 0),
    failures: outcomes.flatMap(({ failures }, index) => failures.map((failure) => ({ ...failure, index }))),
  };
}

function guardedUpdate(
  { id, counters }: Delta,
  { node, number }: Segment,
  upsert: boolean,
): AnyBulkWriteOperation<CountersDocument> {
  const guard = `k.${node}`;
  const { $inc, $max } = updateOf(counters, 'c');
  const update = {
    $set: { [guard]: number },
    ...(Object.keys($inc).length > 0 ? { $inc } : {}),
    ...(Object.keys($max).length > 0 ? { $max } : {}),
  };
  return {
    updateOne: { filter: { _id: id, [guard]: { $not: { $gte: number } } }, update, upsert },
  } as AnyBulkWriteOperation<CountersDocument>;
}

/** The driver did not send it: it exceeds the driver's buffer of 17 MB, or the size that the server accepts. */
function isUnsendable(error: unknown): boolean {
  return error instanceof MongoInvalidArgumentError || (error as Error).name === 'RangeError';
}

/**
 * The outcome of a bulk is known only if its error consists of errors of single updates. After an error of the
 * network, of the write concern, or of the whole command it is unknown, and the error is thrown again.
 */
function knownOutcome(error: unknown): BulkOutcome {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const failures = [error.writeErrors].flat();
  if (failures.length === 0 || error.result.getWriteConcernError() !== undefined) throw error;
  return {
    matched: error.result.matchedCount,
    failures: failures.map(({ index, code, errmsg }) => ({ index, code, message: errmsg ?? `error ${code}` })),
  };
}
