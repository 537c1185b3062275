// Closed lists: a key for the counters, a title for people, and the names that others have for the same thing.

/** key, title, then what others call it: lower case, apart by commas. */
export type TitledRow = readonly [key: string, title: string, names: string];

export function keysOf(rows: readonly TitledRow[]): readonly string[] {
  return rows.map(([key]) => key);
}

/** A key's title; a key that is not in the list (any more) is its own. */
export function titleIn(rows: readonly TitledRow[]): (key: string) => string {
  const titles = new Map(rows.map(([key, title]) => [key, title]));
  return (key) => titles.get(key) ?? key;
}

export function namesOf(rows: readonly TitledRow[]): ReadonlyMap<string, string> {
  return new Map(rows.flatMap(([key, , names]) => names.split(',').map((name) => [name, key] as const)));
}
