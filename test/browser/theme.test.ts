// Light and dark colours, as they are chosen at the end of a page.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';
import { history, type Owned, startOwned } from './owner.js';

const NOW = '2026-11-20T09:30:00Z';
const LIGHT = 'rgb(244, 246, 249)';
const DARK = 'rgb(15, 19, 26)';

const browser = await launchChromium([`--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());

(browser === undefined ? describe.skip : describe)('the colours of a page', () => {
  let owned: Owned;
  beforeAll(async () => {
    const hits = history('Europe/Berlin', '2026-11-19', '2026-11-20', () => 2, '2026-11-20 10');
    owned = await startOwned(browser as NonNullable<typeof browser>, { createdAtMs: Date.parse('2026-01-01') }, { hits }, NOW);
    owned.isRendered = true;
    await owned.signInAsEditor();
  });
  afterAll(async () => {
    await owned.close();
    await browser?.close();
  });

  const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  /** By keyboard. */
  const choose = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
  const stored = (page: Page, chosen: () => Promise<void>) => Promise.all([page.waitForResponse(/\/theme$/), chosen()]);
  const chosen = (page: Page) => page.locator('.foot [aria-pressed="true"]').textContent();

  it.each<[string, BrowserContextOptions]>([
    ['with a script', {}],
    ['without', { javaScriptEnabled: false }],
  ])('are the system’s until others are chosen, which are there from the start, %s', async (_, options) => {
    const page = await owned.page(options);
    for (const path of ['/sites/one', '/?all', '/account', '/sites/nothing']) {
      await page.goto(owned.base + path);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect([path, await background(page), await chosen(page)]).toEqual([path, DARK, 'System']);
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await background(page)).toBe(LIGHT);
      await stored(page, () => choose(page, 'Dark'));
      await page.locator('html[data-theme="dark"]').waitFor();
      expect([await background(page), await chosen(page)]).toEqual([DARK, 'Dark']);
      await page.reload({ waitUntil: 'commit' });
      await page.locator('html[data-theme="dark"]').waitFor();
      await page.locator('.foot').waitFor();
      expect([await background(page), await chosen(page)]).toEqual([DARK, 'Dark']);
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('light');
      await page.emulateMedia({ media: 'screen' });
      await stored(page, () => choose(page, 'System'));
      await page.locator('html:not([data-theme="dark"])').waitFor();
      expect([await background(page), await chosen(page)]).toEqual([LIGHT, 'System']);
    }
  });

  it('change without loading a site’s page again, which another language does without losing its period', async () => {
    const page = await owned.page({}, '#7d');
    const element = await page.locator('#views').elementHandle();
    await stored(page, () => choose(page, 'Dark'));
    expect(await background(page)).toBe(DARK);
    expect(await page.evaluate((one) => one?.isConnected, element)).toBe(true);
    await choose(page, 'Deutsch');
    await page.getByRole('button', { name: 'Dunkel' }).waitFor();
    expect([new URL(page.url()).hash, await background(page)]).toEqual(['#7d', DARK]);
  });
});
