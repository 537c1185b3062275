// Documents on MongoDB: `{ _id, k: which segments it holds, by node, c: the counters }`. The protocol is protocol.ts;
// here is what a server is asked for, and how its answers are read. Every operation on counters names its `_id`;
// there is no index but that.
import {
  type AnyBulkWriteOperation,
  type Collection,
  MongoBulkWriteError,
  MongoInvalidArgumentError,
  MongoServerError,
} from 'mongodb';
import { type Fields, fromFields } from '../../counters/codec/fields.js';
import { updateOf } from '../../counters/codec/update.js';
import { type Applied, type Delta, type Documents, partsOfName, type Segment, StoreRestored } from '../documents.js';
import { StoreUnavailable } from '../unavailable.js';
import { dropIfEmpty, makeCollections, namesIn } from './collections.js';
import { isUnavailable, type Mongodb } from './connection.js';
import { createTogether, forgetNodes } from './document-groups.js';
import { createMongodbNodes } from './nodes.js';
import { type BulkOutcome, type Guards, isForGood, type Operations, Refused, type Stored } from './operations.js';
import { createProtocol } from './protocol.js';
import { keepApart, rewriteRejected } from './rejected.js';
import { isDuplicateKey } from './writes.js';

interface CountersDocument {
  readonly _id: string;
  readonly k: Guards;
  readonly c?: Fields;
}

/** A year in which late hits came for the first time is seen by reports this much later at the most. */
const NAMES_MS_MAX = 1000;
const TOO_LARGE = 10334;
const TOO_LARGE_TEXT = 'it is too large for a document';

/** Closing leaves the connection open: whoever opened it closes it. */
export function openMongodbDocuments(mongodb: Mongodb, nowMs: () => number = Date.now): Documents {
  const { db } = mongodb;
  const operations = createOperations(mongodb, nowMs);
  const protocol = createProtocol(operations);
  const nodes = createMongodbNodes(mongodb);
  const together = createTogether(operations, nodes);
  /** Of nodes whose segments this process applies: the last one that the store has confirmed. */
  const finished = new Map<string, number>();
  let applying: Promise<unknown> = Promise.resolve();
  let names: { readonly list: readonly string[]; readonly atMs: number } | undefined;

  const apply = async (segment: Segment, deltas: readonly Delta[], countedUntilMs: number): Promise<Applied> => {
    const { node, number } = segment;
    const known = (await nodes.node(node))?.number ?? 0;
    if (known < (finished.get(node) ?? 0)) {
      throw restored(node, known, finished.get(node) ?? 0);
    }
    finished.set(node, known);
    if (known >= number) return { outcome: 'already', rejected: [] };
    const rejected = await protocol.apply(segment, deltas, countedUntilMs);
    finished.set(node, number);
    return { outcome: 'applied', rejected };
  };

  return {
    // One after the other: a document that holds a node's segment is taken to hold all before it.
    apply(segment, deltas, countedUntilMs) {
      const applied = applying.then(() => apply(segment, deltas, countedUntilMs));
      applying = applied.catch(() => {});
      return applied;
    },

    read: (ids) =>
      reading(async () => {
        const wanted = new Map<string, string[]>();
        for (const { collection, id } of ids) wanted.set(collection, [...(wanted.get(collection) ?? []), id]);
        const found = new Map<string, Fields>();
        await Promise.all(
          [...wanted].map(async ([collection, some]) => {
            const cursor = db
              .collection<CountersDocument>(collection)
              .find({ _id: { $in: some } }, { projection: { c: 1 }, promoteBuffers: true });
            for await (const { _id, c = {} } of cursor) found.set(`${collection}/${_id}`, c);
          }),
        );
        return ids.map(({ collection, id }) => {
          const fields = found.get(`${collection}/${id}`);
          return fields === undefined ? undefined : fromFields(fields);
        });
      }),

    lateYears: (collection, year) =>
      reading(async () => {
        if (names === undefined || nowMs() - names.atMs > NAMES_MS_MAX) {
          const list = await namesIn(db);
          names = { list, atMs: nowMs() };
        }
        const prefix = `${collection}.${year}.late`;
        return names.list
          .filter((name) => name.startsWith(prefix))
          .map((name) => name.slice(prefix.length))
          .sort();
      }),

    async collections() {
      return (await namesIn(db)).filter((name) => partsOfName(name) !== undefined);
    },

    async *ids(collection, site) {
      // ';' is what follows ':'
      const range = site === undefined ? {} : { _id: { $gte: `${site}:`, $lt: `${site};` } };
      const found = db.collection<CountersDocument>(collection).find(range, { projection: { _id: 1 }, sort: { _id: 1 } });
      for await (const { _id } of found) yield _id;
    },

    async rewrite(collection, ids, change) {
      const done = await protocol.rewrite(collection, ids, change);
      names = undefined; // it may have made the collection
      return done;
    },

    snapshots: (collection, ids) => reading(() => together.snapshots(collection, ids)),
    rewriteGroup: (collection, ids, change) => together.rewrite(collection, ids, change),
    forgetNodes: (collection, ids, nodes) => forgetNodes(mongodb, collection, ids, nodes),

    async drop(collection) {
      const outcome = await dropIfEmpty(db, collection);
      names = undefined;
      return outcome;
    },

    rebuild: (id, parts, make) => protocol.rebuild(id, parts, make, async (node) => (await nodes.node(node))?.number ?? 0),
    rewriteRejected: (change) => rewriteRejected(mongodb, change),

    prepare: (collections) => makeCollections(mongodb, collections),
    compact: (id, caps) => protocol.compact(id, caps),
    ...nodes,

    async beat(node, boot, countedUntilMs) {
      const confirmed = finished.get(node) ?? 0;
      const own = await nodes.beat(node, boot, countedUntilMs);
      const known = own ?? (await nodes.node(node));
      if (known === undefined || known.number < confirmed) throw restored(node, known?.number ?? 0, confirmed);
      return own === undefined ? 'lost' : 'alive';
    },

    async close() {
      await applying;
    },
  };
}

