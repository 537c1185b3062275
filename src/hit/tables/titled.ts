// Closed lists. Each row has a key for the counters, a title for people, and the names that browsers and libraries use.

/** Key, title, and other names in lower case, separated by commas. */
export type TitledRow = readonly [key: string, title: string, names: string];

export function keysOf(rows: readonly TitledRow[]): readonly string[] {
  return rows.map(([key]) => key);
}

/** Returns the title of a key, or the key itself if the list does not contain it (any more). */
export function titleIn(rows: readonly TitledRow[]): (key: string) => string {
  const titles = new Map(rows.map(([key, title]) => [key, title]));
  return (key) => titles.get(key) ?? key;
}

export function namesOf(rows: readonly TitledRow[]): ReadonlyMap<string, string> {
  return new Map(rows.flatMap(([key, , names]) => names.split(',').map((name) => [name, key] as const)));
}
