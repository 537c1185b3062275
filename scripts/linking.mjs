#!/usr/bin/env node
// Tests whether visits can be recognised in the files of a service. Simulated people view pages of a real service,
// whose clock runs faster, and then everything in its data folder is read.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { attack, attackVersion01, percent, problemsOf } from './linking/attack.mjs';
import { bytesIn, isPacked, packedIn, root } from './linking/files.mjs';
import { viewsOf } from './linking/people.mjs';
import { knowledgeIn, pointsIn } from './linking/rows.mjs';
import { asVersion01, SITE, sentOf } from './linking/sent.mjs';
import { joined } from './linking/truth.mjs';

const HELP = `npm run linking -- [--rates 20,200,2000,20000] [--seconds 120] [--seed 1]

Simulated people view pages of a real service, at given rates for some hours. Then its data folder and a backup of it are read.
For each view that follows another one, the program tries to find the one before. It prints three shares, in percent: exactly
one view was possible, and correct / a random choice of the possible ones was correct / the most likely one was correct.
It exits with 1 when more is found than docs/privacy.md states.

  --rates    views per hour
  --seconds  minimum duration of each rate; the service's clock runs faster accordingly
  --seed     selects the people`;

/** How many hours are simulated, by views per hour: some thousand views are enough; for a quiet site, some days. */
const HOURS = [
  [100, 48],
  [10_000, 24],
  [Number.POSITIVE_INFINITY, 4],
];
/** The service packs every two minutes of real time. */
const PACKED_MS_MAX = 300_000;

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '20,200,2000,20000' },
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const { LINE_FORMAT } = await import('../dist/src/journal/line-format.js');
const columns = LINE_FORMAT.columns.hit;
const parts = {
  columns,
  ...(await import('../dist/src/hit/parse.js')),
  ...(await import('../dist/src/hit/prepared-site.js')),
  ...(await import('../dist/src/journal/line.js')),
};

const rates = values.rates.split(',').map(Number);
const results = [];
for (const rate of rates) results.push(await simulate(rate));
print(results);
process.exitCode = results.every(({ problems }) => problems.length === 0) ? 0 : 1;

async function simulate(viewsPerHour) {
  const hours = HOURS.find(([most]) => viewsPerHour <= most)[1];
  const startMs = Date.now();
  const people = viewsOf({ viewsPerHour, hours, startMs, seed: Number(values.seed) });
  const sent = sentOf(people, parts);
  const dataDir = mkdtempSync(join(tmpdir(), 'hitherto-linking-'));
  try {
    process.stderr.write(`${viewsPerHour} views an hour: ${sent.length} views in ${hours} hours\n`);
    await serve(dataDir, sent, { startMs, factor: (hours * 3600) / Number(values.seconds) });
    await hitherto(dataDir, ['backup', join(dataDir, 'a-backup'), '--quiet']);
    const { views: rows, pairs } = knowledgeIn(await packedIn(dataDir), columns);
    const views = joined(sent, rows);
    const points = pointsIn(
      [...bytesIn(dataDir), ...bytesIn(join(dataDir, 'a-backup'))],
      people.map(({ browser }) => browser.point),
    );
    const before = attackVersion01(views.map((view, place) => ({ ...view, ...asVersion01(sent[place]) })));
    const after = attack({ views, pairs });
    return { viewsPerHour, hours, before, after, points, problems: problemsOf(viewsPerHour, after, points) };
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

/** Starts a service, sends each view at its time, and stops the service when everything is counted. */
async function serve(dataDir, sent, { startMs, factor }) {
  await hitherto(dataDir, ['site', 'add', SITE.id, '--title', SITE.title, '--timezone', SITE.timezone]);
  const beganMs = Date.now();
  const service = spawn(process.execPath, ['--import', join(root, 'scripts/linking/clock.mjs'), join(root, 'dist/src/main.js')], {
    env: {
      ...process.env,
      ...{ DATA_DIR: dataDir, PORT: '0', TRUST_PROXY: '127.0.0.1', MONGODB_URI: '', REDIS_URL: '' },
      ...{ HITS_PER_ADDRESS: '0', HITS_PER_SITE: '0' },
      CLOCK: `${startMs} ${factor} ${beganMs}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(service, 'exit');
  try {
    await sendAll(service, sent, { startMs, factor, beganMs });
    for (const deadline = Date.now() + PACKED_MS_MAX; !isPacked(dataDir); await delay(1000)) {
      if (Date.now() > deadline) throw new Error('hits are not packed yet');
    }
  } finally {
    service.kill('SIGTERM');
    await ended;
  }
  if (service.exitCode !== 0) throw new Error(`the service ended with ${service.exitCode}`);
}

async function sendAll(service, sent, { startMs, factor, beganMs }) {
  let said = '';
  service.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  while (!/running at (\S+)/.test(said)) await delay(20);
  const url = /running at (\S+)/.exec(said)[1];
  const skippedMs = (Date.now() - beganMs) * factor; // while it started
  const under = new Set();
  for (const { atMs, query, headers } of sent) {
    const inMs = (atMs + skippedMs - startMs) / factor - (Date.now() - beganMs);
    if (inMs > 0) await delay(inMs);
    const answer = fetch(`${url}/a.gif?${query}`, { headers }).then((response) => response.arrayBuffer());
    under.add(answer);
    void answer.finally(() => under.delete(answer));
    if (under.size >= 32) await Promise.race(under);
  }
  await Promise.all(under);
}

async function hitherto(dataDir, args) {
  const child = spawn(process.execPath, [join(root, 'dist/src/cli.js'), '--data-dir', dataDir, ...args], {
    env: { ...process.env, MONGODB_URI: '', REDIS_URL: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`hitherto ${args.join(' ')} ended with ${code}`);
}

function print(all) {
  const cell = ({ one, drawn, guessed }) => [one, drawn, guessed].map(percent).join(' / ');
  const row = (title, of) => `| ${title} | ${all.map(of).join(' | ')} |`;
  console.log(
    [
      row('what the files hold', ({ viewsPerHour }) => `${viewsPerHour} views/h`),
      `|---|${all.map(() => '---').join('|')}|`,
      row('as version 0.1 kept them for days', ({ before }) => cell(before)),
      row('once counted and packed', ({ after }) => cell(after)),
      row('files in which sketch points stand', ({ points }) => points.length),
    ].join('\n'),
  );
  for (const { viewsPerHour, problems } of all)
    for (const problem of problems) console.log(`${viewsPerHour} views/h: ${problem}`);
}
