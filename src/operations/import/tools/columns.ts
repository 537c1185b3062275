// A table's columns by their names, and the values that are in them.

export interface Columns {
  readonly names: readonly string[];
  /** The place of the first of these columns that there is, whatever the case; -1 when there is none. */
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

/** `2025-01-31` of itself or of `20250131`; undefined for what is no day of the calendar, or lies before 1990 or after 2199. */
export function dayOf(text: string): string | undefined {
  const [, year = '', month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year < '1990' || year > '2199') return undefined;
  const name = `${year}-${month}-${day}`;
  const atMs = Date.parse(`${name}T00:00:00Z`);
  // of 31 April some engines make 1 May
  return Number.isFinite(atMs) && new Date(atMs).toISOString().startsWith(name) ? name : undefined;
}

/** A whole number that is not negative, as ASCII digits; a fraction of zeros is allowed. Undefined for anything else. */
export function countOf(text: string): number | undefined {
  const [, digits] = /^([0-9]{1,15})(?:\.0+)?$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
