// Keys that come from outside are data. Where a store would read them as structure (MongoDB's field paths), they are
// escaped here and nowhere else; the maps in memory and the bytes of the embedded store take any key as it is.

/** `%` first, so that unescaping is exact; `.` and `$` part field paths; NUL ends a field name. */
const SPECIAL = /[%.$\0]/g;

/** A key that is safe as one part of a field path: never empty, without `.`, `$` and NUL, not beginning with `_`. */
export function escapeKey(key: string): string {
  if (key === '') return '%';
  const escaped = key.replace(SPECIAL, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return escaped.startsWith('_') ? `%5f${escaped.slice(1)}` : escaped;
}

export function unescapeKey(escaped: string): string {
  if (escaped === '%') return '';
  return escaped.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
