// Documents of the embedded store that are read and rewritten together, each with what it holds: in one transaction, so that nothing
// comes between.
import type { Database, RootDatabase } from 'lmdb';
import { decode, encode } from '../counters/codec.js';
import { type ChangeTogether, type Held, type NodeState, keyOf } from './port.js';

/** No zone is further ahead of UTC. */
const EAST_MS = 14 * 3_600_000;

/** Which documents an import has counted into. What a document holds of a node is told by the node's number, but a log is of any days. */
export interface ImportMarks {
  /** In the transaction that it is called in. */
  mark(node: string, keys: readonly string[]): void;
  /** One of which nothing is marked was counted before there were marks, and may be in any document of its time or before. */
  mayBeIn(node: { readonly id: string; readonly countedUntilMs: number }, collection: string, id: string): boolean;
}

export function createImportMarks(root: RootDatabase): ImportMarks {
  const marks = root.openDB<true, string>({ name: 'imported', encoding: 'json' });
  return {
    mark(node, keys) {
      for (const key of keys) if (marks.get(`${node}/${key}`) === undefined) marks.putSync(`${node}/${key}`, true);
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
  /** In the transaction that it is called in. */
  const read = (collection: string, ids: readonly string[]): Held[] => {
    const all = [...nodes.getRange({})].map(({ key, value }) => ({ ...value, id: key }));
    const running = all.filter(({ boot }) => boot !== undefined);
    const imports = all.filter(({ boot, number }) => boot === undefined && number > 0);
    const upTo = new Map(running.map(({ id, number }) => [id, number]));
    const version = all.map(({ id, number }) => `${id}:${number}`).join(' ');
    return ids.map((id) => {
      const key = `${collection}/${id}`;
      const bytes = documents.get(key);
      return {
        id,
        counters: bytes === undefined ? undefined : decode(bytes),
        upTo,
        imports: imports.filter((node) => imported.mayBeIn(node, collection, id)).map(({ id }) => id),
        settled: true,
        version,
      };
    });
  };

  return {
    async held(collection: string, ids: readonly string[]): Promise<Held[]> {
      return root.transactionSync(() => read(collection, ids));
    },

    rewrite(collection: string, ids: readonly string[], change: ChangeTogether, before: () => void): 'rewritten' | 'busy' {
      return root.transactionSync(() => {
        const after = change(read(collection, ids));
        if (after === 'busy') return 'busy';
        before();
        for (const id of ids) {
          const counters = after.get(id);
          if (counters !== undefined) documents.putSync(`${collection}/${id}`, encode(counters));
        }
        return 'rewritten';
      });
    },
  };
}
