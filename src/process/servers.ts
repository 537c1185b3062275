// MongoDB and Redis as a process of the distributed mode opens and closes them.
import type { Mongodb } from '../store/mongodb/connection.js';
import { EXIT_UNAVAILABLE } from '../system/exit.js';
import { StartFailure } from '../system/start-failure.js';

interface Servers {
  readonly mongodbUri?: string | undefined;
  readonly redisUrl?: string | undefined;
}

/** `who` is what the process says that it is; undefined: its node says so. */
export async function connect({ mongodbUri, redisUrl }: Servers, patienceMs: number, who?: 'a worker' | 'a command') {
  const { databaseName, openMongodb, patience } = await import('../store/mongodb/connection.js');
  const { openRedis } = await import('../sharing/redis/connection.js');
  const { openRedisNotifier } = await import('../sharing/redis/notifier.js');
  const { openMongodbAccounts } = await import('../store/mongodb/accounts.js');
  const { openMongodbDocuments } = await import('../store/mongodb/documents.js');
  const { unfinishedRestore } = await import('../operations/backup/unfinished.js');
  const { announce, announceLater } = await import('../store/mongodb/presence.js');
  const deadline = Date.now() + patienceMs;
  const mongodb = await openMongodb(mongodbUri as string, patienceMs);
  const patiently = patience(mongodb, deadline - Date.now());
  const opened: Closable[] = [mongodb];
  try {
    // First it says that it is there, and then it looks: a restore does both the other way round.
    if (who === 'a worker') opened.unshift(await patiently(() => announce(mongodb, who)));
    if (who === 'a command') opened.unshift(announceLater(mongodb, who));
    const unfinished = await patiently(() => unfinishedRestore(mongodb));
    if (unfinished !== undefined) throw new StartFailure(unfinished, EXIT_UNAVAILABLE);
  } catch (error) {
    await closing(...opened)();
    throw error;
  }
  const redis = openRedis(redisUrl as string, databaseName(mongodbUri as string));
  const notifier = openRedisNotifier(redis);
  const documents = openMongodbDocuments(mongodb);
  const accounts = await patiently(() => openMongodbAccounts(mongodb, notifier)).catch(async (error: unknown) => {
    await closing(notifier, redis, ...opened)();
    throw error;
  });
  return { mongodb, redis, documents, accounts, patiently, close: closing(accounts, documents, notifier, redis, ...opened) };
}

/** What was found out about the server, in sentences for the log. */
export function remarksOn({ kind, db }: Mongodb): string[] {
  const where = `documents are kept in the database ${db.databaseName} of a MongoDB ${kind}`;
  return kind === 'standalone'
    ? [`${where} server, which is no replica set: what is counted is in its journal on disk, and lost with that disk`]
    : [`${where}: what is counted is on a majority of its members`];
}

interface Closable {
  close(): Promise<void> | void;
}

/** Closes the parts one after the other. */
export function closing(...parts: readonly Closable[]): () => Promise<void> {
  return async () => {
    for (const part of parts) await part.close();
  };
}
