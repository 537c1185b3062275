// Adds a segment to the documents. Call this in a transaction that is rolled back when it throws: a document can then
// be stored as soon as it is computed, in memory that the next one reuses. All documents of a segment together may
// take a hundred megabytes.
import { isFull } from '../../counters/cap.js';
import { encode } from '../../counters/codec/codec.js';
import { mergeBytes } from '../../counters/codec/merge-bytes.js';
import type { Writer } from '../../counters/codec/writer.js';
import type { Applied, Delta, Rejected, Segment } from '../documents.js';
import { compacted } from './compact.js';
import type { DeferredChecksums } from './deferred-checksums.js';
import { DamagedDocument } from './document-checksum.js';
import { addCollection, type DocumentDatabases, keyOf, putCounters } from './document-databases.js';

export interface Content {
  readonly deltas: readonly Delta[];
  readonly countedUntilMs: number;
}

export function applySegment(
  databases: DocumentDatabases,
  checksums: DeferredChecksums,
  segment: Segment,
  { deltas, countedUntilMs }: Content,
): Applied {
  const { nodes, imports } = databases;
  const { node, number, checksum } = segment;
  const before = nodes.get(node);
  if ((before?.number ?? 0) >= number) return { outcome: 'already', rejected: [] };
  const sorted = [...deltas].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  for (const collection of new Set(sorted.map(({ collection }) => collection))) addCollection(databases, collection);
  const rejected = addDeltas(databases, checksums, segment, sorted);
  checksums.addDueChecksums();
  // without a process, the node is an import
  if (before?.boot === undefined) imports.add(node, sorted.map(keyOf));
  nodes.putSync(node, { ...before, number, checksum, countedUntilMs: Math.max(countedUntilMs, before?.countedUntilMs ?? 0) });
  return { outcome: 'applied', rejected };
}

/** Returns the deltas that cannot be added. */
function addDeltas(
  databases: DocumentDatabases,
  checksums: DeferredChecksums,
  segment: Segment,
  deltas: readonly Delta[],
): Rejected[] {
  const { out } = databases;
  const rejected: Rejected[] = [];
  for (const delta of deltas) {
    const key = keyOf(delta);
    try {
      merge(checksums.read(key), delta, out);
      checksums.write(key, out);
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError || error instanceof DamagedDocument)) throw error;
      putCounters(databases, databases.rejected, `${key}/${segment.node}/${segment.number}`, delta.counters);
      rejected.push({ collection: delta.collection, id: delta.id, reason: error.message });
    }
  }
  return rejected;
}

/** Writes the document with the delta merged in to `out`. */
function merge(before: Buffer | undefined, { counters, caps }: Delta, out: Writer): void {
  const document = compacted(mergeBytes(before, counters, out), caps, isFull);
  if (document !== undefined) encode(document, out);
}
