// Backups of a MongoDB database: every collection as lines of JSON, document by document, while webs count into them.
// No snapshot is needed for exactness, since each document says itself which segments it holds (its guards, `k`).
// What matters is the order:
//
// 1. `nodes` first. A node's number is written when every document of that segment and of all before it has them; so whatever is read later
//    holds them too. What a document holds beyond that number, its own guards say. So after a restore each node counts on from its number,
//    from its journal, and a document that is further already passes the segments over that it has. A document that was made after `nodes` was
//    read and is not in the backup holds later segments only.
// 2. The documents, those of years after those of their months and days: a year document is made before its months are removed, so a month
//    that is gone is in the year.
// 3. The rest, with what was decided about ranges of imported logs: a range is decided before a document holds it, so each range that
//    any document of the backup holds is in the backup, as it was decided, and the import goes on from it to the byte.
//
// What has been done to documents (the ledger) is read before and after: where more than tidying was done meanwhile,
// some of it may be in the copy and some not, and the copy is made once more.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BSON } from 'mongodb';
import { type Documents, partsOfName } from '../../store/documents.js';
import { type Holds, whileHeld } from '../../store/holds.js';
import { dropCollection, namesIn } from '../../store/mongodb/collections.js';
import { isUnavailable, type Mongodb } from '../../store/mongodb/connection.js';
import { othersPresent, PROCESSES, type Presence } from '../../store/mongodb/presence.js';
import { StoreUnavailable } from '../../store/unavailable.js';
import { createMembersFile } from '../../system/gzip-members.js';
import { type Entry, entryOf, merged, SEVERAL_IN_ONE } from './dump-entries.js';
import { type Kept, Unknown } from './kept.js';
import { type BackupFile, fileOfCollection, type Manifest, RESTORES, STORE_FILE } from './manifest.js';
import { type Backups, type Copied, Stopped, type Watch } from './port.js';
import { checked, entriesIn } from './read-lines.js';
import { markFinished, markUnfinished, unfinishedRestore } from './unfinished.js';

const COPIES_MAX = 3;
const INSERTED_AT_ONCE = 200;
const INSERTED_BYTES_MAX = 8 * 1024 * 1024;
const TIDYING = /^tidy:/;
/** A database in which a service was only started once has these, which are no loss. */
const OF_A_FRESH_START = ['nodes', 'accounts', 'ledger', PROCESSES, 'holds'];
/** What is said of processes, restores and this installation's journals is in no backup, and stays when the rest is removed. */
const OF_THIS_INSTALLATION = [PROCESSES, RESTORES, 'holds'];

export interface MongodbBackupOptions {
  readonly mongodb: Mongodb;
  readonly documents: Pick<Documents, 'nodes' | 'isRunning' | 'prepare'>;
  readonly holds: Holds;
  /** Of this process. */
  readonly presence: Pick<Presence, 'id'>;
  /** Everything that a backup of the other mode holds. */
  read(folder: string, manifest: Manifest, watch: Watch): AsyncIterable<Kept>;
  readonly close: () => Promise<void>;
}

