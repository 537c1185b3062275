// Tombstones in the embedded store: plain JSON by id, and a number that grows with each new one.
import type { RootDatabase } from 'lmdb';
import type { Deletion, Tombstone, Tombstones } from '../tombstones.js';
import { openRecords } from './records.js';

export function openLmdbTombstones(root: RootDatabase): Tombstones {
  const stored = openRecords<Deletion, string>(root, 'tombstones');
  const counts = openRecords<number, string>(root, 'tombstones-count');
  let known: { readonly count: number; readonly list: readonly Tombstone[] } = { count: 0, list: [] };

  const change = async (id: string, by: (deletion: Deletion) => Deletion): Promise<void> => {
    root.transactionSync(() => {
      const before = stored.get(id);
      if (before !== undefined) stored.putSync(id, by(before));
    });
    await root.flushed;
  };
  const deletions = (): Deletion[] =>
    [...stored.getRange({})].map(({ value }) => value).sort((a, b) => a.receivedUntilMs - b.receivedUntilMs);

  return {
    async read() {
      const count = counts.get('count') ?? 0;
      if (count !== known.count) known = { count, list: deletions() };
      return known.list;
    },
    async put(tombstone) {
      root.transactionSync(() => {
        if (stored.get(tombstone.id) !== undefined) return;
        stored.putSync(tombstone.id, { ...tombstone, obeys: {}, cleaned: {} });
        counts.putSync('count', (counts.get('count') ?? 0) + 1);
      });
      await root.flushed;
    },
    deletions: async () => deletions(),
    acknowledge: (id, node, step, atMs) =>
      change(id, (deletion) => ({ ...deletion, [step]: { [node]: atMs, ...deletion[step] } })),
    finish: (id, finishedAtMs) => change(id, (deletion) => ({ ...deletion, finishedAtMs })),
  };
}
