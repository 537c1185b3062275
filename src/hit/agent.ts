// Finds browser, version, platform and device from the user agent and the three client hints that Chromium always sends.
import { isbot } from 'isbot';
import { LRUCache } from 'lru-cache';
import UAParser from 'ua-parser-js';
import { detached } from './detached.js';
import { BROWSER_NAMES } from './tables/browsers.js';
import { DEVICE_NAMES, PLATFORM_BASES, PLATFORM_NAMES, USUAL_DEVICES } from './tables/platforms.js';

export { BROWSERS, browserTitle } from './tables/browsers.js';
export { DEVICES, deviceTitle, PLATFORMS, platformTitle } from './tables/platforms.js';

/**
 * All values except `version` come from closed lists, which include `other`. All are empty in a view that was split from
 * its technology (observation.ts).
 */
export interface Technology {
  readonly browser: string;
  /** Major and minor version, `12-0`; empty when unknown. */
  readonly version: string;
  readonly platform: string;
  readonly device: string;
}

/** The values as the browser sent them; empty where it sent nothing. */
export interface Agent {
  readonly userAgent: string;
  /** Sec-CH-UA */
  readonly brands: string;
  /** Sec-CH-UA-Mobile */
  readonly mobile: string;
  /** Sec-CH-UA-Platform */
  readonly platform: string;
  /** Whether the page reported that `navigator.maxTouchPoints` is above 1. */
  readonly touch: boolean;
}

export interface Recognised {
  readonly technology: Technology;
  readonly bot: boolean;
}

export const NOT_RECOGNISED: Recognised = {
  technology: { browser: 'other', version: '', platform: 'other', device: 'other' },
  bot: false,
};

// Two libraries run regular expressions on these texts. Truncating them first limits the time. Real browsers send less:
// in-app browsers send up to 400 characters.
const USER_AGENT_CHARS_MAX = 512;
const BRANDS_CHARS_MAX = 256;
const MOBILE_CHARS_MAX = 8;
const PLATFORM_CHARS_MAX = 32;
/** An entry takes about a kilobyte. A busy site receives some hundreds of different agents a day. */
const CACHE_MAX = 2000;

const cache = new LRUCache<string, Recognised>({ max: CACHE_MAX });

export function parseTechnology(agent: Agent): Recognised {
  const key = keyOf(agent);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const recognised = recognise({
    userAgent: first(agent.userAgent, USER_AGENT_CHARS_MAX),
    brands: first(agent.brands, BRANDS_CHARS_MAX),
    mobile: first(agent.mobile, MOBILE_CHARS_MAX),
    platform: first(agent.platform, PLATFORM_CHARS_MAX),
    touch: agent.touch,
  });
  cache.set(detached(key), recognised);
  return recognised;
}

/** The user agent alone if the browser sends no hints. Other keys contain a line break, which no header can contain. */
function keyOf({ userAgent, brands, mobile, platform, touch }: Agent): string {
  const agent = first(userAgent, USER_AGENT_CHARS_MAX);
  if (!touch && brands === '' && mobile === '' && platform === '') return agent;
  return (
    `${agent}\n${first(brands, BRANDS_CHARS_MAX)}\n${first(mobile, MOBILE_CHARS_MAX)}` +
    `\n${first(platform, PLATFORM_CHARS_MAX)}\n${touch ? 1 : 0}`
  );
}

function first(text: string, charsMax: number): string {
  return text.length > charsMax ? text.slice(0, charsMax) : text;
}

interface Product {
  readonly browser: string;
  readonly version: string;
}

/**
 * A crafted text of 512 characters keeps ua-parser-js busy for 20 ms while it looks for this app. Without the bracket
 * it does not look for it.
 */
