// Opens the store on MongoDB.
import { createClosing } from '../../system/closing.js';
import type { Store } from '../store.js';
import { openMongodbAccounts } from './accounts.js';
import { openMongodbAuditLog } from './audit-log.js';
import { type Mongodb, openMongodb, openWatchedMongodb, retryWhileUnavailable } from './connection.js';
import { openMongodbDocuments } from './documents.js';
import { openMongodbHolds } from './holds.js';
import { openMongodbImports } from './imports.js';
import { openMongodbLedger } from './ledger.js';
import { openMongodbNodes } from './nodes.js';
import { announce, announceLater, type Presence } from './presence.js';
import { openMongodbTombstones } from './tombstones.js';

export interface OpenOptions {
  /** How long to wait for a server that does not answer. */
  readonly retryMs: number;
  /** How this process is announced to others, such as "a worker". Undefined for a process that runs as a node. */
  readonly announce?: string | undefined;
  /** For short commands: the process is announced only if it runs for longer than a second. */
  readonly announcesLater?: boolean;
  /** Whether `failFast` notices that the server is unavailable. */
  readonly failsFast?: boolean;
}

export interface MongodbStore extends Store {
  readonly mongodb: Mongodb;
  readonly presence: Pick<Presence, 'id'> | undefined;
}

/** Rejects with a StoreUnavailable when no server answers, and with an UnusableUri. */
export async function openMongodbStore(uri: string, options: OpenOptions): Promise<MongodbStore> {
  const deadline = Date.now() + options.retryMs;
  const { mongodb, failFast } = await connect(uri, options);
  const retry = retryWhileUnavailable(mongodb, deadline - Date.now());
  const closing = createClosing();
  closing.add(mongodb);
  const presence = await retry(() => announced(mongodb, options)).catch(async (error: unknown) => {
    await closing.close();
    throw error;
  });
  if (presence !== undefined) closing.add(presence);
  const documents = closing.add(openMongodbDocuments(mongodb));

  return {
    mongodb,
    presence,
    documents,
    nodes: openMongodbNodes(mongodb, documents.confirmedNumber),
    ledger: openMongodbLedger(mongodb),
    imports: openMongodbImports(mongodb),
    tombstones: openMongodbTombstones(mongodb),
    holds: openMongodbHolds(mongodb),
    auditLog: openMongodbAuditLog(mongodb),
    openAccounts: (notifier) => retry(async () => closing.add(await openMongodbAccounts(mongodb, notifier))),
    remarks: remarksOn(mongodb),
    retry,
    failFast,
    overwriteRemoved: async () => {},
    startScrubbing: () => async () => {},
    close: closing.close,
  };
}

async function connect(uri: string, { retryMs, failsFast = false }: OpenOptions): Promise<Connected> {
  if (!failsFast) return { mongodb: await openMongodb(uri, retryMs), failFast: (act) => act() };
  const mongodb = await openWatchedMongodb(uri, retryMs);
  return { mongodb, failFast: mongodb.failFast };
}

type Connected = { readonly mongodb: Mongodb } & Pick<Store, 'failFast'>;

async function announced(mongodb: Mongodb, { announce: what, announcesLater }: OpenOptions): Promise<Presence | undefined> {
  if (what === undefined) return undefined;
  return announcesLater ? announceLater(mongodb, what) : announce(mongodb, what);
}

function remarksOn({ kind, db }: Mongodb): string[] {
  const where = `documents are stored in the database ${db.databaseName} of a MongoDB ${kind}`;
  return kind === 'standalone'
    ? [`${where} server, which is not a replica set: counted hits are in its journal on disk, and are lost with this disk`]
    : [`${where}: counted hits are on a majority of its members`];
}
