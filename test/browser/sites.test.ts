// The page of all sites in a real browser: its numbers are those of the API, and what is chosen is in its address.
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Overview } from '../../src/browser/dashboard/sites/rows.js';
import { plainHit } from '../fixtures/hits.js';
import { obstacles } from './axe.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';
import { startOwned } from './owner.js';

const browser = await launchChromium([`--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());
const NOW = '2026-11-20T12:30:00Z';
const SITES = 60;
const HOUR_MS = 3_600_000;
const idOf = (i: number) => (i === 0 ? 'one' : `site-${i}`);

/** Each site `i` has `i` views today and two yesterday, on pages that all sites have. */
const hits = Array.from({ length: SITES }, (_, i) => i).flatMap((i) => {
  const ago = [...Array.from({ length: i }, (_, n) => 2 + (n % 9)), 25, 26];
  return ago.map((hours) => plainHit(Date.parse(NOW) - hours * HOUR_MS, { site: idOf(i), path: `/page-${hours}` }));
});

(browser === undefined ? describe.skip : describe)('the page of all sites', () => {
  const started = browser && startOwned(browser, { title: 'Site 0', createdAtMs: 0 }, { hits }, NOW);
  const errors: string[] = [];
  afterAll(async () => {
    await (await started)?.close();
    await browser?.close();
    expect(errors).toEqual([]);
  });

  async function opened(hash = '', options: Parameters<Awaited<NonNullable<typeof started>>['page']>[0] = {}): Promise<Page> {
    const owned = await (started as NonNullable<typeof started>);
    for (let i = 1; i < SITES; i++) await owned.addSite({ id: idOf(i), title: `Site ${i}`, timezone: 'Europe/Berlin' });
    const page = await owned.page({ bypassCSP: true, ...options });
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`${owned.base}/?all${hash}`);
    if (options.javaScriptEnabled !== false) await page.waitForSelector('.sparkline');
    return page;
  }
  const names = (page: Page) => page.locator('.sites-table .site-link strong').allTextContents();
  const numbers = (page: Page, row: string) => page.locator(`tr:has(${row}) .value`).allTextContents();

  it('shows names without a script, fifty at a time', async () => {
    const page = await opened('', { javaScriptEnabled: false });
    expect((await names(page)).slice(0, 3)).toEqual(['Site 0', 'Site 1', 'Site 2']);
    expect(await names(page)).toHaveLength(50);
    await page.click('a[href$="page=2"]');
    expect((await names(page)).at(-1)).toBe('Site 59');
  });

  it('shows the numbers of the API, and draws only the rows of one page', async () => {
    const page = await opened('#sort=views');
    const overview = (await page.evaluate(async () => (await fetch('/api/v1/overview')).json())) as Overview;
    expect(overview.sites.map(({ today }) => today.views).sort((a, b) => a - b)).toEqual(
      Array.from({ length: SITES }, (_, i) => i),
    );
    const most = overview.sites.find(({ site }) => site === 'site-59') as Overview['sites'][number];
    expect((await numbers(page, '[href$="/site-59"]')).slice(0, 2)).toEqual([most.today.views, most.today.visitors].map(String));
    expect((await numbers(page, 'strong:text("60 sites")'))[0]).toBe('1,770');
    expect((await names(page)).slice(0, 2)).toEqual(['Site 59', 'Site 58']);
    expect(await page.locator('.sparkline').count()).toBe(50 + 1);
    await page.click('text=Next');
    expect([await page.locator('.site-link').count(), new URL(page.url()).hash]).toEqual([10, '#sort=views&page=2']);
  });

  it('is sorted, searched and grouped, which is in the address, and adds up what is selected', async () => {
    const page = await opened();
    const hash = () => new URL(page.url()).hash;
    await page.getByRole('button', { name: 'Views today' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect([(await names(page))[0], hash()]).toEqual(['Site 0', '#sort=views&order=reversed']);
    await page.keyboard.press('/');
    await page.keyboard.type('site 5');
    expect((await names(page)).slice(0, 2)).toEqual(['Site 5', 'Site 15']);
    await page.selectOption('.sites-toolbar .compare:not(.sort-choice) select', 'timezone');
    expect(await page.locator('tr.group').textContent()).toContain('Europe/Berlin');
    await page.getByLabel('Select Site 50').check();
    await page.getByLabel('Select Site 51').check();
    expect((await numbers(page, 'strong:text("2 selected")'))[0]).toBe('101');
    const chosen = '#sort=views&order=reversed&group=timezone&search=site%205&selected=site-50,site-51';
    expect(hash()).toBe(chosen);
    await page.reload();
    await page.waitForSelector('.sparkline');
    expect([(await names(page))[0], hash()]).toEqual(['Site 5', chosen]);

    await page.click('text=Pages and sources together');
    await page.waitForSelector('.facts');
    expect(hash()).toBe(`${chosen}&rollup=30d`);
    expect(await page.locator('.facts dd').first().textContent()).toBe(String(101 + 2 * 2));
    const first = page.locator('dialog .rows li').first();
    expect(await first.textContent()).toMatch(/^\/page-[2-7]12/);
    expect(await first.locator('.bar rect').getAttribute('width')).toBe('100%');
    expect(await obstacles(page)).toEqual([]);

    let givenUp = 0;
    page.on('requestfailed', () => givenUp++);
    await page.route(/rollup.*period=today/, () => {}); // takes long
    const lastAsked = page.waitForRequest(/rollup.referrers.*period=today/);
    await page.selectOption('dialog select', 'today');
    await lastAsked;
    await page.selectOption('dialog select', '7d');
    await page.waitForSelector('.facts');
    expect(givenUp).toBe(4);
    await page.goBack();
    expect([hash(), await page.locator('dialog[open]').count()]).toEqual([chosen, 0]);
  });

  it('fits on a phone in dark colours, without violations of accessibility rules', async () => {
    const page = await opened('#group=timezone', { colorScheme: 'dark', viewport: { width: 360, height: 780 } });
    expect(await obstacles(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it('leads from a site to another one of many by a field with suggestions', async () => {
    const owned = await (started as NonNullable<typeof started>);
    const page = await owned.page();
    await page.focus('#switcher');
    await page.waitForFunction((sites) => document.querySelectorAll('#switcher-sites option').length === sites, SITES);
    await page.fill('#switcher', 'Site 42');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sites/site-42');
  });
});
