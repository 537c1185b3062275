// Documents in the embedded store. A segment's deltas and its number are committed in one transaction, so a segment is in
// or it is not.
import type { RootDatabase } from 'lmdb';
import { compact, isFull, ROWS, rowsThatFit } from '../../counters/cap.js';
import { decode, encode } from '../../counters/codec/codec.js';
import { levelSize, mergeBytes } from '../../counters/codec/merge-bytes.js';
import { Writer } from '../../counters/codec/writer.js';
import type { Counters } from '../../counters/counters.js';
import {
  type Applied,
  type Caps,
  type Delta,
  type DocumentId,
  type Documents,
  type NodeState,
  type Rejected,
  rejectedOf,
  type Segment,
} from '../documents.js';
import { createImportMarks, createTogether } from './document-groups.js';
import { openRecords } from './records.js';
import { DamagedDocument, decodeAnyway, decodeSealed, isWholeTree, sealed, sealOf } from './seal.js';
import { createSealing } from './sealing.js';

/** While nothing is counted, how far it is counted is written down this often: each writing is a commit. */
const BEAT_MS = 60_000;
const IDS_AT_ONCE = 1000;

export function openLmdbDocuments(root: RootDatabase, nowMs: () => number = Date.now): Documents {
  const documents = root.openDB<Buffer, string>({ name: 'documents', encoding: 'binary' });
  // Only plain data may be stored as JSON here: no dates, sets or maps.
  const nodes = openRecords<NodeState, string>(root, 'nodes');
  const collections = openRecords<true, string>(root, 'collections');
  const setAsides = root.openDB<Buffer, string>({ name: 'setaside', encoding: 'binary' });
  const out = new Writer();
  const imported = createImportMarks(root);
  const together = createTogether(root, documents, nodes, imported);
  const sealing = createSealing(documents, new Writer(), nowMs);
  /** Seals at once; only documents that hits are being counted into are sealed later (sealing.ts). */
  const write = (key: string, counters: Counters, into = documents): void => {
    encode(counters, out);
    into.putSync(key, sealed(key, out));
  };

  /** In the transaction that it is called in. Adds what can be added, and gives back what cannot. */
  const add = (deltas: readonly Delta[], segment: Segment): Rejected[] => {
    const rejected: Rejected[] = [];
    for (const delta of deltas) {
      try {
        const key = keyOf(delta);
        merge(sealing.read(key), delta, out);
        sealing.write(key, out);
      } catch (error) {
        if (!(error instanceof TypeError || error instanceof RangeError || error instanceof DamagedDocument)) throw error;
        write(`${keyOf(delta)}/${segment.node}/${segment.number}`, delta.counters, setAsides);
        rejected.push({ collection: delta.collection, id: delta.id, reason: error.message });
      }
    }
    return rejected;
  };

  const name = (collection: string): void => {
    if (collections.get(collection) === undefined) collections.putSync(collection, true);
  };

  const change = (node: string, by: (state: NodeState | undefined) => NodeState | undefined): void => {
    root.transactionSync(() => {
      const after = by(nodes.get(node));
      if (after !== undefined) nodes.putSync(node, after);
    });
  };

  return {
    async apply(segment, deltas, countedUntilMs) {
      const { node, number, checksum } = segment;
      const sorted = [...deltas].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      // Of lmdb's transactions, this is one that rolls back when its callback throws. So a document can be put as soon as it is
      // computed, in memory that the next one uses again: all of a segment's together may be a hundred megabytes.
      const outcome = root.transactionSync((): Applied => {
        const before = nodes.get(node);
        if ((before?.number ?? 0) >= number) return { outcome: 'already', rejected: [] };
        for (const collection of new Set(sorted.map(({ collection }) => collection))) name(collection);
        const rejected = add(sorted, segment);
        sealing.sealSome();
        // no process runs as an import
        if (before?.boot === undefined) imported.mark(node, sorted.map(keyOf));
        nodes.putSync(node, {
          ...before,
          number,
          checksum,
          countedUntilMs: Math.max(countedUntilMs, before?.countedUntilMs ?? 0),
        });
        return { outcome: 'applied', rejected };
      });
      await root.flushed;
      return outcome;
    },

    async read(ids, { anyway } = { anyway: false }) {
      return ids.map((id) => {
        const [key, bytes] = [keyOf(id), documents.get(keyOf(id))];
        if (bytes === undefined) return undefined;
        return anyway ? decodeAnyway(key, bytes).counters : decodeSealed(key, bytes);
      });
    },

    async lateYears(collection, year) {
      const prefix = `${collection}.${year}.late`;
      const names = collections.getKeys({ start: prefix, end: `${prefix}~` });
      return [...names].map((name) => name.slice(prefix.length));
    },

    async prepare() {}, // a collection is a part of a key here

    async compact(id, caps) {
      const key = keyOf(id);
      /**
       * Undefined when there is nothing to do. A damaged document stays as it is: rewriting it would give it a valid
       * checksum.
       */
      const read = (): Buffer | undefined => {
        const bytes = documents.get(key);
        const seal = bytes && sealOf(key, bytes);
        const isUnsealed = seal === 'none' && isWholeTree(bytes as Buffer);
        return isUnsealed || (seal === 'whole' && needsTidying(bytes, caps)) ? bytes : undefined;
      };
      // Most documents need nothing, and finding that out takes no commit.
      if (read() === undefined) return 'compact';
      const outcome = root.transactionSync(() => {
        const bytes = read();
        if (bytes === undefined) return 'compact' as const;
        write(key, compacted(bytes, caps, isOverCap) ?? decode(bytes));
        return 'compacted' as const;
      });
      await root.flushed;
      return outcome;
    },

    async collections() {
      return [...collections.getKeys({})];
    },

    async *ids(collection, site) {
      const prefix = `${collection}/`;
      // ';' is what follows ':', and '0' what follows '/'
      const [start, end] = site === undefined ? [prefix, `${collection}0`] : [`${prefix}${site}:`, `${prefix}${site};`];
      for (let from = start; ; ) {
        // A range that is read slowly would keep old pages in the file.
        const keys = [...documents.getKeys({ start: from, end, limit: IDS_AT_ONCE })];
        for (const key of keys) yield key.slice(prefix.length);
        if (keys.length < IDS_AT_ONCE) return;
        from = `${keys.at(-1)}\0`;
      }
    },

    async rewrite(collection, ids, change) {
      const outcome = root.transactionSync(() => {
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
            name(collection);
            write(key, after);
            done.rewritten++;
          }
        }
        return done;
      });
      await root.flushed;
      return outcome;
    },

    async rebuild(id, parts, make) {
      // One transaction: a segment is in all of them or in none.
      const outcome = root.transactionSync(() => {
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
        if (after !== 'remove' && damaged.length > 0) throw new DamagedDocument(damaged[0] as string);
        if (after === 'remove') {
          documents.removeSync(keyOf(id));
          return 'removed';
        }
        write(keyOf(id), after);
        return 'rebuilt';
      });
      await root.flushed;
      return outcome;
    },

    snapshots: together.snapshots,

    async rewriteGroup(collection, ids, change) {
      const outcome = together.rewrite(collection, ids, change, () => name(collection));
      await root.flushed;
      return outcome;
    },

    async rewriteRejected(change) {
      const changed = root.transactionSync(() => {
        let changed = 0;
        for (const { key, value } of [...setAsides.getRange({})]) {
          const before = decodeAnyway(key, value);
          const after = change(rejectedOf(key), before.counters);
          if (after === 'keep') continue;
          if (after === 'remove') setAsides.removeSync(key);
          else if (before.isDamaged) throw new DamagedDocument(key);
          else write(key, after, setAsides);
          changed++;
        }
        return changed;
      });
      await root.flushed;
      return changed;
    },

    async forgetNodes() {}, // how far a node is counted stands in one place here

    async drop(collection) {
      const outcome = root.transactionSync(() => {
        const prefix = `${collection}/`;
        for (const _ of documents.getKeys({ start: prefix, end: `${collection}0`, limit: 1 })) return 'in use';
        collections.removeSync(collection);
        return 'dropped';
      });
      await root.flushed;
      return outcome;
    },

    async node(id) {
      return nodes.get(id);
    },

    async nodes(which) {
      const all = [...nodes.getRange({})].map(({ key, value }) => ({ id: key, ...value }));
      return all.filter(({ boot, endedAtMs }) => boot !== undefined && (which === 'all' || endedAtMs === undefined));
    },

    // The journal's folder is locked by its process, and this store is beside it: a copy of the one is a copy of the other.
    async isRunning() {
      return false;
    },

    async claim(node, boot, seen) {
      let outcome: 'claimed' | 'lost' = 'claimed';
      change(node, (state) => {
        if (state?.boot !== seen?.boot || state?.endedAtMs !== seen?.endedAtMs) {
          outcome = 'lost';
          return undefined;
        }
        const { endedAtMs: _, ...rest } = state ?? { number: 0, checksum: 0, countedUntilMs: 0 };
        return { ...rest, boot };
      });
      await root.flushed;
      return outcome;
    },

    async beat(node, boot, countedUntilMs) {
      const state = nodes.get(node);
      if (state?.boot !== boot) return 'lost';
      if (sealing.isDue()) root.transactionSync(() => sealing.sealSome());
      if (countedUntilMs - state.countedUntilMs >= BEAT_MS) change(node, (now) => now && { ...now, countedUntilMs });
      return 'alive';
    },

    async end(node, nowMs, boot) {
      change(node, (state) =>
        state && (boot === undefined || state.boot === boot) ? { ...state, endedAtMs: nowMs } : undefined,
      );
      await root.flushed;
    },

    async close() {
      try {
        if (sealing.hasUnsealed()) root.transactionSync(() => sealing.sealAll());
      } catch {
        // the disk may be full; the documents are correct without checksums too
      }
      await root.flushed;
    },
  };
}

