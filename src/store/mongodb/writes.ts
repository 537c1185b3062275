// Writes to MongoDB that may be done twice, so that a lost answer costs a repeat and decides nothing. (The driver
// repeats by itself only on a replica set, and some compatible servers then do it twice.)
import { setTimeout as delay } from 'node:timers/promises';
import { type Collection, type Filter, MongoNetworkError, MongoServerError, type OptionalUnlessRequiredId } from 'mongodb';
import { DUPLICATE_KEY, REFUSED_FOR_GOOD } from './codes.js';

/** A first document may be in the way and not yet on a majority; a failover settles it in seconds. */
const TRIES_MAX = 50;
const RETRY_MS = 100;
/** A change of a collection is tried for some six seconds in all, with pauses that double up to this. */
const BUSY_TRIES_MAX = 9;
const BUSY_FIRST_PAUSE_MS = 25;
const BUSY_PAUSE_MS_MAX = 2_000;

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Does it once more when the connection broke; not when there was none. Rejects when the outcome is unknown then too. */
export async function repeated<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (!isCut(error)) throw error;
    return write();
  }
}

/**
 * Inserts, and returns what is now stored under that `_id`: this document, or the one that was first. It stays so
 * whatever fails over; the collection must have the concerns `written` and `confirmed`. Rejects when the outcome is
 * unknown.
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
 * Changes one document, and makes it first where there is none. Not with `upsert`: of several that come at once, some
 * engines acknowledge all and keep one. `update` gives null, or a `matchedCount` of 0, where it has found no
 * document; it may be done twice.
 */
export async function updateOrMake<Document extends { _id: string }, Result extends object>(
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
 * Makes, shards or drops a collection. While another process does the same, servers refuse it for a moment, each in
 * its own words: so whatever is not refused for good is tried again. `change` must not mind being done twice.
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

/** The connection broke; not: there was none. */
function isCut(error: unknown): boolean {
  return error instanceof MongoNetworkError;
}
