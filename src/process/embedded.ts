// The embedded mode: everything is in the folder DATA_DIR, and used by one process and its commands.
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { openLmdbBackups } from '../operations/backup/lmdb.js';
import type { Backups } from '../operations/backup/port.js';
import { openLocalJournals } from '../operations/repair/local.js';
import type { JournalResponder } from '../operations/repair/port.js';
import { openLocalSharing } from '../sharing/local/open.js';
import { openEnvironment } from '../store/lmdb/environment.js';
import { openLmdbHolds } from '../store/lmdb/holds.js';
import { openLmdbStore } from '../store/lmdb/open.js';
import { journalFolder } from './data-directory.js';
import type { DataLocation, OpenMode } from './mode.js';

export function openEmbedded({ dataDir }: DataLocation): OpenMode {
  return {
    store: openLmdbStore(dataDir),
    openSharing: async (nowMs) => openLocalSharing(dataDir, nowMs),
    openJournals: async () => openLocalJournals(journalFolder(dataDir), DOCUMENT_KINDS),
    startResponder: async () => NO_QUERIES,
  };
}

/** Commands read the journal in the data folder themselves. */
const NO_QUERIES: JournalResponder = { checkForQueries() {}, async untilResumed() {}, async close() {} };

export function openEmbeddedBackups({ dataDir }: DataLocation): Backups {
  return openLmdbBackups({
    dataDir,
    open: openEnvironment,
    openHolds: openLmdbHolds,
    nowMs: Date.now,
    async *read(folder, manifest, watch) {
      const { recordsInDump } = await import('../operations/backup/read-dump.js');
      yield* recordsInDump(folder, manifest, watch);
    },
  });
}