function restored(node: string, known: number, confirmed: number): StoreRestored {
  return new StoreRestored(
    `the store has counted node ${node} up to segment ${known}, but had confirmed ${confirmed}: an older backup was restored; a new start counts what it lacks`,
  );
}

async function reading<Read>(read: () => Promise<Read>): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    throw isUnavailable(error) ? new StoreUnavailable(`MongoDB does not answer: ${(error as Error).message}`) : error;
  }
}

function createOperations(mongodb: Mongodb, nowMs: () => number): Operations {
  const { db, written, confirmed } = mongodb;
  const prepared = new Set<string>();
  const countersIn = (name: string): Collection<CountersDocument> =>
    db.collection<CountersDocument>(name, { writeConcern: written, readConcern: confirmed });

  /** A collection that is made by a first write is not sharded. */
  const prepareSharded = async (name: string): Promise<void> => {
    if (mongodb.kind !== 'sharded cluster' || prepared.has(name)) return;
    await makeCollections(mongodb, [name]);
    prepared.add(name);
  };

  const read = async <Read>(
    name: string,
    ids: readonly string[],
    projection: object,
    readOne: (found: CountersDocument) => Read,
  ) => {
    const cursor = countersIn(name).find({ _id: { $in: [...ids] } }, { projection, promoteBuffers: true });
    const found = new Map<string, Read>();
    for await (const document of cursor) found.set(document._id, readOne(document));
    return found;
  };

  const update: Operations['update'] = async (name, segment, deltas, upsert) => {
    await prepareSharded(name);
    const updates = deltas.map((delta) => guardedUpdate(delta, segment, upsert));
    try {
      const { matchedCount } = await countersIn(name).bulkWrite(updates, { ordered: false });
      return { matched: matchedCount, failures: [] };
    } catch (error) {
      if (isUnsendable(error)) return updateOneByOne(name, segment, deltas, upsert);
      return knownOutcome(error);
    }
  };

  /** The driver has refused to send them because one is too large; the others are not to suffer for it. */
  const updateOneByOne = async (
    name: string,
    segment: Segment,
    deltas: readonly Delta[],
    upsert: boolean,
  ): Promise<BulkOutcome> => {
    if (deltas.length === 1) return { matched: 0, failures: [{ index: 0, code: TOO_LARGE, message: TOO_LARGE_TEXT }] };
    const outcomes: BulkOutcome[] = [];
    for (const delta of deltas) outcomes.push(await update(name, segment, [delta], upsert));
    return {
      matched: outcomes.reduce((sum, { matched }) => sum + matched, 0),
      failures: outcomes.flatMap(({ failures }, index) => failures.map((failure) => ({ ...failure, index }))),
    };
  };

  return {
    update,
    read: (name, ids) => read(name, ids, {}, ({ k, c = {} }): Stored => ({ guards: k, counters: c })),
    readGuards: (name, ids) => read(name, ids, { k: 1 }, ({ k }) => k),

    async replace({ collection: name, id }, guards, document) {
      await prepareSharded(name);
      const replacement = { k: document.guards, c: document.counters };
      try {
        if (guards === undefined) {
          await countersIn(name).insertOne({ _id: id, ...replacement });
          return 'replaced';
        }
        const { matchedCount } = await countersIn(name).replaceOne({ _id: id, k: guards }, replacement);
        return matchedCount === 1 ? 'replaced' : 'lost';
      } catch (error) {
        if (isDuplicateKey(error)) return 'lost';
        if (isUnsendable(error)) throw new Refused(TOO_LARGE_TEXT);
        if (error instanceof MongoServerError && isForGood(Number(error.code))) throw new Refused(error.message);
        throw error;
      }
    },

    async remove({ collection: name, id }, guards) {
      const { deletedCount } = await countersIn(name).deleteOne({ _id: id, k: guards });
      return deletedCount === 1 ? 'removed' : 'lost';
    },

    reject: (delta, segment, reason) => keepApart(mongodb, delta, segment, reason, nowMs()),

    async finish({ node, number, checksum }, countedUntilMs) {
      const collection = db.collection<{ _id: string; number: number }>('nodes', { writeConcern: written });
      const mark = (upsert: boolean) =>
        collection.updateOne(
          { _id: node, number: { $not: { $gte: number } } },
          { $set: { number, checksum }, $max: { countedUntilMs } },
          { upsert },
        );
      await mark(true).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
        return mark(false); // the document has been made meanwhile, or is further already
      });
    },
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

/**
 * The driver has not sent it: its buffer for one document, 17 MB, is too small, or the server said that it takes no
 * such sizes.
 */
function isUnsendable(error: unknown): boolean {
  return error instanceof MongoInvalidArgumentError || (error as Error).name === 'RangeError';
}

/**
 * A bulk's error says what was applied only when it consists of the updates' own errors. One of the network, of the
 * write concern, or of the command as a whole says nothing at all: it goes on as it is.
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
