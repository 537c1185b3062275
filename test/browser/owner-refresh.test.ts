// The refreshes every few seconds do not disturb what the owner does on the page.
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import type { ViewWithObservations } from '../fixtures/hits.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';
import { type Owned, startOwned, viewOf } from './owner.js';

const BERLIN = 'Europe/Berlin';
const NOW = '2026-11-20T11:30:00Z';
const HOUR_AGO_MS = Date.parse(NOW) - 3_600_000;

const browser = await launchChromium([`--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());

/** This many views of each path, an hour ago. */
function viewsOf(counts: Readonly<Record<string, number>>): ViewWithObservations[] {
  return Object.entries(counts).flatMap(([path, views], page) =>
    Array.from({ length: views }, (_, i) => viewOf(HOUR_AGO_MS + 100 * page + i, BERLIN, path)),
  );
}

const REPORTS = DOCUMENT_KINDS.flatMap(({ reports }) => reports.map(({ name }) => name));

/** Fourteen pages, so that the list has more than it shows at first. */
const PAGES = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`/page-${String(i).padStart(2, '0')}`, 20 - i]));

(browser === undefined ? describe.skip : describe)("a refresh of the owner's page", () => {
  let owned: Owned | undefined;
  afterEach(() => owned?.close());
  afterAll(() => browser?.close());

  async function opened(hash = ''): Promise<Page> {
    const changes = { createdAtMs: Date.parse('2026-01-01') };
    owned = await startOwned(browser as NonNullable<typeof browser>, changes, { hits: viewsOf(PAGES) }, NOW);
    const page = await owned.page({}, hash);
    await page.locator('.rows a.name').first().waitFor();
    await page.locator('.retention .hint', { hasNotText: 'Loading' }).waitFor();
    return page;
  }

  /** Counts more views, and waits until the page shows them. */
  async function count(page: Page, more: Readonly<Record<string, number>>): Promise<void> {
    const counts: Record<string, number> = { ...PAGES };
    for (const [path, views] of Object.entries(more)) counts[path] = (counts[path] ?? 0) + views;
    (owned as Owned).counted = { hits: viewsOf(counts) };
    const changed = Object.keys(more)[0] as string;
    await page.waitForFunction(
      ([path, views]) => {
        const rows = [...document.querySelectorAll('#lists .column:first-child .card:first-child .rows li')];
        return rows.some((row) => row.querySelector('a')?.textContent === path && row.textContent?.includes(`${views} views`));
      },
      [changed, counts[changed]] as const,
      { timeout: 20_000 },
    );
  }

  it('shows what the stream pushes, so that the page asks for its reports once, in one request', async () => {
    const page = await opened();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1) as string));
    await page.reload();
    await page.locator('.rows a.name').first().waitFor();
    await page.locator('.state.is-live').waitFor();
    for (const more of [1, 2]) await count(page, { '/page-00': more });
    const ofReports = asked.filter((name) => [...REPORTS, 'reports'].includes(name));
    // whether there has ever been a view is asked for with the traffic of a year, and the retention asks for itself
    expect(ofReports.sort()).toEqual(['reports', 'retention', 'traffic']);
    expect(asked.filter((name) => name === 'live')).toEqual(['live']);
  });

  it('follows the range at which somebody stops who steps through several, rather than each of them', async () => {
    const page = await opened();
    let followed = 0;
    page.on('request', (request) => {
      if (request.url().includes('/live?')) followed++;
    });
    const last = page.waitForRequest(/live\?.*from=2026-11-14/);
    // within the page: from here, a busy machine presses them too slowly
    await page.evaluate(async () => {
      for (let days = 1; days <= 6; days++) {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
        await new Promise(requestAnimationFrame);
      }
    });
    await last;
    expect(followed).toBeLessThan(6);
  });

  it('keeps the focus on a row that moves up in its list', async () => {
    const page = await opened();
    const link = page.locator('.rows a.name', { hasText: '/page-05' }).first();
    await link.focus();
    await page.evaluate(() => {
      Object.assign(window, { focused: document.activeElement });
    });
    await count(page, { '/page-05': 30 });
    expect(await page.locator('.rows a.name').first().textContent()).toBe('/page-05');
    expect(await page.evaluate(() => document.activeElement === (window as unknown as { focused: Element }).focused)).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('/page-05');
  });

  it('keeps the selected text, the chosen tab, opened rows and the scroll position', async () => {
    const page = await opened();
    await page.getByRole('button', { name: 'Number of visits' }).click();
    const opener = page.locator('.opener').first();
    await opener.click();
    await page.evaluate(() => {
      getSelection()?.selectAllChildren(document.querySelector('.list h2') as Element);
      getSelection()?.extend(document.querySelector('.rows a.name bdi') as Element, 1);
      scrollTo(0, 400);
    });
    const selected = await page.evaluate(() => String(getSelection()));
    const scrolled = await page.evaluate(() => scrollY);
    expect(selected).toContain('/page-00');

    await count(page, { '/page-00': 5 });
    expect(await page.evaluate(() => String(getSelection()))).toBe(selected);
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    expect(await page.getByRole('button', { name: 'Number of visits' }).getAttribute('aria-pressed')).toBe('true');
    expect(await opener.getAttribute('aria-expanded')).toBe('true');
    expect(await page.locator('.rows .inner').count()).toBeGreaterThan(0);
  });

  it('does not happen between pressing and releasing the mouse', async () => {
    const page = await opened();
    await page.locator('.rows a.name', { hasText: '/page-03' }).first().hover();
    await page.mouse.down();
    await count(page, { '/page-00': 5 });
    await page.mouse.up();
    await page.locator('.panel h2', { hasText: '/page-03' }).waitFor();
  });

  it('leaves the panel of a page as it is, and shows its new numbers', async () => {
    const page = await opened('#page=/page-00');
    await page.locator('.panel .plot').waitFor();
    await page.setViewportSize({ width: 400, height: 500 });
    await page.keyboard.press('Tab');
    const before = await page.evaluate(() => {
      const panel = document.querySelector('.panel') as HTMLDialogElement;
      panel.scrollTop = 150;
      Object.assign(window, { kept: [document.activeElement, panel.querySelector('.plot'), panel.querySelector('.facts dd')] });
      return { scrolled: panel.scrollTop, views: panel.querySelector('.facts dd')?.textContent };
    });
    expect(before).toEqual({ scrolled: 150, views: '20' });
    await count(page, { '/page-00': 7 });
    const after = await page.evaluate(() => {
      const panel = document.querySelector('.panel') as HTMLDialogElement;
      const now = [document.activeElement, panel.querySelector('.plot'), panel.querySelector('.facts dd')];
      const { kept } = window as unknown as { kept: Element[] };
      return {
        isOpen: panel.open,
        isKept: now.map((element, index) => element === kept[index]),
        scrolled: panel.scrollTop,
        views: panel.querySelector('.facts dd')?.textContent,
      };
    });
    expect(after).toEqual({ isOpen: true, isKept: [true, true, true], scrolled: 150, views: '27' });
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => location.hash === ''); // a dialog reports with a delay that it is closed
  });

  it('gives the focus back to the row whose panel is closed', async () => {
    const page = await opened();
    await page.locator('.rows a.name', { hasText: '/page-02' }).first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.panel .plot').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Close');
    await count(page, { '/page-02': 4 });
    await page.keyboard.press('Escape');
    await page.locator('.panel').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('/page-02');
  });
});
