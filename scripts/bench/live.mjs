// From a view to the page of the owner: the time between the beacon's request in one tab of Chromium and the changed number
// painted in another one. With MONGODB_URI and REDIS_URL also in the distributed mode, where the two tabs use different nodes.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { atMost, exactly, figure, quantile } from './figures.mjs';
import { DIST, sleep, startService, stop, temporaryFolder } from './processes.mjs';
import { addSites } from './sites.mjs';

const { composeTool } = await import(join(DIST, 'src/process/compose.js'));
const MEDIAN_MS_MAX = 100;
const P99_MS_MAX = 250;
/** Light load: three views a second. */
const [PAUSE_MS_MIN, PAUSE_MS_MAX] = [150, 500];
/** The site of `addSites`. Its page begins with a view, so that it does not wait for the first one. */
const SITE = 'site-00';
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

export async function benchLive({ quick }) {
  const views = quick ? 20 : 150;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', `--user-agent=${AGENT}`],
  });
  try {
    const figures = await figuresOf('embedded', browser, views, {});
    const { MONGODB_URI, REDIS_URL } = process.env;
    const isDistributed = Boolean(MONGODB_URI && REDIS_URL);
    if (isDistributed) {
      const uri = new URL(MONGODB_URI);
      uri.pathname = `/bench_live_${randomBytes(4).toString('hex')}`;
      figures.push(...(await figuresOf('two nodes', browser, views, { MONGODB_URI: uri.href, REDIS_URL })));
    }
    const settings = {
      views,
      distributed: isDistributed ? 'yes' : 'no: set MONGODB_URI and REDIS_URL',
      chromium: browser.version(),
    };
    return { settings, figures };
  } finally {
    await browser.close();
  }
}

async function figuresOf(mode, browser, views, env) {
  const folder = temporaryFolder();
  const isEmbedded = env.MONGODB_URI === undefined;
  const place = isEmbedded ? { dataDir: folder } : { mongodbUri: env.MONGODB_URI, redisUrl: env.REDIS_URL };
  await addSites(place, 1);
  const { accounts, close } = await composeTool(place);
  const { secret } = await accounts.addToken({ title: '', sites: 'all', nowMs: Date.now() });
  await close();
  const shown = await startService(folder, env, isEmbedded ? [] : ['web']);
  const viewed = isEmbedded ? shown : await startService(temporaryFolder(), env, ['web']);
  const context = await browser.newContext();
  try {
    await context.addCookies([{ name: 'hitherto', value: secret, url: shown.url }]);
    const { delays, last } = await measure(context, { shown: shown.url, viewed: viewed.url, views });
    const sorted = [...delays].sort((a, b) => a - b);
    return [
      figure(`${mode}: from view to screen, p50 ms`, quantile(sorted, 0.5), atMost(MEDIAN_MS_MAX)),
      figure(`${mode}: from view to screen, p99 ms`, quantile(sorted, 0.99), atMost(P99_MS_MAX)),
      figure(`${mode}: from view to screen, ms`, delays),
      figure(`${mode}: views shown at the end`, last, exactly(views + 1)),
    ];
  } finally {
    await context.close();
    for (const { child } of new Set([shown, viewed])) await stop(child);
  }
}

async function measure(context, { shown, viewed, views }) {
  const visitor = await context.newPage();
  const view = () =>
    visitor.evaluate(
      (address) => {
        const sentMs = performance.timeOrigin + performance.now();
        return fetch(address, { mode: 'no-cors' }).then(() => sentMs);
      },
      `${viewed}/a.gif?s=${SITE}&u=${encodeURIComponent(`https://${SITE}.example/`)}`,
    );
  await visitor.goto(`${viewed}/health`);
  await view();
  const owner = await context.newPage();
  await owner.goto(`${shown}/sites/${SITE}`);
  await owner.waitForFunction(() => document.getElementById('views')?.textContent === '1');
  await owner.locator('.state.is-live').waitFor();
  await sleep(3000);
  await owner.evaluate(watchNumber);
  const sent = [];
  for (let i = 0; i < views; i++) {
    sent.push(await view());
    await sleep(PAUSE_MS_MIN + Math.random() * (PAUSE_MS_MAX - PAUSE_MS_MIN));
  }
  await sleep(3000);
  const painted = await owner.evaluate(() => globalThis.painted);
  const delays = sent.map((sentMs, i) => (painted.find((one) => one.views >= i + 2)?.atMs ?? Number.POSITIVE_INFINITY) - sentMs);
  return { delays, last: painted.at(-1)?.views };
}

/** Runs in the page. A frame is painted between the call of requestAnimationFrame and the next task. */
function watchNumber() {
  const number = document.getElementById('views');
  globalThis.painted = [];
  const changed = () => {
    const views = Number(number.textContent.replaceAll(',', ''));
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => globalThis.painted.push({ views, atMs: performance.timeOrigin + performance.now() });
      port2.postMessage('');
    });
  };
  new MutationObserver(changed).observe(number, { characterData: true, childList: true, subtree: true });
}
