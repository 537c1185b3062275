// Finds the columns of a table by their names, and reads their values.

export interface Columns {
  readonly names: readonly string[];
  /** The place of the first of these columns that exists, ignoring case; -1 when there is none. */
  find(...names: readonly string[]): number;
  has(...names: readonly string[]): boolean;
}

export function columnsOf(header: readonly string[]): Columns {
  const names = header.map((name) => name.trim());
  const places = new Map<string, number>();
  names.forEach((name, place) => {
    if (!places.has(name.toLowerCase())) places.set(name.toLowerCase(), place);
  });
  const placeOf = (name: string) => places.get(name.toLowerCase()) ?? -1;
  return {
    names,
    find: (...wanted) => wanted.map(placeOf).find((place) => place >= 0) ?? -1,
    has: (...wanted) => wanted.every((name) => placeOf(name) >= 0),
  };
}

/** Reads `2025-01-31` or `20250131`. Undefined when it is not a day of the calendar from 1990 to 2199. */
export function dayOf(text: string): string | undefined {
  const [, year = '', month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year < '1990' || year > '2199') return undefined;
  const name = `${year}-${month}-${day}`;
  const atMs = Date.parse(`${name}T00:00:00Z`);
  // some engines read 31 April as 1 May
  return Number.isFinite(atMs) && new Date(atMs).toISOString().startsWith(name) ? name : undefined;
}

/** Reads a whole number in ASCII digits; a fraction of zeros is allowed. Undefined for anything else. */
export function countOf(text: string): number | undefined {
  const [, digits] = /^([0-9]{1,15})(?:\.0+)?$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
