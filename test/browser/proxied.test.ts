// The service behind real proxies, at the root of a host and below a path, as its owner and a visitor see it in a
// real browser.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { type Environment, prepare, startAnywhere, temporaryFolder } from '../end-to-end/running.js';
import { freePort } from '../fixtures/free-port.js';
import { makeCertificate, missing, recipesOf, startCaddy, startNginx } from '../fixtures/web-proxies.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';

const STATS = 'stats.example.com';
const SHARED = 'example.com';
const SERVICE = '127.0.0.1:8000';

const browser = await launchChromium([
  `--host-resolver-rules=MAP *.example.com 127.0.0.1, MAP ${SHARED} 127.0.0.1`,
  `--user-agent=${AGENT}`,
]);
if (browser === undefined) console.warn(whyNoChromium());

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});
afterAll(() => browser?.close());

/** The measured site: every page of it carries the snippet that the service gave. */
let garden: Server;
let snippet = '';
beforeAll(() => {
  garden = createServer((_req, res) => {
    res
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(`<!doctype html><title>Roses</title><link rel="icon" href="data:,">${snippet}<p>Roses`);
  }).listen(0, '127.0.0.1');
});
afterAll(() => void garden.close());

interface Case {
  readonly proxy: 'nginx' | 'caddy';
  readonly recipe: string;
  readonly host: string;
  readonly path: string;
  readonly onSocket?: true;
  readonly env?: (publicUrl: string) => Environment;
}

const [nginx, caddy] = missing.length === 0 ? [recipesOf('nginx'), recipesOf('caddy')] : [];
const root = { host: STATS, path: '' };
const below = { host: SHARED, path: '/stats' };

function changed(recipe: string | undefined, from: string, to: string): string {
  if (recipe !== undefined && !recipe.includes(from)) throw new Error(`no ${from} in ${recipe}`);
  return recipe?.replace(from, to) ?? '';
}

const CASES: Array<[string, Case]> = [
  ['Caddy at the root of a host', { proxy: 'caddy', recipe: caddy?.root ?? '', ...root }],
  ['nginx at the root of a host', { proxy: 'nginx', recipe: nginx?.root ?? '', ...root }],
  ['Caddy below a path', { proxy: 'caddy', recipe: caddy?.path ?? '', ...below }],
  ['nginx below a path', { proxy: 'nginx', recipe: nginx?.path ?? '', ...below }],
  ['Caddy that takes the path off', { proxy: 'caddy', recipe: changed(caddy?.path, 'handle ', 'handle_path '), ...below }],
  ['nginx that takes the path off', { proxy: 'nginx', recipe: changed(nginx?.path, `${SERVICE};`, `${SERVICE}/;`), ...below }],
  ['Caddy through a Unix socket', { proxy: 'caddy', recipe: caddy?.path ?? '', ...below, onSocket: true }],
  ['nginx through a Unix socket', { proxy: 'nginx', recipe: nginx?.path ?? '', ...below, onSocket: true }],
  ['nginx that replaces Host', { proxy: 'nginx', recipe: changed(nginx?.root, 'proxy_set_header Host $host;', ''), ...root }],
];

interface Deployed {
  readonly publicUrl: string;
  readonly stdout: () => string;
  readonly dataDir: string;
}

