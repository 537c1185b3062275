// Writes to MongoDB that may be repeated, so that a lost answer does no harm. (The driver itself repeats writes only
// on a replica set, and some compatible servers then apply them twice.)
import { setTimeout as delay } from 'node:timers/promises';
import { type Collection, type Filter, MongoNetworkError, MongoServerError, type OptionalUnlessRequiredId } from 'mongodb';
import { DUPLICATE_KEY, REFUSED_FOR_GOOD } from './codes.js';

/** Another document may exist that is not yet on a majority. A failover decides about it within seconds. */
const TRIES_MAX = 50;
const RETRY_MS = 100;
/** A change of a collection is tried for about six seconds in total, with pauses that double up to the longest. */
const BUSY_TRIES_MAX = 9;
const BUSY_FIRST_PAUSE_MS = 25;
const BUSY_PAUSE_MS_MAX = 2_000;

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Repeats the write once if the connection broke during it. Rejects if the outcome is still unknown. */
export async function repeated<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (!isCut(error)) throw error;
    return write();
  }
}

/**
 * Inserts the document, and returns what is now stored under its `_id`: this document, or an earlier one. No failover
 * changes that. The collection must have the concerns `written` and `confirmed`. Rejects when the outcome is unknown.
 */
export async function insertOrRead<Document extends { _id: string }>(
  collection: Collection<Document>,
  document: Document,
): Promise<Document> {
  for (let tries = 1; ; tries++) {
    try {
      await repeated(() => collection.insertOne(document as OptionalUnlessRequiredId<Document>));
      return document;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const found = await collection.findOne({ _id: document._id } as Filter<Document>);
      if (found !== null) return found as Document;
      if (tries === TRIES_MAX) throw error;
      await delay(RETRY_MS);
    }
  }
}

/**
 * Changes one document, and creates it before if it does not exist. Does not use `upsert`, because some engines
 * acknowledge several simultaneous upserts and keep only one. `update` returns null, or a `matchedCount` of 0, if it
 * found no document. It may be carried out twice.
 */
export async function updateOrCreate<Document extends { _id: string }, Result extends object>(
  collection: Collection<Document>,
  initial: Document,
  update: () => Promise<Result | null>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const result = await repeated(update);
    if (result !== null && (result as { matchedCount?: number }).matchedCount !== 0) return result;
    if (tries === TRIES_MAX) throw new Error(`${collection.collectionName}: ${initial._id} is removed again and again`);
    await insertOrRead(collection, initial);
  }
}

/**
 * Creates, shards or drops a collection. Servers refuse this while another process does the same, with various errors.
 * So every refusal that is not permanent is tried again. `change` may be carried out twice.
 */
export async function untilNotBusy<Result>(change: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await change();
    } catch (error) {
      const mayPass = error instanceof MongoServerError ? !REFUSED_FOR_GOOD.has(Number(error.code)) : isCut(error);
      if (!mayPass || tries === BUSY_TRIES_MAX) throw error;
      const pauseMs = Math.min(BUSY_PAUSE_MS_MAX, BUSY_FIRST_PAUSE_MS * 2 ** tries);
      await delay(pauseMs * (0.5 + Math.random() / 2));
    }
  }
}

/** The connection broke during the command. (Another error means that there was no connection.) */
function isCut(error: unknown): boolean {
  return error instanceof MongoNetworkError;
}
