// Documents on MongoDB that are read and rewritten together, each with what it holds. There are no transactions here:
// that several documents are of one moment is seen by their guards, and what is written in their place is a
// compare-and-set.
import type { AnyBulkWriteOperation } from 'mongodb';
import { fromFields, toFields } from '../../counters/codec/fields.js';
import type { ChangeGroup, Documents, Snapshot } from '../documents.js';
import type { Mongodb } from './connection.js';
import type { Guards, Operations, Stored } from './operations.js';

export function createTogether(operations: Pick<Operations, 'read' | 'replace'>, nodes: Pick<Documents, 'nodes'>) {
  const read = async (collection: string, ids: readonly string[]) => {
    // First: what a node has finished is surely in the documents that are read afterwards.
    const finished = new Map((await nodes.nodes('all')).map(({ id, number }) => [id, number]));
    const stored = await operations.read(collection, ids);
    return { stored, held: ids.map((id) => heldOf(id, stored.get(id), finished)), finished };
  };

  return {
    snapshots: async (collection: string, ids: readonly string[]): Promise<Snapshot[]> => (await read(collection, ids)).held,

    /**
     * A node adds its segments one after the other, and to each document in order. So documents in which nothing is
     * of a segment beyond those finished hold, all of them, exactly the finished ones. The last that is written is to
     * be one that every segment is in that is in any of the others, as a month is: then its compare-and-set fails if
     * one has come since.
     */
    async rewrite(collection: string, ids: readonly string[], change: ChangeGroup): Promise<'rewritten' | 'busy'> {
      const { stored, held, finished } = await read(collection, ids);
      if (held.some(({ settled }) => !settled)) return 'busy';
      const after = change(held);
      if (after === 'busy') return 'busy';
      for (const id of ids) {
        const counters = after.get(id);
        if (counters === undefined) continue;
        const before = stored.get(id);
        // One that was not there is made as if it held all that is finished: nothing of that may be added once more.
        const guards = before?.guards ?? Object.fromEntries([...finished].filter(([, number]) => number > 0));
        const document = { guards: { ...guards, rev: (guards.rev ?? 0) + 1 }, counters: toFields(counters, true) };
        if ((await operations.replace({ collection, id }, before?.guards, document)) === 'lost') return 'busy';
      }
      return 'rewritten';
    },
  };
}

function heldOf(id: string, stored: Stored | undefined, finished: ReadonlyMap<string, number>): Snapshot {
  const guards = stored?.guards ?? {};
  const upTo = new Map(finished);
  const imports: string[] = [];
  let settled = true;
  for (const [node, number] of Object.entries(guards)) {
    if (node === 'rev') continue;
    const known = finished.get(node);
    if (known === undefined) imports.push(node);
    else if (number > known) {
      settled = false;
      upTo.set(node, number);
    }
  }
  const counters = stored === undefined ? undefined : fromFields(stored.counters);
  return { id, counters, upTo, imports, settled, version: versionOf(guards) };
}

function versionOf(guards: Guards): string {
  return JSON.stringify(Object.entries(guards).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Raises `rev` as every rewrite does: who has read the document before must not find it as it was. */
export async function forgetNodes(
  { db, written }: Mongodb,
  collection: string,
  ids: readonly string[],
  nodes: readonly string[],
): Promise<void> {
  if (ids.length === 0 || nodes.length === 0) return;
  const entries = nodes.map((node) => `k.${node}`);
  const update = { $unset: Object.fromEntries(entries.map((entry) => [entry, ''])), $inc: { 'k.rev': 1 } };
  const holding = { $or: entries.map((entry) => ({ [entry]: { $exists: true } })) };
  const updates = [...ids].sort().map((_id) => ({ updateOne: { filter: { _id, ...holding }, update } }));
  await db
    .collection<{ _id: string }>(collection, { writeConcern: written })
    .bulkWrite(updates as AnyBulkWriteOperation<{ _id: string }>[], { ordered: false });
}
