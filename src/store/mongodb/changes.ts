import type { Caps, Change, Delta, DocumentId, Rebuild, Rejected, Rewritten, Segment } from '../documents.js';

/** The changes that protocol.ts implements. */
export interface Protocol {
  /** Resolves with the deltas that can never be added. Rejects unless all others have certainly been added. */
  apply(segment: Segment, deltas: readonly Delta[], countedUntilMs: number): Promise<Rejected[]>;
  /** store/documents.ts describes this and the following functions. */
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
