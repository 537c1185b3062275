// The overview of all sites: by its code, with nothing remembered and with the days that are over remembered, and over HTTP.
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { atMost, exactly, figure } from './figures.mjs';
import { DIST, runJson, startService, stop, temporaryFolder } from './processes.mjs';

const { composeTool } = await import(join(DIST, 'src/process/compose.js'));
const SITES = [10, 500, 5000];
/** For 500 sites, as one request. */
const GOAL = { 500: atMost(100) };

export async function benchOverview({ quick }) {
  const rounds = quick ? 4 : 15;
  const figures = [];
  for (const count of SITES) {
    const folder = temporaryFolder();
    const { times, cpu, read, sites, bytes } = await runJson('overview-program.mjs', folder, count, rounds);
    const http = await httpMs(folder, rounds);
    const name = `${count.toLocaleString('en')} sites`;
    figures.push(
      figure(`${name}: in the answer`, sites, exactly(count)),
      figure('  KB of JSON', bytes / 1000),
      figure('  documents of each, nothing remembered', read.cold / count),
      figure('  ms', times.cold, GOAL[count]),
      figure('  ms of processor time', cpu.cold),
      figure('  documents of each, days that are over remembered', read.warm / count),
      figure('  ms', times.warm, GOAL[count]),
      figure('  ms of processor time', cpu.warm),
      figure('  over HTTP, the first after a start, ms', http[0]),
      figure('  over HTTP, ms', http.slice(1), GOAL[count]),
    );
  }
  return { settings: { rounds, sites: SITES.join(', ') }, figures };
}

/** One request after the other; answers are read completely. */
async function httpMs(dataDir, rounds) {
  const { accounts, close } = await composeTool({ dataDir });
  const { secret } = await accounts.addToken({ title: 'bench', sites: 'all', nowMs: Date.now() });
  await close();
  const service = await startService(dataDir);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  for (let round = 0; round <= rounds; round++) {
    const began = performance.now();
    await answer(`${service.url}/api/v1/overview`, agent, secret);
    times.push(performance.now() - began);
  }
  agent.destroy();
  await stop(service.child);
  return times;
}

function answer(url, agent, secret) {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { Authorization: `Bearer ${secret}` } }, (res) => {
      res.resume();
      res.on('end', () =>
        res.statusCode === 200 ? resolve() : reject(new Error(`the overview was answered ${res.statusCode}`)),
      );
    }).on('error', reject);
  });
}
