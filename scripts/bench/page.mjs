// A site's page in Chromium: what it weighs, when it is painted first, how long its scripts take. Each visit is by a browser
// that has never been here.
import { get } from 'node:http';
import { chromium } from 'playwright-core';
import { atMost, exactly, figure } from './figures.mjs';
import { run, startService, stop, temporaryFolder } from './processes.mjs';

const ROOT = new URL('../../', import.meta.url).pathname;
const GZIP_KB_MAX = 70;
const FIRST_PAINT_MS_MAX = 300;
/** The traffic that the page shows. */
const DAYS = 80;

export async function benchPage({ quick }) {
  const visits = quick ? 3 : 15;
  const folder = temporaryFolder();
  const said = await run(process.execPath, [
    `${ROOT}scripts/demo.mjs`,
    '--no-start',
    '--data-dir',
    folder,
    '--days',
    String(DAYS),
  ]);
  const token = /hit_[\w-]+/.exec(said)[0];
  const service = await startService(folder);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const address = `${service.url}/sites/demo`;
    const weights = await weightsOf(address, token);
    await visit(browser, address, token); // the service renders its first page
    const [seen, scripts] = [[], []];
    for (let i = 0; i < visits; i++) seen.push(await visit(browser, address, token));
    for (let i = 0; i < visits; i++) scripts.push(await scriptsOfVisit(browser, address, token));
    const all = (name) => seen.map((one) => one[name]);
    return {
      settings: { visits, days: DAYS, chromium: browser.version() },
      figures: [
        ...Object.entries(weights.gzip).map(([name, bytes]) => figure(`${name}, KB gzipped`, bytes / 1000)),
        figure('in all, KB gzipped', sum(weights.gzip) / 1000, atMost(GZIP_KB_MAX)),
        figure('in all, KB as Chromium gets it (brotli)', sum(weights.br) / 1000),
        figure('more when a list or a page is opened, KB gzipped', (await dialogsWeight(address, token)) / 1000),
        figure('first contentful paint, ms', all('paintMs'), atMost(FIRST_PAINT_MS_MAX)),
        figure('the page has arrived with its numbers, ms', all('arrivedMs')),
        figure('the script has taken over, ms', all('liveMs')),
        figure('script, ms of the main thread', scripts),
        figure('layout shift until it is live', Math.max(...all('shift')), exactly(0)),
      ],
    };
  } finally {
    await browser.close();
    await stop(service.child);
  }
}

const sum = (weights) => Object.values(weights).reduce((all, bytes) => all + bytes, 0);

/** The bodies of the page and of the files that it names, in bytes, by encoding and name. */
async function weightsOf(address, token) {
  const page = await fetch(address, { headers: { Cookie: `hitherto=${token}` } });
  const paths = [...(await page.text()).matchAll(/(?:src|href)="(\/[\w.-]+\.(?:js|css)\?v=[^"]+)"/g)].map(([, path]) => path);
  const weights = { gzip: {}, br: {} };
  for (const encoding of Object.keys(weights)) {
    for (const path of [new URL(address).pathname, ...paths]) {
      const name = path.includes('?') ? path.slice(1, path.indexOf('?')) : 'page';
      weights[encoding][name] = await bytesOf(new URL(path, address), encoding, token);
    }
  }
  return weights;
}

/** The part of the script that is loaded with the first dialog. */
async function dialogsWeight(address, token) {
  const headers = { Cookie: `hitherto=${token}` };
  const [, script] = /href="(\/page\.\w+\.js[^"]+)"/.exec(await (await fetch(address, { headers })).text());
  const [part] = /page-dialogs[^"]+/.exec(await (await fetch(new URL(script, address))).text());
  return bytesOf(new URL(part, new URL(script, address)), 'gzip', token);
}

function bytesOf(url, encoding, token) {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'Accept-Encoding': encoding, Cookie: `hitherto=${token}` } }, (res) => {
      let bytes = 0;
      res.on('data', (chunk) => {
        bytes += chunk.length;
      });
      res.on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}

/** Chromium's trace says how long the scripts take. It also slows everything, so other times are those of other visits. */
async function scriptsOfVisit(browser, address, token) {
  const page = await newPage(browser, address, token);
  await browser.startTracing(page, { categories: ['devtools.timeline', 'v8', 'loading'] });
  await open(page, address);
  const trace = JSON.parse((await browser.stopTracing()).toString());
  await page.context().close();
  return scriptMs(trace.traceEvents);
}

/** Of a browser that has never been here. */
async function newPage(browser, address, token) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addCookies([{ name: 'hitherto', value: token, url: new URL('/', address).href }]);
  return context.newPage();
}

async function open(page, address) {
  await page.goto(address);
  await page.locator('.state.is-live').waitFor();
}

/** Nothing of the bench runs in the page before it is live: it would delay the paint. */
async function visit(browser, address, token) {
  const page = await newPage(browser, address, token);
  await open(page, address);
  const times = await page.evaluate(timesOf);
  await page.context().close();
  return times;
}

/** Runs in the page. */
async function timesOf() {
  const liveMs = performance.now();
  const shifts = await new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => resolve(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve([]), 1000); // there was none
  });
  return {
    paintMs: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    arrivedMs: performance.getEntriesByType('navigation')[0].responseEnd,
    liveMs,
    shift: shifts.reduce((sum, { value }) => sum + value, 0),
  };
}

/** Compiling and running scripts; what runs within another one is part of it. */
function scriptMs(events) {
  const names = [
    'EvaluateScript',
    'v8.evaluateModule',
    'v8.compileModule',
    'FunctionCall',
    'v8.compile',
    'TimerFire',
    'RunMicrotasks',
  ];
  const parts = events.filter(({ name, dur }) => names.includes(name) && dur > 0).sort((a, b) => a.ts - b.ts);
  const ends = new Map();
  let us = 0;
  for (const { pid, tid, ts, dur } of parts) {
    const thread = `${pid} ${tid}`;
    if (ts < (ends.get(thread) ?? 0)) continue;
    ends.set(thread, ts + dur);
    us += dur;
  }
  return us / 1000;
}
