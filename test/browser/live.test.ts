// The page while hits come: before they are counted, over connections that are lost, and on a wall.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { plainHit } from '../fixtures/hits.js';
import { startProxy, type TcpProxy } from '../fixtures/proxy.js';
import { obstacles } from './axe.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';
import { type Owned, startOwned, viewOf } from './owner.js';

const BERLIN = 'Europe/Berlin';
const NOW = '2026-11-20T11:30:00Z';
const NOW_MS = Date.parse(NOW);

const browser = await launchChromium([`--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());

const counted = (views: number) => Array.from({ length: views }, (_, i) => viewOf(NOW_MS - 600_000 + i, BERLIN, '/old'));

const UNREACHABLE = /^Cannot reach the server since \d\d:\d\d\. Trying again …$/;

(browser === undefined ? describe.skip : describe)("the owner's page, live", () => {
  let owned: Owned;
  let proxy: TcpProxy | undefined;
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
    await owned.close();
  });
  afterAll(() => browser?.close());

  /** Follows the stream, so that a view from now on is a new one for the page, and not one of those that the stream begins with. */
  const isFollowing = (page: Page) => page.locator('.minutes rect').first().waitFor({ state: 'attached' });

  async function opened(hash = ''): Promise<Page> {
    const changes = { createdAtMs: Date.parse('2026-01-01') };
    owned = await startOwned(browser as NonNullable<typeof browser>, changes, { hits: counted(20) }, NOW);
    const page = await owned.page({}, hash);
    await page.locator('.state.is-live').first().waitFor();
    await page.locator('#chart').waitFor();
    await isFollowing(page);
    return page;
  }

  const view = (path: string): void => owned.feed.publish(plainHit(owned.nowMs, { site: 'one', path }));
  const showsViews = (page: Page, views: number) =>
    page.waitForFunction((text) => document.getElementById('views')?.textContent === text, String(views));
  const rows = (page: Page) => page.locator('#just-now-rows .key').allTextContents();

  it('adds a view to all numbers of views before it is counted, and once', async () => {
    const page = await opened();
    await showsViews(page, 20);
    view('/fresh');
    await showsViews(page, 21);
    expect(await page.locator('#chart-table tr', { hasText: '12:00' }).textContent()).toContain('21');
    expect(await page.locator('.minutes rect').last().getAttribute('data-views')).toBe('1');
    expect(await rows(page)).toEqual(['/fresh']);
    const seen = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const texts: string[] = [];
          new MutationObserver(() => texts.push(document.getElementById('views')?.textContent ?? '')).observe(
            document.getElementById('views') as Element,
            { characterData: true, childList: true, subtree: true },
          );
          setTimeout(() => resolve(texts), 3_000);
        }),
    );
    owned.nowMs += 2_000;
    owned.counted = { hits: [...counted(20), viewOf(NOW_MS, BERLIN, '/fresh')] };
    await page.locator('#lists .rows li', { hasText: '/fresh' }).first().waitFor();
    expect(await seen).toEqual([]);
    await showsViews(page, 21);
  });

  it('goes on after a lost connection, without loss and without repetition, and says when nothing comes', async () => {
    const first = await opened();
    const ownProxy = await startProxy(owned.base.replace('http:', 'redis:'));
    proxy = ownProxy;
    const page = await first.context().newPage();
    await page.clock.install();
    await page.goto(`${ownProxy.uri.replace('redis:', 'http:')}/sites/one`);
    await isFollowing(page);
    view('/1');
    await showsViews(page, 21);
    ownProxy.refuse();
    await page.locator('#state', { hasText: 'Reconnecting' }).waitFor();
    for (const path of ['/2', '/3']) view(path);
    ownProxy.pass();
    await page.clock.fastForward(3_000);
    await showsViews(page, 23);
    expect(await rows(page)).toEqual(['/3', '/2', '/1']);

    ownProxy.hang();
    await page.clock.fastForward(4 * 60_000);
    await page.locator('#state', { hasText: UNREACHABLE }).waitFor();
    view('/4');
    ownProxy.pass();
    await page.clock.fastForward(20_000);
    await page.locator('.state.is-live').waitFor();
    await page.locator('#just-now-rows .key', { hasText: '/4' }).waitFor();

    // more than a node remembers of what it has sent: the stream begins again
    ownProxy.refuse();
    await page.locator('#state', { hasText: 'Reconnecting' }).waitFor();
    const many = Array.from({ length: 250 }, (_, i) => viewOf(NOW_MS + i, BERLIN, '/many'));
    for (let batch = 0; batch < 5; batch++) {
      for (let i = 0; i < 50; i++) view('/many');
      await delay(250);
    }
    owned.nowMs += 10_000;
    owned.counted = { hits: [...counted(20), ...['/1', '/2', '/3', '/4'].map((path) => viewOf(NOW_MS, BERLIN, path)), ...many] };
    ownProxy.pass();
    await page.clock.fastForward(3_000);
    await page.locator('#just-now-rows .key', { hasText: '/many' }).first().waitFor();
    await showsViews(page, 274);
    view('/after');
    await showsViews(page, 275);
    expect(await rows(page)).toEqual(['/after', ...Array(5).fill('/many')]);
    const latest = await page.locator('#just-now .latest').first().locator('.rows li').allTextContents();
    expect(latest).toEqual(['/many100', '/after1']);
  });

  it.each([1280, 360])('says steadily that the server cannot be reached, and its numbers look old: %d px', async (width) => {
    const first = await opened();
    const ownProxy = await startProxy(owned.base.replace('http:', 'redis:'));
    proxy = ownProxy;
    const page = await first.context().newPage();
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${ownProxy.uri.replace('redis:', 'http:')}/sites/one`);
    await page.locator('.state.is-live').waitFor();
    await page.locator('#chart').waitFor();
    await page.evaluate(() => {
      const state = document.getElementById('state') as Element;
      const texts: string[] = [];
      new MutationObserver(() => texts.push(state.textContent ?? '')).observe(state, { characterData: true, subtree: true });
      Object.assign(window, { texts });
    });
    const looks = () =>
      page.evaluate(() => ({
        dot: getComputedStyle(document.querySelector('.number.online .label') as Element, '::before').backgroundColor,
        value: getComputedStyle(document.getElementById('views') as Element).color,
        tops: [...document.querySelectorAll('h1, .choices, .numbers, #chart')].map((one) => one.getBoundingClientRect().top),
        overflow: document.documentElement.scrollWidth > innerWidth,
      }));
    const before = await looks();
    ownProxy.refuse();
    await page.locator('#state', { hasText: UNREACHABLE }).waitFor();
    await delay(5_000);
    const texts = await page.evaluate(() => (window as unknown as { texts: string[] }).texts);
    expect(texts).toEqual(['Reconnecting …', expect.stringMatching(UNREACHABLE)]);
    const stale = await looks();
    expect([stale.tops, stale.overflow]).toEqual([before.tops, false]);
    expect([stale.dot, stale.value]).not.toEqual([before.dot, before.value]);
    expect(await obstacles(page)).toEqual([]);
    await page.keyboard.press('v');
    await page.locator('#wall .state', { hasText: UNREACHABLE }).waitFor();
    // not by Back: leaving the full screen may have closed it already
    await page.evaluate(() => (document.getElementById('wall') as HTMLDialogElement | null)?.close());
    await page.locator('#wall').waitFor({ state: 'detached' });
    ownProxy.pass();
    await page.locator('.state.is-live').first().waitFor();
    expect(await looks()).toEqual(before);
  });

  it('fills the screen with large numbers until Escape is pressed', async () => {
    const page = await opened();
    await page.keyboard.press('v');
    const wall = page.locator('#wall');
    await wall.waitFor();
    expect(new URL(page.url()).hash).toBe('#wall');
    view('/fresh');
    await wall.locator('.views .value', { hasText: '21' }).waitFor();
    expect(await wall.locator('.latest .key').allTextContents()).toEqual(['/fresh']);
    expect(await obstacles(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await obstacles(page)).toEqual([]);
    // a driven browser leaves the full screen by script alone
    await page.evaluate(() => document.exitFullscreen().catch(() => {}));
    if (await wall.isVisible()) await page.keyboard.press('Escape');
    await wall.waitFor({ state: 'detached' });
    expect(new URL(page.url()).hash).toBe('');
    await page.goto(`${owned.base}/sites/one#7d&wall`);
    await page.reload();
    await wall.locator('.views .hint', { hasText: 'Last 7 days' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => location.hash === '#7d');
  });
});
