// Where a view came from: the address of the page before, with its medium and its source.
import { LRUCache } from 'lru-cache';
import { parse } from 'tldts';
import { detached } from '../detached.js';
import type { Draft } from '../draft.js';
import { type Facet, textCells } from '../facet.js';
import { hostOf, isLocalHost } from '../host.js';
import { withoutWww } from '../page.js';
import type { MeasuredSite } from '../prepared-site.js';
import { type Medium, type Source, sourceOfAndroidApp, sourceOfCountryName, sourceOfHost } from '../tables/sources.js';
import { cleanPath } from '../text.js';

export interface Referrer {
  readonly medium: Medium;
  /** A name from our own table (`Google`) or the registrable domain. Empty if there is no external referrer. */
  readonly source: string;
  /** The host name without `www.`. Empty if there is no external referrer. */
  readonly host: string;
  /** The path of the referring page. Begins with `/`. Empty if there is no external referrer. */
  readonly path: string;
}

const DIRECT: Referrer = { medium: 'direct', source: '', host: '', path: '' };
const INTERNAL: Referrer = { medium: 'internal', source: '', host: '', path: '' };

/** Separates the parts of a referrer in a line. */
const SEPARATOR = '\x1f';

export const referrer: Facet<'referrer', Referrer> = {
  name: 'referrer',
  empty: DIRECT,
  parse: (draft) => (draft.kind === 'view' ? referrerOf(draft) : DIRECT),
  column: {
    write({ medium, source, host, path }) {
      return host === '' ? medium : `${medium}${SEPARATOR}${source}${SEPARATOR}${host}${SEPARATOR}${path}`;
    },
    read(text) {
      const [medium, source = '', host = '', path = ''] = text.split(SEPARATOR);
      return { medium: medium as Medium, source, host, path };
    },
    repeats: true,
    cells: textCells('medium', 'source', 'host', 'referrer_path'),
    toCells(text) {
      const [medium = '', source = '', host = '', path = ''] = text.split(SEPARATOR);
      return [medium, source, host, path];
    },
    fromCells: ([medium, source, host, path]) =>
      host === '' ? (medium as string) : [medium, source, host, path].join(SEPARATOR),
  },
};

/**
 * The referrer of a view. Pages on the view's host and on the site's other hosts are `internal`; referrers that the site
 * excludes are `direct`.
 */
export function referrerOf({ fields, page, measured }: Draft): Referrer {
  const isOwnHost = (host: string) => host === withoutWww(page.host) || measured.isOwnHost(host);
  return withoutExcluded(parseReferrer(fields.get('r') ?? '', isOwnHost), measured);
}

export function withoutExcluded(referrer: Referrer, { isExcludedReferrer }: Pick<MeasuredSite, 'isExcludedReferrer'>): Referrer {
  return referrer.host !== '' && isExcludedReferrer(referrer.host) ? DIRECT : referrer;
}

/** The same as the maximum for a host name. */
const PACKAGE_CHARS_MAX = 253;
/** Most referrers are only an origin. The few that are longer than this are parsed each time. */
const CACHED_CHARS_MAX = 1024;
const CACHE_MAX = 2000;

interface ParsedAddress {
  /** The referrer if the host is not the site's own. */
  readonly referrer: Referrer;
  /** The host of a web address; empty for other addresses. */
  readonly host: string;
}

const NOWHERE: ParsedAddress = { referrer: DIRECT, host: '' };

const cache = new LRUCache<string, ParsedAddress>({ max: CACHE_MAX });

/** `isOwnHost` is called with the host in lower case and without `www.`. */
export function parseReferrer(address: string, isOwnHost: (host: string) => boolean): Referrer {
  if (address === '') return DIRECT;
  const known = cache.get(address) ?? parseAndCache(address);
  return known.host !== '' && isOwnHost(known.host) ? INTERNAL : known.referrer;
}

function parseAndCache(address: string): ParsedAddress {
  if (address.length > CACHED_CHARS_MAX) return read(address);
  const text = detached(address);
  const known = read(text);
  cache.set(text, known);
  return known;
}

const ADDRESS = /^(https?|android-app):\/\/([^/?#\\]*)([^?#]*)/i;

/** The scheme decides first: the host of `android-app://com.google.android.gm` is a package, not a subdomain of `android.gm`. */
function read(address: string): ParsedAddress {
  const [, scheme = '', authority = '', path = ''] = ADDRESS.exec(address) ?? [];
  const web = scheme.toLowerCase() !== 'android-app';
  const host = scheme === '' ? '' : web ? webHost(authority) : packageName(authority);
  if (host === '') return NOWHERE;
  // Addresses on somebody's own computer or network are private.
  if (web && isLocalHost(host)) return { referrer: DIRECT, host };
  const { source, medium } = web ? webSource(host) : (sourceOfAndroidApp(host) ?? { source: host, medium: 'other' });
  const cleaned = cleanPath(path.startsWith('/') ? path : `/${path}`);
  return { referrer: { medium, source, host, path: cleaned }, host: web ? host : '' };
}

const WEB_HOST = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/;

/** Empty if the text is not a host on the web. */
function webHost(authority: string): string {
  const name = withoutWww(hostOf(authority));
  return WEB_HOST.test(name) ? name : '';
}

function packageName(authority: string): string {
  return authority.length <= PACKAGE_CHARS_MAX && /^[a-z]\w*(?:\.[a-z]\w*)+$/i.test(authority) ? authority.toLowerCase() : '';
}

const TLDTS = { allowPrivateDomains: true, extractHostname: false };

function webSource(host: string): Source {
  const known = sourceOfHost(host);
  if (known !== undefined) return known;
  const { domain, domainWithoutSuffix, publicSuffix, isIcann } = parse(host, TLDTS);
  // Under a private suffix (`google.blogspot.com`) or a new one (`google.pizza`), anyone may own the name.
  const isCountry = isIcann === true && /(?:^|\.)[a-z]{2}$/.test(publicSuffix ?? '');
  const named = isCountry ? sourceOfCountryName(domainWithoutSuffix ?? '') : undefined;
  return named ?? { source: domain ?? host, medium: 'other' };
}
