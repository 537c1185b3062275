// Each state of the pages in both languages: no text of the English page is on the German one, and everybody can use it, in
// light and in dark colours.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { obstacles } from './axe.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';
import { history, type Owned, startOwned, viewOf } from './owner.js';

const BERLIN = 'Europe/Berlin';
const NOW = '2026-11-20T11:30:00Z';
const HITS = [
  ...history(BERLIN, '2026-10-20', '2026-11-20', () => 2, '2026-11-20 12'),
  viewOf(Date.parse(NOW) - 3_600_000, BERLIN, '', { language: 'fr' }),
];

const browser = await launchChromium([`--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());

/** Opens a state from the page of today. */
const STATES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  today: async () => {},
  'a month': (page) => page.keyboard.press('m'),
  'hours of a day': (page) => at(page, '#hours=09-11&tab-content=titles&tab-technology=devices&tab-visits=length'),
  'all rows of a list': (page) => at(page, '#list=content.rows'),
  'the page of a page': (page) => at(page, '#7d&page=/1'),
  keys: (page) => page.keyboard.press('?'),
  'a new note': (page) => page.locator('.add-note').click(),
  wall: (page) => page.keyboard.press('v'),
};

const at = (page: Page, hash: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, hash);

/** Names, and words that both languages have. */
const SAME =
  /^(Hitherto|The garden|Europe\/Berlin|Browser|Chrome|Firefox|Google|CSV|JSON|Live|Online|Name|November|Teams?|Tablet|one|two|The garden – Hitherto)$/;

/** What people read or hear, without names that come from data. */
async function textsOf(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node instanceof Element)
        found.push(...['aria-label', 'title', 'placeholder'].map((name) => node.getAttribute(name) ?? ''));
      else if (node.parentElement?.closest('bdi, script, template, .snippet, kbd, code, footer') === null)
        found.push(node.textContent ?? '');
    }
    return found.map((text) => text.replaceAll(/\s+/g, ' ').trim());
  });
  return [...new Set(texts)].filter((text) => /\p{L}{3}/u.test(text) && !/^\/|: \/|\/\//.test(text) && !SAME.test(text));
}

(browser === undefined ? describe.skip : describe)('in German', () => {
  let owned: Owned;
  let pages: readonly [english: Page, german: Page];
  beforeAll(async () => {
    const changes = { createdAtMs: Date.parse('2026-10-01') };
    owned = await startOwned(browser as NonNullable<typeof browser>, changes, { hits: HITS }, NOW);
    await owned.addSite({ id: 'two', title: 'The garden' });
    await owned.signInAsEditor();
    pages = [await owned.page({ locale: 'en-GB' }), await owned.page({ locale: 'de-AT' })];
  });
  afterAll(async () => {
    await owned.close();
    await browser?.close();
  });

  /** Both pages, once nothing more is loaded for the state. */
  async function show(path: string, open: (page: Page) => Promise<unknown>): Promise<void> {
    for (const page of pages) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto('about:blank');
      await page.goto(`${owned.base}${path}`);
      const ready = path.startsWith('/sites/') ? '.state.is-live' : '.sparkline';
      await page.locator(ready).first().waitFor();
      await open(page);
      await page.waitForFunction(() => !/Loading|Wird geladen|Lädt/.test(document.body.textContent ?? ''));
      await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
    }
  }

  async function expectGerman(): Promise<void> {
    const [english, german] = await Promise.all(pages.map(textsOf));
    expect(german?.length).toBeGreaterThan(10);
    expect(english?.filter((text) => german?.includes(text))).toEqual([]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await pages[1].emulateMedia({ colorScheme });
      expect({ colorScheme, found: await obstacles(pages[1]) }).toEqual({ colorScheme, found: [] });
    }
  }

  it.each(Object.entries(STATES))('the page of a site has no English text and no violations: %s', async (_, open) => {
    await show('/sites/one', open);
    await expectGerman();
  });

  it('the page of all sites has no English text and no violations, nor what sites have together', async () => {
    await show('/?all', async () => {});
    await expectGerman();
    await show('/?all#rollup=30d', async () => {});
    await expectGerman();
  });

  it('dates are as people in Austria write them', async () => {
    await show('/sites/one', (page) => at(page, '#from=2026-01-01&to=2026-01-31'));
    expect(await pages[1].getAttribute('html', 'lang')).toBe('de-AT');
    expect(await pages[1].locator('#page').textContent()).toContain('Jänner');
  });
});
