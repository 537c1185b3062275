// Keys are untrusted data. MongoDB would interpret parts of them as structure (field paths), so they are escaped for it,
// here and nowhere else. Maps in memory and the embedded store accept any key unchanged.

/** `%` is escaped too, so that unescaping is exact. `.` and `$` have a meaning in field paths, NUL ends a field name. */
const SPECIAL = /[%.$\0]/g;

/** Makes a key safe as one part of a field path: never empty, without `.`, `$` and NUL, and without `_` at the start. */
export function escapeKey(key: string): string {
  if (key === '') return '%';
  const escaped = key.replace(SPECIAL, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return escaped.startsWith('_') ? `%5f${escaped.slice(1)}` : escaped;
}

export function unescapeKey(escaped: string): string {
  if (escaped === '%') return '';
  return escaped.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
