// Backups of a MongoDB database: one file for each collection, with one line of JSON for each document.
import { mkdirSync } from 'node:fs';
import { BSON } from 'mongodb';
import { endedSessions } from '../../people/restored.js';
import { type DocumentCounting, partsOfName } from '../../store/documents.js';
import { type Holds, whileHeld } from '../../store/holds.js';
import { namesIn } from '../../store/mongodb/collections.js';
import { isUnavailable, type Mongodb } from '../../store/mongodb/connection.js';
import { othersPresent, PROCESSES, type Presence } from '../../store/mongodb/presence.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { StoreUnavailable } from '../../store/unavailable.js';
import { copyDatabase } from './copy-database.js';
import { dropAll, namesToBackUp } from './database.js';
import { entryOf } from './dump-entries.js';
import { fillDatabase } from './fill-database.js';
import { type Manifest, STORE_FILE } from './manifest.js';
import type { BackupSource, Backups, RestoreTarget } from './port.js';
import { checkEntry, entriesIn, type ReadEntry } from './read-lines.js';
import { type StoreRecord, UnknownPlaces } from './store-record.js';
import { markFinished, markUnfinished, unfinishedRestore } from './unfinished.js';
import { Stopped, type Watch } from './watch.js';

/** A database has these collections after a service has been started once. Replacing them loses nothing. */
const OF_A_FRESH_START = ['nodes', 'accounts', 'ledger', PROCESSES, 'holds'];

export interface MongodbBackupOptions {
  readonly mongodb: Mongodb;
  readonly documents: Pick<DocumentCounting, 'prepare'>;
  readonly nodes: Pick<NodeRegistry, 'list' | 'isRunning'>;
  readonly holds: Holds;
  /** The presence of this process. */
  readonly presence: Pick<Presence, 'id'>;
  /** Reads the records of a backup of an embedded store. */
  read(folder: string, manifest: Manifest, watch: Watch): AsyncIterable<StoreRecord>;
  readonly close: () => Promise<void>;
}

export function openMongodbBackups(options: MongodbBackupOptions): Backups {
  return { ...sourceOn(options), ...targetOn(options), close: options.close };
}

function sourceOn(options: MongodbBackupOptions): BackupSource {
  const { mongodb, holds } = options;
  return {
    mode: 'mongodb',
    copy: (folder, watch) =>
      asking(async () => {
        const unfinished = await unfinishedRestore(mongodb);
        if (unfinished !== undefined) throw new Error(unfinished);
        if ((await namesToBackUp(mongodb)).length === 0)
          throw new Error(`the database ${mongodb.db.databaseName} is empty: there is nothing to back up`);
        mkdirSync(folder, { recursive: true });
        return whileHeld(holds, `backup-${process.pid}-${Date.now()}`, () => copyDatabase(options, folder, watch));
      }),
  };
}

function targetOn(options: MongodbBackupOptions): RestoreTarget {
  const { mongodb, documents, read } = options;
  const { db } = mongodb;

  /** Reads the entries of a backup of either mode. Rejects if one is not valid. */
  const entriesOf = (folder: string, manifest: Manifest, watch: Watch, unknown: UnknownPlaces) =>
    manifest.mode === 'mongodb'
      ? allEntriesIn(folder, manifest, watch)
      : entriesOfRecords(read(folder, manifest, watch), unknown);

  return {
    contents: () =>
      asking(async () => {
        let documents = 0;
        let others = 0;
        for (const name of await namesIn(db)) {
          const entries = await db.collection(name).estimatedDocumentCount();
          if (partsOfName(name) !== undefined) documents += entries;
          else if (!OF_A_FRESH_START.includes(name)) others += entries;
        }
        return documents + others === 0 ? undefined : `the database ${db.databaseName} with ${documents} documents`;
      }),

    users: () => asking(() => usersOf(options)),

    // A process that starts announces itself first and looks for the mark afterwards (process/distributed.ts); this does
    // the opposite. So at least one of the two notices the other.
    reserve: () =>
      asking(async () => {
        const mark = await markUnfinished(mongodb);
        const users = await usersOf(options);
        if (users !== undefined && mark === 'marked') await markFinished(mongodb);
        return users;
      }),

    clear: () =>
      asking(async () => {
        await markUnfinished(mongodb);
        await dropAll(mongodb);
        return `the previous content of the database ${db.databaseName} is removed`;
      }),

    async checkFits(folder, manifest, watch) {
      for await (const _ of entriesOf(folder, manifest, watch, new UnknownPlaces())) if (watch.isStopped()) throw new Stopped();
    },

    load: (folder, manifest, watch) =>
      asking(async () => {
        await markUnfinished(mongodb);
        await dropAll(mongodb); // a service that was started has left some collections
        const unknown = new UnknownPlaces();
        await fillDatabase(mongodb, documents, withoutSessions(entriesOf(folder, manifest, watch, unknown)), watch);
        await markFinished(mongodb);
        return unknown.sentences();
      }),
  };
}

async function usersOf({ mongodb, nodes, presence }: MongodbBackupOptions): Promise<string | undefined> {
  const open = (await nodes.list('open')).map(({ id }) => id);
  const [others, ...running] = await Promise.all([othersPresent(mongodb, presence.id), ...open.map((id) => nodes.isRunning(id))]);
  const runningNodes = open.filter((_, i) => running[i]).map((id) => `node ${id}`);
  return listed([...runningNodes, ...others]);
}

async function* allEntriesIn(folder: string, { files }: Manifest, watch: Watch): AsyncGenerator<ReadEntry> {
  const all = files.reduce((sum, { lines = 0 }) => sum + lines, 0);
  let done = 0;
  for (const file of files) {
    for await (const entry of entriesIn(folder, file)) {
      yield entry;
      watch.onShare(++done / all);
    }
  }
}

async function* entriesOfRecords(all: AsyncIterable<StoreRecord>, unknown: UnknownPlaces): AsyncGenerator<ReadEntry> {
  for await (const record of all) {
    const found = entryOf(record);
    if (found !== undefined) {
      const { collection, entry } = found;
      const bytes = BSON.calculateObjectSize(entry);
      yield { collection, entry: checkEntry(`${STORE_FILE}, ${collection}/${entry._id},`, collection, entry), bytes };
    }
    if (record.kind === 'unknown') unknown.add(record.place);
  }
}

async function* withoutSessions(all: AsyncIterable<ReadEntry>): AsyncGenerator<ReadEntry> {
  for await (const read of all) {
    const isPerson = read.collection === 'records' && read.entry._id.startsWith('person/');
    yield isPerson ? { ...read, entry: { ...read.entry, value: endedSessions(read.entry.value as object) } } : read;
  }
}

/** "a, b and c" */
function listed(names: readonly string[]): string | undefined {
  const last = names.at(-1);
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

async function asking<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    throw new StoreUnavailable(
      `MongoDB does not answer; run the same command again when it does (${(error as Error).message.replaceAll(/\s+/g, ' ')})`,
    );
  }
}
