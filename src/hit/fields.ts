// The beacon's parameters, from a query string or a form body. docs/beacon.md describes them.
import { decodeField } from './text.js';

export type Fields = ReadonlyMap<string, string>;

/** The tracker has fewer parameters. The rest of a longer query is ignored. */
const FIELDS_MAX = 40;
/** Enough for the longest value, a page's address with its query. Values are truncated before they are decoded. */
const VALUE_LENGTH_MAX = 8192;

/** If a name occurs twice, the first value counts. Values are decoded, names are not. Never throws. */
export function parseFields(query: string): Fields {
  const fields = new Map<string, string>();
  let start = 0;
  while (start < query.length && fields.size < FIELDS_MAX) {
    let end = query.indexOf('&', start);
    if (end < 0) end = query.length;
    const equals = query.indexOf('=', start);
    const nameEnd = equals < 0 || equals > end ? end : equals;
    const name = query.slice(start, nameEnd);
    if (name !== '' && !fields.has(name)) {
      fields.set(name, nameEnd === end ? '' : decodeField(truncated(query, nameEnd + 1, end)));
    }
    start = end + 1;
  }
  return fields;
}

/**
 * An incomplete escape at the end, perhaps one that the address itself contained (`%25E2`). With it, the whole value could
 * not be decoded.
 */
const INCOMPLETE_ESCAPE = /(?:%(?:25)?[c-f][0-9a-f](?:%(?:25)?[89ab][0-9a-f]){0,3})?(?:%(?:2(?:5[0-9a-f]?)?|[0-9a-f])?)?$/i;
/** Four bytes, each escaped twice. */
const INCOMPLETE_ESCAPE_CHARS_MAX = 20;

function truncated(query: string, start: number, end: number): string {
  if (end - start <= VALUE_LENGTH_MAX) return query.slice(start, end);
  const safeEnd = start + VALUE_LENGTH_MAX - INCOMPLETE_ESCAPE_CHARS_MAX;
  return query.slice(start, safeEnd) + query.slice(safeEnd, start + VALUE_LENGTH_MAX).replace(INCOMPLETE_ESCAPE, '');
}

/**
 * Reads a whole number in ASCII digits, limited to `max`. A negative number is read as 0: the browser's clock was set
 * back. Returns -1 for any other text.
 */
export function wholeNumber(text: string | undefined, max: number): number {
  if (text === undefined || text.length > 12) return -1;
  if (/^[0-9]+$/.test(text)) return Math.min(Number(text), max);
  return /^-[0-9]+$/.test(text) ? 0 : -1;
}
