// One process of a crash run over the years: `fill` counts two years; `live` runs all upkeep of old documents once,
// or restores a year; `sums` prints what can be read. It may be killed at any time and run again.
import { join, resolve } from 'node:path';

const DIST = resolve(import.meta.dirname, '../../dist');
const load = (path) => import(join(DIST, path));
const { DOCUMENT_KINDS } = await load('collections/documents.js');
const { grainsOf } = await load('collections/document-kind.js');
/** Kinds with documents of days only are removed with their archive, and nothing is read in their place. */
const LASTING = DOCUMENT_KINDS.filter((collection) => grainsOf(collection).length > 1);
const { composeTool } = await load('src/process/compose.js');
const { createReporter } = await load('src/reporting/report.js');
const { expire } = await load('src/upkeep/expire.js');
const { summarise } = await load('src/upkeep/summarise.js');
const { archive } = await load('src/upkeep/archive/archive.js');
const { archivesIn } = await load('src/upkeep/archive/manifest.js');
const { restore } = await load('src/upkeep/archive/restore.js');
const { closedCollections, collectionsToSummarise, yearsToArchive } = await load('src/upkeep/due-years.js');

const SITES = ['a', 'bb'];
const YEARS = [2021, 2022];
/** Late enough for days to have expired, and for the first year to be archived. */
const NOW_MS = Date.UTC(2023, 1, 20);
const isStopped = () => false;

const [what, dataDir] = process.argv.slice(2);
const { documents, nodes, ledger, imports, close } = await composeTool({ dataDir });
const archivesDir = join(dataDir, 'archives');
const parts = { documents, nodes, ledger, imports };

async function fill() {
  const { createFold } = await load('src/counting/fold.js');
  const { parseRequest } = await load('src/hit/parse.js');
  const { createSiteReader } = await load('src/hit/prepared-site.js');
  const { allows, beaconRequest, foldParsed, random, SITE_SETTINGS, view } = await import('../traffic/population.mjs');
  const read = createSiteReader();
  const own = {
    timezone: 'Europe/Berlin',
    ...SITE_SETTINGS,
    createdAtMs: 0,
  };
  const measured = new Map(SITES.map((id) => [id, read({ ...own, id })]));
  const next = random(11);
  let number = 0;
  for (const year of YEARS) {
    for (let month = 0; month < 12; month++) {
      const fold = createFold(DOCUMENT_KINDS);
      for (let i = 0; i < 120; i++) {
        const atMs = Date.UTC(year, month, 1) + Math.floor(next() * 7 * 86_400_000);
        const drawn = view(next, { sites: 1, path: `/${Math.floor(next() * 60)}` });
        const query = drawn.query.replaceAll(drawn.site, SITES[i % SITES.length]);
        const surroundings = { site: (id) => measured.get(id), salt: () => Buffer.alloc(32, month), allows };
        foldParsed(fold, parseRequest(beaconRequest({ ...drawn, query }, atMs), surroundings));
      }
      await documents.apply({ node: 'node', number: ++number, checksum: number }, fold.deltas(), 0);
    }
  }
}

async function live() {
  const sites = SITES.map((id) => ({ id, timezone: 'Europe/Berlin' }));
  for (const name of await collectionsToSummarise(parts, await closedCollections(parts, NOW_MS)))
    await summarise({ documents, ledger, kinds: DOCUMENT_KINDS, sites: SITES, isStopped }, name);
  for (const site of sites)
    for (const kind of DOCUMENT_KINDS) await expire({ documents, ledger, kind, site, today: '2023-02-20', isStopped });
  for (const [year, names] of await yearsToArchive(parts, await closedCollections(parts, NOW_MS), 1, NOW_MS))
    await archive({ documents, ledger, archivesDir, year, names, nowMs: NOW_MS, isStopped });
}

async function putBack() {
  const archives = archivesIn(archivesDir, '2021');
  await restore({
    documents,
    ledger,
    year: '2021',
    archives,
    site: undefined,
    isKnown: () => true,
    isStopped,
    onProgress: () => {},
  });
}

async function sums() {
  const report = createReporter(documents, ledger, DOCUMENT_KINDS);
  const all = {};
  const ranges = [...YEARS.map((year) => [`${year}-01-01`, `${year}-12-31`]), ['2021-03-01', '2021-03-31']];
  for (const site of SITES)
    for (const { name } of LASTING)
      for (const [from, to] of ranges) {
        const query = {
          site,
          report: name,
          timezone: 'Europe/Berlin',
          from,
          to,
          limit: 1000,
          search: '',
          page: '/',
          asOfMs: 0,
        };
        all[`${site} ${name} ${from}`] = { ...JSON.parse(await report(query)), archived: undefined, until: undefined };
      }
  const left = (await documents.collections()).filter((name) => /\.2021$/.test(name));
  console.log(JSON.stringify({ reports: all, left, archives: archivesIn(archivesDir).length }));
}

console.error('begun');
await { fill, live, 'put-back': putBack, sums }[what]();
await close();
