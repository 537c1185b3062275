// The distributed mode: several processes share MongoDB and Redis.
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import type { Backups } from '../operations/backup/port.js';
import { unfinishedRestore } from '../operations/backup/unfinished.js';
import { openMongodbStore } from '../store/mongodb/open.js';
import { EXIT_UNAVAILABLE } from '../system/exit.js';
import { StartFailure } from '../system/start-failure.js';
import type { DataLocation, OpenMode, OpenOptions } from './mode.js';

/** Throws a StartFailure while a restore into the database is not finished. */
export async function openDistributed(location: DataLocation, { retryMs, as, failsFast }: OpenOptions): Promise<OpenMode> {
  const { mongodbUri, redisUrl, dataDir } = location;
  const announcement = as === undefined ? {} : { announce: as, announcesLater: as === 'a command' };
  const store = await openMongodbStore(mongodbUri as string, { retryMs, failsFast: failsFast === true, ...announcement });
  const { mongodb, nodes } = store;
  try {
    // After the announcement: a restore first sets its mark and then looks for other processes.
    const unfinished = await store.retry(() => unfinishedRestore(mongodb));
    if (unfinished !== undefined) throw new StartFailure(unfinished, EXIT_UNAVAILABLE);
  } catch (error) {
    await store.close();
    throw error;
  }
  return {
    store,
    async openSharing(nowMs) {
      const { openRedisSharing } = await import('../sharing/redis/open.js');
      const options = { url: redisUrl as string, namespace: mongodb.db.databaseName, dataDir };
      return openRedisSharing(nowMs === undefined ? options : { ...options, nowMs });
    },
    async openJournals() {
      const { openMongodbJournals } = await import('../operations/repair/mongodb.js');
      return openMongodbJournals(mongodb, nodes);
    },
    async startResponder(node, journalFolder) {
      const { startResponder } = await import('../operations/repair/responder.js');
      return startResponder(mongodb, node, journalFolder, DOCUMENT_KINDS);
    },
  };
}

export async function openDistributedBackups({ mongodbUri }: DataLocation): Promise<Backups> {
  const { openMongodbBackups } = await import('../operations/backup/mongodb.js');
  const { recordsInCopy } = await import('../operations/backup/read-store.js');
  const { openEnvironment } = await import('../store/lmdb/environment.js');
  const store = await openMongodbStore(mongodbUri as string, { retryMs: 0, announce: 'a backup or a restore' });
  const { mongodb, documents, nodes, holds, presence } = store;
  return openMongodbBackups({
    mongodb,
    documents,
    nodes,
    holds,
    presence: presence as NonNullable<typeof presence>,
    read: (folder, _manifest, watch) => recordsInCopy(folder, openEnvironment, watch),
    close: store.close,
  });
}
