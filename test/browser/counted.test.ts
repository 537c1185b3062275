// The whole way in a real browser: a page with the snippet, the running service, and the numbers read back through the API.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { launchChromium, whyNoChromium } from './chromium.js';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

const browser = await launchChromium(['--host-resolver-rules=MAP *.test 127.0.0.1']);
if (browser === undefined) console.warn(whyNoChromium());

(browser === undefined ? describe.skip : describe)('a page in a browser', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'hitherto-'));
  let service: ChildProcess;
  let pages: Server;
  let stats = '';
  let token = '';
  /** What the pages carry before the end of their head, by path. */
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
    await page.fill('[name=id]', 'first');
    await page.fill('[name=title]', 'The first site');
    await page.click('button');
    token = await page.locator('input[value^=hit_]').inputValue();
    expect(await page.locator('textarea').first().inputValue()).toBe(
      `<script defer src="${stats}/track.js" data-site="first"></script>`,
    );
    expect((await fetch(setup)).status).toBe(404);
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

  /** Waits for a number to be what it should be; it stays so for a moment, so that one too many would be seen. */
  const becomes = async (expected: number, count: () => Promise<number>) => {
    const deadline = Date.now() + 5000;
    while ((await count()) !== expected && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await count()).toBe(expected);
  };

  const visitor = async (): Promise<BrowserContext> => (browser as NonNullable<typeof browser>).newContext({ userAgent: AGENT });
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

  it('with storage switched off is counted and keeps nothing', async () => {
    heads.set('/off', snippet('data-storage="none"'));
    const before = (await report('visitors')).total;
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(address('/off/a'));
    await becomes(1, () => viewsOf('/off/a'));
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate('localStorage.length')).toBe(0);
    // a visitor all the same, by the day's hash, and neither new nor returning
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
    await owner.goto(`${stats}/`);
    await owner.fill('[name=token]', token);
    await owner.click('button');
    await owner.goto(`${stats}/sites/first`);
    const { views } = (await report('traffic')).total;
    await owner.getByText(String(views), { exact: true }).first().waitFor();
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(address('/live/a'));
    await owner
      .getByText(String(views + 1), { exact: true })
      .first()
      .waitFor({ timeout: 5000 });
    await owner.locator('#just-now li', { hasText: '/live/a' }).waitFor({ timeout: 5000 });
    expect(errors).toEqual([]);
    await context.close();
    await owner.close();
  });
});