export function openMongodbBackups({ mongodb, documents, holds, presence, read, close }: MongodbBackupOptions): Backups {
  const { db, written, confirmed } = mongodb;
  const collectionOf = (name: string) => db.collection<Entry>(name, { readConcern: confirmed, writeConcern: written });
  const names = async () => (await namesIn(db)).filter((name) => !OF_THIS_INSTALLATION.includes(name));

  const inUse = async (): Promise<string | undefined> => {
    const open = (await documents.nodes('open')).map(({ id }) => id);
    const [others, ...running] = await Promise.all([
      othersPresent(mongodb, presence.id),
      ...open.map((id) => documents.isRunning(id)),
    ]);
    const nodes = open.filter((_, i) => running[i]).map((id) => `node ${id}`);
    return listed([...nodes, ...others]);
  };

  const dropAll = async (): Promise<void> => {
    for (const name of await names()) await dropCollection(db, name);
  };

  const done = async (): Promise<string> => {
    const entries = await collectionOf('ledger')
      .find({}, { sort: { _id: 1 } })
      .toArray();
    return JSON.stringify(entries.filter(({ _id }) => !TIDYING.test(_id)));
  };

  const copyCollection = async (folder: string, name: string, watch: Watch, onLine: () => void): Promise<BackupFile> => {
    const path = fileOfCollection(name);
    rmSync(join(folder, path), { force: true });
    const file = await createMembersFile(join(folder, path));
    async function* lines(): AsyncGenerator<string> {
      // In the order of the index: what is read once is not met again, whatever is written meanwhile.
      for await (const entry of collectionOf(name).find({}, { sort: { _id: 1 } })) {
        if (watch.isStopped()) throw new Stopped();
        yield BSON.EJSON.stringify(entry, { relaxed: true });
        onLine();
      }
    }
    try {
      const { bytes, lines: count, sha256 } = await file.add(lines());
      return { path, bytes, lines: count, sha256, collection: name };
    } finally {
      await file.close();
    }
  };

  const copyAll = async (folder: string, watch: Watch): Promise<Copied> => {
    const expected = await Promise.all((await names()).map((name) => db.collection(name).estimatedDocumentCount()));
    const all = expected.reduce((sum, entries) => sum + entries, 0);
    let copied = 0;
    const onLine = () => watch.onShare(Math.min(1, ++copied / all));
    const files = [await copyCollection(folder, 'nodes', watch, onLine)];
    // Listed after the nodes were read: a collection that comes later holds later segments only.
    const others = (await names()).filter((name) => name !== 'nodes');
    for (const name of others.sort(byTurn)) {
      files.push(await copyCollection(folder, name, watch, onLine));
    }
    return { files, counts: Object.fromEntries(files.map(({ collection, lines }) => [collection, lines ?? 0])), damages: [] };
  };

  const copyWhole = async (folder: string, watch: Watch): Promise<Copied> => {
    for (let copies = 1; ; copies++) {
      const before = await done();
      const numbers = new Map((await documents.nodes('all')).map(({ id, number }) => [id, number]));
      const copied = await copyAll(folder, watch);
      if (before === (await done())) {
        // Documents may hold any of the segments that were counted meanwhile: each of these must stay by itself in its journal.
        for (const { id, number } of await documents.nodes('all')) {
          await holds.addCut({ node: id, after: numbers.get(id) ?? 0, upTo: number, atMs: Date.now() });
        }
        return copied;
      }
      if (copies === COPIES_MAX) {
        throw new Error(
          'documents were summarised or removed each time while they were copied: try again when the worker is done',
        );
      }
      for (const { path } of copied.files) rmSync(join(folder, path));
    }
  };

  /** Throws where a document is there already: a service has begun to write meanwhile. */
  const insert = async (collection: string, entries: Entry[]): Promise<void> => {
    if (entries.length === 0) return;
    try {
      await collectionOf(collection).insertMany(entries, { ordered: false });
    } catch (error) {
      if (isUnavailable(error)) throw error;
      throw new Error(
        `the backup could not be written into ${collection} (${(error as Error).message}); if a service was started meanwhile, stop it, and restore again with --force`,
      );
    }
  };

  /** In turn by collection, in batches. What is several entries of one document is put together first. */
  const fill = async (all: AsyncIterable<{ collection: string; entry: Entry; bytes: number }>, watch: Watch): Promise<void> => {
    const together = new Map<string, Map<string, Entry>>(SEVERAL_IN_ONE.map((name) => [name, new Map()]));
    let batch: { collection: string; entries: Entry[]; bytes: number } = { collection: '', entries: [], bytes: 0 };
    const nodes: Entry[] = [];
    const prepared = new Set<string>();
    for await (const { collection, entry, bytes } of all) {
      if (watch.isStopped()) throw new Stopped();
      const some = together.get(collection);
      if (some !== undefined) some.set(entry._id, merged(some.get(entry._id), entry));
      else if (collection === 'nodes') nodes.push(entry);
      else {
        const isFull = batch.entries.length >= INSERTED_AT_ONCE || batch.bytes >= INSERTED_BYTES_MAX;
        if (isFull || batch.collection !== collection) {
          await insert(batch.collection, batch.entries);
          batch = { collection, entries: [], bytes: 0 };
          if (!prepared.has(collection) && partsOfName(collection) !== undefined) await documents.prepare([collection]);
          prepared.add(collection);
        }
        batch.entries.push(entry);
        batch.bytes += bytes;
      }
    }
    await insert(batch.collection, batch.entries);
    for (const [collection, entries] of together) await insert(collection, [...entries.values()]);
    await insert('nodes', nodes); // last: with them the store says how far it is
  };

  /** Reads the entries of a backup of either mode. Throws when one is not valid. */
  const entriesOf = (folder: string, manifest: Manifest, watch: Watch, unknown: Unknown) =>
    manifest.mode === 'mongodb' ? allEntriesIn(folder, manifest, watch) : entriesOfKept(read(folder, manifest, watch), unknown);

  return {
    mode: 'mongodb',

    copy: (folder, watch) =>
      asking(async () => {
        const unfinished = await unfinishedRestore(mongodb);
        if (unfinished !== undefined) throw new Error(unfinished);
        if ((await names()).length === 0)
          throw new Error(`there is nothing in the database ${db.databaseName}: nothing to back up`);
        mkdirSync(folder, { recursive: true });
        return whileHeld(holds, `backup-${process.pid}-${Date.now()}`, () => copyWhole(folder, watch));
      }),

    holds: () =>
      asking(async () => {
        let documents = 0;
        let others = 0;
        for (const name of await namesIn(db)) {
          const entries = await db.collection(name).estimatedDocumentCount();
          if (partsOfName(name) !== undefined) documents += entries;
          else if (!OF_A_FRESH_START.includes(name)) others += entries;
        }
        return documents + others === 0 ? undefined : `the database ${db.databaseName} with ${documents} documents in it`;
      }),

    inUse: () => asking(inUse),

    // Whoever starts says that it is there, and then looks for the mark (compose.ts). So one of the two sees the other.
    reserve: () =>
      asking(async () => {
        const mark = await markUnfinished(mongodb);
        const users = await inUse();
        if (users !== undefined && mark === 'marked') await markFinished(mongodb);
        return users;
      }),

    clear: () =>
      asking(async () => {
        await markUnfinished(mongodb);
        await dropAll();
        return `what was in the database ${db.databaseName} is removed`;
      }),

    async refuseUnfit(folder, manifest, watch) {
      for await (const _ of entriesOf(folder, manifest, watch, new Unknown())) if (watch.isStopped()) throw new Stopped();
    },

    load: (folder, manifest, watch) =>
      asking(async () => {
        await markUnfinished(mongodb);
        await dropAll(); // a service that was started leaves some collections
        const unknown = new Unknown();
        await fill(entriesOf(folder, manifest, watch, unknown), watch);
        await markFinished(mongodb);
        return unknown.sentences();
      }),

    close,
  };
}

async function* allEntriesIn(folder: string, { files }: Manifest, watch: Watch) {
  const all = files.reduce((sum, { lines = 0 }) => sum + lines, 0);
  let done = 0;
  for (const file of files) {
    for await (const entry of entriesIn(folder, file)) {
      yield entry;
      watch.onShare(++done / all);
    }
  }
}

async function* entriesOfKept(all: AsyncIterable<Kept>, unknown: Unknown) {
  for await (const kept of all) {
    const found = entryOf(kept);
    if (found !== undefined) {
      const { collection, entry } = found;
      const bytes = BSON.calculateObjectSize(entry);
      yield { collection, entry: checked(`${STORE_FILE}, ${collection}/${entry._id},`, collection, entry), bytes };
    }
    if (kept.kind === 'unknown') unknown.add(kept.place);
  }
}

/** "a, b and c" */
function listed(names: readonly string[]): string | undefined {
  const last = names.at(-1);
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Documents, then year documents, then the rest. */
function byTurn(a: string, b: string): number {
  return turnOf(a) - turnOf(b) || (a < b ? -1 : 1);
}

function turnOf(name: string): number {
  const parts = partsOfName(name);
  if (parts === undefined) return 2;
  return parts.year === undefined ? 1 : 0;
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
