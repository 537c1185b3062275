// Reads or rewrites several documents of the embedded store in one transaction, so that all are as of one instant.
import type { ChangeGroup, DocumentGroups, Snapshot } from '../documents.js';
import { DamagedDocument, decodeAnyway } from './document-checksum.js';
import { addCollection, type DocumentDatabases, putCounters } from './document-databases.js';
import { commit } from './transaction.js';

type StoredSnapshot = Snapshot & { readonly isDamaged: boolean };

export function createDocumentGroups(databases: DocumentDatabases): DocumentGroups {
  const { root, documents } = databases;
  return {
    async snapshots(collection, ids) {
      return root.transactionSync(() => read(databases, collection, ids));
    },

    rewriteGroup(collection, ids, change: ChangeGroup) {
      return commit(root, () => {
        const snapshots = read(databases, collection, ids);
        const after = change(snapshots);
        if (after === 'busy') return 'busy';
        // A damaged document may be replaced, but nothing may be computed from it.
        const damaged = snapshots.find(({ id, isDamaged }) => isDamaged && !after.has(id));
        if (damaged !== undefined) throw new DamagedDocument(`${collection}/${damaged.id}`);
        addCollection(databases, collection);
        for (const id of ids) {
          const counters = after.get(id);
          if (counters !== undefined) putCounters(databases, documents, `${collection}/${id}`, counters);
        }
        return 'rewritten';
      });
    },
  };
}

/** Call this in a transaction. Damaged documents are returned too, because a rewrite may replace them. */
function read({ documents, nodes, imports }: DocumentDatabases, collection: string, ids: readonly string[]): StoredSnapshot[] {
  const all = [...nodes.getRange({})].map(({ key, value }) => ({ ...value, id: key }));
  const running = all.filter(({ boot }) => boot !== undefined);
  const importing = all.filter(({ boot, number }) => boot === undefined && number > 0);
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
      imports: importing.filter((node) => imports.mayBeIn(node, collection, id)).map(({ id }) => id),
      settled: true,
      version,
    };
  });
}