const NAVER_MARK = /naver\(/gi;
const NAVER = /\bNAVER\(inapp;(?:[^;)]*;)*? *(\d+\.[\d.]+)/;

function recognise(agent: Agent): Recognised {
  const parser = new UAParser(agent.userAgent.replace(NAVER_MARK, 'naver '));
  const platform = platformOf(agent, keyFor(PLATFORM_NAMES, parser.getOS().name));
  const device = deviceOf(agent, platform, parser.getDevice().type);
  const naver = NAVER.exec(agent.userAgent);
  const { name, version } = naver === null ? parser.getBrowser() : { name: 'naver', version: naver[1] };
  const product = productOf(productFromUserAgent(name, version, platform), brandOf(agent.brands));
  return {
    technology: { ...product, platform, device },
    bot: agent.userAgent.trim() === '' || isbot(agent.userAgent) || /headless/i.test(agent.brands),
  };
}

function keyFor(names: ReadonlyMap<string, string>, name: string | undefined): string {
  return (name && names.get(name.toLowerCase())) || 'other';
}

/**
 * Returns `130-0` for `130.0.6723.58`. A longer second number is the number of a build (`Edge/18.17763`) and is
 * ignored. Empty if the text is not a version.
 */
function versionOf(version: string | undefined): string {
  const parts = /^(\d{1,4})(?:\.(\d{1,4}))?(?!\d)/.exec(version ?? '');
  return parts === null ? '' : `${parts[1]}-${parts[2] ?? '0'}`;
}

const APPLE = new Set(['iphone', 'ipad', 'ipod', 'macintosh']);

/**
 * BlackBerry calls its browser Safari. On an Apple system, an unknown app is recognised as `WebKit`; its version is that
 * of the engine.
 */
function productFromUserAgent(name: string | undefined, version: string | undefined, platform: string): Product {
  if (name === 'WebKit') return { browser: APPLE.has(platform) ? 'webview' : 'other', version: '' };
  const browser = keyFor(BROWSER_NAMES, name);
  const blackberry = platform === 'blackberry' && (browser === 'safari' || browser === 'other');
  return { browser: blackberry ? 'blackberry' : browser, version: browser === 'other' ? '' : versionOf(version) };
}

/** Brands of a whole family. A name in the user agent is more specific. */
const FAMILY_BRANDS = new Set(['chromium', 'webview']);
/** Names that any browser based on Chromium may put into its user agent. They identify no browser. */
const PLAIN_NAMES = new Set(['chrome', 'chromium', 'webview', 'android-browser', 'safari', 'other']);

/** The most specific known brand. The made-up brand (`Not?A_Brand`) is in no table, because it must be ignored. */
function brandOf(brands: string): Product | undefined {
  let family: Product | undefined;
  for (const [, brand = '', version] of brands.matchAll(/"((?:[^"\\]|\\.)*)"\s*;\s*v="([\d.]*)"/g)) {
    const browser = BROWSER_NAMES.get(brand.toLowerCase());
    if (browser === undefined) continue;
    const product = { browser, version: versionOf(version) };
    if (!FAMILY_BRANDS.has(browser)) return product;
    if (family === undefined || browser === 'webview') family = product;
  }
  return family;
}

function productOf(named: Product, branded: Product | undefined): Product {
  if (branded === undefined) return named;
  return FAMILY_BRANDS.has(branded.browser) && !PLAIN_NAMES.has(named.browser) ? named : branded;
}

function platformOf({ userAgent, platform: hint, mobile, touch }: Agent, named: string): string {
  const hinted = PLATFORM_NAMES.get(hint.replaceAll('"', '').trim().toLowerCase());
  if (hinted === undefined) {
    if (/apple ?tv/i.test(userAgent)) return 'tvos';
    if (/\broku\b/i.test(userAgent)) return 'roku';
    if (named === 'iphone') return /ipad/i.test(userAgent) ? 'ipad' : /ipod/i.test(userAgent) ? 'ipod' : named;
    // An iPad requests desktop pages by default, as a Mac. The browsers named here do not run on a Mac.
    return named === 'macintosh' && (touch || /\b(?:CriOS|FxiOS|EdgiOS)\//.test(userAgent)) ? 'ipad' : named;
  }
  if (PLATFORM_BASES.get(named) === hinted) return named;
  return hinted === 'iphone' && mobile === '?0' ? 'ipad' : hinted;
}

function deviceOf({ userAgent, mobile }: Agent, platform: string, type: string | undefined): string {
  if (platform === 'ipad') return 'tablet';
  const named = DEVICE_NAMES.get(type ?? '');
  if (named === 'other' && /watch|\bsm-[lr]\d/i.test(userAgent)) return 'watch';
  if (named !== undefined && named !== 'mobile' && named !== 'tablet') return named;
  if (mobile === '?1') return 'mobile';
  const usual = USUAL_DEVICES.get(platform) ?? 'other';
  if (mobile !== '?0') return named ?? usual;
  return usual === 'mobile' ? 'tablet' : usual;
}
