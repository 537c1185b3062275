// A map that visitors can fill without end (pages, hosts) is a Space-Saving summary that is compacted in batches.
// Metwally, Agrawal, El Abbadi: Efficient computation of frequent and top-k elements (2005); merging after Agarwal et al.,
// Mergeable summaries (2012).
//
// A capped map has two levels: `r` holds the rows by key, `f` the *floor* of each sum, which is the most that a key that
// is not in the map can have counted. A row does not store its error. It stores its *credit* in `x`: floor - error. So a
// row that is new since the last compaction has no credit, and its error is the floor without anyone having read it.
// Counts, floors and credits all merge by adding: a capped map needs no merge function of its own.
//
// For every row: count <= true count <= count + error. For views no error exceeds counted / (rows kept + 1): take P = the
// sum over rows of (count + error - floor). Each hit adds one to P. A compaction that raises the floor by d takes at least
// d x (kept + 1) away. P is never negative.
import { Counters } from './counters.js';
import type { SumKey } from './keys.js';

/** Every row counts its views under this key. Rows are ranked by them. */
export const VIEWS: SumKey = 'v';
export const ROWS = 'r';
export const FLOOR = 'f';
export const CREDIT = 'x';
/**
 * Replaces a deleted text in a hit. No untrusted text can contain this character. A key that contains it gets no row.
 */
export const REMOVED = '\x1a';

/**
 * A row's counters that begin with this are its details. They have no error bound: if the row was dropped and
 * created again, they cover only the hits since then. In exchange a row may have many. A row's other counters have bounds.
 */
export const DETAIL = '~';

/**
 * How many times more rows than its cap a map may have before it is compacted. Compacting reads a whole document, while
 * adding a batch copies most of it, so there is room for many batches.
 */
export const SLACK = 2;
/** A map with long keys is compacted before it has that many rows, so that no document becomes large. */
export const BYTES_MAX = 256 * 1024;
export const BYTES_SLACK = 1.25;

/** The size of a capped map: the number of its rows and their bytes. */
export interface MapSize {
  readonly entries: number;
  readonly bytes: number;
}

export function isFull({ entries, bytes }: MapSize, rowsMax: number): boolean {
  return entries > rowsMax * SLACK || bytes > BYTES_MAX;
}

/** The number of rows to keep: the cap, or fewer if rows are long. Those take four fifths of the bytes, to leave room. */
export function rowsThatFit({ entries, bytes }: MapSize, rowsMax: number): number {
  if (bytes <= BYTES_MAX) return rowsMax;
  return Math.max(1, Math.min(rowsMax, Math.floor((entries * BYTES_MAX) / BYTES_SLACK / bytes)));
}

/** The size of a map in memory. Bytes are those of its rows as fields of a BSON document, with small numbers. */
export function sizeOf(map: Counters): MapSize {
  const rows = map.below(ROWS);
  return { entries: rows.fields.size, bytes: fieldBytes(rows) };
}

function fieldBytes(level: Counters): number {
  let bytes = 5;
  for (const [key, value] of level.fields) {
    bytes += 2 + Buffer.byteLength(key);
    if (typeof value === 'number') bytes += 4;
    else if (typeof value === 'string') bytes += 5 + Buffer.byteLength(value);
    else if (value instanceof Counters) bytes += fieldBytes(value);
    else bytes += 5 + 10 * value.size;
  }
  return bytes;
}

/**
 * The row of a key in the capped map `map`, which is created if there is none. A key that contains a deleted text gets
 * counters that are thrown away.
 */
export function row(document: Counters, map: string, key: string): Counters {
  if (key.includes(REMOVED)) return new Counters();
  return document.at(map).at(ROWS).at(key);
}

/** By how much a row's true value may exceed its count. */
export function errorOf(map: Counters, key: string, counter: SumKey): number {
  return Math.max(0, map.below(FLOOR).get(counter) - map.below(ROWS).below(key).below(CREDIT).get(counter));
}

/**
 * Drops the rows with the smallest count + error, in place, until at most `rowsMax` are left, and raises the floors to
 * cover them. Ties are broken by key, so that the same rows always give the same result.
 */
export function compact(map: Counters, rowsMax: number): void {
  const rows = map.at(ROWS);
  if (rows.fields.size <= rowsMax) return;
  const floor = map.at(FLOOR);
  const floorBefore = new Map(floor.sums());
  const upper = (row: Counters, counter: string) =>
    row.get(counter) + Math.max(0, (floorBefore.get(counter) ?? 0) - row.below(CREDIT).get(counter));

  const ranked = rows.levels().map(([key, row]) => ({ key, row, upper: upper(row, VIEWS) }));
  ranked.sort((a, b) => b.upper - a.upper || (a.key < b.key ? -1 : 1));
  const dropped = ranked.splice(rowsMax);
  for (const { key, row } of dropped) {
    rows.fields.delete(key);
    for (const counter of boundedSumsOf(row, floorBefore)) {
      floor.fields.set(counter, Math.max(floor.get(counter), upper(row, counter)));
    }
  }
  const floorAfter = floor.sums();
  for (const { row } of ranked) {
    const credit = row.at(CREDIT);
    for (const [counter, after] of floorAfter) {
      const error = Math.max(0, (floorBefore.get(counter) ?? 0) - credit.get(counter));
      credit.fields.set(counter, after - error);
    }
  }
}

function boundedSumsOf(row: Counters, floor: ReadonlyMap<string, number>): Set<string> {
  const bounded = new Set(floor.keys());
  for (const [counter] of row.sums()) if (!counter.startsWith(DETAIL)) bounded.add(counter);
  return bounded;
}
