#!/usr/bin/env node
// Fills a data folder with the traffic of an invented blog, so that there is something to look at.
import { parseArgs } from 'node:util';
import { COLLECTIONS } from '../dist/collections/index.js';
import { composeTool } from '../dist/src/compose.js';
import { createFold } from '../dist/src/flush/fold.js';
import { parseRequest } from '../dist/src/hit/parse.js';
import { createSiteReader } from '../dist/src/hit/measured.js';
import { random, view } from './population.mjs';

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: './demo' },
    days: { type: 'string', default: '40' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(
    'npm run demo -- [--data-dir ./demo] [--days 40]\n\nMakes a site called "demo" with generated traffic up to now, and a token.',
  );
  process.exit(0);
}

const DAY_MS = 86_400_000;
const PAGES = [
  ['/', 'Field notes'],
  ['/posts/counting-without-watching', 'Counting without watching'],
  ['/posts/a-year-in-one-document', 'A year in one document'],
  ['/posts/what-an-hour-is', 'What an hour is, and when there are two'],
  ['/posts/caps-with-a-bound', 'Caps with a bound'],
  ['/posts/the-smallest-gif', 'The smallest GIF'],
  ['/about', 'About these notes'],
  ['/archive', 'Archive'],
  ['/posts/kill-minus-nine', 'Kill minus nine'],
  ['/posts/lists-that-do-not-lie', 'Lists that do not lie'],
  ['/feed', 'Feed'],
  ['/posts/a-pixel-and-a-referer', 'A pixel and a Referer'],
];

const nowMs = Date.now();
const next = random(2026);
const site = {
  id: 'demo',
  title: 'Field notes',
  timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  hosts: [],
  excludedAddresses: [],
  queryParameters: [],
  storage: 'record',
  signals: 'without-record',
  createdAtMs: nowMs,
};
const { accounts, documents, close } = await composeTool({ dataDir: values['data-dir'] });
if ((await accounts.addSite(site)) === 'taken') {
  console.error(`there is a site called demo in ${values['data-dir']} already; choose another folder with --data-dir`);
  process.exit(1);
}
const measured = createSiteReader()(site);
const surroundings = { site: () => measured, salt: () => Buffer.alloc(32) };
const fold = createFold(COLLECTIONS);
let hits = 0;
for (let atMs = nowMs - Number(values.days) * DAY_MS; atMs < nowMs; ) {
  const hour = new Date(atMs).getUTCHours();
  const perHour = 30 + 110 * Math.max(0, Math.sin(((hour - 5) / 24) * 2 * Math.PI)) * (1 + Math.sin(atMs / DAY_MS / 3) / 3);
  atMs += (-Math.log(1 - next()) / perHour) * 3_600_000;
  if (atMs >= nowMs) break;
  const [path, title] = PAGES[Math.floor(next() ** 2.2 * PAGES.length)];
  const { query, headers } = view(next, { sites: 1, path });
  const request = {
    query: `s=demo&${query.replace(/^s=[^&]*&/, '').replace(/&t=[^&]*/, `&t=${encodeURIComponent(title)}`)}`,
    userAgent: next() < 0.03 ? 'Googlebot/2.1' : headers['User-Agent'],
    acceptLanguage: headers['Accept-Language'],
    ...{ referer: '', brands: '', mobile: '', platform: '', purpose: '', signal: false, address: '192.0.2.1' },
    receivedAtMs: Math.floor(atMs),
  };
  const parsed = parseRequest(request, surroundings);
  if ('refused' in parsed) fold.refusal(parsed.refused);
  else fold.hit(parsed.hit);
  if ('hit' in parsed && parsed.point !== undefined) fold.point(parsed.point);
  hits++;
}
await documents.apply({ node: 'demo', number: 1, checksum: 0 }, fold.deltas(), nowMs);
const { secret } = await accounts.addToken({ title: 'demo', sites: ['demo'], nowMs });
await close();
console.log(
  `${hits} hits of ${values.days} days are in ${values['data-dir']}.\nStart with DATA_DIR=${values['data-dir']} npm start and sign in with this token:\n${secret}`,
);
