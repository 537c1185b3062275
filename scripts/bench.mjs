#!/usr/bin/env node
// Measures Hitherto on this machine. Everything is a ratio to something else that is measured in the same run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from './bench/figures.mjs';
import { DIST, watchOthers } from './bench/processes.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const PARTS = {
  beacon: async (options) => (await import('./bench/beacon.mjs')).benchBeacon(options),
  fold: async (options) => (await import('./bench/fold.mjs')).benchFold(options),
  report: async (options) => (await import('./bench/report.mjs')).benchReport(options),
  overview: async (options) => (await import('./bench/overview.mjs')).benchOverview(options),
  page: async (options) => (await import('./bench/page.mjs')).benchPage(options),
  live: async (options) => (await import('./bench/live.mjs')).benchLive(options),
  import: async (options) => (await import('./bench/import.mjs')).benchImport(options),
  fsync: async (options) => (await import('./bench/beacon.mjs')).benchFsync(options),
  distributed: async (options) => (await import('./bench/distributed.mjs')).benchDistributed(options),
  readers: async (options) => (await import('./bench/readers.mjs')).benchReaders(options),
  soak: async (options) => (await import('./bench/soak.mjs')).benchSoak(options),
};
const USUAL = Object.keys(PARTS).filter((part) => part !== 'soak');
/** The share of the processors used by other programs above which the figures are not reliable. */
const OTHERS_MAX = 0.05;
const HELP = `npm run bench -- [part…] [--quick] [--check] [--minutes 10]

  beacon       the whole path over the network, compared with a bare Node server (needs wrk)
  fold         hits to deltas, on one core
  report       a month's report after few and after many hits
  overview     the overview of 10, 500 and 5,000 sites
  page         a site's page in Chromium: its weight, its first paint, its scripts (needs Chromium)
  live         from a view to the page of the owner, painted in Chromium (needs Chromium; with MONGODB_URI
               and REDIS_URL also with two nodes)
  import       a large log, compared with GoAccess (if it is installed)
  fsync        as beacon, with DURABILITY=fsync; for information, without goals
  distributed  the main thread's time per hit with MongoDB and Redis, compared with the embedded mode
               (needs wrk, redis-server, the tests' server)
  readers      200 open pages of 20 sites beside 3,000 hits/s, and 500 readers of one shared link
  soak         --minutes of load with hostile requests: does memory grow? (needs wrk)

Without a part: ${USUAL.join(', ')}. Results are printed and written to bench-results.json.
Only the ratios can be compared between machines. Nothing else should run at the same time.

  --quick      short rounds, to see that it works
  --minutes n  how long the soak takes (10)
  --check      exit code 1 when a goal is missed or a part is skipped`;

const { values, positionals } = given();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const unknown = positionals.find((part) => !Object.hasOwn(PARTS, part));
if (unknown !== undefined) wrong(`unknown part ${unknown}; the parts are ${Object.keys(PARTS).join(', ')}`);
const minutes = Number(values.minutes);
if (!(minutes > 0)) wrong('--minutes must be a number above 0');
if (!existsSync(`${DIST}src/main.js`)) wrong('the project is not built; run npm run build');

const results = {
  date: new Date().toISOString(),
  machine: {
    cores: cpus().length,
    cpu: cpus()[0]?.model,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    kernel: release(),
  },
  versions: { hitherto: versionIn('package.json'), lmdb: versionIn('node_modules/lmdb/package.json') },
  parts: {},
};
let missed = 0;
for (const part of positionals.length > 0 ? positionals : USUAL) {
  console.error(`bench: ${part} …`);
  const others = watchOthers();
  const result = await PARTS[part]({ quick: values.quick ?? false, minutes });
  const shareOfOthers = Number(others().toFixed(3));
  results.parts[part] = { ...result, shareOfOthers };
  if (result.skipped) console.log(`\n${part}\n  SKIPPED: ${result.skipped}`);
  else console.log(`\n${part}  ${settingsText(result.settings)}\n${table(result.figures)}`);
  if (shareOfOthers > OTHERS_MAX) {
    console.log(
      `  other programs used ${Math.round(shareOfOthers * 100)} % of the processors meanwhile: repeat this when they are quiet`,
    );
  }
  missed += result.skipped ? 1 : result.figures.filter(({ met }) => met === false).length;
}
writeFileSync(`${ROOT}bench-results.json`, `${JSON.stringify(results, null, 2)}\n`);
console.log(`\n${missed === 0 ? 'every goal is met' : `missed or skipped: ${missed}`}; written to bench-results.json`);
process.exit(values.check && missed > 0 ? 1 : 0);

function given() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean' },
        check: { type: 'boolean' },
        minutes: { type: 'string', default: '10' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return wrong(error.message);
  }
}

function wrong(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}

function versionIn(path) {
  return JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8')).version;
}

function settingsText(settings) {
  return Object.entries(settings)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? value.toLocaleString('en') : value}`)
    .join(', ');
}
