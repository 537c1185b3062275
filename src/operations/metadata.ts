// A document that is rebuilt keeps its metadata.
import type { Counters } from '../counters/counters.js';
import { RESERVED } from '../store/document-metadata.js';

/** Replaces the metadata of `tree`, in place, with that of the present document (undefined: it has none). */
export function withMetadataOf(document: Counters | undefined, tree: Counters): Counters {
  for (const key of RESERVED) {
    const value = document?.fields.get(key);
    if (value === undefined) tree.fields.delete(key);
    else tree.fields.set(key, value);
  }
  return tree;
}
