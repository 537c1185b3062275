// Writes the entries of a backup into an empty MongoDB database.
import type { Documents } from '../../store/documents.js';
import { partsOfName } from '../../store/documents.js';
import { isUnavailable, type Mongodb } from '../../store/mongodb/connection.js';
import { collectionOf } from './database.js';
import { type Entry, MERGED_COLLECTIONS, mergeEntries } from './dump-entries.js';
import type { ReadEntry } from './read-lines.js';
import { Stopped, type Watch } from './watch.js';

const INSERTED_AT_ONCE = 200;
const INSERTED_BYTES_MAX = 8 * 1024 * 1024;

export async function fillDatabase(
  mongodb: Mongodb,
  documents: Pick<Documents, 'prepare'>,
  all: AsyncIterable<ReadEntry>,
  watch: Pick<Watch, 'isStopped'>,
): Promise<void> {
  const insert = createInserter(mongodb, documents);
  const merged = new Map<string, Map<string, Entry>>(MERGED_COLLECTIONS.map((name) => [name, new Map()]));
  const nodes: Entry[] = [];
  for await (const read of all) {
    if (watch.isStopped()) throw new Stopped();
    const { collection, entry } = read;
    const some = merged.get(collection);
    if (some !== undefined) some.set(entry._id, mergeEntries(some.get(entry._id), entry));
    else if (collection === 'nodes') nodes.push(entry);
    else await insert.add(read);
  }
  await insert.flush();
  for (const [collection, entries] of merged) await insertAll(mongodb, collection, [...entries.values()]);
  await insertAll(mongodb, 'nodes', nodes); // last, because they say up to where the store is complete
}

/** Inserts in batches of one collection each. */
function createInserter(mongodb: Mongodb, documents: Pick<Documents, 'prepare'>) {
  const prepared = new Set<string>();
  let batch: { collection: string; entries: Entry[]; bytes: number } = { collection: '', entries: [], bytes: 0 };
  return {
    async add({ collection, entry, bytes }: ReadEntry): Promise<void> {
      const isFull = batch.entries.length >= INSERTED_AT_ONCE || batch.bytes >= INSERTED_BYTES_MAX;
      if (isFull || batch.collection !== collection) {
        await insertAll(mongodb, batch.collection, batch.entries);
        batch = { collection, entries: [], bytes: 0 };
        if (!prepared.has(collection) && partsOfName(collection) !== undefined) await documents.prepare([collection]);
        prepared.add(collection);
      }
      batch.entries.push(entry);
      batch.bytes += bytes;
    },
    flush: () => insertAll(mongodb, batch.collection, batch.entries),
  };
}

/** Rejects if an entry exists already: then a service has started to write into the database. */
async function insertAll(mongodb: Mongodb, collection: string, entries: Entry[]): Promise<void> {
  if (entries.length === 0) return;
  try {
    await collectionOf(mongodb, collection).insertMany(entries, { ordered: false });
  } catch (error) {
    if (isUnavailable(error)) throw error;
    throw new Error(
      `the backup could not be written into ${collection} (${(error as Error).message}); ` +
        'if a service was started in the meantime, stop it, and restore again with --force',
    );
  }
}
