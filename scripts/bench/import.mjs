// The sample log a hundred times over, against GoAccess making its report from the same file.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { DIST, rssAnonMb, spread, start, temporaryFolder, version } from './processes.mjs';

const SAMPLE = fileURLToPath(new URL('../../test/fixtures/access-2015-05.log.gz', import.meta.url));
const { composeTool } = await import(join(DIST, 'src/compose.js'));

export async function benchImport({ quick }) {
  const peer = version('goaccess', '--version');
  const [rounds, times] = quick ? [3, 20] : [5, 100];
  const folder = temporaryFolder();
  const log = join(folder, 'access.log');
  const sample = gunzipSync(readFileSync(SAMPLE));
  writeFileSync(log, Buffer.concat(Array.from({ length: times }, () => sample)));
  const results = [];
  let peakMb = 0;
  let summary;
  for (let round = 0; round < rounds; round++) {
    const dataDir = temporaryFolder();
    const { accounts, close } = composeTool(dataDir);
    await accounts.addSite({
      id: 'log',
      title: 'Log',
      timezone: 'UTC',
      hosts: ['semicomplete.com'],
      excludedAddresses: [],
      queryParameters: [],
      storage: 'record',
      signals: 'ignored',
      createdAtMs: 0,
    });
    await close();
    const ours = await timed(async () => {
      const child = start([join(DIST, 'src/cli.js'), '--data-dir', dataDir, 'import', log, '--site', 'log', '--json', '--quiet']);
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
      });
      const watch = setInterval(() => {
        peakMb = Math.max(peakMb, rssAnonMb(child.pid));
      }, 50);
      await child.ended;
      clearInterval(watch);
      summary = JSON.parse(text);
    });
    const theirs =
      peer === undefined
        ? Number.NaN
        : await timed(
            () =>
              new Promise((resolve) =>
                spawn('goaccess', [log, '--log-format=COMBINED', '-o', join(folder, 'r.json'), '--no-progress'], {
                  stdio: 'ignore',
                }).once('exit', resolve),
              ),
          );
    results.push({ ours, theirs });
  }
  const rate = spread(results.map(({ ours }) => summary.lines / ours));
  const ratio = spread(results.map(({ ours, theirs }) => theirs / ours));
  return {
    settings: {
      rounds,
      lines: summary.lines,
      counted: summary.counted,
      peer: peer ?? 'goaccess is not installed; on Debian: apt-get install goaccess',
    },
    linesPerSecond: rate,
    peerLinesPerSecond: spread(results.map(({ theirs }) => summary.lines / theirs)),
    goals: [
      ...(peer === undefined
        ? []
        : [{ what: 'speed ÷ GoAccess’', value: ratio.median, spread: ratio, goal: '>= 1', met: ratio.median >= 1 }]),
      { what: 'anonymous memory at most, MB', value: peakMb, goal: '<= 300', met: peakMb <= 300 },
    ],
  };
}

async function timed(act) {
  const began = performance.now();
  await act();
  return (performance.now() - began) / 1000;
}
