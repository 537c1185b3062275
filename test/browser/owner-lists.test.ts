// The lists of the owner's page: all rows of a list, its search and its pages, and the page of one page, by mouse, keyboard,
// address and Back. Their numbers are those of the API.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { ViewWithObservations } from '../fixtures/hits.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';
import { type Owned, startOwned, viewOf } from './owner.js';

const BERLIN = 'Europe/Berlin';
const NOW = '2026-11-20T11:30:00Z';
const HOUR_AGO_MS = Date.parse(NOW) - 3_600_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** More pages than two views of all rows show: `/page-000` has the most views. Every tenth is about bees. */
const PAGES = Array.from({ length: 120 }, (_, i) => ({
  path: `/page-${String(i).padStart(3, '0')}`,
  title: i % 10 === 3 ? `Bees ${i}` : '',
  views: i === 0 ? 9 : i < 20 ? 3 : 1,
}));
const HITS: ViewWithObservations[] = PAGES.flatMap(({ path, title, views }, page) =>
  Array.from({ length: views }, (_, i) => viewOf(HOUR_AGO_MS + 100 * page + i, BERLIN, path, { title })),
);
const VIEWS = PAGES.reduce((sum, { views }) => sum + views, 0);

const browser = await launchChromium([`--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());

(browser === undefined ? describe.skip : describe)("a list of the owner's page", () => {
  let owned: Owned;
  beforeAll(async () => {
    const changes = { createdAtMs: Date.parse('2026-01-01') };
    owned = await startOwned(browser as NonNullable<typeof browser>, changes, { hits: HITS }, NOW);
  });
  afterAll(async () => {
    await owned.close();
    await browser?.close();
  });

  async function opened(hash = ''): Promise<Page> {
    const page = await owned.page({}, hash);
    await page.locator('#lists .rows a.name').first().waitFor();
    return page;
  }
  const hash = (page: Page) => new URL(page.url()).hash;
  const names = (list: Locator) => list.locator('.rows li:not(.columns, .rest, .total) .name').allTextContents();
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
  /** The sum of all rows, with the rest and without the total. */
  const sumOf = async (list: Locator) => {
    const cells = await list.locator('.rows li:not(.columns, .total) .cell:nth-last-child(2)').allTextContents();
    return cells.reduce((sum, text) => sum + Number.parseInt(text.replace(',', ''), 10), 0);
  };
  const answer = (page: Page, link: Locator) =>
    link
      .getAttribute('href')
      .then((href) => page.evaluate((at) => fetch(at).then((response) => response.text()), href as string));

  async function expectAccessible(page: Page): Promise<void> {
    const violations = await page.evaluate(async (axe) => {
      if (!('axe' in window)) new Function(axe)();
      const { violations } = await (window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run();
      return violations.map(({ id }) => id);
    }, AXE);
    expect(violations).toEqual([]);
  }

  it('shows its first rows and what they leave of the total', async () => {
    const page = await opened();
    const card = page.locator('#lists .list').first();
    expect((await names(card)).length).toBe(10);
    expect(await sumOf(card)).toBe(VIEWS);
    for (const other of await page.locator('#lists .list:has(.share)').all()) {
      const shares = await other.locator('li:not(.columns) .share').allTextContents();
      const sum = shares.reduce((all, share) => all + Number.parseInt(share.replace('<1%', '0'), 10), 0);
      expect(Math.abs(100 - sum)).toBeLessThanOrEqual(6); // each is rounded
    }
  });

  it('shows all its rows, page by page, under an address of its own, and gives the focus back by Back', async () => {
    const page = await opened();
    const link = page.getByRole('link', { name: 'Show all 120: Pages' });
    await link.focus();
    await page.keyboard.press('Enter');
    const all = page.getByRole('dialog', { name: 'Pages' });
    await all.locator('.pager', { hasText: '1–50 of 120' }).waitFor();
    expect(hash(page)).toBe('#list=content.rows');
    expect(await page.title()).toMatch(/^Pages – /);
    expect(await sumOf(all)).toBe(VIEWS);
    await expectAccessible(page);
    await all.getByRole('button', { name: 'Next' }).click();
    await all.locator('.pager', { hasText: '51–100 of 120' }).waitFor();
    await all.getByRole('button', { name: 'Next' }).click();
    await all.locator('.pager', { hasText: '101–120 of 120' }).waitFor();
    expect(await sumOf(all)).toBe(VIEWS);
    expect(hash(page)).toBe('#list=content.rows&offset=100');
    await page.reload();
    await all.locator('.pager', { hasText: '101–120 of 120' }).waitFor();
    expect(await names(all)).toHaveLength(20);
    await page.goBack();
    await all.waitFor({ state: 'hidden' });
    expect(hash(page)).toBe('');
    expect(await page.locator('h1').textContent()).toBe('The garden');
  });

  it('is searched by the API, and says how many rows were found of how many', async () => {
    const page = await opened('#list=content.rows&offset=50');
    const all = page.getByRole('dialog', { name: 'Pages' });
    await all.getByRole('searchbox').pressSequentially('BEES');
    await all.locator('.pager', { hasText: '1–12 of 12 found, 120 in all' }).waitFor();
    expect(hash(page)).toBe('#list=content.rows&search=BEES');
    const found = PAGES.filter(({ title }) => title !== '').map(({ path }) => path);
    expect((await names(all)).sort()).toEqual(found);
    expect(await sumOf(all)).toBe(VIEWS);
    expect(await all.locator('.total').textContent()).toContain(String(VIEWS));

    const { rows } = JSON.parse(await answer(page, all.getByRole('link', { name: 'JSON' })));
    expect(rows.map(({ key }: { key: string }) => key)).toEqual(await names(all));
    const lines = (await answer(page, all.getByRole('link', { name: 'CSV' }))).trim().split('\r\n');
    expect(lines.slice(1).map((line) => JSON.parse(line.split(',')[0] as string))).toEqual(await names(all));

    await all.getByRole('searchbox').fill('<b>none</b>');
    await all.getByText('None of 120 rows contains “<b>none</b>”.').waitFor();
    await expectAccessible(page);
    await all.getByRole('button', { name: 'Show all rows' }).click();
    await all.locator('.pager', { hasText: '1–50 of 120' }).waitFor();
    expect(await all.getByRole('searchbox').inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => location.hash === '');
  });

  it('says in words that it cannot be loaded, and tries again', async () => {
    const page = await opened();
    // a refresh of the page asks for the list too, so only what is asked after the button was pressed gets an answer
    await page.route('**/content?*', async (route) =>
      (await page.evaluate(() => document.body.dataset.pressed)) === 'Try again'
        ? route.continue()
        : route.fulfill({ status: 503 }),
    );
    await page.getByRole('link', { name: 'Show all 120: Pages' }).click();
    await page.getByText('The list could not be loaded.').waitFor();
    await page.evaluate(() => {
      const note = ({ target }: Event): void => {
        document.body.dataset.pressed = (target as HTMLElement).textContent ?? '';
      };
      document.addEventListener('click', note, { capture: true });
    });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.pager', { hasText: '1–50 of 120' }).waitFor();
    await page.evaluate(() => {
      location.hash = '#list=nothing.rows';
    });
    await page.getByText('There is no such list.').waitFor();
  });

  it('is loaded with its part of the script when it is opened, or the page reloads, or says that it was not loaded', async () => {
    const page = await opened();
    await page.locator('.state.is-live').waitFor();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    let isRefused = true;
    const part = '**/page-dialogs.en.js?v=*';
    await page.route(part, (route) => (isRefused ? route.fulfill({ status: 404 }) : route.continue()));
    const link = page.getByRole('link', { name: 'Show all 120: Pages' });
    await link.click();
    const alert = page.getByRole('alert').filter({ hasText: 'The list or page could not be loaded.' });
    await alert.waitFor();
    expect(loaded.filter((path) => path === '/sites/one')).toHaveLength(1);
    expect(hash(page)).toBe('#list=content.rows');
    await expectAccessible(page);
    await alert.getByRole('button', { name: 'Close' }).click();
    await alert.waitFor({ state: 'detached' });
    expect(hash(page)).toBe('');
    await link.click();
    await alert.waitFor();
    isRefused = false;
    await alert.getByRole('button', { name: 'Reload the page' }).press('Enter');
    const all = page.getByRole('dialog', { name: 'Pages' });
    await all.locator('.pager', { hasText: '1–50 of 120' }).waitFor();
    await page.goBack();
    await all.waitFor({ state: 'hidden' });
    loaded.length = 0;
    await link.click();
    await all.locator('.pager', { hasText: '1–50 of 120' }).waitFor();
    expect(loaded).not.toContain('/page-dialogs.en.js');
  });

  it('is below the wall of large numbers, and is shown when that is closed', async () => {
    const page = await owned.page({}, '#list=content.rows&wall');
    await page.locator('#wall .views .value', { hasText: /\d/ }).waitFor();
    expect(await page.locator('dialog[open]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Pages' }).locator('.pager', { hasText: '1–50 of 120' }).waitFor();
    expect(hash(page)).toBe('#list=content.rows');
  });

  it('opens the page of a row above all rows, and each Back leaves one of them', async () => {
    const page = await opened('#tab-content=titles');
    await page.locator('.rows a.name', { hasText: 'Bees 3' }).first().click(); // the pages with this title
    const all = page.getByRole('dialog', { name: 'Pages' });
    const row = all.getByRole('link', { name: '/page-003', exact: true });
    await row.focus();
    await page.keyboard.press('Enter');
    const panel = page.locator('.panel[open]');
    await panel.locator('.facts', { hasText: 'of the site' }).waitFor();
    for (const title of ['Previous pages', 'Next pages', 'Sources', 'Devices']) await panel.getByText(title).first().waitFor();
    expect(await panel.getByRole('link', { name: 'Open /page-003 in a new tab' }).getAttribute('href')).toBe(
      'https://garden.example/page-003',
    );
    await expectAccessible(page);
    await page.goBack();
    await panel.waitFor({ state: 'detached' });
    expect(await all.isVisible()).toBe(true);
    expect(await focused(page)).toBe('/page-003');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => location.hash === '#tab-content=titles');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Bees 3');
  });

  it('has one stop of the Tab key in each row, a visible focus, and a way past it', async () => {
    const page = await opened();
    await page.locator('.rows a.name').first().focus();
    expect(await focused(page)).toBe('/page-000');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatch(/^\/page-00\d$/);
    const { width, height, outline } = await page.evaluate(() => {
      const link = document.activeElement as HTMLElement;
      const { width, height } = link.getBoundingClientRect();
      return { width, height, outline: getComputedStyle(link).outlineStyle };
    });
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
    expect(outline).toBe('solid');
    const skip = page.getByRole('button', { name: 'Skip: Pages' });
    await skip.focus();
    expect(await skip.evaluate((button) => button.getBoundingClientRect().height)).toBeGreaterThanOrEqual(24);
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('Reading');
  });

  it('leaves room for the names beside its numbers, on every width of the screen', async () => {
    const page = await opened('#28d');
    await page.locator('#lists .columns-4').first().waitFor();
    for (const width of [360, 600, 768, 820, 1024, 1100, 1280, 1600, 2000]) {
      await page.setViewportSize({ width, height: 900 });
      const names = page.locator('#lists .rows li:not(.columns) .name');
      const cramped = await names.evaluateAll((all) =>
        all
          .filter((one) => one.clientWidth < 150)
          .map((one) => [one.textContent, one.clientWidth, one.closest('.card')?.clientWidth, one.closest('ol')?.className]),
      );
      expect({ width, cramped }).toEqual({ width, cramped: [] });
    }
  });
});
