// The composition root: this file and servers.ts know which adapters are in use. With MONGODB_URI and REDIS_URL they
// are MongoDB and Redis, without them the folder DATA_DIR; everything else is the same code. The adapters of servers
// are loaded only where they are used: their drivers take as much time to start, in each thread, as all the rest.
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { openLmdbBackups } from '../operations/backup/lmdb.js';
import type { Backups } from '../operations/backup/port.js';
import { recordsInCopy } from '../operations/backup/read-store.js';
import { withoutDeleted } from '../operations/delete/import-filter.js';
import { openLocalJournals } from '../operations/repair/local.js';
import type { JournalResponder, Journals } from '../operations/repair/port.js';
import type { Feed } from '../sharing/feed.js';
import type { Jobs } from '../sharing/jobs.js';
import type { Limits, Salts } from '../sharing/limits.js';
import { openLocalFeed } from '../sharing/local/feed.js';
import { openLocalJobs } from '../sharing/local/jobs.js';
import { openLocalLimits, openLocalSalts } from '../sharing/local/limits.js';
import type { Accounts } from '../store/accounts.js';
import type { Documents, DocumentsPlace } from '../store/documents.js';
import type { Holds } from '../store/holds.js';
import type { Imports } from '../store/imports.js';
import type { Ledger } from '../store/ledger.js';
import { openLmdbAccounts } from '../store/lmdb/accounts.js';
import { openLmdbDocuments } from '../store/lmdb/documents.js';
import { openStore, storeFile } from '../store/lmdb/environment.js';
import { createStoreWiping } from '../store/lmdb/file/wipe-store.js';
import { openLmdbHolds } from '../store/lmdb/holds.js';
import { openLmdbImports } from '../store/lmdb/imports.js';
import { openLmdbLedger } from '../store/lmdb/ledger.js';
import { overwriteRemoved } from '../store/lmdb/scrub.js';
import { openLmdbTombstones } from '../store/lmdb/tombstones.js';
import type { Mongodb, Patiently } from '../store/mongodb/connection.js';
import type { Tombstones } from '../store/tombstones.js';
import { journalFolder } from './data-directory.js';
import { closing, connect, remarksOn } from './servers.js';

/**
 * A web or worker that starts before MongoDB does waits this long for it; a thread, for what its process has reached
 * a moment ago.
 */
const PATIENCE_MS = 30_000;

/** Where the data is. */
export interface Place extends DocumentsPlace {
  readonly redisUrl?: string | undefined;
  /** Undefined: in the data folder; in the distributed mode nowhere. */
  readonly archivesDir?: string | undefined;
  /** Whole years after its end that a year stays in the store; 0: always. */
  readonly archiveAfterYears?: number | undefined;
}

interface Parts {
  readonly documents: Documents;
  /** Closes everything in the order in which it depends on the rest. */
  close(): Promise<void>;
}

/** For threads that count or report. */
export interface CountingParts extends Parts {
  readonly tombstones: Tombstones;
  readonly ledger: Ledger;
}

