// The page of all sites in a real browser: its numbers are those of the API, and what is chosen is in its address.
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
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

  afterEach(async () => {
    const owned = await started;
    if (owned) owned.isRendered = false;
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

  /** The ids and titles in the file that the page offers. */
  const rowsOfFile = async (page: Page): Promise<string[]> => {
    const address = await page.locator('.sites-foot a', { hasText: 'CSV' }).getAttribute('href');
    const text = await page.evaluate(async (address) => (await fetch(address as string)).text(), address);
    const [, ...rows] = text.trimEnd().split('\r\n');
    return rows.map((row) => row.split(',', 2).join()).sort();
  };

  it('comes with its numbers, for readers without scripts and for the script', async () => {
    const owned = await (started as NonNullable<typeof started>);
    owned.isRendered = true;
    const still = await opened('', { javaScriptEnabled: false });
    expect((await numbers(still, 'strong:text("60 sites")'))[0]).toBe('1,770');
    expect((await numbers(still, '[href$="/site-9"]'))[0]).toBe('9');
    await still.click('a[href$="page=2"]');
    expect((await names(still)).at(-1)).toBe('Site 59');

    const page = await owned.page({ bypassCSP: true });
    await page.route(/\/api\//, (route) => route.abort()); // the numbers came with the page
    await page.goto(`${owned.base}/?all`);
    await page.locator('.totals', { hasText: '1,770' }).waitFor();
    await page.getByRole('button', { name: 'Views today' }).click(); // the script runs
    await page.waitForURL(/#sort=views/);
    expect((await names(page))[0]).toBe('Site 59');
  });

  it('shows names without a script where there are no numbers, fifty at a time', async () => {
    const page = await opened('', { javaScriptEnabled: false });
    expect((await names(page)).slice(0, 3)).toEqual(['Site 0', 'Site 1', 'Site 2']);
    expect(await names(page)).toHaveLength(50);
    await page.click('a[href$="page=2"]');
    expect((await names(page)).at(-1)).toBe('Site 59');
  });

  it('shows names, and why there are no numbers, where the server does not give them', async () => {
    const owned = await (started as NonNullable<typeof started>);
    const page = await owned.page();
    await page.route(/\/api\//, (route) => route.fulfill({ status: 503 }));
    await page.goto(`${owned.base}/?all#sort=views`);
    await page.locator('#sites-status', { hasText: 'Trying again' }).waitFor();
    await page.locator('.site-link').first().waitFor();
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
    const beginnings = await page.locator('.sparkline').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    expect(new Set(beginnings.map(Math.round)).size).toBe(1);
    expect((await rowsOfFile(page)).length).toBe(SITES);
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
    expect(await rowsOfFile(page)).toEqual(['"site-50","Site 50"', '"site-51","Site 51"']);
    await page.reload();
    await page.waitForSelector('.sparkline');
    expect([(await names(page))[0], hash()]).toEqual(['Site 5', chosen]);
  });

  it('adds up what is selected, compared with the period before, with whole lists and files', async () => {
    const chosen = '#sort=views&selected=site-50,site-51';
    const page = await opened(chosen);
    const hash = () => new URL(page.url()).hash;
    const list = (title: string) => page.locator('dialog.panel .list', { hasText: title });
    await page.getByRole('link', { name: 'Pages and sources together' }).click();
    await page.waitForSelector('.facts');
    expect(hash()).toBe(`${chosen}&rollup=30d`);
    expect(await page.locator('.facts dd').first().textContent()).toBe(String(101 + 2 * 2));
    expect(await page.locator('#views-before').textContent()).toBe('+4');
    expect(await page.locator('#compared').textContent()).toMatch(
      /^Change: 22 October – 19 November, compared with 22 September/,
    );
    expect(await page.locator('dialog.panel').textContent()).toContain('somebody who visits two of them counts twice');
    expect(await list('Pages').locator('.rows li:not(.columns)').first().textContent()).toMatch(/^\/page-[2-7]12/);
    expect(await list('Pages').locator('.rows a').count()).toBe(0); // a page is one of a single site
    expect(await obstacles(page)).toEqual([]);

    await list('Pages').getByRole('link', { name: 'Show all 11: Pages' }).click();
    await page.waitForSelector('.show-all .total');
    expect(hash()).toBe(`${chosen}&rollup=30d;list=content.rows`);
    await page.keyboard.press('Tab');
    await page.keyboard.type('page-2');
    await page.waitForFunction(() => document.querySelectorAll('.show-all .rows li:not(.columns, .rest, .total)').length === 3);
    expect(await page.locator('.show-all [role=status]').textContent()).toBe('1–3 of 3 found, 11 in all');
    const csv = await page.locator('.show-all .csv').first().getAttribute('href');
    expect(await page.evaluate(async (address) => (await fetch(address)).text(), csv as string)).toMatch(
      /^"key",.*\r\n"\/page-2",/,
    );
    expect(await obstacles(page)).toEqual([]);
    await page.reload();
    await page.waitForSelector('.show-all .total');
    expect(await page.locator('.show-all .rows li:not(.columns, .rest, .total)').count()).toBe(3);
    await page.click('.show-all .close');
    await page.waitForFunction(() => document.querySelector('.show-all[open]') === null);
    expect([hash(), await page.locator('dialog[open]').count()]).toEqual([`${chosen}&rollup=30d`, 1]);

    await page.selectOption('dialog #compare', 'nothing');
    await page.waitForFunction(() => document.querySelector('#views-before')?.textContent === '');
    expect(hash()).toBe(`${chosen}&rollup=30d;compare=nothing`);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('dialog[open]') === null);
    expect(hash()).toBe(chosen);
    await page.getByRole('link', { name: 'Pages and sources together' }).press('Enter');
    await page.waitForSelector('.facts');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Pages and sources together');
    expect(hash()).toBe(chosen);
  });

  it('gives up asking for what nobody waits for, and asks again for what has failed', async () => {
    const page = await opened('#selected=site-50,site-51&rollup=30d');
    await page.waitForSelector('.facts');
    let givenUp = 0;
    page.on('requestfailed', () => givenUp++);
    await page.route(/rollup.*period=today/, () => {}); // takes long
    const lastAsked = page.waitForRequest(/rollup.referrers.*period=today/);
    await page.selectOption('dialog #period', 'today');
    await lastAsked;
    await page.selectOption('dialog #period', '7d');
    await page.waitForSelector('[aria-busy=false] > .facts');
    expect(givenUp).toBe(4);
    await page.route(/rollup.*period=90d/, (route) => route.fulfill({ status: 400, body: '{}' }));
    await page.selectOption('dialog #period', '90d');
    await page.getByText('So many sites cannot be added up by single days.').waitFor();
    await page.unroute(/rollup.*period=90d/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('[aria-busy=false] > .facts');
  });

  it('fits on a phone in dark colours, without violations of accessibility rules', async () => {
    const page = await opened('#group=timezone&selected=site-50,site-51', {
      ...{ colorScheme: 'dark', viewport: { width: 360, height: 780 } },
    });
    const overflows = () =>
      page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll('dialog[open]')].some((one) => one.scrollWidth > innerWidth),
      );
    expect([await obstacles(page), await overflows()]).toEqual([[], false]);
    await page.getByRole('link', { name: 'Pages and sources together' }).click();
    await page.waitForSelector('[aria-busy=false] > .facts');
    expect([await obstacles(page), await overflows()]).toEqual([[], false]);
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
