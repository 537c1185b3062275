// Follows data over the years, with real code on invented traffic: `npm run years -- [sites] [views per site and
// day]`. Counts five years, runs upkeep as the service would on 20 February of the sixth, then two years more.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { allows, beaconRequest, foldParsed, random, SITE_SETTINGS, siteId, view } from './traffic/population.mjs';

const DIST = resolve(import.meta.dirname, '../dist');
const load = (path) => import(join(DIST, path));
const { DOCUMENT_KINDS } = await load('collections/documents.js');
const { grainsOf } = await load('collections/document-kind.js');
const { createFold } = await load('src/counting/fold.js');
const { parseRequest } = await load('src/hit/parse.js');
const { createSiteReader } = await load('src/hit/prepared-site.js');
const { createReporter } = await load('src/reporting/report.js');
const { openEnvironment } = await load('src/store/lmdb/environment.js');
const { openLmdbDocuments } = await load('src/store/lmdb/documents.js');
const { openLmdbNodes } = await load('src/store/lmdb/nodes.js');
const { openLmdbLedger } = await load('src/store/lmdb/ledger.js');
const { openLmdbImports } = await load('src/store/lmdb/imports.js');
const { expire } = await load('src/upkeep/expire.js');
const { summarise } = await load('src/upkeep/summarise.js');
const { archive } = await load('src/upkeep/archive/archive.js');
const { archivesIn } = await load('src/upkeep/archive/manifest.js');
const { undoRestore, restore } = await load('src/upkeep/archive/restore.js');
const { closedCollections, yearsToArchive } = await load('src/upkeep/due-years.js');

if (process.argv.includes('--help')) {
  console.log('npm run years -- [sites (200)] [views per site and day (10)]: counts years of traffic and reports what they take');
  process.exit(0);
}
const [SITES = 200, VIEWS = 10] = process.argv.slice(2).map(Number);
const FIRST = 2019;
const YEARS = 5;
const ARCHIVE_AFTER = 2;
const DAY_MS = 86_400_000;
const isStopped = () => false;

const folder = mkdtempSync(join(tmpdir(), 'hitherto-years-'));
const archivesDir = join(folder, 'archives');
const { root } = openEnvironment(folder);
const [documents, nodes, ledger, imports] = [
  openLmdbDocuments(root),
  openLmdbNodes(root),
  openLmdbLedger(root),
  openLmdbImports(root),
];
const parts = { documents, nodes, ledger, imports };
const table = root.openDB({ name: 'documents', encoding: 'binary' });
const NAMES = new Set(DOCUMENT_KINDS.filter((collection) => grainsOf(collection).length > 1).map(({ name }) => name));
const report = createReporter(documents, ledger, DOCUMENT_KINDS);
const sites = Array.from({ length: SITES }, (_, i) => ({ id: siteId(i), timezone: 'Europe/Berlin', createdAtMs: 0 }));
const readSite = createSiteReader();
const measured = new Map(sites.map((site) => [site.id, readSite({ ...site, ...SITE_SETTINGS })]));

const next = random(5);
let segment = 0;
/** One day of all sites as one segment. Some sites have many more views than others. */
async function countDay(dayMs) {
  const fold = createFold(DOCUMENT_KINDS);
  for (let i = 0; i < SITES * VIEWS; i++) {
    const site = Math.floor(next() ** 2 * SITES);
    const atMs = dayMs + Math.floor(next() * DAY_MS);
    const drawn = view(next, { sites: SITES, path: `/articles/${Math.floor(next() ** 3 * 300)}/a-title-of-some-words` });
    const request = beaconRequest({ ...drawn, query: drawn.query.replaceAll(drawn.site, siteId(site)) }, atMs);
    const surroundings = { site: (id) => measured.get(id), salt: () => Buffer.alloc(32, dayMs / DAY_MS), allows };
    foldParsed(fold, parseRequest(request, surroundings));
  }
  await documents.apply({ node: 'node', number: ++segment, checksum: segment }, fold.deltas(), dayMs + DAY_MS);
}

async function countYear(year) {
  for (let dayMs = Date.UTC(year, 0, 1); dayMs < Date.UTC(year + 1, 0, 1); dayMs += DAY_MS) await countDay(dayMs);
}

