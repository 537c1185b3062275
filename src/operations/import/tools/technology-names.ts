// Maps other tools' names of browsers, platforms, devices and languages to the names in our lists, or to `other`.

import { LANGUAGES, parseLanguage } from '../../../hit/facets/language.js';
import { BROWSER_NAMES } from '../../../hit/tables/browsers.js';
import { PLATFORM_NAMES } from '../../../hit/tables/platforms.js';

/** In addition to the names that browsers use themselves. */
const MORE_BROWSERS: ReadonlyMap<string, string> = new Map([
  ['chrome mobile', 'chrome'],
  ['chrome mobile ios', 'chrome'],
  ['chrome for ios', 'chrome'],
  ['safari (in-app)', 'webview'],
  ['mobile app', 'webview'],
  ['firefox mobile', 'firefox'],
  ['firefox mobile ios', 'firefox'],
  ['firefox for ios', 'firefox'],
  ['internet explorer', 'ie'],
  ['samsung browser mobile', 'samsung-internet'],
  ['opera mini ios', 'opera-mini'],
  ['duckduckgo privacy browser', 'duckduckgo'],
  ['amazon silk', 'silk'],
  ['google search app', 'google-app'],
]);

const MORE_PLATFORMS: ReadonlyMap<string, string> = new Map([
  ['mac', 'macintosh'],
  ['macintosh', 'macintosh'],
  ['gnu/linux', 'linux'],
  ['ipod touch', 'ipod'],
  ['fire os', 'android'],
  ['google tv', 'android'],
  ['apple tv', 'tvos'],
]);

const DEVICES: ReadonlyMap<string, string> = new Map([
  ['desktop', 'desktop'],
  ['laptop', 'desktop'],
  ['mobile', 'mobile'],
  ['smartphone', 'mobile'],
  ['phablet', 'mobile'],
  ['feature phone', 'mobile'],
  ['tablet', 'tablet'],
  ['tv', 'tv'],
  ['smart tv', 'tv'],
  ['console', 'console'],
]);

/** A name with or without a version: `Mobile Safari`, `Chrome 120.0`, `OS X 10.15`. */
const NAME_AND_VERSION = /^(.*?)(?:\s+v?(\d[\w.]*))?$/;

/** `text` may end with a version, unless `version` is given. */
export function browserOf(text: string, version?: string): { browser: string; version: string } {
  const [, name = '', versionInName = ''] = NAME_AND_VERSION.exec(text.trim()) ?? [];
  const key = name.toLowerCase();
  const browser = BROWSER_NAMES.get(key) ?? MORE_BROWSERS.get(key) ?? 'other';
  return { browser, version: browser === 'other' ? '' : versionOf(version ?? versionInName) };
}

/** Major and minor version as in hits: `109` and `109.0.5414` become `109-0`. */
function versionOf(text: string): string {
  const [, major, minor = '0'] = /^(\d{1,4})(?:\.(\d{1,4}))?(?!\d)/.exec(text.trim()) ?? [];
  return major === undefined ? '' : `${major}-${minor}`;
}

export function platformOf(text: string): string {
  const whole = text.trim().toLowerCase();
  const name = (NAME_AND_VERSION.exec(whole)?.[1] ?? '').trim();
  const keyOf = (key: string) => PLATFORM_NAMES.get(key) ?? MORE_PLATFORMS.get(key);
  return keyOf(whole) ?? keyOf(name) ?? 'other';
}

export function deviceOf(text: string): string {
  return DEVICES.get(text.trim().toLowerCase()) ?? 'other';
}

const ENGLISH = new Intl.DisplayNames(['en'], { type: 'language' });
const LANGUAGE_NAMES: ReadonlyMap<string, string> = new Map(
  LANGUAGES.map((code) => [(ENGLISH.of(code) ?? code).toLowerCase(), code]),
);

/** `text` is a code such as `en-us`, or an English name. */
export function languageOf(text: string): string {
  return LANGUAGE_NAMES.get(text.trim().toLowerCase()) ?? parseLanguage(text);
}
