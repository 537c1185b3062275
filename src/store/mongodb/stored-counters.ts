// Decodes and compacts the counters of stored documents.
import { compact, type isFull, rowsThatFit, sizeOf } from '../../counters/cap.js';
import { fromFields } from '../../counters/codec/fields.js';
import type { Counters } from '../../counters/counters.js';
import type { Caps } from '../documents.js';
import type { Stored } from './operations.js';

export function countersOf(stored: Stored | undefined): Counters | undefined {
  return stored === undefined ? undefined : fromFields(stored.counters);
}

/** Compacts the maps that are too large. Returns whether there were any. */
export function compactMaps(counters: Counters, caps: Caps, isTooLarge: typeof isFull): boolean {
  let hasCompacted = false;
  for (const [map, rowsMax] of Object.entries(caps)) {
    const size = sizeOf(counters.below(map));
    if (!isTooLarge(size, rowsMax)) continue;
    compact(counters.at(map), rowsThatFit(size, rowsMax));
    hasCompacted = true;
  }
  return hasCompacted;
}
