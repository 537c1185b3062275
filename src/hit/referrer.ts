// Where a visit came from: the address of the page before, put under a medium and a source with a name.
import { LRUCache } from 'lru-cache';
import { parse } from 'tldts';
import { detached } from './detached.js';
import type { Referrer } from './hit.js';
import { hostOf, isLocalHost } from './host.js';
import { withoutWww } from './page.js';
import { type Source, sourceOfAndroidApp, sourceOfCountryName, sourceOfHost } from './tables/sources.js';
import { cleanPath } from './text.js';

const DIRECT: Referrer = { medium: 'direct', source: '', host: '', path: '' };
const INTERNAL: Referrer = { medium: 'internal', source: '', host: '', path: '' };

/** As long as the name of a host may be. */
const PACKAGE_CHARS_MAX = 253;
/** Most referrers are an origin alone; the few above this are parsed each time. */
const CACHED_CHARS_MAX = 1024;
const CACHE_MAX = 2000;

interface Known {
  /** Where the host is not the site's own. */
  readonly referrer: Referrer;
  /** Of an address of the web; empty for others. */
  readonly host: string;
}

const NOWHERE: Known = { referrer: DIRECT, host: '' };

const cache = new LRUCache<string, Known>({ max: CACHE_MAX });

/** `isOwnHost` is asked with the host as it would be counted: lower case, without `www.`. */
export function parseReferrer(referrer: string, isOwnHost: (host: string) => boolean): Referrer {
  if (referrer === '') return DIRECT;
  const known = cache.get(referrer) ?? learn(referrer);
  return known.host !== '' && isOwnHost(known.host) ? INTERNAL : known.referrer;
}

function learn(referrer: string): Known {
  if (referrer.length > CACHED_CHARS_MAX) return read(referrer);
  const text = detached(referrer);
  const known = read(text);
  cache.set(text, known);
  return known;
}

const ADDRESS = /^(https?|android-app):\/\/([^/?#\\]*)([^?#]*)/i;

/** By scheme first: the host of `android-app://com.google.android.gm` is a package, not a name below `android.gm`. */
function read(address: string): Known {
  const [, scheme = '', authority = '', path = ''] = ADDRESS.exec(address) ?? [];
  const web = scheme.toLowerCase() !== 'android-app';
  const host = scheme === '' ? '' : web ? webHost(authority) : packageName(authority);
  if (host === '') return NOWHERE;
  // what is on somebody's own computer or network is nobody's business
  if (web && isLocalHost(host)) return { referrer: DIRECT, host };
  const { source, medium } = web ? webSource(host) : (sourceOfAndroidApp(host) ?? { source: host, medium: 'other' });
  const referrer = { medium, source, host, path: cleanPath(path.startsWith('/') ? path : `/${path}`) };
  return { referrer, host: web ? host : '' };
}

const WEB_HOST = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/;

/** Empty for what is no host of the web. */
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
  // of a private suffix (`google.blogspot.com`) or a new one (`google.pizza`) anyone may have the name
  const isCountry = isIcann === true && /(?:^|\.)[a-z]{2}$/.test(publicSuffix ?? '');
  const named = isCountry ? sourceOfCountryName(domainWithoutSuffix ?? '') : undefined;
  return named ?? { source: domain ?? host, medium: 'other' };
}
