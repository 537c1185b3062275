// How documents are changed that other nodes write at the same time, over a network and servers that fail. Every update
// carries its guard, so it does not find a document that already contains the segment. An operation whose outcome is
// uncertain rejects, and the caller repeats all of it: what was applied the first time is not applied twice.
import type { Caps, Change, Delta, DocumentId, Rebuild, Rejected, Rewritten, Segment } from '../documents.js';
import { createApply } from './apply.js';
import type { Operations } from './operations.js';
import { createRewrites } from './rewrite.js';

export interface Protocol {
  /** Rejects unless everything is in for certain. Resolves with the deltas that can never be added. */
  apply(segment: Segment, deltas: readonly Delta[], countedUntilMs: number): Promise<Rejected[]>;
  /** For this and the following see store/documents.ts. */
  compact(id: DocumentId, caps: Caps): Promise<'compacted' | 'compact' | 'busy'>;
  rewrite(collection: string, ids: readonly string[], change: Change): Promise<Rewritten>;
  /** `finished` returns the last segment of a node that was applied completely. */
  rebuild(
    id: DocumentId,
    parts: readonly DocumentId[],
    make: Rebuild,
    finished: (node: string) => Promise<number>,
  ): Promise<'rebuilt' | 'removed' | 'kept' | 'busy'>;
}

export function createProtocol(operations: Operations): Protocol {
  return { apply: createApply(operations), ...createRewrites(operations) };
}
