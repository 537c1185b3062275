// People who visit a site: when they view which page, with which browser. The same seed gives the same people.
import { random } from '../traffic/population.mjs';

export const PAGES = 200;
const VIEWS_PER_VISIT = 2.9;
const VISIT_SECONDS = 1800;
const GAP_SECONDS_MIN = 3;
const GAP_SECONDS_MEDIAN = 35;
/** The standard deviation of the logarithm of the gap: half of the gaps are between 15 and 80 seconds. */
const GAP_SPREAD = 1.2;

/** Realistic shares for a site with readers from several countries: what matters is how many of them look the same. */
const AGENTS = [
  [
    18,
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  ],
  [
    6,
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
  ],
  [25, 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36'],
  [5, 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36'],
  [16, 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'],
  [4, 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'],
  [
    6,
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  ],
  [5, 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15'],
  [5, 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'],
  [4, 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0'],
  [2, 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0'],
  [
    3,
    'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
  ],
  [
    1,
    'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  ],
];
const LANGUAGES = [
  [45, 'de-DE,de;q=0.9'],
  [30, 'en-US,en;q=0.9'],
  [8, 'fr-FR,fr;q=0.9'],
  [6, 'es-ES,es;q=0.9'],
  [5, 'pl-PL,pl;q=0.9'],
  [3, 'tr-TR,tr;q=0.9'],
  [3, 'ja'],
];
const PHONES = [
  [40, [390, 390, 664]],
  [30, [412, 412, 785]],
  [20, [360, 360, 640]],
  [10, [430, 430, 739]],
];
const DESKTOPS = [
  [35, [1920, 1903, 969]],
  [15, [1536, 1519, 730]],
  [15, [1440, 1440, 789]],
  [12, [1366, 1349, 657]],
  [8, [2560, 2543, 1297]],
  [8, [1920, 1265, 900]],
  [7, [1920, 960, 969]],
];

/** Pages differ in popularity: the first of two hundred is viewed some twelve times as often as the last. */
const PAGE_WEIGHTS = Array.from({ length: PAGES }, (_, rank) => [1 / (rank + 18), rank]);

/**
 * The views of this many hours, by time: `{ visit, browser, page, atMs, before }`, where `before` is the previous
 * view of the visit. A browser may return.
 */
export function viewsOf({ viewsPerHour, hours, startMs, seed }) {
  const next = random(seed);
  const pick = picker(next);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const browsers = [];
  const views = [];
  const visits = Math.round((viewsPerHour * hours) / VIEWS_PER_VISIT);
  for (let visit = 0; visit < visits; visit++) {
    const comesBack = browsers.length > 0 && next() < 0.2;
    const browser = comesBack ? browsers[Math.floor(next() * browsers.length)] : newBrowser(pick, next);
    if (!comesBack) browsers.push(browser);
    let atMs = startMs + Math.floor(next() * hours * 3_600_000);
    let before;
    do {
      const view = { visit, browser, page: pick(PAGE_WEIGHTS), atMs, before };
      views.push(view);
      before = view;
      const gap = GAP_SECONDS_MIN + Math.exp(Math.log(GAP_SECONDS_MEDIAN) + GAP_SPREAD * normal());
      atMs += Math.round(Math.min(gap, VISIT_SECONDS - 60) * 1000);
    } while (next() < 1 - 1 / VIEWS_PER_VISIT);
  }
  return views.filter(({ atMs }) => atMs < startMs + hours * 3_600_000).sort((a, b) => a.atMs - b.atMs);
}

function newBrowser(pick, next) {
  const agent = pick(AGENTS);
  const screen = pick(/Mobile|iPad/.test(agent) ? PHONES : DESKTOPS);
  let rank = 1;
  while (rank < 32 && next() < 0.5) rank++;
  return {
    agent,
    language: pick(LANGUAGES),
    screen,
    point: [Math.floor(next() * 4096), rank],
    /** Every tenth asks not to be tracked, and keeps no record. */
    signal: next() < 0.1,
    address: `10.${Math.floor(next() * 256)}.${Math.floor(next() * 256)}.${1 + Math.floor(next() * 250)}`,
    seen: undefined,
  };
}

function picker(next) {
  const sums = new Map();
  return (list) => {
    let sum = sums.get(list);
    if (sum === undefined) {
      sum = list.reduce((total, [weight]) => total + weight, 0);
      sums.set(list, sum);
    }
    let at = next() * sum;
    for (const [weight, value] of list) {
      at -= weight;
      if (at < 0) return value;
    }
    return list.at(-1)[1];
  };
}

export const pathOf = ({ page }) => `/articles/${page}`;

/** What the tracker sends for a view, as a query. To be called in order of time. */
export function queryOf(view, site) {
  const { browser, before, atMs } = view;
  const [sw, ww, wh] = browser.screen;
  const seconds = Math.floor(atMs / 1000);
  const fields = {
    s: site,
    u: `https://example.com${pathOf(view)}`,
    t: `Article ${view.page}`,
    sw,
    ww,
    wh,
    ...(before === undefined ? {} : { r: `https://example.com${pathOf(before)}` }),
  };
  if (!browser.signal) Object.assign(fields, recordOf(browser, view, seconds));
  return new URLSearchParams(fields).toString();
}

function recordOf(browser, view, seconds) {
  const seen = browser.seen ?? { first: seconds, last: undefined, visit: 0, page: 0, quarter: undefined, pages: new Map() };
  const isOn = seen.last !== undefined && view.before !== undefined;
  const now = {
    ...seen,
    last: seconds,
    visit: isOn ? seen.visit : seen.visit + 1,
    page: isOn ? seen.page + 1 : 1,
    quarter: Math.floor(seconds / 900),
  };
  const fields = {
    f: Math.floor(seconds / 86_400) - Math.floor(seen.first / 86_400),
    n: now.visit,
    g: now.page,
    ...(seen.last === undefined ? {} : { a: seconds - seen.last }),
    ...(isOn ? { q: pathOf(view.before) } : {}),
    ...(seen.pages.has(view.page) ? { b: seconds - seen.pages.get(view.page) } : {}),
    ...(now.quarter === seen.quarter ? {} : { h: browser.point.join('.') }),
  };
  seen.pages.set(view.page, seconds);
  browser.seen = now;
  return fields;
}
