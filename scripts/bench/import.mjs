// Imports the sample log a hundred times over, compared with GoAccess making its report of the same file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { SITE_SETTINGS } from '../traffic/population.mjs';
import { atLeast, atMost, exactly, figure } from './figures.mjs';
import { DIST, removeFolder, run, temporaryFolder, version, watchMemory } from './processes.mjs';

const SAMPLE = fileURLToPath(new URL('../../test/fixtures/access-2015-05.log.gz', import.meta.url));
const SITE = 'log';
const { DOCUMENT_KINDS } = await import(join(DIST, 'collections/documents.js'));
const { composeTool } = await import(join(DIST, 'src/process/compose.js'));
const { createReporter } = await import(join(DIST, 'src/reporting/report.js'));

export async function benchImport({ quick }) {
  if (!existsSync(SAMPLE)) return { skipped: `there is no ${SAMPLE}` };
  const peer = version('goaccess', '--version');
  const [rounds, times] = quick ? [3, 20] : [5, 100];
  const folder = temporaryFolder();
  const log = join(folder, 'access.log');
  const sample = gunzipSync(readFileSync(SAMPLE));
  writeFileSync(log, Buffer.concat(Array.from({ length: times }, () => sample)));

  const results = [];
  for (let round = 0; round < rounds; round++) {
    const ours = await importInto(temporaryFolder(), log);
    const theirs = peer === undefined ? undefined : await goaccess(log, join(folder, 'report.json'));
    results.push({ ours, theirs });
  }
  const { lines, counted } = results[0].ours;
  const of = (pick) => results.map(pick);
  return {
    settings: { rounds, lines, megabytes: Math.round((sample.length * times) / 1e6), peer: peer ?? 'none' },
    figures: [
      figure(
        'Hitherto: s',
        of(({ ours }) => ours.seconds),
      ),
      figure(
        'Hitherto: lines/s',
        of(({ ours }) => lines / ours.seconds),
      ),
      ...(peer === undefined
        ? [figure('GoAccess is not installed; on Debian: apt-get install goaccess', Number.NaN)]
        : [
            figure(
              'GoAccess: s',
              of(({ theirs }) => theirs.seconds),
            ),
            figure(
              'GoAccess: lines/s',
              of(({ theirs }) => lines / theirs.seconds),
            ),
            figure('GoAccess: anonymous memory, MB, most', Math.max(...of(({ theirs }) => theirs.mb))),
            figure(
              'speed ÷ GoAccess’s',
              of(({ ours, theirs }) => theirs.seconds / ours.seconds),
              atLeast(1),
            ),
          ]),
      figure('anonymous memory, MB, most', Math.max(...of(({ ours }) => ours.mb)), atMost(300)),
      figure('hits counted', counted),
      figure(
        'views in documents − counted',
        of(({ ours }) => ours.views - ours.counted),
        exactly(0),
      ),
    ],
  };
}

async function importInto(dataDir, log) {
  const { accounts, close } = await composeTool({ dataDir });
  await accounts.addSite({
    id: SITE,
    title: 'Log',
    timezone: 'UTC',
    ...SITE_SETTINGS,
    hosts: ['semicomplete.com'],
    createdAtMs: 0,
  });
  await close();
  const args = [join(DIST, 'src/cli.js'), '--data-dir', dataDir, 'import', log, '--site', SITE, '--json', '--quiet'];
  const { seconds, mb, text } = await timed(process.execPath, args);
  const { lines, counted } = JSON.parse(text);
  const views = await viewsOf(dataDir, 2015);
  removeFolder(dataDir);
  return { seconds, mb, lines, counted, views };
}

async function goaccess(log, report) {
  return timed('goaccess', [log, '--log-format=COMBINED', '-o', report, '--no-progress']);
}

async function timed(command, args) {
  let mb = [];
  const began = performance.now();
  const text = await run(command, args, (child) => {
    mb = watchMemory(child, 50);
  });
  return { seconds: (performance.now() - began) / 1000, mb: Math.max(...mb), text };
}

async function viewsOf(dataDir, year) {
  const { documents, ledger, close } = await composeTool({ dataDir });
  const text = await createReporter(
    documents,
    ledger,
    DOCUMENT_KINDS,
  )({
    report: 'traffic',
    site: SITE,
    timezone: 'UTC',
    from: `${year}-01-01`,
    to: `${year}-12-31`,
    limit: 1,
    search: '',
    page: '',
    asOfMs: 0,
  });
  await close();
  return JSON.parse(text).total.views;
}
