// The whole path in a real browser: a page with the snippet, the running service, and the numbers read back through
// the API.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { until } from '../fixtures/until.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

// Requests that a page sends while it is left ignore the user agent of its context, so the whole browser has it.
const browser = await launchChromium(['--host-resolver-rules=MAP *.test 127.0.0.1', `--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());

(browser === undefined ? describe.skip : describe)('a page in a browser', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'hitherto-'));
  let service: ChildProcess;
  let pages: Server;
  let stats = '';
  let token = '';
  /** What the pages have at the end of their head, by path. */
  const heads = new Map<string, string>();

  beforeAll(async () => {
    service = spawn(process.execPath, [MAIN], {
      env: { ...process.env, MONGODB_URI: '', REDIS_URL: '', DATA_DIR: dataDir, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const greeting = await new Promise<string>((resolve) => {
      let text = '';
      service.stdout?.on('data', (chunk) => {
        text += chunk;
        if (text.includes('</script>')) resolve(text);
      });
    });
    stats = /running at (\S+)/.exec(greeting)?.[1] as string;
    pages = createServer((req, res) => {
      const path = new URL(req.url as string, 'http://x').pathname;
      const [, site] = path.split('/');
      const body = `<!doctype html><title>Title of ${path}</title>${heads.get(`/${site}`) ?? ''}<p>Text</p>`;
      res.writeHead(200, { 'Content-Type': 'text/html' }).end(body);
    }).listen(0, '127.0.0.1');

    // the first run, as its owner would do it
    const setup = /(http:\S+\/setup\/\S+)/.exec(greeting)?.[1] as string;
    const page = await (browser as NonNullable<typeof browser>).newPage();
    await page.goto(setup);
    await page.fill('[name=name]', 'Anna');
    await page.fill('[name=email]', 'anna@example.com');
    await page.fill('[name=password]', 'correct horse battery');
    await page.fill('[name=id]', 'first');
    await page.fill('[name=title]', 'The first site');
    await page.fill('[name=hosts]', '127.0.0.1 *.test');
    await page.click('button');
    expect(await page.locator('textarea').first().inputValue()).toBe(
      `<script defer src="${stats}/track.js" data-site="first"></script>`,
    );
    expect((await fetch(setup)).status).toBe(404);
    await page.goto(`${stats}/sites/first/settings`);
    await page.fill('[name=tokenTitle]', 'test');
    await page.click('text=Create token');
    token = await page.inputValue('textarea[aria-label=Token]');
    await page.goto(`${stats}/sites/first`);
    expect(await page.textContent('body')).toMatch(/waiting for the first view/i);
    await page.close();
  });

  afterAll(async () => {
    await browser?.close();
    const ended = new Promise((resolve) => service.once('exit', resolve));
    service.kill();
    expect(await ended).toBe(0);
    pages.close();
    rmSync(dataDir, { recursive: true });
  });

  const report = async (name: string, query = 'period=today') => {
    const answer = await fetch(`${stats}/api/v1/sites/first/${name}?${query}`, { headers: { Authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    // biome-ignore lint/suspicious/noExplicitAny: the answers of every collection
    return (await answer.json()) as any;
  };

  const viewsOf = async (path: string): Promise<number> => {
    const { rows } = await report('content', `period=today&search=${encodeURIComponent(path)}`);
    return rows.find((row: { key: string }) => row.key === path)?.views ?? 0;
  };

  /** Waits until a number is as expected, and a little longer, so that a surplus hit would be noticed. */
  const becomes = async (expected: number, count: () => Promise<number>) => {
    await until(async () => (await count()) === expected);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await count()).toBe(expected);
  };

  const visitor = async (): Promise<BrowserContext> => (browser as NonNullable<typeof browser>).newContext({ userAgent: AGENT });
  const signIn = async (owner: Page): Promise<void> => {
    await owner.goto(`${stats}/`);
    await owner.click('summary:has-text("Sign in with a token")');
    await owner.fill('[name=token]', token);
    await owner.click('text=Sign in with the token');
    await owner.waitForURL(/\/sites/);
    await owner.goto(`${stats}/sites/first`);
  };
  const address = (path: string, host = '127.0.0.1') => `http://${host}:${(pages.address() as AddressInfo).port}${path}`;
  const snippet = (attributes = '') => `<script defer src="${stats}/track.js" data-site="first" ${attributes}></script>`;

  it('with the snippet is counted within a second, with its title, its browser and its visitor', async () => {
    heads.set('/plain', snippet());
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(address('/plain/a'));
    await becomes(1, () => viewsOf('/plain/a'));
    await page.goto(address('/plain/b'));
    await becomes(1, () => viewsOf('/plain/b'));
    const { rows } = await report('content', 'period=today&search=/plain/a');
    expect(rows[0].title).toBe('Title of /plain/a');
    expect((await report('technology')).browsers[0].key).toMatch(/^chrom(e|ium)$/);
    // two views of one browser are one visitor, a new one
    expect((await report('visitors')).total).toMatchObject({ visitors: 1, new: 1, returning: 0 });
    await context.close();
  });

  it('of one application counts each route once', async () => {
    heads.set('/spa', snippet());
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(address('/spa/start'));
    await becomes(1, () => viewsOf('/spa/start'));
    await page.evaluate("history.pushState({}, '', '/spa/second')");
    await becomes(1, () => viewsOf('/spa/second'));
    await page.evaluate('history.back()');
    await becomes(2, () => viewsOf('/spa/start'));
    await context.close();
  });

  it('with storage switched off is counted and stores nothing', async () => {
    heads.set('/off', snippet('data-storage="none"'));
    const before = (await report('visitors')).total;
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(address('/off/a'));
    await becomes(1, () => viewsOf('/off/a'));
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate('localStorage.length')).toBe(0);
    // still a visitor, by the day's hash, and neither new nor returning
    const after = (await report('visitors')).total;
    expect(after).toMatchObject({ visitors: before.visitors + 1, new: before.new, returning: before.returning });
    await context.close();
  });

  it('with the plain pixel is counted by its Referer', async () => {
    heads.set('/pixel', `<img src="${stats}/a.gif?s=first&i=1" referrerpolicy="no-referrer-when-downgrade" alt="">`);
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(address('/pixel/a'));
    await becomes(1, () => viewsOf('/pixel/a'));
    await context.close();
  });

  it('counts nothing in a browser that says it is automated', async () => {
    heads.set('/bot', snippet());
    const before = (await report('refusals')).total.refused;
    const context = await (browser as NonNullable<typeof browser>).newContext({
      userAgent: AGENT.replace('Chrome/', 'HeadlessChrome/'),
    });
    const page = await context.newPage();
    await page.goto(address('/bot/a'));
    await becomes(before + 1, async () => (await report('refusals')).total.refused);
    expect(await viewsOf('/bot/a')).toBe(0);
    await context.close();
  });

  it("shows on the owner's page by itself", async () => {
    heads.set('/live', snippet());
    const owner = await (browser as NonNullable<typeof browser>).newPage();
    const errors: string[] = [];
    owner.on('pageerror', (error) => errors.push(error.message));
    owner.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await signIn(owner);
    const { views } = (await report('traffic')).total;
    await owner.getByText(String(views), { exact: true }).first().waitFor();
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(address('/live/a'));
    await owner
      .getByText(String(views + 1), { exact: true })
      .first()
      .waitFor();
    await owner.locator('#just-now-rows li', { hasText: '/live/a' }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
    await owner.close();
  });

  it("shows its visits, its reading times and its next pages on the owner's page", async () => {
    heads.set('/read', snippet());
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(address('/read/a'));
    await becomes(1, () => viewsOf('/read/a')); // a page that is left at once may be left before its view is sent
    await page.goto(address('/read/b'));
    await becomes(1, () => viewsOf('/read/b'));
    const readOf = async () => (await report('engagement')).rows.find(({ key }: { key: string }) => key === '/read/a')?.known;
    await becomes(1, readOf);

    const owner = await (browser as NonNullable<typeof browser>).newPage();
    const errors: string[] = [];
    const asked: string[] = [];
    owner.on('pageerror', (error) => errors.push(error.message));
    owner.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    owner.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await signIn(owner);
    const shows = (selector: string, text: string | RegExp) =>
      owner.locator(selector, { hasText: text }).first().waitFor({ timeout: 15_000 });

    const { visits, bounceRate } = (await report('visits')).total;
    await shows('#visits', new RegExp(`^${visits}$`));
    await shows('#bounce-rate', `${Math.round(100 * bounceRate)}%`);
    await shows('#reading-time', /\ds$/);
    await shows('#online', /^[1-9]/);
    expect(await owner.locator('#visitors-before').textContent()).toBe(''); // the site did not exist yesterday
    await shows('.retention .size', /[1-9]/); // before it is in view
    // The cohorts of the year are loaded again only while they are in view.
    const readsRetention = () => asked.filter((path) => path.endsWith('/retention')).length;
    const reads = readsRetention();

    await owner.getByRole('button', { name: '5 minutes' }).click();
    expect(await owner.locator('#chart-table caption').textContent()).toMatch(/by five minutes/);
    await owner.getByRole('button', { name: 'Entry pages' }).click();
    await shows('.list .columns', 'bounce rate');
    await owner.getByRole('button', { name: 'Number of visits' }).click();
    await shows('.list li', 'Visits 3–5');

    expect(readsRetention()).toBe(reads);
    await owner.locator('.retention').scrollIntoViewIfNeeded();
    await shows('.grid td.size', /[1-9]/);

    await owner.getByRole('button', { name: 'Pages', exact: true }).first().click();
    await owner.locator('.rows a', { hasText: '/read/a' }).first().click();
    await shows('.panel .facts', /Views1/);
    await shows('.panel .rows', '/read/b');
    const tabs = 'tab-chart=fiveMinutes&tab-visitors=loyalty';
    expect(new URL(owner.url()).hash).toBe(`#${tabs}&page=/read/a`);
    await owner.keyboard.press('y');
    await shows('.panel', 'kept by the day for three months');
    await owner.keyboard.press('Escape');
    await owner.locator('.panel').waitFor({ state: 'hidden' });
    await owner.waitForURL(`**/*#year&${tabs}`); // a dialog reports with a delay that it is closed
    await owner.locator('#show-year[aria-pressed=true]').waitFor();
    expect(await owner.locator('#views-before').textContent()).toBe('');
    expect(errors).toEqual([]);
    await context.close();
    await owner.close();
  });
});
