// Visits in a real browser, counted by a real service: the reports contain exactly what the browser did.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { HOUR_MS } from '../../src/time/units.js';
import { until } from '../fixtures/until.js';
import { AGENT, isWhole, launchChromium, whyNoChromium } from './chromium.js';
import { type Counting, type ExpectedNumbers, startCounting } from './counting.js';
import { expectedNumbersOf, type Visited } from './visited.js';

const SITES = ['back', 'tabs', 'four', 'plain', 'history', 'closed', 'gone', 'clock', 'days', 'ahead', 'hosts'];

// The user agent is set on the command line, because requests of a page that is left ignore that of its context.
const browser = await launchChromium(['--host-resolver-rules=MAP *.test 127.0.0.1', `--user-agent=${AGENT}`], {
  backForwardCache: true,
});
const whole = await isWhole(browser);
if (!whole) {
  console.warn(whyNoChromium('whole Chromium'));
  await browser?.close();
}

(whole ? describe : describe.skip)('visits of a browser', () => {
  let counting: Counting;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    counting = await startCounting(SITES);
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await counting?.close();
  });

  /** A new browser with its own record, on its own site, and the views that it sends. */
  async function visitor(site: string, host?: string) {
    const context = await (browser as Browser).newContext();
    contexts.push(context);
    const views: Array<Record<string, string>> = [];
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname === '/a.gif' && request.method() === 'GET') views.push(Object.fromEntries(url.searchParams));
    });
    return {
      context,
      views,
      newPage: () => context.newPage(),
      address: (path: string, at = host) => counting.address(site, path, at),
      /** Seconds between the views of each visit, as they were sent. */
      seconds: () => views.reduce((sum, { a, g }) => sum + (g === '1' ? 0 : Number(a)), 0),
    };
  }

  /** Stops the clock of all pages until a test moves it. */
  async function stopClock(context: BrowserContext): Promise<void> {
    const nowMs = Math.floor(Date.now() / 1000) * 1000;
    await context.clock.install({ time: nowMs - 60_000 }); // it runs until it is stopped
    await context.clock.pauseAt(nowMs);
  }

  /** Closes a tab as a person does: the page receives its events. */
  const close = async (page: Page) => {
    const closed = page.waitForEvent('close');
    await page.close({ runBeforeUnload: true });
    await closed;
  };

  /** Returns how long the pages were read. */
  async function expectNumbers(site: string, visited: Visited, otherwise: Partial<ExpectedNumbers> = {}): Promise<number> {
    const expected = { ...expectedNumbersOf(visited), ...otherwise };
    await counting.received(site, expected.received);
    const { readSeconds, ...numbers } = await counting.numbers(site);
    expect(numbers).toEqual(expected);
    return readSeconds;
  }

  it('continue in pages that return from the back-forward cache', async () => {
    const { newPage, address, seconds } = await visitor('back');
    const page = await newPage();
    const isRestored = () => page.evaluate(() => (window as unknown as { restored?: boolean }).restored === true);
    for (const path of ['/a', '/b'])
      counting.head('back', path, '<script>addEventListener("pageshow", (shown) => { restored = shown.persisted })</script>');
    await page.goto(address('/a'));
    await counting.received('back', 1);
    await page.goto(address('/b'));
    await counting.received('back', 3);
    expect(await isRestored()).toBe(false);
    await page.goBack({ waitUntil: 'commit' });
    await until(isRestored, () => 'the first page to be restored');
    expect(new URL(page.url()).pathname).toBe('/back/a');
    await counting.received('back', 5);
    await page.goForward({ waitUntil: 'commit' });
    await until(isRestored, () => 'the second page to be restored');
    await counting.received('back', 7);
    await close(page);
    await expectNumbers('back', { visits: [['/a', '/b', '/a', '/b']], seconds: seconds() });
  });

  it('continue from tab to tab, and each tab reports its own view', async () => {
    const { context, newPage, address } = await visitor('tabs');
    await stopClock(context);
    const one = await newPage();
    await one.goto(address('/a'));
    await counting.received('tabs', 1);
    await context.clock.runFor(5000);
    const other = await newPage();
    await other.goto(address('/b'));
    await counting.received('tabs', 2);
    await context.clock.runFor(3000);
    await one.evaluate(() => history.pushState(null, '', 'c'));
    await context.clock.runFor(2000);
    await counting.received('tabs', 4);
    await close(other);
    await close(one);
    // both windows are visible all the time
    expect(await expectNumbers('tabs', { visits: [['/a', '/b', '/c']], seconds: 8 })).toBe(8 + 5 + 2);
  });

  it('are one when four tabs are opened at once', async () => {
    const { newPage, address, views, seconds } = await visitor('four');
    const paths = ['/a', '/b', '/c', '/d'];
    const tabs = await Promise.all(paths.map(newPage));
    await Promise.all(tabs.map((page, i) => page.goto(address(paths[i] as string))));
    await counting.received('four', 4);
    await Promise.all(tabs.map(close));
    const inOrder = views.toSorted((a, b) => Number(a.g) - Number(b.g));
    expect(inOrder.map(({ g }) => g)).toEqual(['1', '2', '3', '4']);
    const visit = inOrder.map(({ u = '' }) => new URL(u).pathname.slice('/four'.length));
    // The local storage of another tab's process may be some milliseconds behind. Then the step begins on another of the pages.
    const isInOrder = inOrder.every(({ q }, i) => i === 0 || q === `/four${visit[i - 1]}`);
    if (isInOrder) await expectNumbers('four', { visits: [visit], seconds: seconds() });
    const visits = { visits: 1, recorded: 1, bounces: 0, views: 4, seconds: seconds() };
    expect(await counting.numbers('four')).toMatchObject({ views: 4, visitors: 1, visits });
  });

  it('may be several when four tabs open at once without locks (plain http), as the browser reports them', async () => {
    const { context, newPage, address, views, seconds } = await visitor('plain', 'plain.test');
    await stopClock(context);
    const paths = ['/a', '/b', '/c', '/d'];
    const tabs = await Promise.all(paths.map(newPage));
    await Promise.all(tabs.map((page, i) => page.goto(address(paths[i] as string))));
    await counting.received('plain', 4);
    const [last] = tabs as [Page];
    expect(await last.evaluate(() => isSecureContext)).toBe(false);
    await context.clock.runFor(10_000);
    await last.evaluate(() => history.pushState(null, '', 'e'));
    await context.clock.runFor(1500); // no title is set
    await counting.received('plain', 6);
    const pages = views.map(({ g }) => Number(g));
    const numbers = await counting.numbers('plain');
    expect(numbers.views).toBe(5);
    expect(numbers.visitors).toBe(views.filter(({ a }) => a === undefined).length);
    const visits = pages.filter((page) => page === 1).length;
    const continued = pages.filter((page) => page === 2).length;
    expect(numbers.visits).toEqual({
      visits,
      recorded: visits,
      bounces: Math.max(0, visits - continued),
      views: 5,
      seconds: seconds(),
    });
    // Whatever the tabs assumed about each other, there is one record now.
    expect(views.at(-1)).toMatchObject({ n: '1', u: address('/e') });
    expect(pages.at(-1)).toBeGreaterThan(1);
  });

  it('continue through the history of a page, where only another path is another view', async () => {
    const { context, newPage, address } = await visitor('history');
    await stopClock(context);
    const page = await newPage();
    await page.goto(address('/a'));
    await counting.received('history', 1);
    await context.clock.runFor(2000);
    const go = async (code: string, hits: number) => {
      await page.evaluate(code);
      await context.clock.runFor(2000);
      await counting.received('history', hits);
    };
    await go('history.pushState(1, "", "b")', 3);
    await go('history.replaceState(2, "", "b?a=query#and-fragment")', 3);
    await go('history.replaceState(3, "", "c")', 5);
    await go('history.back()', 7);
    await go('history.forward()', 9);
    await go('location.hash = "fragment"', 9);
    await go('history.back()', 9);
    await close(page);
    expect(await expectNumbers('history', { visits: [['/a', '/b', '/c', '/a', '/c']], seconds: 10 })).toBe(16);
  });

  it('are reported when a tab is closed, at the hour of the view', async () => {
    const { context, newPage, address } = await visitor('closed');
    await stopClock(context);
    const page = await newPage();
    await page.goto(address('/a'));
    await counting.received('closed', 1);
    await context.clock.runFor(7000);
    await context.clock.fastForward(2 * HOUR_MS); // as when a computer sleeps
    await close(page);
    const readSeconds = await expectNumbers('closed', { visits: [['/a']], seconds: 0 });
    expect(readSeconds).toBe(8);
    const { rows } = await counting.report('closed', 'pages', '&page=/closed/a');
    const hours = rows[0].hours.filter(({ views, known }: Record<string, number>) => views || known);
    expect(hours).toEqual([
      expect.objectContaining({ views: 0, known: 1, seconds: readSeconds }),
      expect.objectContaining({ views: 1, known: 0, seconds: 0 }),
    ]);
    expect(hours[0].key < hours[1].key).toBe(true);
  });

  it('are counted completely when the page is left before anything can be sent', async () => {
    const { context, newPage, address } = await visitor('gone');
    await stopClock(context);
    const other = await newPage();
    await other.goto(counting.address('nobody', '/'));
    const page = await newPage();
    await page.goto(address('/a'));
    await counting.received('gone', 1);
    await context.clock.runFor(4000);
    process.kill(counting.service.pid, 'SIGSTOP');
    try {
      // with and without cookies, as many requests as a browser has under way to one host: the next ones have to wait
      await other.evaluate((url) => {
        for (let i = 0; i < 6; i++)
          for (const credentials of ['omit', 'include'] as const)
            void fetch(url, { mode: 'no-cors', cache: 'no-store', credentials });
      }, `${counting.service.url}/health`);
      await page.goto(address('/b'));
      await context.clock.runFor(2000);
      await close(page);
      await other.goto('about:blank'); // by then everything that was sent only for the page is cancelled
    } finally {
      process.kill(counting.service.pid, 'SIGCONT');
    }
    expect(context.pages()).toEqual([other]);
    expect(await expectNumbers('gone', { visits: [['/a', '/b']], seconds: 4 })).toBe(6);
  });

  it('follow a clock that is put forward and back', async () => {
    const { context, newPage, address } = await visitor('clock');
    const page = await newPage();
    const nowMs = Date.now();
    const at = async (aheadMs: number, path: string, hits: number) => {
      await context.clock.setFixedTime(nowMs + aheadMs);
      await page.goto(address(path));
      await counting.received('clock', hits);
    };
    await at(0, '/a', 1);
    await at(3 * HOUR_MS, '/b', 3); // nothing shows that the clock was set forward
    await at(0, '/c', 5); // a negative time later
    await at(HOUR_MS / 6, '/d', 7);
    await close(page);
    // A visitor who returns after more than five minutes is counted in `online` again.
    const minutes = { views: 4, online: 3 };
    await expectNumbers('clock', { visits: [['/a'], ['/b', '/c', '/d']], seconds: 600 }, { minutes });
  });

  it('of a clock that was days ahead begin with its correction', async () => {
    const { context, newPage, address, views } = await visitor('ahead');
    const page = await newPage();
    const nowMs = Date.now();
    const at = async (aheadMs: number, path: string, hits: number) => {
      await context.clock.setFixedTime(nowMs + aheadMs);
      await page.goto(address(path));
      await counting.received('ahead', hits);
    };
    await at(48 * HOUR_MS, '/a', 1);
    await at(0, '/b', 3);
    await at(HOUR_MS, '/c', 5);
    await close(page);
    const utcDayOf = (ms: number) => Math.floor(ms / (24 * HOUR_MS));
    const daysLater = utcDayOf(nowMs + HOUR_MS) - utcDayOf(nowMs); // in the last hour of a day, the last view is tomorrow
    expect(views.map(({ f }) => f)).toEqual(['0', '0', String(daysLater)]);
    await expectNumbers('ahead', { visits: [['/a', '/b'], ['/c']], seconds: 0 }, { minutes: { views: 3, online: 2 } });
  });

  it('of a clock that jumps days ahead are on different days, and the pings are too old', async () => {
    const { context, newPage, address } = await visitor('days');
    const page = await newPage();
    const nowMs = Date.now();
    await context.clock.setFixedTime(nowMs);
    await page.goto(address('/a'));
    await counting.received('days', 1);
    await context.clock.setFixedTime(nowMs + 72 * HOUR_MS);
    await page.goto(address('/b'));
    await expectNumbers(
      'days',
      { visits: [['/a'], ['/b']], seconds: 0, read: {} },
      {
        received: 3,
        refused: { 'stale-ping': 1 },
        visitors: 2, // by the clock of the second view, the first one was three days ago
        minutes: { views: 2, online: 2 },
      },
    );
  });

  it('continue between www. and the bare host, but pages are not recognised on the other host', async () => {
    const { context, newPage, address } = await visitor('hosts');
    await stopClock(context);
    const page = await newPage();
    const go = async (host: string, path: string, hits: number) => {
      await page.goto(address(path, host));
      await counting.received('hosts', hits);
      await context.clock.runFor(10_000);
    };
    await go('www.shop.test', '/a', 1);
    await go('shop.test', '/b', 3);
    await go('shop.test', '/c', 5);
    await go('www.shop.test', '/a', 7);
    await close(page);
    const inside = { views: 1, visitors: 1, entries: 0, bounces: 0, exits: 0 };
    await expectNumbers(
      'hosts',
      { visits: [['/a', '/b', '/c', '/a']], seconds: 30 },
      {
        // A page does not know the next view if that is on another host.
        pages: {
          '/a': { views: 2, visitors: 1, entries: 1, bounces: 1, exits: 2 },
          '/b': inside,
          '/c': { ...inside, exits: 1 },
        },
        next: { '/a': {}, '/b': { '/c': 1 }, '/c': {} },
      },
    );
    expect((await counting.report('hosts', 'content')).total).toMatchObject({ entries: 1, bounces: 0, exits: 1 });
  });
});
