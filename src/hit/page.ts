// Which page a hit is of: its host and its path, from an address that may be anything at all.
import { cleanPath } from './text.js';

export interface Page {
  /** Lower case, without port and user; empty when the address names none. */
  readonly host: string;
  /** Begins with `/`, or is the whole address where that is no web address; empty for an unknown page. */
  readonly path: string;
}

export const UNKNOWN_PAGE: Page = { host: '', path: '' };

const WEB_ADDRESS = /^https?:\/\/([^/?#\\]*)/i;

/**
 * Reads a page's address. The path is kept as the browser sent it, decoded for people; the query is dropped but for the parameters that
 * the site lists; of the fragment only a route is kept (`#/…`), which the tracker sends when told to.
 */
export function parsePage(address: string, queryParameters: readonly string[]): Page {
  if (address === '') return UNKNOWN_PAGE;
  const match = WEB_ADDRESS.exec(address);
  if (match === null) return { host: '', path: cleanPath(address) };
  const rest = address.slice(match[0].length);
  const hash = rest.indexOf('#');
  const beforeHash = hash < 0 ? rest : rest.slice(0, hash);
  const question = beforeHash.indexOf('?');
  const path = question < 0 ? beforeHash : beforeHash.slice(0, question);
  const route = hash >= 0 && rest[hash + 1] === '/' ? rest.slice(hash) : '';
  const query = question < 0 || queryParameters.length === 0 ? '' : keptQuery(beforeHash.slice(question + 1), queryParameters);
  return { host: hostName(match[1] as string), path: cleanPath((path === '' ? '/' : path) + query + route) };
}

/** The site's own parameters, in the order of the site's list, so that `?a=1&b=2` and `?b=2&a=1` are one page. */
function keptQuery(query: string, names: readonly string[]): string {
  const sent = new URLSearchParams(query);
  const kept = names.flatMap((name) => {
    const value = sent.get(name);
    return value === null ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`];
  });
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** `user@Example.com:8080` → `example.com`; an IPv6 address keeps its brackets. */
function hostName(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1, authority.lastIndexOf('@') + 1 + 300).toLowerCase();
  const colon = host.startsWith('[') ? host.indexOf(':', host.indexOf(']')) : host.indexOf(':');
  return colon < 0 ? host : host.slice(0, colon);
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
