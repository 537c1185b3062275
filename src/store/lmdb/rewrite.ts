// Changes stored documents one by one. Call these in a transaction that is rolled back when they throw. Damaged
// documents can be removed or kept, but nothing is computed from them.
import type { Counters } from '../../counters/counters.js';
import { type Change, type ChangeRejected, type DocumentId, type Rebuild, type Rewritten, rejectedOf } from '../documents.js';
import { DamagedDocument, decodeAnyway } from './document-checksum.js';
import { addCollection, type DocumentDatabases, keyOf, putCounters } from './document-databases.js';

export function rewriteDocuments(
  databases: DocumentDatabases,
  collection: string,
  ids: readonly string[],
  change: Change,
): Rewritten {
  const { documents } = databases;
  const done = { rewritten: 0, removed: 0, kept: 0 };
  for (const id of ids) {
    const key = keyOf({ collection, id });
    const bytes = documents.get(key);
    const before = bytes && decodeAnyway(key, bytes);
    const after = change(id, before?.counters);
    if (after === 'keep' || (after === 'remove' && bytes === undefined)) {
      done.kept++;
    } else if (after === 'remove') {
      documents.removeSync(key);
      done.removed++;
    } else if (before?.isDamaged) {
      throw new DamagedDocument(key);
    } else {
      addCollection(databases, collection);
      putCounters(databases, documents, key, after);
      done.rewritten++;
    }
  }
  return done;
}

/** Runs in one transaction, so either all parts contain a segment or none of them does. */
export function rebuildDocument(
  databases: DocumentDatabases,
  id: DocumentId,
  parts: readonly DocumentId[],
  make: Rebuild,
): 'rebuilt' | 'removed' | 'kept' {
  const { documents } = databases;
  const damaged: string[] = [];
  const read = (one: DocumentId): Counters | undefined => {
    const [key, bytes] = [keyOf(one), documents.get(keyOf(one))];
    const found = bytes && decodeAnyway(key, bytes);
    if (found?.isDamaged) damaged.push(key);
    return found?.counters;
  };
  const before = read(id);
  if (before === undefined) return 'kept';
  const after = make(before, parts.map(read));
  if (after === 'keep') return 'kept';
  if (after === 'remove') {
    documents.removeSync(keyOf(id));
    return 'removed';
  }
  const [first] = damaged;
  if (first !== undefined) throw new DamagedDocument(first);
  putCounters(databases, documents, keyOf(id), after);
  return 'rebuilt';
}

/** Returns how many were changed or removed. */
export function rewriteRejected(databases: DocumentDatabases, change: ChangeRejected): number {
  const { rejected } = databases;
  let changed = 0;
  for (const { key, value } of [...rejected.getRange({})]) {
    const before = decodeAnyway(key, value);
    const after = change(rejectedOf(key), before.counters);
    if (after === 'keep') continue;
    if (after === 'remove') rejected.removeSync(key);
    else if (before.isDamaged) throw new DamagedDocument(key);
    else putCounters(databases, rejected, key, after);
    changed++;
  }
  return changed;
}
