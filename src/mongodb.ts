// The connection to MongoDB that documents, accounts and imports share in the distributed mode.
import { type Db, MongoClient, type ReadConcernLike, type WriteConcern } from 'mongodb';

/** How long a command waits for a server that can take it; who asked tries again or says so. */
const SELECTION_MS_MAX = 5_000;
/** A server that accepts a command and never answers: the outcome is then unknown, as after a cut connection. */
const SOCKET_MS_MAX = 30_000;
const CONNECT_MS_MAX = 5_000;

export interface Mongodb {
  readonly db: Db;
  /**
   * What an acknowledged write means: it is on a majority of the replica set, so no failover takes it back; on a server that is
   * no replica set, it is in that server's journal on disk.
   */
  readonly written: WriteConcern | { w: 'majority' } | { w: 1; j: true };
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

/** Rejects when no server answers within a few seconds. The database is the one that the URI names, `hitherto` when it names none. */
export async function openMongodb(uri: string): Promise<Mongodb> {
  const client = new MongoClient(uri, {
    appName: 'hitherto',
    serverSelectionTimeoutMS: SELECTION_MS_MAX,
    connectTimeoutMS: CONNECT_MS_MAX,
    socketTimeoutMS: SOCKET_MS_MAX,
    ignoreUndefined: true,
  });
  try {
    await client.connect();
    const db = client.db(databaseName(uri));
    const kind = kindOf(await hello(client));
    const isAlone = kind === 'standalone';
    return {
      db,
      kind,
      written: isAlone ? { w: 1, j: true } : { w: 'majority' },
      confirmed: isAlone ? { level: 'local' } : { level: 'majority' },
      close: () => client.close(),
    };
  } catch (error) {
    await client.close();
    throw error;
  }
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
