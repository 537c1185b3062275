// Rebuilds a month without some of its days, or a year without some of its months, by merging the remaining parts. This
// is exact. Subtracting is not possible for sketches and capped maps, and the result for sums could not be checked.
import { compact, rowsThatFit, sizeOf } from '../../counters/cap.js';
import { Counters } from '../../counters/counters.js';
import { areEqual } from '../../counters/equal.js';
import { merge } from '../../counters/merge.js';
import { RESERVED } from '../../store/document-metadata.js';
import type { Caps } from '../../store/documents.js';
import { withMetadataOf } from '../metadata.js';

export interface PartOf {
  readonly counters: Counters;
  /** Whether the part is not deleted. */
  readonly remains: boolean;
}

/**
 * Returns the rebuilt document, or `keep` if there is nothing left to remove. `incomplete` means that the document is
 * not the merge of these parts, because some of them have expired, so nothing can be removed from it. `instead` are
 * merged in place of parts that are only partly deleted.
 */
export function rebuildWithout(
  whole: Counters,
  parts: readonly PartOf[],
  caps: Caps,
  instead: readonly Counters[] = [],
): Counters | 'keep' | 'remove' | 'incomplete' {
  const remaining = merge([...parts.filter(({ remains }) => remains).map(({ counters }) => counters), ...instead]);
  if (isSame(whole, remaining, caps)) return 'keep';
  if (!isSame(whole, merge(parts.map(({ counters }) => counters)), caps)) return 'incomplete';
  if (remaining.fields.size === 0) return 'remove';
  for (const [map, rowsMax] of Object.entries(caps)) {
    const size = sizeOf(remaining.below(map));
    const rows = rowsThatFit(size, rowsMax);
    if (size.entries > rows) compact(remaining.at(map), rows);
  }
  return withMetadataOf(whole, remaining);
}

/** Ignores capped maps, because equal merges may have evicted different rows. Their totals are counted beside them. */
function isSame(a: Counters, b: Counters, caps: Caps): boolean {
  const compared = (document: Counters): Counters => {
    const copy = new Counters();
    for (const [key, value] of document.fields) if (!RESERVED.includes(key) && !(key in caps)) copy.fields.set(key, value);
    return copy;
  };
  return areEqual(compared(a), compared(b));
}
