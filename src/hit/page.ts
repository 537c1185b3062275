// The page of a hit: its host and its path, read from an untrusted address.
import { hostOf, isLocalHost } from './host.js';
import { cleanPath, decodeField, PATH_CODEPOINTS_MAX } from './text.js';

export interface Page {
  /** A result of `hostOf`; empty if the address contains no host. */
  readonly host: string;
  /** Begins with `/`; empty for an unknown page. */
  readonly path: string;
  /**
   * Whether the page is on this machine, in a private network, or not a web page at all (`file:`, `about:`). The path of
   * such a page is private.
   */
  readonly isLocal?: boolean;
}

export const UNKNOWN_PAGE: Page = { host: '', path: '' };

const WEB_ADDRESS = /^https?:\/\/([^/?#\\]*)/i;
/** An address with another scheme. A text with a dot before the colon is a host with its port, without a scheme. */
const OTHER_ADDRESS = /^[a-z][a-z0-9+-]*:/i;

/**
 * Reads the address of a page. A text that is not an address (such as `null`, which scripts write for a missing value)
 * gives `UNKNOWN_PAGE`. The path is decoded for people. The query is dropped, except for the parameters that the site
 * lists. The fragment is dropped unless it is a route (`#/…`), which the tracker sends if it is configured to.
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

/** Returns the parameters that the site lists, in the order of that list, so that `?a=1&b=2` and `?b=2&a=1` are one page. */
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

const ESCAPE_OR_CHARACTER = /%[0-9a-f]{2}|./gisu;
/** Escapes of characters that `encodeURIComponent` does not escape. In the value of a form, both mean the same. */
const ESCAPED_MARKS = /^%(?:21|27|28|29|2a)$/i;

/** Returns the canonical form of a form's value. Escapes of bytes that are not UTF-8 remain, so that different values differ. */
function formValue(value: string): string {
  return value
    .slice(0, PATH_CODEPOINTS_MAX * 12)
    .replaceAll('+', '%20')
    .toWellFormed()
    .replace(ESCAPE_OR_CHARACTER, (piece) => {
      if (piece.length < 3 || piece[0] !== '%') return encodeURIComponent(piece);
      return ESCAPED_MARKS.test(piece) ? decodeURIComponent(piece) : piece;
    });
}

/** Returns a function that tells whether a host is in the list. `www.` is ignored; `*.example.com` matches all subdomains. */
export function createHostRule(hosts: readonly string[]): (host: string) => boolean {
  if (hosts.length === 0) return () => false;
  const exact = new Set(hosts.filter((host) => !host.startsWith('*.')).map(withoutWww));
  const below = hosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(1));
  return (host) => exact.has(withoutWww(host)) || below.some((suffix) => host.endsWith(suffix));
}

export function withoutWww(host: string): string {
  return host.startsWith('www.') ? host.slice(4) : host;
}
