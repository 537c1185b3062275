// Compacts documents that are stored as bytes. Only documents with a map over its cap are decoded.
import { compact, type isFull, ROWS, rowsThatFit } from '../../counters/cap.js';
import { decode } from '../../counters/codec/codec.js';
import { levelSize } from '../../counters/codec/merge-bytes.js';
import type { Counters } from '../../counters/counters.js';
import type { Caps, DocumentId } from '../documents.js';
import { checksumState, isValidTree } from './document-checksum.js';
import { type DocumentDatabases, keyOf, putCounters } from './document-databases.js';
import { commit } from './transaction.js';

type IsTooLarge = typeof isFull;

const isOverCap: IsTooLarge = ({ entries }, rowsMax) => entries > rowsMax;

export async function compactDocument(
  databases: DocumentDatabases,
  id: DocumentId,
  caps: Caps,
): Promise<'compacted' | 'compact'> {
  const { root, documents } = databases;
  const key = keyOf(id);
  const bytesToCompact = (): Buffer | undefined => {
    const bytes = documents.get(key);
    return bytes !== undefined && needsCompaction(key, bytes, caps) ? bytes : undefined;
  };
  // Most documents need no compaction, and this check needs no commit.
  if (bytesToCompact() === undefined) return 'compact';
  return commit(root, () => {
    const bytes = bytesToCompact();
    if (bytes === undefined) return 'compact';
    putCounters(databases, documents, key, compacted(bytes, caps, isOverCap) ?? decode(bytes));
    return 'compacted';
  });
}

/** Returns the document with all maps small enough; undefined if they already were. */
export function compacted(bytes: Buffer, caps: Caps, isTooLarge: IsTooLarge): Counters | undefined {
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

/** A damaged document is not rewritten, because that would give it a valid checksum. */
function needsCompaction(key: string, bytes: Buffer, caps: Caps): boolean {
  const checksum = checksumState(key, bytes);
  return (checksum === 'none' && isValidTree(bytes)) || (checksum === 'valid' && hasMapOverCap(bytes, caps));
}

function hasMapOverCap(bytes: Buffer, caps: Caps): boolean {
  return Object.entries(caps).some(([map, rowsMax]) => {
    const size = levelSize(bytes, map, ROWS);
    return size !== undefined && isOverCap(size, rowsMax);
  });
}
