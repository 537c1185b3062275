// Readers of an invented site. Each is one browser with its record, its habits and its visits, and sends what the
// tracker would send.
import { beaconRequest, pickDevice, random } from '../traffic/population.mjs';
import { YEAR_BEFORE } from './sites.mjs';

const DAY_SECONDS = 86_400;
const QUARTER_SECONDS = 900;
/** Earlier readers, who come back, make the first day look like the others. */
const WARM_UP_SECONDS = 30 * DAY_SECONDS;
/** On average, and 1.3 of them are read in the first minute of a visit. */
const VIEWS_PER_VISIT = 2.15;

/** Of a hundred readers, those up to this one, and after how many days they return; `undefined`: never. */
const HABITS = [
  [62, undefined],
  [88, 11],
  [100, 2.5],
];

/** After each visit, this share of returning readers stops returning. */
const LOST_INTEREST = 0.12;

/**
 * Every request of a site from some time on, without end, in the order of time, as the beacon would read them. With
 * `live`, new readers come at a constant rate of `viewsPerMinute` of their views from `live.fromMs` on. The same seed gives
 * the same requests.
 */
export function* readings(site, { fromMs, todayMs, live = { fromMs: Number.POSITIVE_INFINITY, viewsPerMinute: 0 }, seed }) {
  const next = random(seed);
  const rate = rateOf(site, todayMs);
  /** By minute since 1970: readers who come back, and requests. */
  const comingBack = new Map();
  const requests = new Map();
  for (let minute = Math.floor(fromMs / 60_000 - WARM_UP_SECONDS / 60); ; minute++) {
    const readers = taken(comingBack, minute);
    const isLive = minute * 60_000 >= live.fromMs;
    const newcomers = isLive ? live.viewsPerMinute / VIEWS_PER_VISIT : rate(minute * 60_000);
    for (let left = poisson(next, newcomers); left > 0; left--) readers.push(reader(next, site));
    for (const browser of readers) {
      const beganAt = Math.floor((minute + next()) * 60);
      for (const event of visitOf(next, browser, beganAt)) add(requests, Math.floor(event[0] / 60), [browser, event]);
      const backAt = beganAt + DAY_SECONDS * (0.3 - Math.log(1 - next()) * (browser.comesBackAfter ?? 0));
      if (browser.comesBackAfter !== undefined && next() > LOST_INTEREST) add(comingBack, Math.floor(backAt / 60), browser);
    }
    const due = taken(requests, minute).sort(([, [a]], [, [b]]) => a - b);
    for (const [browser, [atSeconds, fields]] of due) {
      if (atSeconds * 1000 >= fromMs) yield requestOf(site.id, browser, fields, atSeconds);
    }
  }
}

function add(byMinute, minute, value) {
  const list = byMinute.get(minute);
  if (list === undefined) byMinute.set(minute, [value]);
  else list.push(value);
}

function taken(byMinute, minute) {
  const list = byMinute.get(minute) ?? [];
  byMinute.delete(minute);
  return list;
}

/** New readers a minute: more by day than by night, on some days more than on others, and more every month. */
function rateOf({ timezone, readersPerDay, weekend, busyDays }, todayMs) {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, hourCycle: 'h23', hour: 'numeric', weekday: 'short' });
  const local = { hour: -1, factor: 0 };
  return (atMs) => {
    const hour = Math.floor(atMs / 1_800_000); // no zone here has another offset than half hours
    if (hour !== local.hour) {
      const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
      const byHour = 0.25 + 1.75 * Math.max(0, Math.sin(((Number(parts.hour) - 6) / 19) * Math.PI));
      local.factor = byHour * (/^S/.test(parts.weekday) ? weekend : 1);
      local.hour = hour;
    }
    const daysAgo = Math.floor((todayMs - atMs) / (DAY_SECONDS * 1000));
    const growth = Math.max(0.1, 1 - ((1 - YEAR_BEFORE) * daysAgo) / 365 + 0.12 * Math.sin(daysAgo / 3));
    return (readersPerDay / 1440) * local.factor * growth * (busyDays[daysAgo] ?? 1);
  };
}

function poisson(next, mean) {
  let count = -1;
  for (let product = 1, limit = Math.exp(-mean); product > limit; count++) product *= next();
  return count;
}

