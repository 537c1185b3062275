// Documents in the embedded store. A segment's deltas and its number are committed in one transaction, so a segment is in
// or it is not.
import type { Database, RootDatabase } from 'lmdb';
import { BYTES_MAX, ROWS, SLACK, compact } from '../counters/cap.js';
import { decode, encode } from '../counters/codec.js';
import { levelSize, mergeBytes } from '../counters/merge-bytes.js';
import { Writer } from '../counters/writer.js';
import type { Delta, DocumentId, Documents, NodeState } from './port.js';

export function openLmdbDocuments(root: RootDatabase): Documents {
  const documents = root.openDB<Buffer, string>({ name: 'documents', encoding: 'binary' });
  // Only plain data may be stored as JSON here: no dates, sets or maps.
  const nodes = root.openDB<NodeState, string>({ name: 'nodes', encoding: 'json' });
  const collections = root.openDB<true, string>({ name: 'collections', encoding: 'json' });
  const known = new Set<string>();
  const out = new Writer();

  return {
    async apply({ node, number, checksum }, deltas, countedUntilMs) {
      const sorted = [...deltas].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      // Of lmdb's transactions, this is one that rolls back when its callback throws. So a document can be put as soon as it is
      // computed, in memory that the next one uses again: all of a segment's together may be a hundred megabytes.
      const outcome = root.transactionSync(() => {
        if ((nodes.get(node)?.number ?? 0) >= number) return 'already' as const;
        for (const { collection } of sorted) {
          if (!known.has(collection) && collections.get(collection) === undefined) collections.putSync(collection, true);
        }
        for (const delta of sorted) documents.putSync(keyOf(delta), applied(documents, delta, out));
        nodes.putSync(node, { number, checksum, countedUntilMs });
        return 'applied' as const;
      });
      await root.flushed;
      for (const { collection } of sorted) known.add(collection);
      return outcome;
    },

    async read(ids) {
      return ids.map((id) => {
        const bytes = documents.get(keyOf(id));
        return bytes === undefined ? undefined : decode(bytes);
      });
    },

    async lateYears(collection, year) {
      const prefix = `${collection}.${year}.late`;
      const names = collections.getKeys({ start: prefix, end: `${prefix}~` });
      return [...names].map((name) => name.slice(prefix.length));
    },

    async node(id) {
      return nodes.get(id);
    },

    async close() {
      await root.flushed;
    },
  };
}

function keyOf({ collection, id }: DocumentId): string {
  return `${collection}/${id}`;
}

function applied(documents: Database<Buffer, string>, delta: Delta, out: Writer): Buffer {
  const bytes = mergeBytes(documents.get(keyOf(delta)), delta.counters, out);
  const full = Object.entries(delta.caps).filter(([map, rowsMax]) => isFull(bytes, map, rowsMax));
  if (full.length === 0) return bytes;
  const document = decode(bytes);
  for (const [map, rowsMax] of full) compact(document.at(map), rowsThatFit(bytes, map, rowsMax));
  return encode(document, out);
}

function isFull(bytes: Buffer, map: string, rowsMax: number): boolean {
  const size = levelSize(bytes, map, ROWS);
  return size !== undefined && (size.entries > rowsMax * SLACK || size.bytes > BYTES_MAX);
}

/** As many rows as the cap allows, fewer where they are long: four fifths of the bytes, so that there is room again. */
function rowsThatFit(bytes: Buffer, map: string, rowsMax: number): number {
  const size = levelSize(bytes, map, ROWS);
  if (size === undefined || size.bytes <= BYTES_MAX) return rowsMax;
  return Math.max(1, Math.min(rowsMax, Math.floor((size.entries * BYTES_MAX) / SLACK / size.bytes)));
}
