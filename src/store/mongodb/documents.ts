// Documents on MongoDB: `{ _id, k: the segments that it contains, by node, c: the counters }`. protocol.ts describes
// how they are changed.
import { type Fields, fromFields, pathsOfPart } from '../../counters/codec/fields.js';
import {
  type Applied,
  type Delta,
  type DocumentCollections,
  type DocumentId,
  type DocumentReading,
  type Documents,
  partsOfName,
  type Segment,
} from '../documents.js';
import type { NodeRegistry } from '../nodes.js';
import { StoreUnavailable } from '../unavailable.js';
import type { Protocol } from './changes.js';
import { createCollections, dropIfEmpty, namesIn } from './collections.js';
import { isUnavailable, type Mongodb } from './connection.js';
import { createDocumentGroups, forgetNodes } from './document-groups.js';
import { openMongodbNodes, storeRestored } from './nodes.js';
import { createProtocol } from './protocol.js';
import { rewriteRejected } from './rejected.js';
import { type CountersDocument, createServerOperations } from './server.js';

/** A new late collection appears in reports after at most this time. */
const NAMES_MS_MAX = 1000;

export interface MongodbDocuments extends Documents {
  /** The last segment of a node that this process knows to be in the store. */
  confirmedNumber(node: string): number;
}

/** Closing leaves the connection open. */
export function openMongodbDocuments(mongodb: Mongodb, nowMs: () => number = Date.now): MongodbDocuments {
  const { db } = mongodb;
  const operations = createServerOperations(mongodb, nowMs);
  const protocol = createProtocol(operations);
  const nodes = openMongodbNodes(mongodb);
  const groups = createDocumentGroups(operations, nodes);
  const names = createNames(mongodb, nowMs);
  const { confirmedNumber, ...applying } = createApplying(protocol, nodes);

  return {
    apply: applying.apply,
    prepare: (collections) => createCollections(mongodb, collections),

    read: (ids) => reading(() => readDocuments(mongodb, ids)),
    readPart: (ids, part) => reading(() => readDocuments(mongodb, ids, pathsOfPart(part, 'c'))),
    lateYears: names.lateYears,

    collections: names.collections,
    async *ids(collection, site) {
      // ';' is the character after ':'
      const range = site === undefined ? {} : { _id: { $gte: `${site}:`, $lt: `${site};` } };
      const found = db.collection<CountersDocument>(collection).find(range, { projection: { _id: 1 }, sort: { _id: 1 } });
      for await (const { _id } of found) yield _id;
    },
    async drop(collection) {
      const outcome = await dropIfEmpty(db, collection);
      names.forget();
      return outcome;
    },

    async rewrite(collection, ids, change) {
      const done = await protocol.rewrite(collection, ids, change);
      names.forget(); // this may have created the collection
      return done;
    },
    rewriteRejected: (change) => rewriteRejected(mongodb, change),
    forgetNodes: (collection, ids, nodes) => forgetNodes(mongodb, collection, ids, nodes),

    compact: protocol.compact,
    rebuild: (id, parts, make) => protocol.rebuild(id, parts, make, async (node) => (await nodes.get(node))?.number ?? 0),

    snapshots: (collection, ids) => reading(() => groups.snapshots(collection, ids)),
    rewriteGroup: groups.rewriteGroup,

    confirmedNumber,
    close: applying.close,
  };
}

/**
 * Applies segments one after the other, because a document that contains a segment is assumed to contain all earlier
 * segments of the node.
 */
function createApplying(protocol: Pick<Protocol, 'apply'>, nodes: Pick<NodeRegistry, 'get'>) {
  const confirmed = new Map<string, number>();
  let applying: Promise<unknown> = Promise.resolve();

  const apply = async (segment: Segment, deltas: readonly Delta[], countedUntilMs: number): Promise<Applied> => {
    const { node, number } = segment;
    const known = (await nodes.get(node))?.number ?? 0;
    const before = confirmed.get(node) ?? 0;
    if (known < before) throw storeRestored(node, known, before);
    confirmed.set(node, known);
    if (known >= number) return { outcome: 'already', rejected: [] };
    const rejected = await protocol.apply(segment, deltas, countedUntilMs);
    confirmed.set(node, number);
    return { outcome: 'applied', rejected };
  };

  return {
    apply(segment: Segment, deltas: readonly Delta[], countedUntilMs: number): Promise<Applied> {
      const applied = applying.then(() => apply(segment, deltas, countedUntilMs));
      applying = applied.catch(() => {});
      return applied;
    },
    confirmedNumber: (node: string): number => confirmed.get(node) ?? 0,
    async close() {
      await applying;
    },
  };
}

interface Names extends Pick<DocumentReading, 'lateYears'>, Pick<DocumentCollections, 'collections'> {
  /** The next call reads the names again. */
  forget(): void;
}

function createNames({ db }: Mongodb, nowMs: () => number): Names {
  let known: { readonly names: readonly string[]; readonly atMs: number } | undefined;
  return {
    lateYears: (collection, year) =>
      reading(async () => {
        if (known === undefined || nowMs() - known.atMs > NAMES_MS_MAX) known = { names: await namesIn(db), atMs: nowMs() };
        const prefix = `${collection}.${year}.late`;
        const years = known.names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
        return years.sort();
      }),
    async collections() {
      return (await namesIn(db)).filter((name) => partsOfName(name) !== undefined);
    },
    forget() {
      known = undefined;
    },
  };
}

/** `paths`: the fields to read. Default: all counters. One query for each collection. */
async function readDocuments({ db }: Mongodb, ids: readonly DocumentId[], paths: readonly string[] = ['c']) {
  const wanted = new Map<string, string[]>();
  for (const { collection, id } of ids) wanted.set(collection, [...(wanted.get(collection) ?? []), id]);
  const projection = Object.fromEntries(paths.map((path) => [path, 1]));
  const found = new Map<string, Fields>();
  const readCollection = async (collection: string, some: readonly string[]): Promise<void> => {
    const cursor = db.collection<CountersDocument>(collection).find({ _id: { $in: some } }, { projection, promoteBuffers: true });
    for await (const { _id, c = {} } of cursor) found.set(`${collection}/${_id}`, c);
  };
  await Promise.all([...wanted].map(([collection, some]) => readCollection(collection, some)));
  return ids.map(({ collection, id }) => {
    const fields = found.get(`${collection}/${id}`);
    return fields === undefined ? undefined : fromFields(fields);
  });
}

async function reading<Read>(read: () => Promise<Read>): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    throw isUnavailable(error) ? new StoreUnavailable(`MongoDB does not answer: ${(error as Error).message}`) : error;
  }
}
