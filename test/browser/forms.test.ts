// The pages with forms in a real browser, of a real service: that anybody can use them, and that no text in them becomes
// markup.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { TOTP } from 'otpauth';
import type { BrowserContextOptions, ConsoleMessage, Page, Response } from 'playwright-core';
import { type Environment, testbed } from '../end-to-end/running.js';
import { freePort } from '../fixtures/free-port.js';
import { CLIENT, startIssuer } from '../fixtures/issuer.js';
import { obstacles } from './axe.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';

const EVIL = `"><img src=x onerror="window.wasRun=1">'`;
const PASSWORD = 'correct horse battery';

const browser = await launchChromium();
if (browser === undefined) console.warn(whyNoChromium());
afterAll(() => browser?.close());

const { newFolder, running, cleanUp } = testbed();

/** A service with a person and a site, whose names are hostile, and a page of that person. */
async function setUp(options: BrowserContextOptions, env: Environment = {}) {
  const service = await running(newFolder(), env);
  const context = await (browser as NonNullable<typeof browser>).newContext({ bypassCSP: true, ...options });
  cleanUp.push(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  const go = (path: string) => page.goto((env.PUBLIC_URL ?? service.url) + path);
  await go(/\/setup\/[\w-]+/.exec(service.stdout())?.[0] as string);
  return { page, go, errors };
}

async function fillSetup(page: Page): Promise<void> {
  await page.fill('#name', EVIL);
  await page.fill('#email', 'anna@example.com');
  await page.fill('#password', PASSWORD);
  await page.fill('#title', EVIL);
  await page.fill('#id', 'garden');
  await page.click('.main-button');
  await page.getByRole('heading', { name: 'is ready' }).waitFor();
}

/** What keeps people from using a share with some reports, which shows no other card and asks for nothing else. */
async function limitedShare(page: Page, go: (path: string) => Promise<unknown>): Promise<string[]> {
  await go('/sites/garden/settings');
  await page.fill('#shareTitle', 'limited');
  await page.click('text=Choose some');
  for (const box of await page.locator('input[name^="report."]').all()) await box.uncheck();
  await page.check('input[name="report.referrers"]');
  await page.check('input[name="report.content"]');
  await page.click('form[action$=shares] .main-button');
  const link = await page.inputValue('textarea[aria-label=Link]');
  const problems: string[] = [];
  const asked = new Set<string>();
  const onAnswer = (answer: Response) => {
    if (answer.status() >= 400) problems.push(`${answer.status()} ${answer.url()}`);
    for (const report of new URL(answer.url()).searchParams.get('reports')?.split(',') ?? []) asked.add(report);
  };
  const onText = (text: ConsoleMessage) => text.type() === 'error' && problems.push(text.text());
  page.on('response', onAnswer).on('console', onText);
  await page.goto(`${link}#page=/`);
  await page.waitForLoadState('networkidle');
  const titles = await page.locator('#page .card:visible h2').allTextContents();
  expect(titles.filter((title) => title !== 'Numbers')).toEqual(['Pages', 'Referrers']);
  expect(await page.locator('.number .label').allTextContents()).toEqual(['Views', 'Visitors']);
  expect(await page.textContent('#state')).toContain('15');
  expect(await page.locator('dialog[open]').count()).toBe(0);
  const csv = await page.evaluate(async () => {
    const { headers } = await fetch((document.querySelector('a.csv') as HTMLAnchorElement).href);
    return headers.get('content-type');
  });
  expect(csv).toContain('text/csv');
  await page.goto(`${link}#list=content.rows`);
  await page.getByRole('dialog', { name: 'Pages' }).waitFor();
  await page.keyboard.press('Escape');
  await limitedWall(page);
  expect([...asked].filter((report) => !['traffic', 'content', 'referrers'].includes(report))).toEqual([]);
  page.off('response', onAnswer).off('console', onText);
  return [...problems, ...(await obstacles(page))];
}

/** By key and by address. It has neither who is online nor what the live stream says. */
async function limitedWall(page: Page): Promise<void> {
  const wall = page.locator('#wall');
  const shown = async () => {
    await wall.locator('.visitors .value', { hasText: '0' }).waitFor();
    expect(await wall.locator('.number .label').allTextContents()).toEqual([
      expect.stringMatching(/^Views/),
      expect.stringMatching(/^Visitors/),
    ]);
    expect(await wall.locator('.wall-parts').count()).toBe(0);
  };
  await page.goto(page.url().replace(/#.*/, '#7d'));
  await page.keyboard.press('v');
  await shown();
  expect(page.url()).toContain('#7d&wall');
  await page.reload();
  await shown();
  await page.keyboard.press('Escape');
  await wall.waitFor({ state: 'detached' });
}

const PAGES = [
  ...[
    '/?all',
    '/sites/garden',
    '/sites/garden#from=2026-11-01&to=2026-11-20',
    '/sites/garden/settings',
    '/sites/garden/installation',
    '/sites/garden/delete',
    '/new-site',
    '/people',
    '/account',
    '/teams',
  ],
  '/account/two-step',
];

const runs = browser === undefined ? describe.skip : describe;
runs.each<[string, BrowserContextOptions]>([
  ['a light wide screen', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['a dark phone', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
])('on %s', (_, options) => {
  it('every page can be used by everybody, fits, and shows names as text', async () => {
    const { page, go, errors } = await setUp(options);
    const found: Record<string, readonly string[]> = { setup: await obstacles(page) };
    await fillSetup(page);
    found.ready = await obstacles(page);

    await go('/sites/garden/settings');
    await page.fill('#tokenTitle', EVIL);
    await page.click('text=Create token');
    await page.fill('#shareTitle', EVIL);
    await page.click('form[action$=shares] .main-button');
    const shared = await page.inputValue('textarea[aria-label=Link]');
    await page.getByRole('button', { name: 'Copy: Link' }).press('Enter');
    await page.locator('.copyable [role=status]', { hasText: 'Copied' }).waitFor({ state: 'attached' });
    await page.focus('#shareTitle');
    await page.keyboard.press('ControlOrMeta+v');
    expect(await page.inputValue('#shareTitle')).toContain(shared.slice(0, 20));
    await page.fill('form[action$=members] #email', 'bob@example.com');
    await page.click('form[action$=members] .main-button');
    const invitation = await page.inputValue('textarea[aria-label=Link]');
    found.created = await obstacles(page);
    await go('/teams');
    await page.fill('#name', EVIL);
    await page.click('text=Create team');
    const team = new URL(page.url()).pathname;
    await page.selectOption('#site', 'garden');
    await page.click('text=Add to the team');
    await page.fill('form[action*="/teams/"] #email', 'carl@example.com');
    await page.click('form[action*="/teams/"] .main-button[value=invite]');
    found.invitedToTeam = await obstacles(page);
    const toTeam = await page.inputValue('textarea[aria-label=Link]');
    await go('/sites/garden/settings');
    await page.fill('#hosts', `${EVIL}/`);
    await page.click('text=Save settings');
    found.mistakes = await obstacles(page);

    for (const path of [...PAGES, team]) {
      await go(path);
      await page.waitForLoadState('networkidle');
      found[path] = await obstacles(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect({ path, tooWide: Math.max(0, width) }).toEqual({ path, tooWide: 0 });
      const buttons = await page.locator('.main-button').evaluateAll((all) => all.map((one) => (one as HTMLElement).offsetWidth));
      expect({ path, bars: buttons.filter((width) => width > 340) }).toEqual({ path, bars: [] });
      expect(await page.evaluate(() => 'wasRun' in window)).toBe(false);
    }
    await go('/sites/garden');
    await page.locator('.state.is-live').waitFor(); // its script listens for keys
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    found.keys = await obstacles(page);
    await page.goto(shared);
    found.shared = await obstacles(page);
    found.limited = await limitedShare(page, go);
    await page.click('text=Hitherto');
    await page.context().clearCookies();
    await page.goto(invitation);
    found.invitation = await obstacles(page);
    expect(await page.textContent('main')).toContain(EVIL);
    await page.goto(toTeam);
    found.invitationToTeam = await obstacles(page);
    expect(await page.textContent('main')).toContain(`join the team ${EVIL}`);
    await go('/');
    found.signIn = await obstacles(page);
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    expect(errors).toEqual([]);
    expect(await page.evaluate(() => 'wasRun' in window)).toBe(false);
  });
});

runs('two-step sign-in', () => {
  it('is set up, used with a recovery code, and switched off on pages that can be used by everybody', async () => {
    const { page, go } = await setUp({ viewport: { width: 360, height: 740 } });
    await fillSetup(page);
    const found: Record<string, readonly string[]> = {};
    await go('/account');
    await page.click('text=Set up two-step sign-in');
    const code = new TOTP({ secret: await page.inputValue('[name=secret]') }).generate();
    await page.fill('#code', code);
    await page.fill('#current', PASSWORD);
    await page.click('text=Switch on');
    const recovery = (await page.inputValue('textarea')).split('\n')[0] as string;
    found.recovery = await obstacles(page);
    await page.click('text=I have kept them');
    for (const summary of await page.locator('summary').all()) await summary.click();
    found.account = await obstacles(page);
    await go('/people');
    found.people = await obstacles(page);

    await page.click('text=Sign out');
    await page.fill('#email', 'anna@example.com');
    await page.fill('#password', PASSWORD);
    await page.click('.main-button >> nth=0');
    await page.getByRole('heading', { name: 'Enter your code' }).waitFor();
    await page.reload();
    found.code = await obstacles(page);
    await page.fill('#code', code);
    await page.keyboard.press('Enter');
    await page.locator('#code-problem').waitFor(); // it was used
    await page.click('text=No access to the app?');
    found.mistake = await obstacles(page);
    await page.fill('#recovery', recovery);
    await page.click('text=Sign in with the recovery code');
    await page.waitForURL(/\/sites\/garden$/);

    await go('/account');
    await page.click('text=Switch it off');
    await page.fill('#offPassword', PASSWORD);
    await page.click('text=Switch off two-step sign-in');
    await page.locator('.notice').waitFor();
    found.off = await obstacles(page);
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
  });
});

runs('passkeys', () => {
  it('are added, used instead of a password and a code, and removed on pages that can be used by everybody', async () => {
    const port = await freePort();
    const [PUBLIC_URL, PORT] = [`http://localhost:${port}`, String(port)];
    const options = { viewport: { width: 360, height: 740 }, bypassCSP: false };
    const { page, go, errors } = await setUp(options, { PUBLIC_URL, PORT });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
        automaticPresenceSimulation: true,
      },
    });
    const verify = (isUserVerified: boolean) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    await fillSetup(page);
    const found: Record<string, readonly string[]> = {};

    await go('/account');
    const card = page.locator('.passkeys');
    await card.getByText('Add a passkey …').click();
    const adding = async (password: string) => {
      await page.fill('#passkeyPassword', password);
      await card.getByRole('button', { name: 'Add a passkey' }).click();
    };
    await adding('not this one');
    await card.getByText('This is not your current password.').waitFor();
    found.mistake = await obstacles(page);
    await verify(false);
    await adding(PASSWORD);
    await card.getByText('It was cancelled, or it took too long.').waitFor();
    await verify(true);
    await adding(PASSWORD);
    await page.getByText('The passkey was added.').waitFor();
    await card.getByText('Add a passkey …').click();
    await adding(PASSWORD);
    await card.getByText('This device has a passkey for your account already.').waitFor();
    await card.getByText('Remove a passkey …').click();
    found.account = await obstacles(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await go('/people');
    found.people = await obstacles(page);

    await page.click('text=Sign out');
    const button = page.getByRole('button', { name: 'Sign in with a passkey' });
    await button.waitFor();
    found.signIn = await obstacles(page);
    await verify(false);
    await button.click();
    await page.getByRole('alert').getByText('It was cancelled').waitFor();
    found.cancelled = await obstacles(page);
    await verify(true);
    await button.click();
    await page.waitForURL(/\/sites\/garden$/);

    await go('/account');
    await card.getByText('Remove a passkey …').click();
    await page.fill('#removalPassword', PASSWORD);
    await card.getByRole('button', { name: 'Remove passkey' }).click();
    await page.getByText('The passkey was removed').waitFor();
    await page.click('text=Sign out');
    await button.click();
    await page.getByRole('alert').getByText('You could not be signed in with this passkey.').waitFor();
    found.removed = await obstacles(page);
    await page.goto(PUBLIC_URL.replace('localhost', '127.0.0.1'));
    expect(await button.isVisible()).toBe(false);

    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    expect([errors, await page.evaluate(() => 'wasRun' in window)]).toEqual([[], false]);
  });
});

runs('the owner of a new site', () => {
  it('sees on its first page why hits are not counted, and when they are', async () => {
    const service = await running(newFolder());
    const context = (options: BrowserContextOptions) => (browser as NonNullable<typeof browser>).newContext(options);
    const owner = await context({ viewport: { width: 360, height: 740 } }); // with the page's own Content Security Policy
    cleanUp.push(() => owner.close());
    const page = await owner.newPage();
    await page.goto(service.url + /\/setup\/[\w-]+/.exec(service.stdout())?.[0]);
    await page.fill('#hosts', 'localhost');
    await fillSetup(page);
    await page.getByText('Nothing has arrived yet').waitFor();
    const state = page.locator('#installation-state');

    const pages = createServer((_req, res) => {
      res.setHeader('Content-Type', 'text/html');
      res.end(`<!doctype html><title>Home</title><script defer src="${service.url}/track.js" data-site="garden"></script>`);
    });
    await new Promise<void>((resolve) => pages.listen(0, resolve));
    cleanUp.push(() => new Promise<void>((resolve) => pages.close(() => resolve())));
    const visit = async (host: string, userAgent: string) => {
      const visitor = await context({ userAgent });
      const { port } = pages.address() as AddressInfo;
      const visited = await visitor.newPage();
      await Promise.all([visited.waitForResponse(/a\.gif/), visited.goto(`http://${host}:${port}/`)]);
      await visitor.close();
    };
    await visit('localhost', AGENT.replace('Chrome/', 'HeadlessChrome/'));
    await state.getByText('× Bots').waitFor();
    await visit('127.0.0.1', AGENT);
    await state.getByText('The last one came from 127.0.0.1.').waitFor();
    expect(await state.textContent()).toContain('this site counts only pages on localhost.');
    await visit('localhost', AGENT);
    await state.getByText('Yes.').waitFor();
    await page.getByText('Content Security Policy').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});

runs('a provider on another site', () => {
  it('signs people in on pages that can be used by everybody, with the policies of the pages in force', async () => {
    const issuer = await startIssuer();
    cleanUp.push(issuer.close);
    issuer.moods.asks = true;
    issuer.state.user = { sub: 'anna', email: 'anna@example.com', email_verified: true };
    const port = await freePort();
    const [PUBLIC_URL, PORT] = [`http://localhost:${port}`, String(port)];
    const OIDC = { OIDC_ISSUER: issuer.url, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret };
    const options = { viewport: { width: 360, height: 740 }, bypassCSP: false };
    const { page, go, errors } = await setUp(options, { PUBLIC_URL, PORT, ...OIDC, OIDC_NAME: EVIL });
    await fillSetup(page);
    const found: Record<string, readonly string[]> = {};
    const throughProvider = async () => {
      await page.getByRole('link', { name: EVIL }).click();
      await page.click('text=Continue as');
    };
    await page.click('text=Sign out');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    found.signIn = await obstacles(page);
    await throughProvider();
    await page.getByRole('heading', { name: 'Link your account' }).waitFor();
    found.link = await obstacles(page);
    await page.fill('#linkPassword', 'not this one');
    await page.keyboard.press('Enter');
    await page.locator('#linkPassword-problem').waitFor();
    found.mistake = await obstacles(page);
    await page.fill('#linkPassword', PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/sites\/garden$/);

    await go('/account/two-step');
    const secret = await page.inputValue('[name=secret]');
    await page.fill('#code', new TOTP({ secret }).generate());
    await page.fill('#current', PASSWORD);
    await page.click('text=Switch on');
    const recovery = (await page.inputValue('textarea')).split('\n')[0] as string;
    await go('/account');
    found.account = await obstacles(page);
    await page.click('text=Sign out');
    await throughProvider();
    await page.getByRole('heading', { name: 'Enter your code' }).waitFor();
    await page.click('text=No access to the app?');
    await page.fill('#recovery', recovery);
    await page.click('text=Sign in with the recovery code');
    await page.waitForURL(/\/sites\/garden$/);

    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    expect([errors, await page.evaluate(() => 'wasRun' in window)]).toEqual([[], false]);
  });
});

runs('with the keyboard alone', () => {
  it('a person sets up, signs out and signs in again', async () => {
    const { page } = await setUp({});
    const { keyboard } = page;
    await page.focus('#name');
    await keyboard.type('Anna');
    for (const text of ['anna@example.com', PASSWORD, 'Garden']) {
      await keyboard.press('Tab');
      await keyboard.type(text);
    }
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Garden is ready' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).focus();
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.focus('#email');
    await keyboard.type('anna@example.com');
    await keyboard.press('Tab');
    await keyboard.type(PASSWORD);
    await keyboard.press('Enter');
    await page.waitForURL(/\/sites\/garden$/);
  });
});
