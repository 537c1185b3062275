// Writes to MongoDB that may be done twice, so that a lost answer costs a repeat and decides nothing. (The driver repeats by itself
// only on a replica set, and some compatible servers then do it twice.)
import { setTimeout as delay } from 'node:timers/promises';
import { type Collection, type Filter, MongoNetworkError, MongoServerError, type OptionalUnlessRequiredId } from 'mongodb';
import { DUPLICATE_KEY } from './mongodb-codes.js';

/** A first document may be in the way and not yet on a majority; a failover settles it in seconds. */
const TRIES_MAX = 50;
const RETRY_MS = 100;

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Does it once more when the connection broke; not when there was none. Rejects when the outcome is unknown then too. */
export async function repeated<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof MongoNetworkError)) throw error;
    return write();
  }
}

/**
 * Inserts, and returns what is now stored under that `_id`: this document, or the one that was first. It stays so whatever fails over;
 * the collection must have the concerns `written` and `confirmed`. Rejects when the outcome is unknown.
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
