#!/usr/bin/env node
// Makes docs/page.png, a picture of a site's page, from a folder that `npm run demo` has filled.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: './demo' },
    token: { type: 'string' },
    out: { type: 'string', default: 'docs/page.png' },
    help: { type: 'boolean' },
  },
});
if (values.help || !values.token || !existsSync(values['data-dir'])) {
  console.log(
    `npm run screenshots -- --token hit_… [--data-dir ./demo] [--out docs/page.png]

Needs a folder and a token made by npm run demo, and Chromium at CHROMIUM_PATH or /usr/bin/chromium.`,
  );
  process.exit(values.help ? 0 : 2);
}

const service = spawn(process.execPath, ['dist/src/main.js'], {
  env: { ...process.env, MONGODB_URI: '', REDIS_URL: '', DATA_DIR: values['data-dir'], PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const address = await new Promise((resolve) => {
  let text = '';
  service.stdout.on('data', (chunk) => {
    text += chunk;
    const match = /running at (\S+)/.exec(text);
    if (match) resolve(match[1]);
  });
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1180, height: 1330 } });
  await page.context().addCookies([{ name: 'hitherto', value: values.token, url: address }]);
  await page.goto(`${address}/sites/demo`);
  await page.waitForSelector('canvas');
  await page.keyboard.press('m'); // the month has more to show than a morning
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {}); // the live feed never ends
  await page.screenshot({ path: values.out });
  console.log(`wrote ${values.out}`);
} finally {
  await browser.close();
  service.kill();
}
