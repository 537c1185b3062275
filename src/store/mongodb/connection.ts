// The connection to MongoDB that all ports of a process share.
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Db,
  MongoClient,
  type MongoClientOptions,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  type ReadConcernLike,
  type WriteConcernSettings,
} from 'mongodb';
import type { Retry } from '../store.js';
import { StoreUnavailable, UnusableUri } from '../unavailable.js';
import { type Availability, FREQUENT_CHECKS, watchAvailability } from './availability.js';
import { PASSING } from './codes.js';
import { patchDriver } from './driver-hang.js';

/** How long a command waits for a server that can execute it. */
const SELECTION_MS_MAX = 5_000;
/**
 * The limit for an answer to a command. After it, the outcome of the command is unknown, as after a broken
 * connection.
 */
const SOCKET_MS_MAX = 30_000;
const CONNECT_MS_MAX = 5_000;
/** If no majority confirms a write in this time, its outcome is unknown. */
const MAJORITY_MS_MAX = 20_000;
const RETRY_MS = 500;

export interface Mongodb {
  readonly db: Db;
  /**
   * An acknowledged write is on a majority of the replica set, so that no failover reverts it. On a server that is
   * not a replica set, it is in that server's journal on disk.
   */
  readonly written: WriteConcernSettings;
  /** For reads that decide whether something was written: they must not see what a failover can revert. */
  readonly confirmed: ReadConcernLike;
  readonly kind: 'replica set' | 'sharded cluster' | 'standalone';
  close(): Promise<void>;
}

/** How a server describes itself. MongoDB's new and old command return the same fields. */
interface Hello {
  readonly setName?: string;
  readonly msg?: string;
}

/**
 * Uses the database that the URI names, or else `hitherto`. Rejects with a StoreUnavailable when no server has
 * answered within `retryMs`, and with an UnusableUri at once. `watch` receives each client before it connects.
 */
export async function openMongodb(uri: string, retryMs = 0, watch?: (client: MongoClient) => void): Promise<Mongodb> {
  for (const deadline = Date.now() + retryMs; ; await delay(RETRY_MS)) {
    const { client, db } = clientFor(uri, watch === undefined ? {} : FREQUENT_CHECKS);
    watch?.(client);
    try {
      await client.connect();
      return mongodbOf(client, db, kindOf(await hello(client)));
    } catch (error) {
      await client.close();
      if (!isUnavailable(error) && !isUnknownHost(error)) throw error;
      if (Date.now() >= deadline) throw unavailable(client, error as Error);
    }
  }
}

/** For callers that prefer to fail at once instead of waiting while MongoDB is unavailable. */
export async function openWatchedMongodb(uri: string, retryMs = 0): Promise<Mongodb & Pick<Availability, 'failFast'>> {
  const watches: Availability[] = [];
  try {
    const mongodb = await openMongodb(uri, retryMs, (client) => {
      watches.pop()?.close();
      watches.push(watchAvailability(client));
    });
    const [availability] = watches as [Availability];
    return {
      ...mongodb,
      failFast: availability.failFast,
      async close() {
        availability.close();
        await mongodb.close();
      },
    };
  } catch (error) {
    watches.pop()?.close();
    throw error;
  }
}

/** The result rejects with a StoreUnavailable once `retryMs` have passed since this call. */
export function retryWhileUnavailable({ db }: Pick<Mongodb, 'db'>, retryMs: number): Retry {
  const deadline = Date.now() + retryMs;
  return async (act) => {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        if (!isUnavailable(error) && !(error instanceof StoreUnavailable) && !isPassing(error)) throw error;
        if (Date.now() >= deadline) throw unavailable(db.client, error as Error);
        await delay(RETRY_MS);
      }
    }
  };
}

function isPassing(error: unknown): boolean {
  return error instanceof MongoServerError && PASSING.has(Number(error.code));
}

function unavailable(client: MongoClient, { message }: Error): StoreUnavailable {
  return new StoreUnavailable(`MongoDB does not answer at ${client.options.hosts.map(String).join(', ')}: ${message}`);
}

/** The name service does not know the hosts of a `mongodb+srv` URI. */
function isUnknownHost(error: unknown): boolean {
  return (error as { syscall?: string }).syscall?.startsWith('query') === true;
}

export function mongodbOf(client: MongoClient, db: Db, kind: Mongodb['kind']): Mongodb {
  const isAlone = kind === 'standalone';
  return {
    db,
    kind,
    written: isAlone ? { w: 1, journal: true } : { w: 'majority', wtimeoutMS: MAJORITY_MS_MAX },
    confirmed: isAlone ? { level: 'local' } : { level: 'majority' },
    close: () => client.close(),
  };
}

/** Whether no server was reachable, or the connection broke before an answer. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof MongoServerSelectionError || error instanceof MongoNetworkError;
}

function clientFor(uri: string, options: MongoClientOptions): { client: MongoClient; db: Db } {
  patchDriver();
  try {
    const client = new MongoClient(uri, optionsBeside(uri, options));
    return { client, db: client.db(databaseName(uri)) };
  } catch (error) {
    throw new UnusableUri(
      `MONGODB_URI: ${(error as Error).message}; the form is mongodb://user:password@host:27017/hitherto, ` +
        'with characters such as @ and / in the password written as %40 and %2F',
    );
  }
}

/** Options in the URI take precedence. */
function optionsBeside(uri: string, options: MongoClientOptions): MongoClientOptions {
  const own = {
    appName: 'hitherto',
    serverSelectionTimeoutMS: SELECTION_MS_MAX,
    connectTimeoutMS: CONNECT_MS_MAX,
    socketTimeoutMS: SOCKET_MS_MAX,
    ...options,
  };
  const given = uri.toLowerCase();
  return Object.fromEntries(Object.entries(own).filter(([name]) => !given.includes(`${name.toLowerCase()}=`)));
}

/** The database that a MongoDB URI names. */
export function databaseName(uri: string): string {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]*\/([^?]*)/.exec(uri)?.[1];
  return path === undefined || path === '' ? 'hitherto' : decodeURIComponent(path);
}

async function hello(client: MongoClient): Promise<Hello> {
  const admin = client.db('admin');
  // compatible servers may know only the older command
  return (await admin.command({ hello: 1 }).catch(() => admin.command({ isMaster: 1 }))) as Hello;
}

function kindOf({ setName, msg }: Hello): Mongodb['kind'] {
  if (msg === 'isdbgrid') return 'sharded cluster';
  return setName === undefined ? 'standalone' : 'replica set';
}