/** The proxy and the service behind it; both end with the test. */
async function deploy({ proxy, recipe, host, path, onSocket, env = () => ({}) }: Case): Promise<Deployed> {
  const folder = temporaryFolder();
  cleanUp.push(folder.remove);
  chmodSync(folder.path, 0o711); // nginx has another user
  const [port, servicePort] = [await freePort(), await freePort()];
  makeCertificate(folder.path, [STATS, SHARED]);
  const publicUrl = `https://${host}:${port}${path}`;
  const dataDir = join(folder.path, 'data');
  const socket = join(folder.path, 'run', 'hitherto.sock');
  if (onSocket) {
    // as the documentation says
    mkdirSync(join(folder.path, 'run'));
    const group = process.getuid?.() === 0 ? 'www-data' : String(process.getgid?.());
    expect(spawnSync('sh', ['-c', `chgrp ${group} '${folder.path}/run' && chmod 2750 '${folder.path}/run'`]).status).toBe(0);
  }
  const listening = onSocket
    ? { HOST: `unix:${socket}`, TRUST_PROXY: 'unix' }
    : { PORT: String(servicePort), TRUST_PROXY: '127.0.0.1' };
  const service = await startAnywhere(dataDir, { PUBLIC_URL: publicUrl, ...listening, ...env(publicUrl) });
  cleanUp.push(() => service.kill9());
  const upstream = onSocket ? { nginx: `unix:${socket}:`, caddy: `unix/${socket}` }[proxy] : `127.0.0.1:${servicePort}`;
  const setting = { folder: folder.path, port, host, recipe: recipe.replace(SERVICE, upstream.replace(/:$/, '')) };
  const started = await (proxy === 'nginx' ? startNginx(setting) : startCaddy(setting));
  cleanUp.push(() => started.stop());
  return { publicUrl, stdout: service.stdout, dataDir };
}

async function newContext(): Promise<BrowserContext> {
  const context = await (browser as NonNullable<typeof browser>).newContext({ ignoreHTTPSErrors: true });
  cleanUp.push(() => context.close());
  return context;
}

/** A page that records each answer that failed. */
async function newPage(context: BrowserContext): Promise<{ page: Page; bad: string[] }> {
  const page = await context.newPage();
  const bad: string[] = [];
  page.on('response', (response) => response.status() >= 400 && bad.push(`${response.status()} ${response.url()}`));
  page.on('requestfailed', (request) => {
    const { errorText = '' } = request.failure() ?? {};
    if (errorText !== 'net::ERR_ABORTED') bad.push(`${errorText} ${request.url()}`); // what was open as the page was left
  });
  page.on('console', (message) => message.type() === 'error' && bad.push(message.text()));
  return { page, bad };
}

/** As text: the API of the service, requested by the browser. */
const api = (page: Page, url: string, token: string) =>
  page.evaluate(
    async ([at, secret]) => {
      const answer = await fetch(at as string, { headers: { Authorization: `Bearer ${secret}` } });
      return { status: answer.status, body: await answer.json() };
    },
    [url, token],
  );

const runs = browser === undefined || missing.length > 0 ? describe.skip : describe;