/** For the thread that makes reports. */
export interface ReportingParts extends CountingParts {
  /**
   * Does what is asked; rejects at once with a StoreUnavailable while the store is known to be away, and as soon as
   * that is known.
   */
  soon<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** For command line tools, which may run beside the service. */
export interface ToolParts extends Parts {
  readonly holds: Holds;
  readonly accounts: Accounts;
  readonly imports: Imports;
  readonly tombstones: Tombstones;
  readonly ledger: Ledger;
  /** Overwrites what the store's file still holds of removed documents; on MongoDB that is left to the server. */
  overwriteRemoved(): Promise<void>;
  readonly journals: Journals;
}

/** For the thread that counts a journal. */
export interface CounterParts extends CountingParts {
  readonly holds: Holds;
  /** Overwrites what the embedded store's file still holds of documents as they were; to be called now and then. */
  wipe(): Promise<void>;
  readonly responder: JournalResponder;
}

/** For a process, or a thread, that does jobs. */
export interface WorkerParts extends Parts {
  readonly accounts: Accounts;
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly imports: Imports;
  readonly archives: { readonly dir: string; readonly afterYears: number } | undefined;
  /** What was found out about the servers, in sentences for the log. */
  readonly remarks: readonly string[];
}

/** For the main thread of a process that takes hits. */
export interface ServiceParts extends Parts {
  /** Asks the store again while it does not answer, for as long as a start waits. */
  readonly patiently: Patiently;
  readonly accounts: Accounts;
  /** The jobs of all processes; undefined in the embedded mode, where the only ones are in this process. */
  readonly queue: Pick<WorkerParts, 'jobs' | 'ledger'> | undefined;
  readonly remarks: readonly string[];
  readonly salts: Salts;
  readonly limits: Limits;
  readonly feed: Feed;
}

/** For the counter thread. */
export async function composeCounter(place: DocumentsPlace, node: string, folder: string): Promise<CounterParts> {
  if (place.mongodbUri === undefined) {
    const { root } = openStore(place.dataDir);
    const wipe = createStoreWiping(root, storeFile(place.dataDir));
    return { ...embeddedDocuments(root), holds: openLmdbHolds(root), wipe, responder: nobodyAsks };
  }
  const { openMongodb } = await import('../store/mongodb/connection.js');
  const { openMongodbHolds } = await import('../store/mongodb/holds.js');
  const { startResponder } = await import('../operations/repair/responder.js');
  // the process has reached it a moment ago, and takes hits: they wait for as long as it is away
  const mongodb = await openMongodb(place.mongodbUri, Number.POSITIVE_INFINITY);
  const { close, ...parts } = await documentsOn(mongodb);
  const responder = startResponder(mongodb, node, folder, DOCUMENT_KINDS);
  return { ...parts, holds: openMongodbHolds(mongodb), wipe: async () => {}, responder, close: closing(responder, { close }) };
}

/** In the embedded mode commands read the journal beside the store themselves. */
const nobodyAsks: JournalResponder = { checkForQueries() {}, async untilResumed() {}, async close() {} };

/** For the report thread. */
export async function composeReports({ dataDir, mongodbUri }: DocumentsPlace): Promise<ReportingParts> {
  if (mongodbUri === undefined) return { ...embeddedDocuments(openStore(dataDir).root), soon: (work) => work() };
  const { openWatchedMongodb } = await import('../store/mongodb/connection.js');
  const mongodb = await openWatchedMongodb(mongodbUri, PATIENCE_MS);
  return { ...(await documentsOn(mongodb)), soon: mongodb.soon };
}

function embeddedDocuments(root: RootDatabase): CountingParts {
  const documents = openLmdbDocuments(root);
  return { documents, tombstones: openLmdbTombstones(root), ledger: openLmdbLedger(root), close: closing(documents, root) };
}

async function documentsOn(mongodb: Mongodb): Promise<CountingParts> {
  const { openMongodbTombstones } = await import('../store/mongodb/tombstones.js');
  const { openMongodbDocuments } = await import('../store/mongodb/documents.js');
  const { openMongodbLedger } = await import('../store/mongodb/ledger.js');
  const documents = openMongodbDocuments(mongodb);
  const [tombstones, ledger] = [openMongodbTombstones(mongodb), openMongodbLedger(mongodb)];
  return { documents, tombstones, ledger, close: closing(documents, mongodb) };
}

export async function composeTool(place: Place): Promise<ToolParts> {
  if (place.mongodbUri === undefined) {
    const { root } = openStore(place.dataDir);
    const [documents, accounts, tombstones] = [openLmdbDocuments(root), openLmdbAccounts(root), openLmdbTombstones(root)];
    return {
      documents: withoutDeleted(documents, tombstones),
      accounts,
      imports: openLmdbImports(root),
      tombstones,
      ledger: openLmdbLedger(root),
      holds: openLmdbHolds(root),
      journals: openLocalJournals(journalFolder(place.dataDir), DOCUMENT_KINDS),
      overwriteRemoved: () => overwriteRemoved(root),
      close: closing(accounts, documents, root),
    };
  }
  const { openMongodbImports } = await import('../store/mongodb/imports.js');
  const { openMongodbTombstones } = await import('../store/mongodb/tombstones.js');
  const { openMongodbLedger } = await import('../store/mongodb/ledger.js');
  const { openMongodbHolds } = await import('../store/mongodb/holds.js');
  const { openMongodbJournals } = await import('../operations/repair/mongodb.js');
  const { mongodb, documents, accounts, close } = await connect(place, 0, 'a command');
  const tombstones = openMongodbTombstones(mongodb);
  const journals = openMongodbJournals(mongodb, documents);
  return {
    documents: withoutDeleted(documents, tombstones),
    accounts,
    imports: openMongodbImports(mongodb),
    tombstones,
    ledger: openMongodbLedger(mongodb),
    holds: openMongodbHolds(mongodb),
    journals,
    overwriteRemoved: async () => {},
    close: closing(journals, { close }),
  };
}

/** For backups and restores; nothing is opened in the data folder before it is needed. */
export async function composeBackups({ dataDir, mongodbUri }: Place): Promise<Backups> {
  if (mongodbUri === undefined) {
    return openLmdbBackups({
      dataDir,
      open: openStore,
      openHolds: openLmdbHolds,
      nowMs: Date.now,
      async *read(folder, manifest, watch) {
        const { recordsInDump } = await import('../operations/backup/read-dump.js');
        yield* recordsInDump(folder, manifest, watch);
      },
    });
  }
  const { openMongodb } = await import('../store/mongodb/connection.js');
  const { openMongodbDocuments } = await import('../store/mongodb/documents.js');
  const { openMongodbHolds } = await import('../store/mongodb/holds.js');
  const { openMongodbBackups } = await import('../operations/backup/mongodb.js');
  const { announce } = await import('../store/mongodb/presence.js');
  const mongodb = await openMongodb(mongodbUri, 0);
  const presence = await announce(mongodb, 'a backup or a restore').catch(async (error: unknown) => {
    await mongodb.close();
    throw error;
  });
  return openMongodbBackups({
    mongodb,
    documents: openMongodbDocuments(mongodb),
    holds: openMongodbHolds(mongodb),
    presence,
    read: (folder, _manifest, watch) => recordsInCopy(folder, openStore, watch),
    close: closing(presence, mongodb),
  });
}

/**
 * `asWorker`: as a process of its own, which says so to whoever wants to restore; not as a thread of a web, of which
 * its node says it.
 */
export async function composeWorker(place: Place, asWorker = false): Promise<WorkerParts> {
  if (place.mongodbUri === undefined) {
    const { root } = openStore(place.dataDir);
    const [documents, accounts, ledger] = [openLmdbDocuments(root), openLmdbAccounts(root), openLmdbLedger(root)];
    return {
      documents,
      accounts,
      ledger,
      jobs: openLocalJobs(),
      imports: openLmdbImports(root),
      archives: archivesOf(place),
      remarks: [],
      close: closing(accounts, documents, root),
    };
  }
  const { openBullmqJobs } = await import('../sharing/redis/jobs.js');
  const { openMongodbLedger } = await import('../store/mongodb/ledger.js');
  const { openMongodbImports } = await import('../store/mongodb/imports.js');
  const { mongodb, redis, documents, accounts, close } = await connect(place, PATIENCE_MS, asWorker ? 'a worker' : undefined);
  return {
    documents,
    accounts,
    jobs: openBullmqJobs(redis),
    ledger: openMongodbLedger(mongodb),
    imports: openMongodbImports(mongodb),
    archives: archivesOf(place),
    remarks: remarksOn(mongodb),
    close,
  };
}

export async function composeService(place: Place, nowMs: () => number): Promise<ServiceParts> {
  if (place.mongodbUri === undefined) return composeEmbedded(place, nowMs);
  const { openRedisLimits, openRedisSalts } = await import('../sharing/redis/limits.js');
  const { openRedisFeed } = await import('../sharing/redis/feed.js');
  const { openBullmqJobs } = await import('../sharing/redis/jobs.js');
  const { openMongodbLedger } = await import('../store/mongodb/ledger.js');
  const { mongodb, redis, documents, accounts, patiently, close } = await connect(place, PATIENCE_MS);
  const [jobs, salts, limits, feed] = [
    openBullmqJobs(redis),
    await openRedisSalts(redis, openLocalSalts(place.dataDir, nowMs), nowMs),
    openRedisLimits(redis),
    openRedisFeed(redis),
  ];
  return {
    documents,
    accounts,
    queue: { jobs, ledger: openMongodbLedger(mongodb) },
    salts,
    limits,
    feed,
    patiently,
    remarks: remarksOn(mongodb),
    close: closing(jobs, feed, salts, limits, { close }),
  };
}

function composeEmbedded({ dataDir }: Place, nowMs: () => number): ServiceParts {
  const { root } = openStore(dataDir);
  const [documents, accounts] = [openLmdbDocuments(root), openLmdbAccounts(root)];
  return {
    documents,
    accounts,
    queue: undefined,
    salts: openLocalSalts(dataDir, nowMs),
    limits: openLocalLimits(),
    feed: openLocalFeed(),
    patiently: (ask) => ask(),
    remarks: [],
    close: closing(accounts, root),
  };
}

/** Where archives are; undefined where there is no folder for them. */
export function archivesDirOf({ dataDir, mongodbUri, archivesDir }: Place): string | undefined {
  return archivesDir ?? (mongodbUri === undefined ? join(dataDir, 'archives') : undefined);
}

function archivesOf(place: Place): WorkerParts['archives'] {
  const [dir, afterYears = 0] = [archivesDirOf(place), place.archiveAfterYears];
  return dir === undefined || afterYears === 0 ? undefined : { dir, afterYears };
}
