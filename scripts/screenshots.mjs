#!/usr/bin/env node
// Takes the pictures in docs/screenshots: of the demo's pages in light, in dark and on a phone, in English and in German.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const QUALITY = 82;

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' },
    out: { type: 'string', default: join(ROOT, 'docs/screenshots') },
    format: { type: 'string', default: 'webp' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(`npm run screenshots -- [--data-dir folder] [--out docs/screenshots] [--format webp] [--only text]

Runs the demo, in a folder of its own or in one that npm run demo has filled, and takes pictures of its pages with the
Chromium at CHROMIUM_PATH or /usr/bin/chromium.

  --format   webp or png
  --only     only pictures with this text in their names, such as dark or site-de`);
  process.exit(0);
}

/** By their names: the size of the window, and what a browser asks for. */
const LOOKS = {
  light: { viewport: { width: 1280, height: 1000 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 1000 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 780 }, colorScheme: 'light', deviceScaleFactor: 2 },
};
const LANGUAGES = { en: 'en-GB', de: 'de-DE' };
/** By their names: what opens them. The demo has signed in, and `site` is its busiest site. */
const PAGES = {
  sites: (page, { address }) => page.goto(`${address}/?all`),
  site: (page, { address, site }) => page.goto(`${address}${site}#28d`),
  page: async (page, { address, site }) => {
    await page.goto(`${address}${site}#28d`);
    await page.locator('#lists .rows a.name').nth(1).click();
    await page.locator('dialog .facts').waitFor();
  },
  wall: async (page, { address, site }) => {
    await page.goto(`${address}${site}`);
    await page.locator('.state.is-live').first().waitFor();
    await page.keyboard.press('v');
  },
};

const folder = values['data-dir'] ?? mkdtempSync(join(tmpdir(), 'hitherto-screenshots-'));
const demo = await startDemo(folder);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--hide-scrollbars'],
});
try {
  mkdirSync(values.out, { recursive: true });
  const signedIn = await signIn(demo.link);
  for (const [language, locale] of Object.entries(LANGUAGES)) {
    for (const [look, options] of Object.entries(LOOKS)) {
      const context = await browser.newContext({ ...options, locale, storageState: signedIn.state });
      for (const [name, open] of Object.entries(PAGES)) {
        const file = `${name}-${language}-${look}.${values.format}`;
        if (!file.includes(values.only)) continue;
        const page = await context.newPage();
        await open(page, signedIn);
        await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
        await page.waitForTimeout(2_500); // until it is live, with some views of the last minutes
        writeFileSync(join(values.out, file), await picture(page));
        await page.close();
        console.log(file);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await demo.stop();
  if (values['data-dir'] === undefined) rmSync(folder, { recursive: true, force: true });
}

/** Fills the folder, which takes a minute, and starts the service. */
async function startDemo(dataDir) {
  const args = ['--data-dir', dataDir, '--port', '0'];
  const child = spawn(process.execPath, [join(ROOT, 'scripts/demo.mjs'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const link = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const match = /signs you in.*?(http:\S+)\n/s.exec(text);
      if (match) resolve(match[1]);
    });
    void ended.then((code) => reject(new Error(`the demo ended with ${code}: ${text}`)));
  });
  const stop = () => {
    child.kill();
    return ended;
  };
  return { link, stop };
}

/** The address of the service, the path of the first site in its list, and the cookie. */
async function signIn(link) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  const { origin } = new URL(page.url());
  await page.goto(`${origin}/?all`);
  const first = page.locator('main a[href*="/sites/"]').first();
  await first.waitFor();
  const site = new URL(await first.getAttribute('href'), origin).pathname;
  const state = await context.storageState();
  await context.close();
  return { address: origin, site, state };
}

/** Playwright itself takes no pictures as WebP, which are a third of the size. */
async function picture(page) {
  if (values.format === 'png') return page.screenshot();
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: values.format, quality: QUALITY });
  return Buffer.from(data, 'base64');
}
