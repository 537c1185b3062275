// The beacon's parameters, from a query string or a form body. See docs/beacon.md for what each means.
import { decodeField } from './text.js';

export type Fields = ReadonlyMap<string, string>;

/** More parameters than the tracker has; the rest of a longer query is nobody's. */
const FIELDS_MAX = 40;
/** Longest value that anything is made of: a page address with its query. Cut before decoding. */
const VALUE_LENGTH_MAX = 8192;

/** The first of each name wins. Names and values are decoded; nothing throws. */
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
      fields.set(
        name,
        nameEnd === end ? '' : decodeField(query.slice(nameEnd + 1, Math.min(end, nameEnd + 1 + VALUE_LENGTH_MAX))),
      );
    }
    start = end + 1;
  }
  return fields;
}
