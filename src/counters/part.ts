// A part of a tree of counters: what a reader needs of a document whose other levels it does not have to decode.

/** Everything below a key. */
export const ALL = 'all';

/** For each key that is read: everything below it, or a part of it. The key `ANY_KEY` is for all keys that are not named. */
export type Part = ReadonlyMap<string, Part | typeof ALL>;

/** Stands for every key that is not named, the empty one included. */
export const ANY_KEY = '';

/** The counters under these keys. */
export function part(...keys: readonly string[]): Part {
  return new Map(keys.map((key) => [key, ALL]));
}

/** What is read under a key; undefined: nothing. */
export function partUnder(of: Part, key: string): Part | typeof ALL | undefined {
  return of.get(key) ?? of.get(ANY_KEY);
}
