// Records which documents each import has counted into. For a node, the number of its last segment shows what a
// document contains. For a log it does not, because the log may contain hits of any days.
import type { RootDatabase } from 'lmdb';
import { HOUR_MS } from '../../time/units.js';
import { keyOf } from '../documents.js';
import { openRecords } from './records.js';

/** No time zone is further ahead of UTC. */
const EAST_MS = 14 * HOUR_MS;

export interface ImportedDocuments {
  /** `keys`: `<collection>/<id>` of the documents. Call this in a transaction. */
  add(importId: string, keys: readonly string[]): void;
  /** Whether the import may have counted into this document. */
  mayBeIn(node: { readonly id: string; readonly countedUntilMs: number }, collection: string, id: string): boolean;
}

export function openImportedDocuments(root: RootDatabase): ImportedDocuments {
  const entries = openRecords<true, string>(root, 'imported');
  return {
    add(importId, keys) {
      // an import that has counted into no document gets an entry with an empty key
      for (const key of keys.length === 0 ? [''] : keys)
        if (entries.get(`${importId}/${key}`) === undefined) entries.putSync(`${importId}/${key}`, true);
    },
    mayBeIn({ id: importId, countedUntilMs }, collection, id) {
      if (entries.get(`${importId}/${collection}/${id}`) === true) return true;
      for (const _ of entries.getKeys({ start: `${importId}/`, end: `${importId}0`, limit: 1 })) return false;
      // A version that wrote no entries has counted this import. Every document whose period began before the import
      // ended may contain it.
      const beginsMs = Date.parse(keyOf(id)) - EAST_MS;
      return !(countedUntilMs < beginsMs);
    },
  };
}
