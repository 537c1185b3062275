// The connection to MongoDB that documents, accounts and imports share in the distributed mode.
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
import { StoreUnavailable, UnusableUri } from '../unavailable.js';
import { ASKING_OFTEN, type Presence, watchPresence } from './availability.js';
import { PASSING } from './codes.js';
import { mendDriver } from './driver-hang.js';

/** How long a command waits for a server that can take it; who asked tries again or says so. */
const SELECTION_MS_MAX = 5_000;
/** A server that accepts a command and never answers: the outcome is then unknown, as after a cut connection. */
const SOCKET_MS_MAX = 30_000;
const CONNECT_MS_MAX = 5_000;
/** A majority that cannot be had in this time makes the outcome unknown. */
const MAJORITY_MS_MAX = 20_000;
const RETRY_MS = 500;

export interface Mongodb {
  readonly db: Db;
  /**
   * What an acknowledged write means: it is on a majority of the replica set, so no failover takes it back; on a server that is
   * no replica set, it is in that server's journal on disk.
   */
  readonly written: WriteConcernSettings;
  /** For reads on which "this is in" is decided: they must not see what a failover can take back. */
  readonly confirmed: ReadConcernLike;
  readonly kind: 'replica set' | 'sharded cluster' | 'standalone';
  close(): Promise<void>;
}

/** What a server says of itself; the same fields under MongoDB's new and old command. */
interface Hello {
  readonly setName?: string;
  readonly msg?: string;
}

/**
 * The database is the one that the URI names, `hitherto` when it names none. Rejects with a StoreUnavailable when no
 * server has answered for `patienceMs`, and with an UnusableUri at once. `watch` is given each client before it
 * connects.
 */
export async function openMongodb(uri: string, patienceMs = 0, watch?: (client: MongoClient) => void): Promise<Mongodb> {
  for (const deadline = Date.now() + patienceMs; ; await delay(RETRY_MS)) {
    const { client, db } = clientFor(uri, watch === undefined ? {} : ASKING_OFTEN);
    watch?.(client);
    try {
      await client.connect();
      return mongodbOf(client, db, kindOf(await hello(client)));
    } catch (error) {
      await client.close();
      if (!isUnavailable(error) && !isUnknownHost(error)) throw error;
      if (Date.now() >= deadline) throw away(client, error as Error);
    }
  }
}

/** For those who would rather hear at once that MongoDB is away than wait for it. */
export async function openWatchedMongodb(uri: string, patienceMs = 0): Promise<Mongodb & Pick<Presence, 'soon'>> {
  const watches: Presence[] = [];
  try {
    const mongodb = await openMongodb(uri, patienceMs, (client) => {
      watches.pop()?.close();
      watches.push(watchPresence(client));
    });
    const [presence] = watches as [Presence];
    return {
      ...mongodb,
      soon: presence.soon,
      async close() {
        presence.close();
        await mongodb.close();
      },
    };
  } catch (error) {
    watches.pop()?.close();
    throw error;
  }
}

/**
 * Asks again while MongoDB does not answer. Rejects with a StoreUnavailable when it has not for so long, all
 * questions together.
 */
export type Patiently = <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;

/** What is asked must be such as may be asked twice. */
export function patience({ db }: Pick<Mongodb, 'db'>, patienceMs: number): Patiently {
  const deadline = Date.now() + patienceMs;
  return async (ask) => {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isUnavailable(error) && !(error instanceof StoreUnavailable) && !isPassing(error)) throw error;
        if (Date.now() >= deadline) throw away(db.client, error as Error);
        await delay(RETRY_MS);
      }
    }
  };
}

function isPassing(error: unknown): boolean {
  return error instanceof MongoServerError && PASSING.has(Number(error.code));
}

function away(client: MongoClient, { message }: Error): StoreUnavailable {
  return new StoreUnavailable(`MongoDB does not answer at ${client.options.hosts.map(String).join(', ')}: ${message}`);
}

/** Of a `mongodb+srv` URI, whose hosts are asked of the name service. */
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

/** Whether an error says that no server could be asked, or that an answer never came. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof MongoServerSelectionError || error instanceof MongoNetworkError;
}

function clientFor(uri: string, options: MongoClientOptions): { client: MongoClient; db: Db } {
  mendDriver();
  try {
    const client = new MongoClient(uri, optionsBeside(uri, options));
    return { client, db: client.db(databaseName(uri)) };
  } catch (error) {
    throw new UnusableUri(
      `MONGODB_URI: ${(error as Error).message}; it looks like mongodb://user:password@host:27017/hitherto, with signs such as @ and / in the password as %40 and %2F`,
    );
  }
}

/** What the URI says itself is not overruled. */
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

/** Of a MongoDB URI: what stands behind its hosts. */
export function databaseName(uri: string): string {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]*\/([^?]*)/.exec(uri)?.[1];
  return path === undefined || path === '' ? 'hitherto' : decodeURIComponent(path);
}

async function hello(client: MongoClient): Promise<Hello> {
  const admin = client.db('admin');
  // compatible servers may know only the older name
  return (await admin.command({ hello: 1 }).catch(() => admin.command({ isMaster: 1 }))) as Hello;
}

function kindOf({ setName, msg }: Hello): Mongodb['kind'] {
  if (msg === 'isdbgrid') return 'sharded cluster';
  return setName === undefined ? 'standalone' : 'replica set';
}
