// Declares the keys of a report: the names under which it counts in a document. Several reports count into one document. So
// all keys must be known before anything is counted, and a conflict is an error at start.
import { DETAIL } from '../src/counters/cap.js';
import type { LevelsKey, SketchKey, SumKey, SumsKey, TextKey } from '../src/counters/keys.js';
import { memoize } from '../src/time/memo.js';

/** The pages and referrers that a row is about. The row is deleted with any of them. */
export interface RowSubjects {
  /** Paths. */
  readonly page?: readonly string[];
  /** Sources, hosts, or hosts with a path. */
  readonly referrer?: readonly string[];
}

/** The keys of one level, by the names that the report's code uses. */
export interface Keys {
  readonly [name: string]: string | Levels | CappedMap | ClosedList | Classes | Details | KeyFamily;
}

export function sum(key: string): SumKey {
  return key;
}

/** The larger of several texts is kept. */
export function text(key: string): TextKey {
  return key;
}

export function sketch(key: string): SketchKey {
  return key;
}

/** A sum for each of a few names. They are from a list of ours. */
export function sums(key: string): SumsKey {
  return key;
}

/** One level for each of some names, such as days. Reports may share it if their keys in each level differ. */
export interface Levels<Each extends Keys = Keys> {
  readonly kind: 'levels';
  readonly key: LevelsKey;
  readonly each: Each;
}

export function levels<const Each extends Keys>(key: string, each: Each): Levels<Each> {
  return { kind: 'levels', key, each };
}

/** A map with any number of untrusted keys, which keeps at most `rowsMax` rows (see src/counters/cap.ts). */
export interface CappedMap<Row extends Keys = Keys> extends CappedMapOptions<Row> {
  readonly kind: 'capped map';
  readonly key: string;
}

interface CappedMapOptions<Row extends Keys> {
  readonly rowsMax: number;
  readonly row: Row;
  /** Which pages or referrers a row is about. It is deleted with them. Absent: with none. */
  subjectsOf?(rowKey: string): RowSubjects;
}

export function cappedMap<const Row extends Keys>(key: string, options: CappedMapOptions<Row>): CappedMap<Row> {
  return { kind: 'capped map', key, ...options };
}

/** A list of names that are all ours, with views and visitors of each. */
export interface ClosedList {
  readonly kind: 'closed list';
  readonly views: SumsKey;
  /** First views of a day, of a month and of a year, as in row-visitors.ts. */
  readonly d: SumsKey;
  readonly m: SumsKey;
  readonly y: SumsKey;
}

export function closedList(key: string): ClosedList {
  return { kind: 'closed list', views: key, d: `${key}d`, m: `${key}m`, y: `${key}y` };
}

/**
 * A counter of a row that has no error bound: if the row was dropped and created again, the counter covers only the hits
 * since then. In exchange a row may have many of them.
 */
export function detail(key: string): SumKey {
  return DETAIL + key;
}

/** A detail for each of some numbers: how many values are at least that large. */
export interface Classes {
  readonly kind: 'classes';
  readonly list: ReadonlyArray<{ readonly bound: number; readonly key: SumKey }>;
}

export function classes(key: string, bounds: readonly number[]): Classes {
  return { kind: 'classes', list: bounds.map((bound) => ({ bound, key: detail(key + bound) })) };
}

/** A detail for each of some names. */
export interface Details {
  readonly kind: 'details';
  readonly prefix: string;
  keyOf(name: string): SumKey;
  /** The name in a key; undefined if the key is not one of these. */
  nameIn(key: string): string | undefined;
  /** Which pages or referrers a detail is about. It is deleted with them. Absent: with none. */
  readonly subjectsOf: ((name: string) => RowSubjects) | undefined;
}

/** Names come from closed lists or are limited by the number of rows. */
const REMEMBERED_MAX = 10_000;

export function details(key: string, subjectsOf?: (name: string) => RowSubjects): Details {
  const prefix = DETAIL + key;
  return {
    kind: 'details',
    prefix,
    // Joining texts for every hit takes longer than counting it.
    keyOf: memoize((name: string) => prefix + name, REMEMBERED_MAX),
    nameIn: (key) => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined),
    subjectsOf,
  };
}

/** Keys that contain a name, such as levels by day. `pattern` has `*` in place of that name. */
export interface KeyFamily {
  readonly kind: 'family';
  readonly pattern: string;
}

export function family(pattern: string): KeyFamily {
  return { kind: 'family', pattern };
}

/** Returns the keys unchanged. Throws if two of them are the same key in the same place. */
export function declareKeys<const Declared extends Keys>(keys: Declared): Declared {
  checkKeys([{ name: 'one report', keys }]);
  return keys;
}

/** Throws if two reports, or one report twice, count under the same key in the same place of a document. */
export function checkKeys(reports: ReadonlyArray<{ readonly name: string; readonly keys: Keys }>): void {
  const paths = reports.flatMap(({ name, keys }) => pathsOf(keys).map((path) => ({ name, path })));
  for (const [i, { name, path }] of paths.entries()) {
    for (const other of paths.slice(i + 1)) {
      if (!overlap(path, other.path)) continue;
      const names = name === other.name ? name : `${name} and ${other.name}`;
      throw new Error(`the key "${path.join('/')}" is declared twice in one kind of document, by ${names}; choose another key`);
    }
  }
}

/** The capped maps among the keys. */
export function cappedMapsOf(keys: Keys): CappedMap[] {
  return Object.values(keys).filter((key) => typeof key === 'object' && key.kind === 'capped map');
}

/** Returns a function that finds the pages or referrers of a detail. Undefined if no detail of the row is about any. */
export function detailSubjectsOf(row: Keys): ((detailKey: string) => RowSubjects) | undefined {
  const about = Object.values(row).flatMap((key) =>
    typeof key === 'object' && key.kind === 'details' && key.subjectsOf !== undefined ? [key] : [],
  );
  if (about.length === 0) return undefined;
  return (detailKey) => {
    for (const { nameIn, subjectsOf } of about) {
      const name = nameIn(detailKey);
      if (name !== undefined && subjectsOf !== undefined) return subjectsOf(name);
    }
    return {};
  };
}

/**
 * The path of each key: the keys of the levels above it, and the key itself. `*` matches any name. Everything below a path
 * belongs to the key as well.
 */
export function pathsOf(keys: Keys, above: readonly string[] = []): string[][] {
  return Object.values(keys).flatMap((key): string[][] => {
    if (typeof key === 'string') return [[...above, key]];
    if (key.kind === 'family') return [[...above, key.pattern]];
    if (key.kind === 'classes') return key.list.map((one) => [...above, one.key]);
    if (key.kind === 'details') return [[...above, `${key.prefix}*`]];
    if (key.kind === 'closed list') return [key.views, key.d, key.m, key.y].map((list) => [...above, list]);
    if (key.kind === 'levels') return pathsOf(key.each, [...above, key.key, '*']);
    return pathsOf(key.row, [...above, key.key, 'r', '*']);
  });
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  const shorter = Math.min(a.length, b.length);
  return a.slice(0, shorter).every((key, i) => areSame(key, b[i] as string));
}

function areSame(a: string, b: string): boolean {
  return a === b || startsAs(a, b) || startsAs(b, a);
}

/** Whether a pattern such as `~s*` matches this key. */
function startsAs(pattern: string, key: string): boolean {
  return pattern.length > 1 && pattern.endsWith('*') && key.startsWith(pattern.slice(0, -1));
}
