// The tracker in a real browser: what it counts, sends and stores, and that it never disturbs a page.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { HOUR_MS } from '../../src/time/units.js';
import { until } from '../fixtures/until.js';
import { launchChromium, whyNoChromium } from './chromium.js';
import { type Recorded, type Recorder, type Served, startRecorder } from './recorder.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RECORD_FIELDS = ['a', 'f', 'n', 'g', 'q', 'b', 'h'];
const NOON_MS = Date.UTC(2026, 10, 20, 12, 0, 0);

const browser = await launchChromium(['--host-resolver-rules=MAP * 127.0.0.1']);
if (browser === undefined) console.warn(whyNoChromium());

(browser === undefined ? describe.skip : describe)('the tracker', () => {
  let recorder: Recorder;
  let sites = 0;
  const contexts: BrowserContext[] = [];
  const pageErrors: string[] = [];

  beforeAll(async () => {
    execFileSync(process.execPath, ['scripts/build-browser.mjs'], { cwd: ROOT });
    recorder = await startRecorder(`${ROOT}dist/browser/track.js`);
  });

  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(pageErrors.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await recorder?.close();
  });

  /** A new visitor with their own browser, on their own site. */
  async function visitor(served: Served = {}, options: BrowserContextOptions = {}) {
    const site = `site-${++sites}`;
    recorder.serve(site, served);
    const context = await (browser as NonNullable<typeof browser>).newContext(options);
    contexts.push(context);
    const address = (path: string, host = '127.0.0.1') => `http://${host}:${recorder.port}/${site}${path}`;
    const newPage = async () => {
      const page = await context.newPage();
      page.on('pageerror', (error) => pageErrors.push(error.message));
      return page;
    };
    const hits = () => recorder.hits(site);
    return {
      site,
      context,
      page: await newPage(),
      newPage,
      address,
      hits,
      views: () => hits().filter(({ fields }) => fields.k === undefined),
      /** The first `count` hits, once they have arrived. */
      async received(count: number): Promise<Recorded['fields'][]> {
        await until(
          () => hits().length >= count,
          () => `${count} hits, have ${JSON.stringify(hits())}`,
        );
        return hits().map(({ fields }) => fields);
      },
      record: async () => (await context.cookies()).find(({ name }) => name === `_hitherto_${site}`)?.value,
    };
  }

  const call = (page: Page, ...args: unknown[]) =>
    page.evaluate((args) => (window as unknown as { hitherto: (...args: unknown[]) => void }).hitherto(...args), args);

  /** Stops the clock of all pages of this visitor at noon, until a test moves it. */
  const stopClock = async (context: BrowserContext, atMs = NOON_MS) => {
    await context.clock.install({ time: atMs - 60_000 }); // it runs until it is stopped
    await context.clock.pauseAt(atMs);
  };

  describe('a browser that is excluded', () => {
    it('sends nothing from a page with #hitherto-off in its address, or from later ones, until #hitherto-on', async () => {
      const { page, address, hits, views } = await visitor();
      await page.goto(address('/a#hitherto-off'));
      await page.goto(address('/b'));
      await call(page, 'event', 'bought');
      await page.waitForTimeout(500);
      expect(hits()).toEqual([]);
      await page.goto(address('/c#hitherto-on'));
      await page.goto(address('/d'));
      await until(() => views().length === 2);
      expect(views().map(({ fields }) => fields.u)).toEqual([address('/c'), address('/d')]);
    });
  });

  describe('a view', () => {
    it('carries the address, the title, the sizes and the outside referrer', async () => {
      const { page, address, received, site, hits } = await visitor({}, { viewport: { width: 1000, height: 700 } });
      await page.goto(address('/a?utm_source=x&q=ä#part'), { referer: 'https://search.example/' });
      const [view] = await received(1);
      expect(view).toMatchObject({
        s: site,
        u: address('/a?utm_source=x&q=%C3%A4'),
        t: `/${site}/a`,
        ww: '1000',
        wh: '700',
        sw: '1000',
      });
      expect(view?.r).toContain('https://search.example/');
      expect(view).not.toHaveProperty('k');
      expect(view).not.toHaveProperty('mt');
      expect(hits()[0]).toMatchObject({ method: 'GET', cookie: '' });
    });

    it('reports several touch points', async () => {
      const { page, address, received } = await visitor({
        before: '<script>Object.defineProperty(navigator, "maxTouchPoints", { value: 5 })</script>',
      });
      await page.goto(address('/'));
      expect((await received(1))[0]).toMatchObject({ mt: '1' });
    });

    it('of a first-time visitor has no age, and carries a sketch point', async () => {
      const { page, address, received, record } = await visitor();
      await page.goto(address('/a'));
      const view = (await received(1))[0] as Record<string, string>;
      expect(view).toMatchObject({ f: '0', n: '1', g: '1' });
      for (const absent of ['a', 'q', 'b']) expect(view).not.toHaveProperty(absent);
      const [register, rank] = (view.h as string).split('.').map(Number) as [number, number];
      expect(register).toBeGreaterThanOrEqual(0);
      expect(register).toBeLessThan(4096);
      expect(rank).toBeGreaterThanOrEqual(1);
      expect(rank).toBeLessThanOrEqual(32);
      expect(await record()).toMatch(new RegExp(`^1\\.\\d+\\.\\d+\\.1\\.1\\.\\d+\\.${register}\\.${rank}$`));
    });

    it('of a second page carries its age, page number 2 and the path before', async () => {
      const { page, address, received, context, site } = await visitor();
      await stopClock(context);
      await page.goto(address('/a?x=1'));
      await received(1);
      await page.clock.runFor(10_000);
      await page.goto(address('/b'));
      const view = (await received(3)).findLast(({ k }) => k === undefined);
      expect(view).toMatchObject({ a: '10', f: '0', n: '1', g: '2', q: `/${site}/a` });
      expect(view).not.toHaveProperty('b');
      expect(view).not.toHaveProperty('h');
    });

    it('after half an hour begins a visit, and says when its page was last viewed', async () => {
      const { page, address, views, context } = await visitor();
      await stopClock(context);
      await page.goto(address('/a'));
      await until(() => views().length === 1);
      await context.clock.pauseAt(NOON_MS + 26 * HOUR_MS);
      await page.goto(address('/a'));
      await until(() => views().length === 2);
      const view = views()[1]?.fields;
      expect(view).toMatchObject({ a: '93600', b: '93600', f: '1', n: '2', g: '1', h: views()[0]?.fields.h });
      expect(view).not.toHaveProperty('q');
    });

    it('sends the sketch point once in a quarter of an hour', async () => {
      const { page, address, views, context } = await visitor();
      await stopClock(context, NOON_MS + 14 * 60_000);
      for (const [index, path] of ['/a', '/b', '/c', '/d'].entries()) {
        await page.goto(address(path));
        await until(() => views().length === index + 1);
        await page.clock.runFor(50_000);
      }
      expect(views().map(({ fields }) => fields.h !== undefined)).toEqual([true, false, true, false]);
    });

    it('after the clock was put back has age 0', async () => {
      const { page, address, views, context } = await visitor();
      await context.clock.setFixedTime(NOON_MS);
      await page.goto(address('/a'));
      await until(() => views().length === 1);
      await context.clock.setFixedTime(NOON_MS - 48 * HOUR_MS);
      await page.goto(address('/a'));
      await until(() => views().length === 2);
      expect(views()[1]?.fields).toMatchObject({ a: '0', f: '0', n: '1', g: '2' });
    });

    it('with a long address is posted', async () => {
      const { page, address, received, hits } = await visitor();
      await page.goto(address(`/a?${'x'.repeat(3000)}`));
      const [view] = await received(1);
      expect(view).toMatchObject({ u: address(`/a?${'x'.repeat(3000)}`), g: '1' });
      expect(hits()[0]).toMatchObject({
        method: 'POST',
        contentType: 'text/plain;charset=UTF-8',
        urlLength: '/stats/a.gif'.length,
      });
    });

    it('is counted once, however often the page contains the snippet', async () => {
      const { page, address, received, hits } = await visitor({ twice: true });
      await page.goto(address('/a'));
      await call(page, 'event', 'end');
      await received(2);
      expect(hits().filter(({ fields }) => fields.k === undefined)).toHaveLength(1);
    });

    it('of a prerendered page waits until it is shown', async () => {
      const before = '<script>Object.defineProperty(document, "prerendering", { value: true, configurable: true })</script>';
      const { page, address, received } = await visitor({ before });
      await page.goto(address('/a'));
      await call(page, 'event', 'early');
      await page.evaluate(() => {
        Object.defineProperty(document, 'prerendering', { value: false });
        history.replaceState(null, '', 'b');
        document.dispatchEvent(new Event('prerenderingchange'));
      });
      const both = await received(2);
      expect(both.find(({ k }) => k === undefined)?.u).toBe(address('/b'));
      expect(both.find(({ k }) => k === 'e')).toMatchObject({ en: 'early' });
    });

    it('is counted again when a page returns from the back-forward cache', async () => {
      const { page, address, views, site } = await visitor();
      await page.goto(address('/a'));
      await until(() => views().length === 1);
      await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
      await until(() => views().length === 2);
      expect(views()[1]?.fields).toMatchObject({ g: '2', q: `/${site}/a` });
      expect(views()[1]?.fields.r).toBe(address('/a'));
    });
  });

  describe('in-page navigation', () => {
    it('counts pushState, replaceState and going back, each path once, with the new title', async () => {
      const { page, address, views, site } = await visitor();
      await page.goto(address('/a'), { referer: 'https://search.example/' });
      await until(() => views().length === 1);
      const go = async (count: number, step: () => unknown) => {
        await page.evaluate(step);
        await until(() => views().length >= count);
      };
      await go(2, () => {
        history.pushState(1, '', 'b');
        document.title = 'Title of b';
      });
      await go(3, () => {
        history.replaceState(2, '', 'b?only=query');
        history.replaceState(2, '', 'c');
      });
      await go(4, () => history.back());
      await go(5, () => {
        history.pushState(3, '', 'a?again');
        history.pushState(4, '', 'd#part');
      });
      expect(views().map(({ fields }) => fields.u)).toEqual([
        address('/a'),
        address('/b'),
        address('/c'),
        address('/a'),
        address('/d'),
      ]);
      expect(views().map(({ fields }) => fields.q)).toEqual(
        [undefined, 'a', 'b', 'c', 'a'].map((name) => name && `/${site}/${name}`),
      );
      expect(views()[1]?.fields).toMatchObject({ t: 'Title of b', g: '2' });
      expect(views().map(({ fields }) => fields.r)).toEqual([
        'https://search.example/',
        ...['a', 'b', 'c', 'a'].map((name) => address(`/${name}`)),
      ]);
    });

    describe('with a title that is set at another time than the address', () => {
      const NEVER = -1;
      const titleOf = (fields: Recorded['fields'] | undefined) => fields?.t;

      /** Navigates as a page's own router does; the title follows this many milliseconds later. */
      const route = (page: Page, path: string, title: string, afterMs: number) =>
        page.evaluate(
          ([path, title, afterMs]) => {
            history.pushState(null, '', path);
            if (afterMs >= 0) setTimeout(() => (document.title = title), afterMs);
          },
          [path, title, afterMs] as const,
        );

      it.each([0, 50, 300, 900])('sends the new one, %i ms after the address', async (afterMs) => {
        const { page, address, views } = await visitor();
        await page.goto(address('/a'));
        await until(() => views().length === 1);
        await route(page, 'b', 'Title of b', afterMs);
        await until(() => views().length === 2);
        expect(views()[1]?.fields).toMatchObject({ u: address('/b'), t: 'Title of b', g: '2' });
      });

      it('sends one that was set before the address', async () => {
        const { page, address, views } = await visitor();
        await page.goto(address('/a'));
        await until(() => views().length === 1);
        await page.evaluate(() => {
          document.title = 'Title of b';
          history.pushState(null, '', 'b');
        });
        await until(() => views().length === 2);
        expect(titleOf(views()[1]?.fields)).toBe('Title of b');
      });

      it('sends none where the title remains that of the page before', async () => {
        const { page, address, views, site } = await visitor();
        await page.goto(address('/a'));
        await until(() => views().length === 1);
        await route(page, 'b', '', NEVER);
        await until(() => views().length === 2);
        await route(page, 'c', `/${site}/a`, 50); // the same title
        await until(() => views().length === 3);
        await route(page, 'd', 'Title of d', 50);
        await until(() => views().length === 4);
        expect(views().map(({ fields }) => [fields.u, fields.t])).toEqual([
          [address('/a'), `/${site}/a`],
          [address('/b'), undefined],
          [address('/c'), undefined],
          [address('/d'), 'Title of d'],
        ]);
      });

      it('ignores a title that the previous page changed a while ago', async () => {
        const { page, address, views, context } = await visitor();
        await stopClock(context);
        await page.goto(address('/a'));
        await until(() => views().length === 1);
        await page.evaluate(() => {
          document.title = '(1) unread';
        });
        await page.clock.runFor(2000);
        await route(page, 'b', 'Title of b', 500);
        await page.clock.runFor(3000);
        await until(() => views().length === 2);
        expect(titleOf(views()[1]?.fields)).toBe('Title of b');
      });

      it('sends each of several fast navigations with its own title or none', async () => {
        const { page, address, views } = await visitor();
        await page.goto(address('/a'));
        await until(() => views().length === 1);
        await page.evaluate(async () => {
          const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
          history.pushState(null, '', 'b'); // the page is left before its title is set
          await after(60);
          history.pushState(null, '', 'c');
          await after(30);
          document.title = 'Title of c';
          await after(30);
          history.pushState(null, '', 'd');
          document.title = 'Title of d';
        });
        await until(() => views().length === 4);
        const sent = views().map(({ fields: { u, t, g } }) => [u, t, g]);
        expect(sent.slice(1)).toEqual([
          [address('/b'), undefined, '2'],
          [address('/c'), 'Title of c', '3'],
          [address('/d'), 'Title of d', '4'],
        ]);
      });

      it('counts several changes in the same task once', async () => {
        const { page, address, views } = await visitor();
        await page.goto(address('/a'));
        await until(() => views().length === 1);
        await page.evaluate(() => {
          history.pushState(null, '', 'old');
          history.replaceState(null, '', 'new');
          document.title = 'New';
        });
        await call(page, 'event', 'end');
        await until(() => views().length === 2);
        expect(views()[1]?.fields).toMatchObject({ u: address('/new'), t: 'New' });
      });

      it.each(['left', 'hidden'])('sends the view at once when the page is %s', async (how) => {
        const { page, address, views, context, site } = await visitor();
        await stopClock(context); // no timer runs
        await page.goto(address('/a'));
        await until(() => views().length === 1);
        await page.evaluate(() => history.pushState(null, '', 'b'));
        if (how === 'left') await page.goto('about:blank');
        else
          await page.evaluate(() => {
            Object.defineProperty(document, 'hidden', { value: true, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
          });
        await until(() => views().length === 2);
        expect(views()[1]?.fields).toMatchObject({ u: address('/b'), g: '2', q: `/${site}/a` });
        expect(titleOf(views()[1]?.fields)).toBeUndefined();
      });

      it('begins its reading time and its record when the address changes', async () => {
        const { page, address, views, hits, context, record } = await visitor();
        await stopClock(context);
        await page.goto(address('/a'));
        await until(() => views().length === 1);
        await page.clock.runFor(5000);
        await route(page, 'b', 'Title of b', 900);
        await page.clock.runFor(10);
        await until(() => hits().some(({ fields }) => fields.k === 'p'));
        expect(views()).toHaveLength(1); // it waits for its title
        await until(async () => (await record())?.split('.')[2] === String(NOON_MS / 1000 + 5));
        await page.clock.runFor(2990);
        await until(() => views().length === 2);
        await page.goto('about:blank');
        await until(() => hits().length === 4);
        const pings = hits().flatMap(({ fields }) => (fields.k === 'p' ? [fields] : []));
        expect(pings.map(({ u, x, z }) => [u, x, z])).toEqual([
          [address('/a'), '5', '5'],
          [address('/b'), '3', '3'],
        ]);
        expect(views()[1]?.fields).toMatchObject({ a: '5', g: '2', t: 'Title of b' });
      });
    });

    it('does not change the history that the page sees', async () => {
      const { page, address, received } = await visitor();
      await page.goto(address('/a'));
      await received(1);
      const seen = await page.evaluate(() => {
        let error = '';
        try {
          history.pushState(null, '', 'https://elsewhere.example/');
        } catch (thrown) {
          error = (thrown as Error).name;
        }
        return { error, returned: history.pushState({ kept: 1 }, '', 'b'), state: history.state };
      });
      expect(seen).toEqual({ error: 'SecurityError', returned: undefined, state: { kept: 1 } });
      await received(2);
    });

    it('counts fragments that are routes only on request', async () => {
      const plain = await visitor();
      await plain.page.goto(plain.address('/a#/one'));
      await plain.received(1);
      const routed = await visitor({ attributes: 'data-hash' });
      await routed.page.goto(routed.address('/a#/one'));
      await routed.received(1);
      for (const { page } of [plain, routed]) {
        await page.evaluate(() => {
          location.hash = '#/two';
        });
      }
      await until(() => routed.views().length === 2);
      await routed.page.evaluate(() => {
        location.hash = '#part';
      });
      await until(() => routed.views().length === 3);
      await call(plain.page, 'view');
      await until(() => plain.views().length === 2); // a ping of the first one may arrive before
      expect(plain.views().map(({ fields }) => fields.u)).toEqual([plain.address('/a'), plain.address('/a')]);
      expect(routed.views().map(({ fields }) => fields.u)).toEqual(
        ['/a#/one', '/a#/two', '/a'].map((path) => routed.address(path)),
      );
      expect(routed.views()[1]?.fields.q).toBe(`/${routed.site}/a#/one`);
    });

    it('is left to the page with data-auto="false"', async () => {
      const { page, address, received, views } = await visitor({ attributes: 'data-auto="false"' });
      await page.goto(address('/a'));
      await page.evaluate(() => history.pushState(null, '', 'b'));
      await call(page, 'view', '/given?x=1');
      await received(1);
      expect(views().map(({ fields }) => fields.u)).toEqual([`http://127.0.0.1:${recorder.port}/given?x=1`]);
    });
  });

  describe('what the browser stores', () => {
    const keptNothing = async ({ page, context, hits }: Awaited<ReturnType<typeof visitor>>) => {
      expect(await context.cookies()).toEqual([]);
      expect(await page.evaluate(() => localStorage.length)).toBe(0);
      expect(
        hits()
          .flatMap(({ fields }) => Object.keys(fields))
          .filter((name) => RECORD_FIELDS.includes(name)),
      ).toEqual([]);
    };

    it('is nothing with data-storage="none"', async () => {
      const one = await visitor({ attributes: 'data-storage="none"' });
      await one.page.goto(one.address('/a'));
      await one.received(1);
      await one.page.evaluate(() => history.pushState(null, '', 'b'));
      await until(() => one.views().length === 2);
      await keptNothing(one);
    });

    const signals = [
      'Object.defineProperty(navigator, "globalPrivacyControl", { value: true })',
      'Object.defineProperty(navigator, "doNotTrack", { value: "1" })',
    ];
    it.each(signals)('is nothing when the visitor asks for that: %s', async (signal) => {
      const one = await visitor({ before: `<script>${signal}</script>` });
      await one.page.goto(one.address('/a'));
      await one.received(1);
      await keptNothing(one);
    });

    it('is a record anyway with data-signals="ignored"', async () => {
      const one = await visitor({ before: `<script>${signals.join(';')}</script>`, attributes: 'data-signals="ignored"' });
      await one.page.goto(one.address('/a'));
      expect((await one.received(1))[0]).toMatchObject({ n: '1' });
      expect(await one.record()).toBeDefined();
    });

    it('expires 13 months after the first view, regardless of later views', async () => {
      const { page, address, views, context, site } = await visitor();
      const expires = async () =>
        ((await context.cookies()).find(({ name }) => name === `_hitherto_${site}`)?.expires as number) * 1000;
      await page.goto(address('/a'));
      await until(() => views().length === 1);
      const first = await expires();
      const days = (first - Date.now()) / 86_400_000;
      expect(days).toBeGreaterThan(391.9);
      expect(days).toBeLessThanOrEqual(393.01);
      await page.goto(address('/b'));
      await until(() => views().length === 2);
      expect(Math.abs((await expires()) - first)).toBeLessThan(10_000);
    });

    it.each([
      ['www.example.test', 'example.test'],
      ['example.test', 'www.example.test'],
      ['blog.shop.example.co.uk', 'example.co.uk'],
    ])('is one record for %s and %s', async (one, other) => {
      const { page, address, views, context, site } = await visitor();
      await page.goto(address('/a', one));
      await until(() => views().length === 1);
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500))); // the answer has arrived too
      await page.goto(address('/b', other));
      await until(() => views().length === 2);
      expect(views()[1]?.fields).toMatchObject({ n: '1', g: '2' });
      expect(views()[1]?.fields.q).toBeUndefined(); // this host's local storage knows nothing of the other's pages
      expect((await context.cookies()).map(({ name, domain, sameSite }) => ({ name, domain, sameSite }))).toEqual([
        { name: `_hitherto_${site}`, domain: `.${[one, other].sort((a, b) => a.length - b.length)[0]}`, sameSite: 'Lax' },
      ]);
    });

    it('needs no domain: localhost', async () => {
      const { page, address, received, record } = await visitor();
      await page.goto(address('/a', 'localhost'));
      expect((await received(1))[0]).toMatchObject({ n: '1', g: '1' });
      expect(await record()).toBeDefined();
    });

    it('stays in order when two tabs open at once', async () => {
      const { page, newPage, address, views } = await visitor();
      await Promise.all([page.goto(address('/a')), (await newPage()).goto(address('/b'))]);
      await until(() => views().length === 2);
      expect(
        views()
          .map(({ fields }) => fields.g)
          .sort(),
      ).toEqual(['1', '2']);
      expect(views().filter(({ fields }) => fields.a === undefined)).toHaveLength(1);
    });

    it.each(['hang-up', 'unavailable', 'refuse'] as const)('is restored when the view is not counted (%s)', async (beacon) => {
      const { page, address, views, record, site } = await visitor({ beacon });
      await page.goto(address('/a'));
      await until(() => views().length >= 1);
      await until(async () => (await record()) === undefined);
      recorder.serve(site, {});
      await page.goto(address('/a'));
      await until(() => views().some(({ fields }) => fields.g === '1' && fields.h !== undefined));
      await until(async () => (await record()) !== undefined);
      const kept = await record();
      const pages = await page.evaluate((name) => localStorage.getItem(name), `_hitherto_${site}`);
      recorder.serve(site, { beacon });
      const sent = views().length;
      await page.goto(address('/b'));
      await until(() => views().length > sent);
      expect(views().at(-1)?.fields).toMatchObject({ g: '2', q: `/${site}/a` });
      await until(async () => (await record()) === kept);
      expect(await page.evaluate((name) => localStorage.getItem(name), `_hitherto_${site}`)).toBe(pages);
    });
  });

  describe('an event', () => {
    const STUB = 'window.hitherto = window.hitherto || function () { (hitherto.q = hitherto.q || []).push(arguments) }';

    it('that is called before the tracker has loaded is sent afterwards, after the view', async () => {
      const properties = `{ plan: 'small', seats: 3, paid: true, who: { name: 'x' }, none: null, run() {} }`;
      const before = `<script>${STUB}; hitherto('event', 'sign up', ${properties})</script>`;
      const { page, address, received, site, hits } = await visitor({ before });
      await page.goto(address('/a'));
      const event = (await received(2)).find(({ k }) => k === 'e') as Record<string, string>;
      expect(event).toMatchObject({ s: site, u: address('/a'), en: 'sign up' });
      expect(JSON.parse(event.ep as string)).toEqual({ plan: 'small', seats: 3, paid: true });
      expect(RECORD_FIELDS.filter((name) => name in event)).toEqual([]);
      expect(hits().find(({ fields }) => fields.k === 'e')?.method).toBe('POST');
    });

    it('changes nothing in the record', async () => {
      const { page, address, received, record } = await visitor();
      await page.goto(address('/a'));
      await received(1);
      const before = await record();
      await call(page, 'event', 'click');
      await received(2);
      expect(await record()).toBe(before);
    });
  });

  describe('a ping', () => {
    const LONG = '<div style="height:4000px"></div>';

    it('reports on leaving the engaged seconds, the depth, and the view that it belongs to', async () => {
      const { page, address, received, hits, context, record } = await visitor(
        { body: LONG },
        { viewport: { width: 1000, height: 1000 } },
      );
      await stopClock(context);
      await page.goto(address('/a?x=1'));
      await received(1);
      const kept = await record();
      await page.clock.runFor(7000);
      await page.evaluate(() => scrollTo(0, 1000));
      await page.goto('about:blank');
      const ping = (await received(2)).find(({ k }) => k === 'p') as Record<string, string>;
      expect(ping).toMatchObject({ u: address('/a?x=1'), x: '7', z: '7', y: '50' });
      expect(RECORD_FIELDS.filter((name) => name in ping)).toEqual([]);
      expect(hits()[1]?.method).toBe('POST');
      expect(await record()).toBe(kept);
    });

    it('reports only what is new, and not time without activity', async () => {
      const { page, address, received, context } = await visitor({ body: LONG });
      await stopClock(context);
      await page.goto(address('/a'));
      await received(1);
      const hidden = (value: boolean) =>
        page.evaluate((value) => {
          Object.defineProperty(document, 'hidden', { value, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }, value);
      await page.clock.runFor(3000);
      await hidden(true);
      await page.clock.runFor(60_000);
      await hidden(false);
      await page.clock.runFor(300_000);
      await hidden(true);
      await hidden(true);
      await page.goto('about:blank');
      const pings = (await received(3)).filter(({ k }) => k === 'p');
      expect(pings.map(({ x, z }) => [x, z])).toEqual([
        ['3', '3'],
        ['33', '363'],
      ]);
      expect(pings[0]).not.toHaveProperty('o');
      expect(pings[1]).toMatchObject({ o: '3', d: pings[0]?.y, y: pings[0]?.y });
    });

    it('of a view ends where the next one in the page begins', async () => {
      const { page, address, received, context } = await visitor({ body: LONG });
      await stopClock(context);
      await page.goto(address('/a'));
      await received(1);
      await page.clock.runFor(5000);
      await page.evaluate(() => history.pushState(null, '', 'b'));
      await page.clock.runFor(2000);
      await received(3); // these two seconds belong to no view: the second one is still on its way
      await page.goto('about:blank');
      const pings = (await received(4)).filter(({ k }) => k === 'p');
      expect(pings.map(({ u, x }) => [u, x])).toEqual([
        [address('/a'), '5'],
        [address('/b'), '2'],
      ]);
    });
  });

  describe('a page that is broken itself', () => {
    const broken: Array<[what: string, script: string, record: boolean]> = [
      ['history.pushState is gone', 'history.pushState = undefined', true],
      ['history is frozen', 'Object.freeze(history); Object.freeze(History.prototype)', true],
      [
        'local storage throws',
        'Object.defineProperty(window, "localStorage", { get() { throw new Error("no storage") } })',
        true,
      ],
      ['local storage holds something else', 'localStorage.getItem = () => "{"; Storage.prototype.getItem = () => "{"', true],
      [
        'cookies throw',
        'Object.defineProperty(document, "cookie", { get() { throw new Error("no") }, set() { throw new Error("no") } })',
        false,
      ],
      ['cookies are refused', 'Object.defineProperty(document, "cookie", { get: () => "", set() {} })', false],
      ['locks are refused', 'navigator.locks.request = () => Promise.reject(new Error("no"))', true],
      ['there are no locks', 'Object.defineProperty(navigator, "locks", { value: undefined })', true],
      ['an element is called hitherto', 'document.write("<i id=hitherto></i>")', true],
    ];
    it.each(broken)('is counted anyway: %s', async (_, script, record) => {
      const one = await visitor({ before: `<script>${script}</script>` });
      await one.page.goto(one.address('/a'));
      const [view] = await one.received(1);
      expect(view).toMatchObject({ u: one.address('/a') });
      expect(view?.n !== undefined).toBe(record);
      await one.page.evaluate(() => {
        location.hash = '#x';
        try {
          history.replaceState(null, '', 'b');
        } catch {}
      });
      await call(one.page, 'event', 'done');
      await until(() => one.hits().some(({ fields }) => fields.k === 'e'));
    });

    it('is not disturbed by a fetch that throws, or by nonsense', async () => {
      const one = await visitor({ before: '<script>window.fetch = () => { throw new Error("no fetch") }</script>' });
      await one.page.goto(one.address('/a'));
      await call(one.page, 'view', 'http://[');
      await call(one.page, 'nonsense');
      await call(one.page);
      await call(one.page, 'event');
      await call(one.page, 'event', '\ud800', 7);
      expect((await one.received(1))[0]).toMatchObject({ k: 'e', en: '\ufffd', ep: '7' });
      expect(await one.record()).toBeUndefined();
    });
  });
});
