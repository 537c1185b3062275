import { describe, expect, it } from '@jest/globals';
import { GARDEN } from '../../../../test/fixtures/tool-exports.js';
import { createSiteReader } from '../../../hit/prepared-site.js';
import { BROWSERS } from '../../../hit/tables/browsers.js';
import { DEVICES, PLATFORMS } from '../../../hit/tables/platforms.js';
import { referrerAt, referrerNamed } from './referrals.js';
import { browserOf, deviceOf, languageOf, platformOf } from './technology-names.js';

describe('a name from another tool', () => {
  it.each([
    ['Chrome', '109.0', 'chrome', '109-0'],
    ['Chrome', '109', 'chrome', '109-0'],
    ['Chrome 131', undefined, 'chrome', '131-0'],
    ['Mobile Safari 18.1', undefined, 'safari', '18-1'],
    ['Microsoft Edge', '111.0.1661', 'edge', '111-0'],
    ['Samsung Browser', '(not set)', 'samsung-internet', ''],
    ['Safari (in-app)', '', 'webview', ''],
    ['360', '', '360', ''],
    ['constructor', '1.0', 'other', ''],
    ['', '', 'other', ''],
  ])('%j %j is the browser %s %j', (name, version, browser, known) => {
    expect(browserOf(name, version)).toEqual({ browser, version: known });
    expect(BROWSERS).toContain(browser);
  });

  it.each([
    ['Mac', 'macintosh'],
    ['Macintosh', 'macintosh'],
    ['macOS 10.15', 'macintosh'],
    ['Mac OS X 10.15', 'macintosh'],
    ['Windows 10', 'windows'],
    ['Windows', 'windows'],
    ['iOS 16.3', 'iphone'],
    ['iPadOS', 'ipad'],
    ['GNU/Linux', 'linux'],
    ['Ubuntu', 'linux'],
    ['Chrome OS', 'chromeos'],
    ['Android 14', 'android'],
    ['(not set)', 'other'],
    ['__proto__', 'other'],
  ])('%j is the platform %s', (name, platform) => {
    expect(platformOf(name)).toBe(platform);
    expect(PLATFORMS).toContain(platform);
  });

  it.each([
    ['Laptop', 'desktop'],
    ['Smartphone', 'mobile'],
    ['smart tv', 'tv'],
    ['Car browser', 'other'],
  ])('%j is a %s', (name, device) => {
    expect(deviceOf(name)).toBe(device);
    expect(DEVICES).toContain(device);
  });

  it.each([
    ['English', 'en'],
    ['pt-br', 'pt'],
    ['German', 'de'],
    ['Klingon', 'other'],
    ['', 'other'],
  ])('%j is the language %s', (name, language) => expect(languageOf(name)).toBe(language));
});

describe('a source from another tool', () => {
  const measured = createSiteReader()(GARDEN);

  it.each([
    ['google', 'search', 'Google', ''],
    ['Google', 'search', 'Google', ''],
    ['(direct)', 'direct', '', ''],
    ['Direct / None', 'direct', '', ''],
    ['', 'direct', '', ''],
    ['t.co', 'social', 'X', 't.co'],
    ['news.ycombinator.com', 'social', 'Hacker News', 'news.ycombinator.com'],
    ['www.blog.example', 'other', 'blog.example', 'blog.example'],
    ['Email', 'mail', 'Email', ''],
    ['spring letter', 'other', 'spring letter', ''],
    ['v1.2', 'other', 'v1.2', ''],
    ['garden.example', 'internal', '', ''],
    ['__proto__', 'other', '__proto__', ''],
  ])('%j comes by %s', (name, medium, source, host) =>
    expect(referrerNamed(name, measured)).toMatchObject({ medium, source, host }),
  );

  it.each([
    ['github.com/someone/repo?x=1', 'GitHub', 'github.com', '/someone/repo'],
    ['https://www.google.com/', 'Google', 'google.com', '/'],
    ['android-app://com.google.android.gm', 'Gmail', 'com.google.android.gm', '/'],
    ['no address', '', '', ''],
  ])('%j is an address of %j', (address, source, host, path) =>
    expect(referrerAt(address, measured)).toMatchObject({ source, host, path }),
  );
});
