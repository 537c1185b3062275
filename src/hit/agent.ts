// Browser, version, platform and kind of device from the user agent and the three client hints that Chromium sends unasked.
import { isbot } from 'isbot';
import { LRUCache } from 'lru-cache';
import UAParser from 'ua-parser-js';
import { detached } from './detached.js';
import { BROWSER_NAMES } from './tables/browsers.js';
import { DEVICE_NAMES, PLATFORM_BASES, PLATFORM_NAMES, USUAL_DEVICES } from './tables/platforms.js';

export { BROWSERS, browserTitle } from './tables/browsers.js';
export { DEVICES, deviceTitle, PLATFORMS, platformTitle } from './tables/platforms.js';

/**
 * Everything comes from closed lists, `other` included, except `version` (digits only). All of it is empty in a view
 * that has been separated from its technology (observation.ts).
 */
export interface Technology {
  readonly browser: string;
  /** Major and minor version, `12-0`; empty when unknown. */
  readonly version: string;
  readonly platform: string;
  readonly device: string;
}

/** Everything as the browser sent it; an empty string where it sent nothing. */
export interface Agent {
  readonly userAgent: string;
  /** Sec-CH-UA */
  readonly brands: string;
  /** Sec-CH-UA-Mobile */
  readonly mobile: string;
  /** Sec-CH-UA-Platform */
  readonly platform: string;
  /** The page said that `navigator.maxTouchPoints` is above 1. */
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

// The regular expressions of two libraries run over these: their time is bounded by cutting first. Those that people's
// browsers send are shorter, in-app browsers of 400 characters included.
const USER_AGENT_CHARS_MAX = 512;
const BRANDS_CHARS_MAX = 256;
const MOBILE_CHARS_MAX = 8;
const PLATFORM_CHARS_MAX = 32;
/** At about a kilobyte each; a busy site sees some hundreds a day. */
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

/** The user agent alone for browsers that send no hints; no header can hold the line break of the other keys. */
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

/** ua-parser-js takes 20 ms to find that 512 characters made for it are not this app; without the bracket it does not try. */
const NAVER_MARK = /naver\(/gi;
const NAVER = /\bNAVER\(inapp;(?:[^;)]*;)*? *(\d+\.[\d.]+)/;

function recognise(agent: Agent): Recognised {
  const parser = new UAParser(agent.userAgent.replace(NAVER_MARK, 'naver '));
  const platform = platformOf(agent, keyFor(PLATFORM_NAMES, parser.getOS().name));
  const device = deviceOf(agent, platform, parser.getDevice().type);
  const naver = NAVER.exec(agent.userAgent);
  const { name, version } = naver === null ? parser.getBrowser() : { name: 'naver', version: naver[1] };
  const product = productOf(saidProduct(name, version, platform), brandOf(agent.brands));
  return {
    technology: { ...product, platform, device },
    bot: agent.userAgent.trim() === '' || isbot(agent.userAgent) || /headless/i.test(agent.brands),
  };
}

function keyFor(names: ReadonlyMap<string, string>, name: string | undefined): string {
  return (name && names.get(name.toLowerCase())) || 'other';
}

/**
 * `130-0` of `130.0.6723.58`; a longer second number is a build's (`Edge/18.17763`); empty for what does not look
 * like a version.
 */
function versionOf(version: string | undefined): string {
  const parts = /^(\d{1,4})(?:\.(\d{1,4}))?(?!\d)/.exec(version ?? '');
  return parts === null ? '' : `${parts[1]}-${parts[2] ?? '0'}`;
}

const APPLE = new Set(['iphone', 'ipad', 'ipod', 'macintosh']);

/**
 * BlackBerry calls its browser Safari; `WebKit` is what is left of an app on an Apple system, and the version is the
 * engine's.
 */
function saidProduct(name: string | undefined, version: string | undefined, platform: string): Product {
  if (name === 'WebKit') return { browser: APPLE.has(platform) ? 'webview' : 'other', version: '' };
  const browser = keyFor(BROWSER_NAMES, name);
  const blackberry = platform === 'blackberry' && (browser === 'safari' || browser === 'other');
  return { browser: blackberry ? 'blackberry' : browser, version: browser === 'other' ? '' : versionOf(version) };
}

/** Brands of a whole family: one that the user agent names is closer. */
const FAMILY_BRANDS = new Set(['chromium', 'webview']);
/** Names that any Chromium puts into its user agent, so they name none. */
const PLAIN_NAMES = new Set(['chrome', 'chromium', 'webview', 'android-browser', 'safari', 'other']);

/** The closest known brand; the made-up one (`Not?A_Brand`), which is there to be ignored, is in no table. */
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

function productOf(said: Product, branded: Product | undefined): Product {
  if (branded === undefined) return said;
  return FAMILY_BRANDS.has(branded.browser) && !PLAIN_NAMES.has(said.browser) ? said : branded;
}

function platformOf({ userAgent, platform: hint, mobile, touch }: Agent, said: string): string {
  const hinted = PLATFORM_NAMES.get(hint.replaceAll('"', '').trim().toLowerCase());
  if (hinted === undefined) {
    if (/apple ?tv/i.test(userAgent)) return 'tvos';
    if (/\broku\b/i.test(userAgent)) return 'roku';
    if (said === 'iphone') return /ipad/i.test(userAgent) ? 'ipad' : /ipod/i.test(userAgent) ? 'ipod' : said;
    // an iPad asks for desktop pages by default; the browsers named here run on no Mac
    return said === 'macintosh' && (touch || /\b(?:CriOS|FxiOS|EdgiOS)\//.test(userAgent)) ? 'ipad' : said;
  }
  if (PLATFORM_BASES.get(said) === hinted) return said;
  return hinted === 'iphone' && mobile === '?0' ? 'ipad' : hinted;
}

function deviceOf({ userAgent, mobile }: Agent, platform: string, type: string | undefined): string {
  if (platform === 'ipad') return 'tablet';
  const said = DEVICE_NAMES.get(type ?? '');
  if (said === 'other' && /watch|\bsm-[lr]\d/i.test(userAgent)) return 'watch';
  if (said !== undefined && said !== 'mobile' && said !== 'tablet') return said;
  if (mobile === '?1') return 'mobile';
  const usual = USUAL_DEVICES.get(platform) ?? 'other';
  if (mobile !== '?0') return said ?? usual;
  return usual === 'mobile' ? 'tablet' : usual;
}
