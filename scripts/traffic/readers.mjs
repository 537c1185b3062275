// Readers of an invented blog. Each is one browser with its record, its habits and its visits, and sends what the
// tracker would send.
import { beaconRequest, pickDevice, random } from './population.mjs';

const DAY_SECONDS = 86_400;
const QUARTER_SECONDS = 900;
const HOST = 'https://notes.example';

/** Path, title, and how many seconds it takes to read. */
const PAGES = [
  ['/', 'Field notes', 20],
  ['/posts/counting-without-watching', 'Counting without watching', 190],
  ['/posts/a-year-in-one-document', 'A year in one document', 140],
  ['/posts/what-an-hour-is', 'What an hour is, and when there are two', 230],
  ['/posts/caps-with-a-bound', 'Caps with a bound', 160],
  ['/posts/the-smallest-gif', 'The smallest GIF', 70],
  ['/about', 'About these notes', 45],
  ['/archive', 'Archive', 25],
  ['/posts/kill-minus-nine', 'Kill minus nine', 120],
  ['/posts/lists-that-do-not-lie', 'Lists that do not lie', 150],
  ['/feed', 'Feed', 10],
  ['/posts/a-pixel-and-a-referer', 'A pixel and a Referer', 110],
];
/** Where first views come from, the most common first. */
const SOURCES = [
  '',
  'https://www.google.com/',
  'https://news.ycombinator.com/item?id=41',
  'https://duckduckgo.com/',
  'https://www.reddit.com/r/webdev/comments/1/x/',
  'https://chatgpt.com/',
  'https://another.example/blog/post-7',
  'https://t.co/abc',
];
/** Of a hundred readers, those up to this one, and after how many days they return; `undefined`: never. */
const HABITS = [
  [62, undefined],
  [88, 11],
  [100, 2.5],
];

/** After each visit, this share of returning readers stops returning. */
const LOST_INTEREST = 0.12;

/** Every request of `days` days up to `untilMs`, as the beacon would read them. Not in order of time. */
export function* readings(site, { days, untilMs, perDay = 220, seed = 2026 }) {
  const next = random(seed);
  for (let day = 0; day < days; day++) {
    const growth = 1 + (0.5 * day) / days + 0.25 * Math.sin(day / 3);
    for (let i = 0; i < perDay * growth; i++) {
      const atMs = untilMs + (day + timeOfDay(next) - days) * DAY_SECONDS * 1000;
      yield* lifeOf(next, site, Math.floor(atMs / 1000), untilMs);
    }
  }
}

/** A part of a day before now: more by (UTC) day than by night. */
function timeOfDay(next) {
  for (;;) {
    const part = next();
    const hour = (new Date().getUTCHours() + part * 24) % 24;
    if (next() < 0.2 + 0.8 * Math.max(0, Math.sin(((hour - 5) / 24) * 2 * Math.PI))) return part;
  }
}

function* lifeOf(next, site, bornAt, untilMs) {
  const browser = {
    site,
    device: pickDevice(next),
    isBot: next() < 0.02,
    keepsRecord: next() < 0.93,
    address: `192.0.2.${1 + Math.floor(next() * 250)}`,
    record: undefined,
    pages: new Map(),
  };
  const comesBackAfter = habit(next);
  let at = bornAt;
  do {
    for (const [atSeconds, fields] of visitOf(next, browser, at)) {
      if (atSeconds * 1000 < untilMs) yield requestOf(browser, fields, atSeconds);
    }
    at += DAY_SECONDS * (0.3 - Math.log(1 - next()) * (comesBackAfter ?? 0));
  } while (comesBackAfter !== undefined && at * 1000 < untilMs && next() > LOST_INTEREST);
}

function habit(next) {
  const part = next() * 100;
  return HABITS.find(([upTo]) => part < upTo)?.[1];
}

/** Views and their pings. */
function* visitOf(next, browser, beganAt) {
  let at = Math.floor(beganAt);
  let referrer = SOURCES[Math.floor(next() ** 2 * SOURCES.length)];
  let page = pageOf(next);
  for (const goesOn of pagesOfVisit(next)) {
    const [path, title, length] = page;
    yield [at, { u: HOST + path, r: referrer, t: title, ...sizesOf(browser), ...advance(next, browser, path, at) }];
    const engaged = Math.min(1800, Math.round(length * -Math.log(1 - next()) * (goesOn ? 1 : 0.6)));
    const left = at + engaged + Math.floor(next() * 60);
    yield* pingsOf(next, { address: HOST + path, viewedAt: at, leftAt: left, engaged, length });
    referrer = HOST + path;
    at = left;
    while (page[0] === path) page = pageOf(next);
  }
}

function pageOf(next) {
  return PAGES[Math.floor(next() ** 1.9 * PAGES.length)];
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

function requestOf({ site, device, isBot, address }, fields, atSeconds) {
  const query = new URLSearchParams({ s: site });
  for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== '') query.set(name, value);
  const headers = isBot ? { ...device.headers, 'User-Agent': 'Googlebot/2.1' } : device.headers;
  return { ...beaconRequest({ query: String(query), headers }, atSeconds * 1000), address };
}
