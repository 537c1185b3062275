// The first view of a site's page, which the server renders: it is there without scripts, and the script takes it over.
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Site } from '../../src/hit/site.js';
import type { Counted } from '../fixtures/reporting.js';
import { obstacles } from './axe.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';
import { history, type Owned, startOwned } from './owner.js';
import { readShifts, watchShifts } from './shifts.js';

const BERLIN = 'Europe/Berlin';
const NOW = '2026-11-20T09:30:00Z';
const VIEWS_TODAY = 20;

const browser = await launchChromium([`--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());

(browser === undefined ? describe.skip : describe)('the first view of a page', () => {
  const owners: Owned[] = [];
  const hits = history(BERLIN, '2026-11-01', '2026-11-20', () => 2, '2026-11-20 10');

  afterEach(async () => {
    await Promise.all(owners.splice(0).map((owned) => owned.close()));
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function own(counted: Counted, changes: Partial<Site> = { createdAtMs: Date.parse('2025-01-01') }): Promise<Owned> {
    const owned = await startOwned(browser as NonNullable<typeof browser>, changes, counted, NOW);
    owners.push(owned);
    owned.isRendered = true;
    return owned;
  }

  /** Opens the page as it is before its script has been loaded, and loads the script on demand. */
  async function openedWithoutScript(
    owned: Owned,
    hash = '',
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; problems: string[]; load(): void }> {
    const page = await owned.page(options, undefined);
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    let load = (): void => {};
    const wanted = new Promise<void>((resolve) => {
      load = resolve;
    });
    await page.route(/page\.\w+\.js/, async (route) => {
      await wanted;
      await route.continue();
    });
    await page.addInitScript(watchShifts);
    await page.goto('about:blank'); // a new hash alone would not load the page again
    await page.goto(`${owned.base}/sites/one${hash}`, { waitUntil: 'commit' });
    await page.locator('.kept').waitFor();
    return { page, problems, load };
  }

  const numbers = (page: Page) => page.locator('.number .value').allInnerTexts();
  const rows = (page: Page) => page.locator('#lists .rows li').allInnerTexts();

  it('offers the months and years of imported history, and asks for all time by months at once', async () => {
    const imported = [{ kind: 'views' as const, day: '2023-04-05', views: 7 }];
    const owned = await own({ hits, imported }, { createdAtMs: Date.parse('2026-11-01') });
    const page = await owned.page();
    expect(await page.locator('#period optgroup').last().locator('option').allInnerTexts()).toEqual(['2024', '2023']);
    const asked = page.waitForRequest(/period=all/);
    await page.selectOption('#period', 'all');
    expect((await asked).url()).toContain('by=month');
  });

  it('is taken over once a tab that was opened in the background is looked at', async () => {
    const owned = await own({ hits });
    const page = await owned.page({}, undefined);
    await page.addInitScript(() => {
      const { requestAnimationFrame } = window;
      window.requestAnimationFrame = () => 0; // nothing is painted
      let hidden = true;
      Object.defineProperty(document, 'hidden', { get: () => hidden });
      addEventListener('look', () => {
        window.requestAnimationFrame = requestAnimationFrame;
        hidden = false;
        document.dispatchEvent(new Event('visibilitychange'));
      });
    });
    const script = page.waitForResponse(/page\.en\.js/);
    await page.goto(`${owned.base}/sites/one`);
    await script;
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => dispatchEvent(new Event('look')));
    await page.locator('.state.is-live').waitFor();
  });

  it.each<[string, BrowserContextOptions]>([
    ['in dark on a phone', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
    ['in light on a very wide screen', { viewport: { width: 1920, height: 1080 } }],
  ])('%s, and what comes after it, can be used by everybody and fits', async (_, options) => {
    const owned = await own({ hits });
    const page = await owned.page(options);
    const found: Record<string, readonly string[]> = {};
    const look = async (name: string): Promise<void> => {
      found[name] = await obstacles(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (width > 0) found[name] = [...found[name], `is ${width} px too wide`];
    };
    await page.locator('.state.is-live').waitFor();
    await page.locator('.retention .hint', { hasNotText: 'Loading' }).waitFor();
    await look('today');
    await page.keyboard.press('m');
    await page.locator('#lists[aria-busy="false"]').waitFor();
    await look('month');
    await page.locator('.rows a', { hasText: '/1' }).first().click();
    await page.locator('dialog .facts', { hasText: '%' }).waitFor();
    await look('panel');
    await page.goto(`${owned.base}/sites/nothing`);
    await look('error');
    expect(found).toEqual({ today: [], month: [], panel: [], error: [] });
  });

  it('is complete where scripts are not allowed', async () => {
    const page = await (await own({ hits })).page({ javaScriptEnabled: false });
    expect((await numbers(page))[0]).toBe(String(VIEWS_TODAY));
    expect((await rows(page)).length).toBeGreaterThan(10);
    expect(await page.locator('noscript p').textContent()).toContain('shows only today');
    expect((await page.locator('#chart .columns rect').first().boundingBox())?.height).toBeGreaterThan(10);
    expect(await page.locator('#compare').isVisible()).toBe(false);
    expect(await page.locator('footer button').first().isVisible()).toBe(true);
  });

  it('is taken over by the script, which moves nothing and asks for nothing that came with the page', async () => {
    const owned = await own({ hits });
    const { page, problems, load } = await openedWithoutScript(owned);
    const [shown, listed] = [await numbers(page), await rows(page)];
    expect(shown[0]).toBe(String(VIEWS_TODAY));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const first = await page.locator('#views').elementHandle();
    load();
    await page.locator('.state.is-live').waitFor();
    await page.locator('.retention .hint', { hasNotText: 'Loading' }).waitFor();
    expect(await page.evaluate((one) => one?.isConnected, first)).toBe(true);
    expect([await numbers(page), await rows(page)]).toEqual([shown, listed]);
    expect(asked.some((path) => path.endsWith('/live'))).toBe(true);
    expect(asked.filter((path) => path.endsWith('/reports'))).toEqual([]);
    expect((await readShifts(page)).largest).toEqual([]);
    expect(problems).toEqual([]);
    await page.getByRole('button', { name: 'Exit pages' }).click();
    await page.getByText('exit rate').first().waitFor();
  });

  it('reads the same after the script has taken it over, whatever the region of the reader', async () => {
    const owned = await own({ hits: history(BERLIN, '2026-11-19', '2026-11-20', () => 120, '2026-11-20 10') });
    for (const locale of ['en-US', 'en-CA', 'en-IN', 'de-AT', 'de-CH', 'fr-FR']) {
      const { page, problems, load } = await openedWithoutScript(owned, '', { locale });
      const texts = await page.evaluate(settledTexts);
      expect(texts.length).toBeGreaterThan(100);
      load();
      await page.locator('.state.is-live').waitFor();
      expect([locale, await page.evaluate(settledTexts), problems]).toEqual([locale, texts, []]);
      await page.context().close();
    }
  });

  it('is not shown where the address asks for something else', async () => {
    const owned = await own({ hits });
    const { page, problems, load } = await openedWithoutScript(owned, '#month');
    expect(await page.locator('#views').isVisible()).toBe(false);
    expect(await page.getByRole('heading', { name: 'The garden' }).isVisible()).toBe(true);
    load();
    await page.locator('#views', { hasText: String(19 * 24 * 2 + VIEWS_TODAY) }).waitFor();
    expect(problems).toEqual([]);
  });

  it('of a new site says that it waits, and has the snippet', async () => {
    const owned = await own({}, { createdAtMs: Date.parse(NOW) });
    const { page, problems, load } = await openedWithoutScript(owned);
    expect(await page.locator('#waiting textarea').first().inputValue()).toContain('data-site="one"');
    load();
    await page.locator('.state.is-live').waitFor();
    expect(await page.locator('#waiting textarea').count()).toBe(2);
    expect(await page.locator('.main-chart, #just-now, .list').count()).toBe(0);
    expect((await readShifts(page)).largest).toEqual([]);
    expect(problems).toEqual([]);
  });
});

/** Runs in the page. What people read or hear, without what changes by itself, and the names of bars that there is room for. */
function settledTexts(): string[] {
  const changing = '#clock, .state, #online, #just-now, .retention, .plot text, script, template';
  document.body.normalize(); // the script has more nodes for a text
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node instanceof Element ? node : node.parentElement;
    if (element === null || element.closest(changing) !== null) continue;
    if (node === element) found.push(...['title', 'aria-label', 'datetime'].map((name) => element.getAttribute(name) ?? ''));
    else found.push(node.textContent ?? '');
  }
  return found.map((text) => text.trim()).filter((text) => text !== '');
}