/** What the hourly sweep of a running service would have done by that day. */
async function live(nowMs) {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const closed = await closedCollections(parts, nowMs);
  for (const name of closed)
    await summarise({ documents, ledger, kinds: DOCUMENT_KINDS, sites: sites.map(({ id }) => id), isStopped }, name);
  const summarised = store();
  for (const site of sites) for (const kind of DOCUMENT_KINDS) await expire({ documents, ledger, kind, site, today, isStopped });
  const expired = store();
  for (const [year, names] of await yearsToArchive(parts, closed, ARCHIVE_AFTER, nowMs)) {
    await archive({ documents, ledger, archivesDir, year, names, nowMs, isStopped });
  }
  return { summarised, expired, archived: store() };
}

function store() {
  const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages, entryCount } = table.getStats();
  return { documents: entryCount, bytes: (treeBranchPageCount + treeLeafPageCount + overflowPages) * pageSize };
}

function archiveBytes() {
  const sizes = archivesIn(archivesDir).flatMap(({ folder }) =>
    readdirSync(folder).map((name) => statSync(join(folder, name)).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function yearReports(year, of = sites.slice(0, 20)) {
  const query = {
    timezone: 'Europe/Berlin',
    from: `${year}-01-01`,
    to: `${year}-12-31`,
    limit: 1000,
    search: '',
    page: '/',
    asOfMs: 0,
  };
  const all = [];
  for (const { id } of of) for (const name of NAMES) all.push(JSON.parse(await report({ ...query, site: id, report: name })));
  return JSON.stringify(all.map((answer) => ({ ...answer, archived: undefined })));
}

async function readMs(year) {
  const began = performance.now();
  for (let round = 0; round < 3; round++) await yearReports(year);
  return (performance.now() - began) / 3 / 20 / NAMES.size;
}

const show = (text, { documents, bytes }) =>
  console.log(
    `${text.padEnd(44)} ${documents.toLocaleString('en').padStart(10)} documents ${(bytes / 1e6).toFixed(1).padStart(8)} MB`,
  );
const february = (year) => Date.UTC(year, 1, 20);
const check = (is, text) => {
  console.log(`${is ? 'equal' : 'DIFFERENT'}: ${text}`);
  if (!is) process.exitCode = 1;
};

try {
  console.log(
    `${SITES} sites, ${SITES * VIEWS} views a day, ${YEARS} years from ${FIRST}; years are archived after ${ARCHIVE_AFTER}`,
  );
  for (let year = FIRST; year < FIRST + YEARS; year++) {
    await countYear(year);
    show(`counted to the end of ${year}`, store());
  }
  const last = FIRST + YEARS - 1;
  const before = { first: await yearReports(FIRST), last: await yearReports(last) };
  const liveMs = await readMs(last);
  const { summarised, expired, archived } = await live(february(last + 1));
  show('with summaries of all years', summarised);
  show('without what is over', expired);
  show(`without ${FIRST} to ${last - ARCHIVE_AFTER}, which are in archives`, archived);
  console.log(`archives${' '.repeat(67)} ${(archiveBytes() / 1e6).toFixed(1).padStart(8)} MB`);
  check((await yearReports(last)) === before.last, `the reports of ${last}, live and summarised`);
  check((await yearReports(FIRST)) === before.first, `the reports of ${FIRST}, live and archived (its summary)`);
  const summaryMs = await readMs(last);
  console.log(`a year's report of a site: ${liveMs.toFixed(2)} ms from its months, ${summaryMs.toFixed(2)} ms from its summary`);
  const restoring = {
    documents,
    ledger,
    year: String(FIRST),
    archives: archivesIn(archivesDir, String(FIRST)),
    site: undefined,
    isKnown: () => true,
    isStopped,
    onProgress: () => {},
  };
  await restore(restoring);
  check((await yearReports(FIRST)) === before.first, `the reports of ${FIRST}, live and restored`);
  await undoRestore(restoring);
  for (const year of [last + 1, last + 2]) {
    await countYear(year);
    show(`one year more, ${year}, and its life cycle`, (await live(february(year + 1))).archived);
  }
  console.log(`archives${' '.repeat(67)} ${(archiveBytes() / 1e6).toFixed(1).padStart(8)} MB`);
} finally {
  await root.close();
  rmSync(folder, { recursive: true, force: true });
}
