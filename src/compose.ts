// The composition root: the one file that knows which adapters are in use. With MONGODB_URI and REDIS_URL they are MongoDB and
// Redis, without them the folder DATA_DIR; everything else is the same code.
import { openLmdbAccounts } from './accounts/lmdb.js';
import { openMongodbAccounts } from './accounts/mongodb.js';
import type { Accounts } from './accounts/port.js';
import { openRedisBell } from './accounts/redis.js';
import { openLmdbDocuments } from './documents/lmdb.js';
import { openMongodbDocuments } from './documents/mongodb.js';
import type { Documents, DocumentsPlace } from './documents/port.js';
import { openLmdbImports } from './import/lmdb.js';
import { openMongodbImports } from './import/mongodb.js';
import type { Imports } from './import/port.js';
import { openBullmqJobs } from './jobs/bullmq.js';
import { openLocalJobs } from './jobs/local.js';
import type { Jobs } from './jobs/port.js';
import { openLmdbLedger } from './ledger/lmdb.js';
import { openMongodbLedger } from './ledger/mongodb.js';
import type { Ledger } from './ledger/port.js';
import { openLocalLimits, openLocalSalts } from './limits/local.js';
import type { Limits, Salts } from './limits/port.js';
import { openRedisLimits, openRedisSalts } from './limits/redis.js';
import { openLocalFeed } from './live/local.js';
import type { Feed } from './live/port.js';
import { openRedisFeed } from './live/redis.js';
import { type Mongodb, databaseName, openMongodb } from './connections/mongodb.js';
import { openRedis } from './connections/redis.js';
import { openStore } from './store.js';

/** A web or worker that starts before MongoDB does waits this long for it; a thread, for what its process has reached a moment ago. */
const PATIENCE_MS = 30_000;

/** Where the data is. */
export interface Place extends DocumentsPlace {
  readonly redisUrl?: string | undefined;
}

interface Parts {
  readonly documents: Documents;
  /** Closes everything in the order in which it depends on the rest. */
  close(): Promise<void>;
}

/** For command line tools, which may run beside the service. */
export interface ToolParts extends Parts {
  readonly accounts: Accounts;
  readonly imports: Imports;
}

/** For a process that does jobs. */
export interface WorkerParts extends Parts {
  readonly accounts: Accounts;
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  /** What was found out about the servers, in sentences for the log. */
  readonly remarks: readonly string[];
}

/** For the main thread of a process that takes hits. */
export interface ServiceParts extends WorkerParts {
  readonly salts: Salts;
  readonly limits: Limits;
  readonly feed: Feed;
}

/** For the counter thread and the report thread. */
export async function composeDocuments({ dataDir, mongodbUri }: DocumentsPlace): Promise<Parts> {
  if (mongodbUri === undefined) {
    const { root } = openStore(dataDir);
    const documents = openLmdbDocuments(root);
    return { documents, close: inTurn(documents, root) };
  }
  const mongodb = await openMongodb(mongodbUri, PATIENCE_MS);
  const documents = openMongodbDocuments(mongodb);
  return { documents, close: inTurn(documents, mongodb) };
}

export async function composeTool(place: Place): Promise<ToolParts> {
  if (place.mongodbUri === undefined) {
    const { root } = openStore(place.dataDir);
    const [documents, accounts] = [openLmdbDocuments(root), openLmdbAccounts(root)];
    return { documents, accounts, imports: openLmdbImports(root), close: inTurn(accounts, documents, root) };
  }
  const servers = await connect(place, 0);
  const { mongodb, documents, accounts, close } = servers;
  return { documents, accounts, imports: openMongodbImports(mongodb), close };
}

export async function composeWorker(place: Place): Promise<WorkerParts> {
  const { mongodb, redis, documents, accounts, close } = await connect(place, PATIENCE_MS);
  return {
    documents,
    accounts,
    jobs: openBullmqJobs(redis),
    ledger: openMongodbLedger(mongodb),
    remarks: remarksOn(mongodb),
    close,
  };
}

export async function composeService(place: Place, nowMs: () => number): Promise<ServiceParts> {
  if (place.mongodbUri === undefined) return composeEmbedded(place, nowMs);
  const { mongodb, redis, documents, accounts, close } = await connect(place, PATIENCE_MS);
  const [salts, limits, feed] = [
    await openRedisSalts(redis, openLocalSalts(place.dataDir, nowMs), nowMs),
    openRedisLimits(redis),
    openRedisFeed(redis),
  ];
  return {
    documents,
    accounts,
    jobs: openBullmqJobs(redis),
    ledger: openMongodbLedger(mongodb),
    salts,
    limits,
    feed,
    remarks: remarksOn(mongodb),
    close: inTurn(feed, salts, limits, { close }),
  };
}

function composeEmbedded({ dataDir }: Place, nowMs: () => number): ServiceParts {
  const { root } = openStore(dataDir);
  const [documents, accounts] = [openLmdbDocuments(root), openLmdbAccounts(root)];
  return {
    documents,
    accounts,
    jobs: openLocalJobs({ nowMs }),
    ledger: openLmdbLedger(root),
    salts: openLocalSalts(dataDir, nowMs),
    limits: openLocalLimits(),
    feed: openLocalFeed(),
    remarks: [],
    close: inTurn(accounts, root),
  };
}

async function connect({ mongodbUri, redisUrl }: Place, patienceMs: number) {
  const mongodb = await openMongodb(mongodbUri as string, patienceMs);
  const redis = openRedis(redisUrl as string, databaseName(mongodbUri as string));
  const bell = openRedisBell(redis);
  const documents = openMongodbDocuments(mongodb);
  const accounts = await openMongodbAccounts(mongodb, bell).catch(async (error: unknown) => {
    await inTurn(bell, redis, mongodb)();
    throw error;
  });
  return { mongodb, redis, documents, accounts, close: inTurn(accounts, documents, bell, redis, mongodb) };
}

function remarksOn({ kind, db }: Mongodb): string[] {
  const where = `documents are kept in the database ${db.databaseName} of a MongoDB ${kind}`;
  return kind === 'standalone'
    ? [`${where} server, which is no replica set: what is counted is in its journal on disk, and lost with that disk`]
    : [`${where}: what is counted is on a majority of its members`];
}

function inTurn(...parts: ReadonlyArray<{ close(): Promise<void> | void }>): () => Promise<void> {
  return async () => {
    for (const part of parts) await part.close();
  };
}
