// The beacon's parameters, from a query string or a form body. See docs/beacon.md for what each means.
import { decodeField } from './text.js';

export type Fields = ReadonlyMap<string, string>;

/** More parameters than the tracker has; the rest of a longer query is nobody's. */
const FIELDS_MAX = 40;
/** Longest value that anything is made of: a page address with its query. Cut before decoding. */
const VALUE_LENGTH_MAX = 8192;

/** The first of each name wins. Values are decoded, names are not; nothing throws. */
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
      fields.set(name, nameEnd === end ? '' : decodeField(beginning(query, nameEnd + 1, end)));
    }
    start = end + 1;
  }
  return fields;
}

/** Half an escaped character, or half of an address's own escape (`%25E2`): it would leave the whole value undecoded. */
const TORN = /(?:%(?:25)?[c-f][0-9a-f](?:%(?:25)?[89ab][0-9a-f]){0,3})?(?:%(?:2(?:5[0-9a-f]?)?|[0-9a-f])?)?$/i;
/** Of four bytes, each escaped twice. */
const TORN_CHARS_MAX = 20;

function beginning(query: string, start: number, end: number): string {
  if (end - start <= VALUE_LENGTH_MAX) return query.slice(start, end);
  const sure = start + VALUE_LENGTH_MAX - TORN_CHARS_MAX;
  return query.slice(start, sure) + query.slice(sure, start + VALUE_LENGTH_MAX).replace(TORN, '');
}

/** A whole number as ASCII digits, at most `max`; -1 for anything else. A negative one (a clock put back) is 0. */
export function wholeNumber(text: string | undefined, max: number): number {
  if (text === undefined || text.length > 12) return -1;
  if (/^[0-9]+$/.test(text)) return Math.min(Number(text), max);
  return /^-[0-9]+$/.test(text) ? 0 : -1;
}
