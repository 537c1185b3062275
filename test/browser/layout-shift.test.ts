// Nothing on a site's page jumps: while it loads, with and without its first view, and when something else is chosen.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Site } from '../../src/hit/site.js';
import { plainHit } from '../fixtures/hits.js';
import type { Counted } from '../fixtures/reporting.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';
import { history, type Owned, startOwned } from './owner.js';
import { readShifts, watchShifts } from './shifts.js';

const BERLIN = 'Europe/Berlin';
const NOW = '2026-11-20T09:30:00Z';
/** Until the numbers are there, their lengths are not known: a few lines more or less. */
const SHIFT_MAX = 0.02;
/** A smaller one is that of a line at the end of the page. */
const SEEN_MIN = 0.002;
/** How long the server takes for its answers: the page is painted before. */
const ANSWER_MS = 700;
/** How long a page takes to show that it is busy. */
const PAINTED_MS = 100;
/** What arrives later than the page is live. */
const SETTLED_MS = 500;

const browser = await launchChromium([`--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());

const PHONE = { viewport: { width: 360, height: 740 } };
const DESK = { viewport: { width: 1280, height: 900 } };
const SCREENS: Array<[string, BrowserContextOptions]> = [
  ['on a phone in English', { ...PHONE, locale: 'en-GB' }],
  ['on a desk in German', { ...DESK, locale: 'de-DE' }],
];
const TALL: [string, BrowserContextOptions] = ['where all of it is in view', { viewport: { width: 1280, height: 3000 } }];

(browser === undefined ? describe.skip : describe)('the layout of a page', () => {
  const owners: Owned[] = [];
  const hits = history(BERLIN, '2026-11-01', '2026-11-20', () => 2, '2026-11-20 10');

  let traffic: NodeJS.Timeout | undefined;

  afterEach(async () => {
    clearInterval(traffic);
    await Promise.all(owners.splice(0).map((owned) => owned.close()));
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function own(isRendered: boolean, counted: Counted = { hits }, changes: Partial<Site> = {}): Promise<Owned> {
    const created = { createdAtMs: Date.parse('2025-01-01'), ...changes };
    const owned = await startOwned(browser as NonNullable<typeof browser>, created, counted, NOW);
    owners.push(owned);
    owned.isRendered = isRendered;
    return owned;
  }

  /** Opens the page, with slow answers, and waits until everything has arrived. */
  async function opened(owned: Owned, options: BrowserContextOptions, path = '/sites/one'): Promise<Page> {
    const page = await owned.page(options, '');
    await page.goto('about:blank');
    await page.addInitScript(watchShifts);
    await page.route(/\/(reports|retention|annotations)/, async (route) => {
      await delay(ANSWER_MS);
      await route.continue();
    });
    await page.goto(owned.base + path);
    await page.locator('.state.is-live').waitFor();
    return page;
  }

  async function settled(page: Page): Promise<void> {
    await page.locator('#lists .rows .share').first().waitFor();
    await page.locator('.retention td').first().waitFor();
    await page.waitForTimeout(SETTLED_MS);
  }

  it.each([...SCREENS, TALL])('stays %s when the script takes the first view over, and hits come', async (_, options) => {
    const owned = await own(true);
    traffic = setInterval(() => owned.feed.publish(plainHit(owned.nowMs, { site: 'one', path: `/${Math.random()}` })), 300);
    const page = await opened(owned, options);
    await settled(page);
    await page.locator('#just-now-rows time').nth(5).waitFor();
    const { sum, largest } = await readShifts(page);
    expect(sum).toBeLessThan(SHIFT_MAX);
    const seen = largest.filter((what) => Number.parseFloat(what) >= SEEN_MIN);
    expect(seen.filter((what) => !/ (LI,?)+$/.test(what))).toEqual([]); // the newest hits move those before them
  });

  it.each([...SCREENS, TALL])('stays %s where the numbers arrive later than the page', async (_, options) => {
    const page = await opened(await own(false), options);
    await settled(page);
    expect((await readShifts(page)).sum).toBeLessThan(SHIFT_MAX);
  });

  it.each(SCREENS)('stays %s where the address asks for another view than the first one', async (_, options) => {
    const page = await opened(await own(true), options, '/sites/one#month');
    await settled(page);
    expect((await readShifts(page)).sum).toBeLessThan(SHIFT_MAX);
  });

  it('stays while the site waits for its first view', async () => {
    const page = await opened(await own(true, {}, { createdAtMs: Date.parse(NOW) }), PHONE);
    await page.locator('#waiting textarea').first().waitFor();
    await page.waitForTimeout(SETTLED_MS);
    expect(await readShifts(page)).toEqual({ sum: 0, largest: [] });
  });

  it.each(SCREENS)('stays %s from one period to another', async (_, options) => {
    const page = await opened(await own(true), options);
    await settled(page);
    for (const key of ['e', 'w', 'm', 'y', 'a', 'd']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(PAINTED_MS);
      await page.locator('.main-chart[aria-busy=false]').waitFor();
    }
    await page.waitForTimeout(SETTLED_MS);
    expect((await readShifts(page)).sum).toBeLessThan(SHIFT_MAX);
  });
});