runs('behind', () => {
  it.each(CASES)('%s everything works: set-up, pages, forms, tracker, live numbers, API', async (_what, deployment) => {
    const { publicUrl, stdout, dataDir } = await deploy(deployment);
    const setup = /^ {2}(https:\S+\/setup\/\S+)$/m.exec(stdout())?.[1] as string;
    expect(setup.startsWith(`${publicUrl}/setup/`)).toBe(true);
    const context = await newContext();
    const { page, bad } = await newPage(context);

    await page.goto(setup);
    await page.fill('[name=name]', 'Anna');
    await page.fill('[name=email]', 'anna@example.com');
    await page.fill('[name=password]', 'correct horse battery');
    await page.fill('[name=title]', 'Garden');
    await page.click('main button');
    snippet = await page.locator('textarea').first().inputValue();
    expect(snippet).toBe(`<script defer src="${publicUrl}/track.js" data-site="garden"></script>`);

    await page.click('a.main-button');
    await page.waitForURL(`${publicUrl}/sites/garden`);
    await page.waitForSelector('#waiting:not([hidden])');
    const visitor = await newPage(await newContext());
    const views = (number: string) => page.waitForFunction((n) => document.getElementById('views')?.textContent === n, number);
    for (const number of ['1', '2']) {
      await visitor.page.goto(`http://garden.example.com:${(garden.address() as AddressInfo).port}/roses/${number}`);
      await views(number); // without a reload
    }
    await page.waitForSelector('#just-now-rows time'); // only the live stream brings these
    expect(await page.textContent('#state')).toBe('Live');
    expect(visitor.bad).toEqual([]);

    expect(bad).toEqual([]);
    await page.click('text=Sign out');
    await page.waitForURL(`${publicUrl}/`);
    bad.length = 0; // the page that was left may still have asked for its numbers
    await page.fill('[name=email]', 'anna@example.com');
    await page.fill('[name=password]', 'correct horse battery');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(`${publicUrl}/sites/garden`);
    await page.click('text=Settings');
    await page.fill('[name=tokenTitle]', 'for a program');
    await page.click('text=Create token');
    const token = await page.inputValue('textarea[aria-label=Token]');
    const cookie = (await context.cookies(publicUrl)).find(({ name }) => name === 'hitherto');
    expect(cookie).toMatchObject({ path: deployment.path || '/', secure: true });

    await prepare(dataDir, [{ id: 'moon', title: 'Moon' }]);
    await page.click('a.brand');
    for (let tries = 0; tries < 50 && (await page.locator('a.site-link').count()) < 2; tries++) await page.goto(`${publicUrl}/`);
    await page.locator('.sites-table .value').first().waitFor(); // the script has replaced the list of names
    await page.click('text=Moon');
    await page.waitForURL(`${publicUrl}/sites/moon`);
    await page.selectOption('#switcher', 'garden');
    await page.waitForURL(`${publicUrl}/sites/garden`);
    await views('2');
    await page.locator('#lists .rows a.name', { hasText: '/roses/1' }).first().click();
    await page.locator('.panel[open] .facts').waitFor();

    const { body } = await api(page, `${publicUrl}/api/v1/openapi.json`, token);
    expect((body as { servers: unknown }).servers).toEqual([{ url: publicUrl }]);
    expect(await api(page, `${publicUrl}/api/v1/sites/garden/traffic`, token)).toMatchObject({
      status: 200,
      body: { total: { views: 2 } },
    });
    expect(await api(page, `${publicUrl}/health/ready`, token)).toEqual({ status: 200, body: { status: 'ok' } });
    expect(bad).toEqual([]);

    await page.goto(`${publicUrl}/nowhere`);
    expect(bad.splice(0)).toEqual([expect.stringMatching(/^404 /), expect.stringContaining('404')]);
    await page.click('text=Go to the start page');
    await page.waitForURL(`${publicUrl}/`);
    if (deployment.path !== '') {
      await page.goto(publicUrl); // without the slash
      expect(await page.locator('a.site-link').count()).toBe(2);
    }
    expect(bad).toEqual([]);
  });
});

runs('behind a proxy that replaces Host, without a PUBLIC_URL', () => {
  const replacing = changed(nginx?.root, 'proxy_set_header Host $host;', '');

  async function signIn(
    recipe: string,
    env: (publicUrl: string) => Environment,
    scheme: string,
  ): Promise<{ page: Page; url: string }> {
    const { publicUrl, dataDir } = await deploy({ proxy: 'nginx', recipe, ...root, env });
    const token = await prepare(dataDir, [{ id: 'garden' }]);
    const { page } = await newPage(await newContext());
    const url = publicUrl.replace('https:', scheme);
    await page.goto(`${url}/`);
    await page.click('summary:has-text("Sign in with a token")');
    await page.fill('[name=token]', token);
    await page.click('text=Sign in with the token');
    return { page, url };
  }

  it('signing in works by https, where browsers say that the form is our own', async () => {
    const { page, url } = await signIn(replacing, () => ({ PUBLIC_URL: '' }), 'https:');
    await page.waitForURL(`${url}/sites/garden`);
  });

  it('signing in without TLS says exactly what to set, and works then', async () => {
    const plain = changed(replacing, 'listen 443 ssl;', 'listen 443;');
    const { page, url } = await signIn(plain, () => ({ PUBLIC_URL: '' }), 'http:');
    const wanted = /set (PUBLIC_URL)=(\S+) and restart/.exec((await page.textContent('main')) ?? '');
    expect(wanted?.slice(1)).toEqual(['PUBLIC_URL', url]);
    const again = await signIn(plain, (publicUrl) => ({ PUBLIC_URL: publicUrl.replace('https:', 'http:') }), 'http:');
    await again.page.waitForURL(`${again.url}/sites/garden`);
  });
});