function keyOf({ collection, id }: DocumentId): string {
  return `${collection}/${id}`;
}

/** Writes the document with the delta merged in to `out`. */
function merge(before: Buffer | undefined, { counters, caps }: Delta, out: Writer): void {
  const document = compacted(mergeBytes(before, counters, out), caps, isFull);
  if (document !== undefined) encode(document, out);
}

const isOverCap: typeof isFull = ({ entries }, rowsMax) => entries > rowsMax;

function needsTidying(bytes: Buffer | undefined, caps: Caps): boolean {
  if (bytes === undefined) return false;
  return Object.entries(caps).some(([map, rowsMax]) => {
    const size = levelSize(bytes, map, ROWS);
    return size !== undefined && isOverCap(size, rowsMax);
  });
}

/** Undefined when no map is too large. */
function compacted(bytes: Buffer, caps: Caps, isTooLarge: typeof isFull): Counters | undefined {
  const large: Array<[map: string, rows: number]> = [];
  for (const [map, rowsMax] of Object.entries(caps)) {
    const size = levelSize(bytes, map, ROWS);
    if (size !== undefined && isTooLarge(size, rowsMax)) large.push([map, rowsThatFit(size, rowsMax)]);
  }
  if (large.length === 0) return undefined;
  const document = decode(bytes);
  for (const [map, rows] of large) compact(document.at(map), rows);
  return document;
}