function reader(next, site) {
  const device = pickDevice(next);
  const language = site.languages[Math.floor(next() ** 1.5 * site.languages.length)];
  const part = next() * 100;
  return {
    site,
    device: { ...device, headers: { ...device.headers, 'Accept-Language': language } },
    isBot: next() < 0.02,
    keepsRecord: next() < 0.93,
    address: `192.0.2.${1 + Math.floor(next() * 250)}`,
    record: undefined,
    pages: new Map(),
    comesBackAfter: HABITS.find(([upTo]) => part < upTo)?.[1],
  };
}

/** Views and their pings: when, in seconds since 1970, and the fields. */
function* visitOf(next, browser, beganAt) {
  const { site } = browser;
  let at = beganAt;
  let referrer = site.sources[Math.floor(next() ** 2 * site.sources.length)];
  let page = pageOf(next, site);
  for (const goesOn of pagesOfVisit(next)) {
    const [path, title, length] = page;
    const address = `https://${site.host}${path}`;
    yield [at, { u: address, r: referrer, t: title, ...sizesOf(browser), ...advance(next, browser, path, at) }];
    const engaged = Math.min(1800, Math.round(length * -Math.log(1 - next()) * (goesOn ? 1 : 0.6)));
    const left = at + engaged + Math.floor(next() * 60);
    yield* pingsOf(next, { address, viewedAt: at, leftAt: left, engaged, length });
    referrer = address;
    at = left;
    while (page[0] === path) page = pageOf(next, site);
  }
}

function pageOf(next, { pages }) {
  return pages[Math.floor(next() ** 1.9 * pages.length)];
}
/** For each page of a visit, whether another one follows. */
function pagesOfVisit(next) {
  const pages = [next() < 0.46];
  while (pages.at(-1)) pages.push(next() < 0.6);
  return pages;
}

/** One ping when the page is left, or two when it was hidden in between. Some browsers never send one. */
function* pingsOf(next, { address, viewedAt, leftAt, engaged, length }) {
  if (next() < 0.08) return;
  const depth = Math.min(100, 25 + Math.round((75 * engaged) / length));
  const ping = (at, more) => [at, { k: 'p', u: address, z: at - viewedAt, ...more }];
  if (next() < 0.15 && engaged > 10) {
    const [x, y] = [Math.floor(engaged / 2), Math.floor(depth / 2)];
    yield ping(viewedAt + x, { x, y });
    yield ping(leftAt, { x: engaged, y: depth, o: x, d: y });
  } else yield ping(leftAt, { x: engaged, y: depth });
}

/** What the record says about a view, as in src/browser/tracker/record.ts. */
function advance(next, browser, path, now) {
  if (!browser.keepsRecord) return {};
  const day = Math.floor(now / DAY_SECONDS);
  const before = browser.record;
  const record = before ?? { first: day, last: 0, visit: 0, page: 0, sent: 0, path: '', register: 0, rank: 1 };
  if (before === undefined) {
    record.register = Math.floor(next() * 4096);
    while (record.rank < 32 && next() < 0.5) record.rank++;
  }
  const age = now - record.last;
  if (age >= 1800) [record.visit, record.page] = [record.visit + 1, 0];
  record.page++;
  const fields = { a: before && age, f: day - record.first, n: record.visit, g: record.page };
  const quarter = Math.floor(now / QUARTER_SECONDS);
  if (record.sent !== quarter) fields.h = `${record.register}.${record.rank}`;
  if (record.page > 1) fields.q = record.path;
  const viewedAt = browser.pages.get(path);
  if (viewedAt !== undefined) fields.b = now - viewedAt;
  browser.pages.set(path, now);
  browser.record = Object.assign(record, { last: now, sent: quarter, path });
  return fields;
}

function sizesOf({ device: { screen } }) {
  const [sw, ww, wh] = screen;
  return { sw, ww, wh };
}

function requestOf(site, { device, isBot, address }, fields, atSeconds) {
  const query = new URLSearchParams({ s: site });
  for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== '') query.set(name, value);
  const headers = isBot ? { ...device.headers, 'User-Agent': 'Googlebot/2.1' } : device.headers;
  return { ...beaconRequest({ query: String(query), headers }, atSeconds * 1000), address };
}
