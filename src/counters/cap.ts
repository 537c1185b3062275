// A map that visitors can fill without end (pages, hosts) is a Space-Saving summary, compacted in batches.
// Metwally, Agrawal, El Abbadi: Efficient computation of frequent and top-k elements (2005); merging after Agarwal et al.,
// Mergeable summaries (2012).
//
// A capped map is two levels: `r` the rows by key, `f` the *floor* of each sum counter: the most that a key which is
// not in the map can have counted. A row's error is not kept as such. What is kept, in the row's `x`, is its
// *credit*: floor - error. So a row that is new since the last compaction, or absent, has no credit, and its error is
// the floor without anyone having read it; and counts, floors and credits all merge by adding: a capped map needs no
// merge of its own.
//
// For every row: count <= true <= count + error. For the ranking counter no error exceeds counted / (rows kept + 1): take
// P = the sum over rows of (count + error - floor). Each hit adds one to P; a compaction that raises the floor by d takes at
// least d x (kept + 1) away; P is never negative.
import { Counters } from './counters.js';

/** The counter by which rows are ranked, in every capped map. */
export const RANKING = 'v';
export const ROWS = 'r';
export const FLOOR = 'f';
export const CREDIT = 'x';
/** Stands in a hit for a text that was deleted: no text from outside can hold this character. A key with it is no row. */
export const REMOVED = '\x1a';

/**
 * A row's counters that begin with this are its details: of a row that was dropped once they are only what has come
 * since, without a bound, so that a row may have many. The row's other counters have bounds.
 */
export const DETAIL = '~';

/** Compacting reads a whole document, where adding a batch copies most of it: this leaves room for many batches. */
export const SLACK = 2;
/** A map of long keys is cut before its rows run out, to so much less: documents stay small whatever the keys are. */
export const BYTES_MAX = 256 * 1024;
export const BYTES_SLACK = 1.25;

/** How large a capped map is: its rows, and what they take. */
export interface MapSize {
  readonly entries: number;
  readonly bytes: number;
}

export function isFull({ entries, bytes }: MapSize, rowsMax: number): boolean {
  return entries > rowsMax * SLACK || bytes > BYTES_MAX;
}

/** As many rows as the cap allows, fewer where they are long: four fifths of the bytes, so that there is room again. */
export function rowsThatFit({ entries, bytes }: MapSize, rowsMax: number): number {
  if (bytes <= BYTES_MAX) return rowsMax;
  return Math.max(1, Math.min(rowsMax, Math.floor((entries * BYTES_MAX) / BYTES_SLACK / bytes)));
}

/** Of a map in memory. The bytes are those of its rows as fields of a document (BSON), with small numbers. */
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
 * The row of a key, in the capped map `map` of a document or delta; one that is kept nowhere where a part of the key
 * was deleted.
 */
export function row(document: Counters, map: string, key: string): Counters {
  if (key.includes(REMOVED)) return new Counters();
  return document.at(map).at(ROWS).at(key);
}

/** How far above its count a row's true value may be. */
export function errorOf(map: Counters, key: string, counter: string): number {
  return Math.max(0, map.below(FLOOR).get(counter) - map.below(ROWS).below(key).below(CREDIT).get(counter));
}

/**
 * Drops the rows with the smallest count + error, in place, until at most `rowsMax` are left, and raises the floors
 * to cover them. Ties are settled by key, so that the same rows always give the same result.
 */
export function compact(map: Counters, rowsMax: number): void {
  const rows = map.at(ROWS).fields as Map<string, Counters>;
  if (rows.size <= rowsMax) return;
  const floor = map.at(FLOOR);
  const floorBefore = new Map(floor.fields as Map<string, number>);
  const upper = (row: Counters, counter: string) =>
    row.get(counter) + Math.max(0, (floorBefore.get(counter) ?? 0) - row.below(CREDIT).get(counter));

  const ranked = [...rows].map(([key, row]) => ({ key, row, upper: upper(row, RANKING) }));
  ranked.sort((a, b) => b.upper - a.upper || (a.key < b.key ? -1 : 1));
  const dropped = ranked.splice(rowsMax);
  for (const { key, row } of dropped) {
    rows.delete(key);
    for (const counter of sumsOf(row, floorBefore)) {
      floor.fields.set(counter, Math.max(floor.get(counter), upper(row, counter)));
    }
  }
  for (const { row } of ranked) {
    const credit = row.at(CREDIT);
    for (const [counter, after] of floor.fields as Map<string, number>) {
      const error = Math.max(0, (floorBefore.get(counter) ?? 0) - credit.get(counter));
      credit.fields.set(counter, after - error);
    }
  }
}

function sumsOf(row: Counters, floor: Map<string, number>): Set<string> {
  const sums = new Set(floor.keys());
  for (const [counter, value] of row.fields) if (typeof value === 'number' && !counter.startsWith(DETAIL)) sums.add(counter);
  return sums;
}
