// Copies a MongoDB database into files, document by document, while other processes count into it. The copy needs no
// snapshot to be exact, because each document says which segments it contains (its guards, `k`). The order matters:
//
// 1. `nodes` first. A node's number is written after every document contains that segment and all earlier ones, so
//    every document that is read later contains them too. The guards of a document show what it contains beyond that
//    number. After a restore each node continues counting from its number, out of its journal, and each document skips
//    the segments that it contains already. A document that is created after `nodes` was read, and is missing from the
//    backup, contains later segments only.
// 2. The documents. Year documents follow those of months and days: a year document is created before its months are
//    removed, so if the copy misses a month, the year contains it.
// 3. Everything else, including the decisions about ranges of imported logs. A decision is stored before any document
//    contains the range. So for each range that a document of the backup contains, the backup has the decision, and
//    the import continues exactly after it.
//
// The ledger, which records the maintenance of documents, is read before and after. If there was other work than
// compacting in between, the copy may contain only a part of its result, and is made again.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { BSON } from 'mongodb';
import { partsOfName } from '../../store/documents.js';
import type { Holds } from '../../store/holds.js';
import type { Mongodb } from '../../store/mongodb/connection.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { createMembersFile } from '../../system/gzip-members.js';
import { collectionOf, namesToBackUp } from './database.js';
import { type BackupFile, fileOfCollection } from './manifest.js';
import type { Copied } from './port.js';
import { Stopped, type Watch } from './watch.js';

const COPIES_MAX = 3;
/** The ids of the ledger's entries about compacting. */
const COMPACTING = /^tidy:/;

export interface DatabaseCopyOptions {
  readonly mongodb: Mongodb;
  readonly nodes: Pick<NodeRegistry, 'list'>;
  readonly holds: Holds;
}

export async function copyDatabase(
  { mongodb, nodes, holds }: DatabaseCopyOptions,
  folder: string,
  watch: Watch,
): Promise<Copied> {
  for (let copies = 1; ; copies++) {
    const before = await maintenanceDone(mongodb);
    const numbers = new Map((await nodes.list('all')).map(({ id, number }) => [id, number]));
    const copied = await copyCollections(mongodb, folder, watch);
    if (before === (await maintenanceDone(mongodb))) {
      // A document may contain any of the segments that were counted during the copy, so the journal must not pack
      // these segments together.
      for (const { id, number } of await nodes.list('all')) {
        await holds.addPackBoundary({ node: id, after: numbers.get(id) ?? 0, upTo: number, atMs: Date.now() });
      }
      return copied;
    }
    if (copies === COPIES_MAX) {
      throw new Error(
        'documents were summarised or removed during each copy; wait until the worker has finished, and back up again',
      );
    }
    for (const { path } of copied.files) rmSync(join(folder, path));
  }
}

/** The ledger without its entries about compacting, as a text to compare. */
async function maintenanceDone(mongodb: Mongodb): Promise<string> {
  const entries = await collectionOf(mongodb, 'ledger')
    .find({}, { sort: { _id: 1 } })
    .toArray();
  return JSON.stringify(entries.filter(({ _id }) => !COMPACTING.test(_id)));
}

async function copyCollections(mongodb: Mongodb, folder: string, watch: Watch): Promise<Copied> {
  const { db } = mongodb;
  const expected = await Promise.all((await namesToBackUp(mongodb)).map((name) => db.collection(name).estimatedDocumentCount()));
  const all = expected.reduce((sum, entries) => sum + entries, 0);
  let copied = 0;
  const onLine = () => watch.onShare(Math.min(1, ++copied / all));
  const copy = async (name: string): Promise<BackupFile> => {
    const path = fileOfCollection(name);
    rmSync(join(folder, path), { force: true });
    const written = await writeLines(join(folder, path), linesOf(mongodb, name, { isStopped: watch.isStopped, onLine }));
    return { path, ...written, collection: name };
  };
  const files = [await copy('nodes')];
  // Listed after the nodes were read: a collection that is created later contains later segments only.
  const others = (await namesToBackUp(mongodb)).filter((name) => name !== 'nodes');
  for (const name of others.sort(byTurn)) files.push(await copy(name));
  return { files, counts: Object.fromEntries(files.map(({ collection, lines }) => [collection, lines ?? 0])), damages: [] };
}

async function writeLines(path: string, lines: AsyncIterable<string>): Promise<Pick<BackupFile, 'bytes' | 'lines' | 'sha256'>> {
  const file = await createMembersFile(path);
  try {
    const { bytes, lines: count, sha256 } = await file.add(lines);
    return { bytes, lines: count, sha256 };
  } finally {
    await file.close();
  }
}

async function* linesOf(
  mongodb: Mongodb,
  name: string,
  { isStopped, onLine }: { isStopped(): boolean; onLine(): void },
): AsyncGenerator<string> {
  // In the order of the index, so concurrent writes cannot make an entry appear twice.
  for await (const entry of collectionOf(mongodb, name).find({}, { sort: { _id: 1 } })) {
    if (isStopped()) throw new Stopped();
    yield BSON.EJSON.stringify(entry, { relaxed: true });
    onLine();
  }
}

/** Sorts documents of days and months first, then year documents, then everything else. */
function byTurn(a: string, b: string): number {
  return turnOf(a) - turnOf(b) || (a < b ? -1 : 1);
}

function turnOf(name: string): number {
  const parts = partsOfName(name);
  if (parts === undefined) return 2;
  return parts.year === undefined ? 1 : 0;
}
