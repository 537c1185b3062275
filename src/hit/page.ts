// Which page a hit is of: its host and its path, from an address that may be anything at all.
import { hostOf, isLocalHost } from './host.js';
import { cleanPath, decodeField, PATH_CODEPOINTS_MAX } from './text.js';

export interface Page {
  /** As `hostOf` gives it; empty when the address names none. */
  readonly host: string;
  /** Begins with `/`; empty for an unknown page. */
  readonly path: string;
  /**
   * It is on this machine or in a private network, or no page of the web at all (`file:`, `about:`). Then its path is
   * nobody's business.
   */
  readonly isLocal?: boolean;
}

export const UNKNOWN_PAGE: Page = { host: '', path: '' };

const WEB_ADDRESS = /^https?:\/\/([^/?#\\]*)/i;
/** An address of another kind. What has a dot is a host and its port, without a scheme. */
const OTHER_ADDRESS = /^[a-z][a-z0-9+-]*:/i;

/**
 * Reads a page's address; what is none (`null`, as scripts write what they do not have) is `UNKNOWN_PAGE`. The path
 * is kept as the browser sent it, decoded for people; the query is dropped but for the parameters that the site
 * lists; of the fragment only a route is kept (`#/…`), which the tracker sends when told to.
 */
export function parsePage(address: string, queryParameters: readonly string[]): Page {
  if (address === '') return UNKNOWN_PAGE;
  const match = WEB_ADDRESS.exec(address);
  if (match === null) return address[0] === '/' ? { host: '', path: cleanPath(address) } : pageNotOfTheWeb(address);
  const rest = address.slice(match[0].length);
  const hash = rest.indexOf('#');
  const beforeHash = hash < 0 ? rest : rest.slice(0, hash);
  const question = beforeHash.indexOf('?');
  const path = question < 0 ? beforeHash : beforeHash.slice(0, question);
  const route = hash >= 0 && rest[hash + 1] === '/' ? rest.slice(hash) : '';
  const query = question < 0 || queryParameters.length === 0 ? '' : keptQuery(beforeHash.slice(question + 1), queryParameters);
  const host = hostOf(match[1] as string);
  return { host, path: cleanPath((path === '' ? '/' : path) + query + route), isLocal: isLocalHost(host) };
}

const LOCAL_PAGE: Page = { host: '', path: '', isLocal: true };

function pageNotOfTheWeb(address: string): Page {
  return OTHER_ADDRESS.test(address) ? LOCAL_PAGE : UNKNOWN_PAGE;
}

/** The site's own parameters, in the order of the site's list, so that `?a=1&b=2` and `?b=2&a=1` are one page. */
function keptQuery(query: string, names: readonly string[]): string {
  const sent = new Map<string, string>();
  for (const pair of query.split('&')) {
    const [name, value] = splitAt(pair, pair.indexOf('='));
    const decoded = decodeField(name);
    if (!sent.has(decoded)) sent.set(decoded, value);
  }
  const kept = names.flatMap((name) => {
    const value = sent.get(name);
    return value === undefined ? [] : [`${encodeURIComponent(name)}=${formValue(value)}`];
  });
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

function splitAt(pair: string, equals: number): [name: string, value: string] {
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

/** An escape, or a character that is none. */
const PIECES = /%[0-9a-f]{2}|./gisu;
/** What `encodeURIComponent` leaves as it is, though addresses may have it escaped: in a form's value that is the same. */
const MARKS = /^%(?:21|27|28|29|2a)$/i;

/** One spelling of a form's value. Bytes that are not UTF-8 stay what they are, so that two values stay two. */
function formValue(value: string): string {
  return value
    .slice(0, PATH_CODEPOINTS_MAX * 12)
    .replaceAll('+', '%20')
    .toWellFormed()
    .replace(PIECES, (piece) => {
      if (piece.length < 3 || piece[0] !== '%') return encodeURIComponent(piece);
      return MARKS.test(piece) ? decodeURIComponent(piece) : piece;
    });
}

/** Whether a host is one of the site's: `www.` makes no difference; `*.example.com` takes every name below it. */
export function createHostRule(hosts: readonly string[]): (host: string) => boolean {
  const exact = new Set(hosts.filter((host) => !host.startsWith('*.')).map(withoutWww));
  const below = hosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(1));
  return (host) => exact.has(withoutWww(host)) || below.some((suffix) => host.endsWith(suffix));
}

export function withoutWww(host: string): string {
  return host.startsWith('www.') ? host.slice(4) : host;
}
