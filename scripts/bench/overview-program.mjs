// Fills a store with the last days of many sites, and makes their overview. Prints JSON. Arguments: the data folder, how many
// sites, how many rounds.
import { join } from 'node:path';
import { allows, beaconRequest, foldParsed, random, SITE_SETTINGS, view } from '../traffic/population.mjs';
import { DIST } from './processes.mjs';

const { DOCUMENT_KINDS } = await import(join(DIST, 'collections/documents.js'));
const { composeTool } = await import(join(DIST, 'src/process/compose.js'));
const { createFold } = await import(join(DIST, 'src/counting/fold.js'));
const { parseRequest } = await import(join(DIST, 'src/hit/parse.js'));
const { createSiteReader } = await import(join(DIST, 'src/hit/prepared-site.js'));
const { createOverview } = await import(join(DIST, 'src/reporting/overview.js'));

const [folder] = process.argv.slice(2);
const [count, rounds] = process.argv.slice(3).map(Number);
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC', 'Australia/Sydney'];
/** Their documents are copied to the other sites. */
const MODELS = ZONES.length;
/** More would change little: a day of a site has 24 hours, and a document of five minutes 288 entries. */
const VIEWS_OF_DAY = 400;
const DAYS = 31;
const DAY_MS = 86_400_000;
const now = Date.now();

const store = await composeTool({ dataDir: folder });
const sites = Array.from({ length: count }, (_, i) => ({
  id: `s${i}`,
  title: `The site number ${i}`,
  timezone: ZONES[i % MODELS],
  ...SITE_SETTINGS,
  createdAtMs: now - 100 * DAY_MS,
}));
for (const site of sites) await store.accounts.addSite(site);

const next = random(7);
const deltas = new Map(sites.slice(0, MODELS).map(({ id }) => [id, []]));
const fold = createFold(DOCUMENT_KINDS.filter(({ name }) => name === 'traffic' || name === 'minutes'));
for (const site of sites.slice(0, MODELS)) {
  const measured = createSiteReader()(site);
  for (let i = 0; i < VIEWS_OF_DAY * DAYS; i++) {
    const parsed = parseRequest(beaconRequest(view(next), now - Math.floor(next() * DAYS * DAY_MS)), {
      site: () => measured,
      salt: () => Buffer.alloc(32, 1),
      allows,
    });
    foldParsed(fold, parsed);
  }
}
for (const delta of fold.deltas()) deltas.get(delta.id.split(':')[0])?.push(delta);
let number = 0;
for (const [i, { id }] of sites.entries()) {
  const model = deltas.get(`s${i % MODELS}`);
  const own = model.map((delta) => ({ ...delta, id: delta.id.replace(/^[^:]+/, id) }));
  await store.documents.apply({ node: 'bench', number: ++number, checksum: 0 }, own, now);
}

const query = {
  sites: sites.map(({ id, title, timezone, createdAtMs }) => ({ site: id, title, timezone, createdAtMs })),
  withOnline: true,
  asOfMs: now,
};
const times = { cold: [], warm: [] };
/** Processor times in milliseconds. On a busy machine they are more reliable than the time that passes. */
const cpu = { cold: [], warm: [] };
let answer = '';
let documents = 0;
const readPart = (ids, part) => {
  documents += ids.length;
  return store.documents.readPart(ids, part);
};
const read = {};
for (let round = 0; round < rounds; round++) {
  const overview = createOverview({ readPart }, DOCUMENT_KINDS); // remembers nothing yet
  for (const state of ['cold', 'warm']) {
    documents = 0;
    const before = process.cpuUsage();
    const began = performance.now();
    answer = await overview(query);
    if (round > 0) times[state].push(performance.now() - began);
    const { user, system } = process.cpuUsage(before);
    if (round > 0) cpu[state].push((user + system) / 1000);
    read[state] = documents;
  }
}
const found = JSON.parse(answer).sites;
const sum = (of) => found.reduce((total, site) => total + of(site), 0);
console.log(
  JSON.stringify({
    times,
    cpu,
    read,
    sites: found.length,
    views: sum(({ days }) => days.reduce((total, views) => total + views, 0)),
    online: sum(({ online }) => online.views),
    bytes: answer.length,
  }),
);
await store.close();
process.exit(0);
