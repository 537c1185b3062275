// Documents of the embedded store that are read and rewritten together, each with what it holds: in one transaction,
// so that nothing comes between.
import type { Database, RootDatabase } from 'lmdb';
import { encode } from '../../counters/codec/codec.js';
import { Writer } from '../../counters/codec/writer.js';
import { type ChangeGroup, keyOf, type NodeState, type Snapshot } from '../documents.js';
import { openRecords } from './records.js';
import { DamagedDocument, decodeAnyway, sealed } from './seal.js';

/** No zone is further ahead of UTC. */
const EAST_MS = 14 * 3_600_000;

/**
 * Which documents an import has counted into. What a document holds of a node is told by the node's number, but a log
 * is of any days.
 */
export interface ImportMarks {
  /** In the transaction that it is called in. */
  mark(node: string, keys: readonly string[]): void;
  /** One of which nothing is marked was counted before there were marks, and may be in any document of its time or before. */
  mayBeIn(node: { readonly id: string; readonly countedUntilMs: number }, collection: string, id: string): boolean;
}

export function createImportMarks(root: RootDatabase): ImportMarks {
  const marks = openRecords<true, string>(root, 'imported');
  return {
    mark(node, keys) {
      // of one that has counted into none, that is marked
      for (const key of keys.length === 0 ? [''] : keys)
        if (marks.get(`${node}/${key}`) === undefined) marks.putSync(`${node}/${key}`, true);
    },
    mayBeIn({ id: node, countedUntilMs }, collection, id) {
      if (marks.get(`${node}/${collection}/${id}`) === true) return true;
      for (const _ of marks.getKeys({ start: `${node}/`, end: `${node}0`, limit: 1 })) return false;
      const beginsMs = Date.parse(keyOf(id)) - EAST_MS;
      return !(countedUntilMs < beginsMs);
    },
  };
}

export function createTogether(
  root: RootDatabase,
  documents: Database<Buffer, string>,
  nodes: Database<NodeState, string>,
  imported: ImportMarks,
) {
  const out = new Writer();

  /** Call this in a transaction. Damaged documents are returned too, because a rewrite may replace them. */
  const read = (collection: string, ids: readonly string[]): Array<Snapshot & { readonly isDamaged: boolean }> => {
    const all = [...nodes.getRange({})].map(({ key, value }) => ({ ...value, id: key }));
    const running = all.filter(({ boot }) => boot !== undefined);
    const imports = all.filter(({ boot, number }) => boot === undefined && number > 0);
    const upTo = new Map(running.map(({ id, number }) => [id, number]));
    const version = all.map(({ id, number }) => `${id}:${number}`).join(' ');
    return ids.map((id) => {
      const key = `${collection}/${id}`;
      const bytes = documents.get(key);
      const found = bytes && decodeAnyway(key, bytes);
      return {
        id,
        counters: found?.counters,
        isDamaged: found?.isDamaged === true,
        upTo,
        imports: imports.filter((node) => imported.mayBeIn(node, collection, id)).map(({ id }) => id),
        settled: true,
        version,
      };
    });
  };

  return {
    async snapshots(collection: string, ids: readonly string[]): Promise<Snapshot[]> {
      return root.transactionSync(() => read(collection, ids));
    },

    rewrite(collection: string, ids: readonly string[], change: ChangeGroup, before: () => void): 'rewritten' | 'busy' {
      return root.transactionSync(() => {
        const held = read(collection, ids);
        const after = change(held);
        if (after === 'busy') return 'busy';
        // A damaged document may be replaced, but nothing may be computed from it.
        const damaged = held.find(({ id, isDamaged }) => isDamaged && !after.has(id));
        if (damaged !== undefined) throw new DamagedDocument(`${collection}/${damaged.id}`);
        before();
        for (const id of ids) {
          const counters = after.get(id);
          if (counters === undefined) continue;
          const key = `${collection}/${id}`;
          encode(counters, out);
          documents.putSync(key, sealed(key, out));
        }
        return 'rewritten';
      });
    },
  };
}
