// Documents in the embedded store. A segment's deltas and its number are committed in one transaction, so a segment is
// applied completely or not at all.
import type { RootDatabase } from 'lmdb';
import { Writer } from '../../counters/codec/writer.js';
import type { DocumentCollections, DocumentParts, DocumentReading, Documents } from '../documents.js';
import { applySegment } from './apply.js';
import { compactDocument } from './compact.js';
import { createDeferredChecksums } from './deferred-checksums.js';
import { decodeAnyway, decodeChecked } from './document-checksum.js';
import { type DocumentDatabases, keyOf, openDocumentDatabases } from './document-databases.js';
import { createDocumentGroups } from './document-groups.js';
import { rebuildDocument, rewriteDocuments, rewriteRejected } from './rewrite.js';
import { commit } from './transaction.js';

const IDS_AT_ONCE = 1000;

export interface LmdbDocuments extends Documents {
  /**
   * Writes the checksums of some documents that have not changed for a while (deferred-checksums.ts). Called every
   * second.
   */
  addDueChecksums(): void;
}

/** Closing leaves `root` open. */
export function openLmdbDocuments(root: RootDatabase, nowMs: () => number = Date.now): LmdbDocuments {
  const databases = openDocumentDatabases(root);
  const checksums = createDeferredChecksums(databases.documents, new Writer(), nowMs);

  return {
    apply: (segment, deltas, countedUntilMs) =>
      commit(root, () => applySegment(databases, checksums, segment, { deltas, countedUntilMs })),
    prepare: async () => {}, // a collection is only a part of a key here

    ...createReading(databases),
    ...createCollections(databases),
    ...createDocumentGroups(databases),

    rewrite: (collection, ids, change) => commit(root, () => rewriteDocuments(databases, collection, ids, change)),
    rewriteRejected: (change) => commit(root, () => rewriteRejected(databases, change)),
    // a node's progress is stored in one place here, not in each document
    forgetNodes: async () => {},
    compact: (id, caps) => compactDocument(databases, id, caps),
    rebuild: (id, parts, make) => commit(root, () => rebuildDocument(databases, id, parts, make)),

    addDueChecksums() {
      if (checksums.isDue()) root.transactionSync(() => checksums.addDueChecksums());
    },

    async close() {
      try {
        if (checksums.hasMissingChecksums()) root.transactionSync(() => checksums.addAllChecksums());
      } catch {
        // the disk may be full; documents are valid without checksums too
      }
      await root.flushed;
    },
  };
}

function createReading({ documents, collections }: DocumentDatabases): DocumentReading & DocumentParts {
  return {
    async read(ids, { anyway } = { anyway: false }) {
      return ids.map((id) => {
        const [key, bytes] = [keyOf(id), documents.get(keyOf(id))];
        if (bytes === undefined) return undefined;
        return anyway ? decodeAnyway(key, bytes).counters : decodeChecked(key, bytes);
      });
    },

    async readPart(ids, part) {
      return ids.map((id) => {
        const [key, bytes] = [keyOf(id), documents.get(keyOf(id))];
        return bytes && decodeChecked(key, bytes, part);
      });
    },

    async lateYears(collection, year) {
      const prefix = `${collection}.${year}.late`;
      const names = collections.getKeys({ start: prefix, end: `${prefix}~` });
      return [...names].map((name) => name.slice(prefix.length));
    },
  };
}

function createCollections({ root, documents, collections }: DocumentDatabases): DocumentCollections {
  return {
    collections: async () => [...collections.getKeys({})],

    async *ids(collection, site) {
      const prefix = `${collection}/`;
      // ';' is the character after ':', and '0' the one after '/'
      const [start, end] = site === undefined ? [prefix, `${collection}0`] : [`${prefix}${site}:`, `${prefix}${site};`];
      for (let from = start; ; ) {
        // In batches: lmdb cannot reuse pages while a range is being read, and the caller may be slow.
        const keys = [...documents.getKeys({ start: from, end, limit: IDS_AT_ONCE })];
        for (const key of keys) yield key.slice(prefix.length);
        if (keys.length < IDS_AT_ONCE) return;
        from = `${keys.at(-1)}\0`;
      }
    },

    drop: (collection) =>
      commit(root, () => {
        for (const _ of documents.getKeys({ start: `${collection}/`, end: `${collection}0`, limit: 1 })) return 'in use';
        collections.removeSync(collection);
        return 'dropped';
      }),
  };
}
