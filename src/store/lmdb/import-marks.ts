// Which documents each import has counted into. For a node, its number is enough to tell which of its segments a document
// contains; a log, however, may contain hits of any days.
import type { RootDatabase } from 'lmdb';
import { HOUR_MS } from '../../time/units.js';
import { keyOf } from '../documents.js';
import { openRecords } from './records.js';

/** No time zone is further ahead of UTC. */
const EAST_MS = 14 * HOUR_MS;

export interface ImportMarks {
  /** `keys`: `<collection>/<id>` of the documents. Call this in a transaction. */
  mark(importId: string, keys: readonly string[]): void;
  /** Whether the import may have counted into this document. */
  mayBeIn(node: { readonly id: string; readonly countedUntilMs: number }, collection: string, id: string): boolean;
}

export function createImportMarks(root: RootDatabase): ImportMarks {
  const marks = openRecords<true, string>(root, 'imported');
  return {
    mark(importId, keys) {
      // an import that has counted into no document gets a mark with an empty key
      for (const key of keys.length === 0 ? [''] : keys)
        if (marks.get(`${importId}/${key}`) === undefined) marks.putSync(`${importId}/${key}`, true);
    },
    mayBeIn({ id: importId, countedUntilMs }, collection, id) {
      if (marks.get(`${importId}/${collection}/${id}`) === true) return true;
      for (const _ of marks.getKeys({ start: `${importId}/`, end: `${importId}0`, limit: 1 })) return false;
      // An import without any mark was counted by a version that wrote none. It may be in every document whose period
      // began before the import ended.
      const beginsMs = Date.parse(keyOf(id)) - EAST_MS;
      return !(countedUntilMs < beginsMs);
    },
  };
}
