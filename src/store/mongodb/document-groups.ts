// Reads and rewrites several documents on MongoDB as of one instant. This does not use transactions: the guards show
// whether the documents are of the same instant, and each document is replaced by a compare-and-set.
import type { AnyBulkWriteOperation } from 'mongodb';
import { toFields } from '../../counters/codec/fields.js';
import type { ChangeGroup, DocumentGroups, Snapshot } from '../documents.js';
import type { NodeRegistry } from '../nodes.js';
import type { Mongodb } from './connection.js';
import { type Guards, segmentsIn, withNextRevision } from './guards.js';
import type { Stored, WholeDocumentOperations } from './operations.js';
import { countersOf } from './stored-counters.js';

export function createDocumentGroups(
  operations: Pick<WholeDocumentOperations, 'read' | 'replace'>,
  nodes: Pick<NodeRegistry, 'list'>,
): DocumentGroups {
  const read = async (collection: string, ids: readonly string[]) => {
    // Read this first, so that the documents that are read afterwards certainly contain all finished segments.
    const finished = new Map((await nodes.list('all')).map(({ id, number }) => [id, number]));
    const stored = await operations.read(collection, ids);
    return { stored, snapshots: ids.map((id) => snapshotOf(id, stored.get(id), finished)), finished };
  };

  return {
    snapshots: async (collection, ids) => (await read(collection, ids)).snapshots,

    /**
     * A node adds its segments one after the other, and to each document in order. So documents that contain nothing
     * of a segment beyond the finished ones all contain exactly the finished ones. The document that is written last
     * must contain every segment that any of the others contains, as a month does: then its compare-and-set fails if a
     * segment was added meanwhile.
     */
    async rewriteGroup(collection: string, ids: readonly string[], change: ChangeGroup): Promise<'rewritten' | 'busy'> {
      const { stored, snapshots, finished } = await read(collection, ids);
      if (snapshots.some(({ settled }) => !settled)) return 'busy';
      const after = change(snapshots);
      if (after === 'busy') return 'busy';
      for (const id of ids) {
        const counters = after.get(id);
        if (counters === undefined) continue;
        const before = stored.get(id);
        // A new document gets guards as if it contained all finished segments, so that none of them is added again.
        const guards = before?.guards ?? Object.fromEntries([...finished].filter(([, number]) => number > 0));
        const document = { guards: withNextRevision(guards), counters: toFields(counters, true) };
        if ((await operations.replace({ collection, id }, before?.guards, document)) === 'lost') return 'busy';
      }
      return 'rewritten';
    },
  };
}

function snapshotOf(id: string, stored: Stored | undefined, finished: ReadonlyMap<string, number>): Snapshot {
  const upTo = new Map(finished);
  const imports: string[] = [];
  let settled = true;
  for (const [node, number] of segmentsIn(stored?.guards)) {
    const known = finished.get(node);
    if (known === undefined) imports.push(node);
    else if (number > known) {
      settled = false;
      upTo.set(node, number);
    }
  }
  return { id, counters: countersOf(stored), upTo, imports, settled, version: versionOf(stored?.guards ?? {}) };
}

function versionOf(guards: Guards): string {
  return JSON.stringify(Object.entries(guards).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Raises `rev`, so that the compare-and-set of a process that has read the document before fails. */
export async function forgetNodes(
  { db, written }: Mongodb,
  collection: string,
  ids: readonly string[],
  nodes: readonly string[],
): Promise<void> {
  if (ids.length === 0 || nodes.length === 0) return;
  const entries = nodes.map((node) => `k.${node}`);
  const update = { $unset: Object.fromEntries(entries.map((entry) => [entry, ''])), $inc: { 'k.rev': 1 } };
  const contains = { $or: entries.map((entry) => ({ [entry]: { $exists: true } })) };
  const updates = [...ids].sort().map((_id) => ({ updateOne: { filter: { _id, ...contains }, update } }));
  await db
    .collection<{ _id: string }>(collection, { writeConcern: written })
    .bulkWrite(updates as AnyBulkWriteOperation<{ _id: string }>[], { ordered: false });
}
