// Estimates the size of documents' capped maps: their size when this node last read them, plus all keys that this
// node has added since. Additions by other nodes are included when the document is read again.
import { LRUCache } from 'lru-cache';
import { BYTES_MAX, isFull, type MapSize, sizeOf } from '../../counters/cap.js';
import type { Counters } from '../../counters/counters.js';
import type { Delta } from '../documents.js';

/** The limit of documents whose sizes are in memory. Other documents are read again. */
const DOCUMENTS_MAX = 50_000;
/**
 * A delta with a larger share of the cap is only added together with a compaction. Otherwise several nodes could fill
 * a document without limit.
 */
const LARGE = 1 / 4;

/** By map name. */
type Sizes = ReadonlyMap<string, MapSize>;

export interface SizeBook {
  /** The size of the delta's document must be read first. */
  isUnknown(delta: Delta): boolean;
  /** `counters`: the content of the document; undefined if it does not exist. */
  learn(delta: Delta, counters: Counters | undefined): void;
  /** Records that the delta was added, as if all its keys were new. */
  grow(delta: Delta): void;
  /** The delta must be added together with a compaction. */
  mustCompact(delta: Delta): boolean;
  isLarge(delta: Delta): boolean;
}

export function createSizeBook(): SizeBook {
  const book = new LRUCache<string, Sizes>({ max: DOCUMENTS_MAX });
  const added = new WeakMap<Delta, Sizes>();

  const sizesOf = (delta: Delta): Sizes => {
    let sizes = added.get(delta);
    if (sizes === undefined) {
      sizes = measure(delta.counters, delta);
      added.set(delta, sizes);
    }
    return sizes;
  };

  return {
    isUnknown: (delta) => isCapped(delta) && !book.has(keyOf(delta)),
    learn(delta, counters) {
      if (isCapped(delta)) book.set(keyOf(delta), counters === undefined ? new Map() : measure(counters, delta));
    },
    grow(delta) {
      const before = book.get(keyOf(delta));
      if (before === undefined) return;
      const after = [...sizesOf(delta)].map(([map, size]) => [map, plus(before.get(map), size)] as const);
      book.set(keyOf(delta), new Map(after));
    },
    mustCompact(delta) {
      const before = book.get(keyOf(delta));
      return [...sizesOf(delta)].some(([map, size]) => {
        const rowsMax = delta.caps[map] as number;
        return isLargeMap(size, rowsMax) || isFull(plus(before?.get(map), size), rowsMax);
      });
    },
    isLarge: (delta) => [...sizesOf(delta)].some(([map, size]) => isLargeMap(size, delta.caps[map] as number)),
  };
}

function isLargeMap({ entries, bytes }: MapSize, rowsMax: number): boolean {
  return entries > rowsMax * LARGE || bytes > BYTES_MAX * LARGE;
}

function measure(counters: Counters, { caps }: Delta): Sizes {
  return new Map(Object.keys(caps).map((map) => [map, sizeOf(counters.below(map))]));
}

function plus(before: MapSize | undefined, added: MapSize): MapSize {
  return { entries: (before?.entries ?? 0) + added.entries, bytes: (before?.bytes ?? 0) + added.bytes };
}

function isCapped({ caps }: Delta): boolean {
  return Object.keys(caps).length > 0;
}

function keyOf({ collection, id }: Delta): string {
  return `${collection}/${id}`;
}
