// The report of a busy site's month, after few and after many hits: by the report's code, and over HTTP.
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { SITE_SETTINGS } from '../traffic/population.mjs';
import { atMost, exactly, figure, median } from './figures.mjs';
import { DIST, runJson, startService, stop, temporaryFolder } from './processes.mjs';

const { composeTool } = await import(join(DIST, 'src/process/compose.js'));
const FEW = 10_000;

export async function benchReport({ quick }) {
  const many = quick ? 1_000_000 : 10_000_000;
  const rounds = quick ? 300 : 1000;
  const folders = [temporaryFolder(), temporaryFolder()];
  const { documentsRead, rows, views, ms } = await runJson('report-program.mjs', FEW, many, rounds, ...folders);
  const overHttp = await httpMs(folders[1], rounds / 2);
  const grown = (limit) => median(ms[limit][1]) / median(ms[limit][0]);
  const [fewText, manyText] = [FEW, many].map((n) => n.toLocaleString('en'));
  return {
    settings: { rounds, hits: `${fewText} and ${manyText}`, rows: rows.join(' and '), views: views.join(' and ') },
    figures: [
      figure('documents read', documentsRead, exactly(1)),
      figure('views in the documents − counted', views[0] + views[1] - FEW - many, exactly(0)),
      figure(`1,000 pages after ${fewText} hits, ms`, ms[1000][0], atMost(2)),
      figure(`1,000 pages after ${manyText} hits, ms`, ms[1000][1], atMost(2)),
      figure('  p50 after many ÷ after few', grown(1000), atMost(1.1)),
      figure(`100 pages after ${fewText} hits, ms`, ms[100][0], atMost(2)),
      figure(`100 pages after ${manyText} hits, ms`, ms[100][1], atMost(2)),
      figure('  p50 after many ÷ after few', grown(100), atMost(1.1)),
      figure('1,000 pages over HTTP, ms', overHttp[1000]),
      figure('100 pages over HTTP, ms', overHttp[100]),
    ],
  };
}

/** One request after the other over one connection; answers are read completely. */
async function httpMs(dataDir, rounds) {
  const { accounts, close } = await composeTool({ dataDir });
  await accounts.addSite({
    id: 'busy',
    title: 'Busy',
    timezone: 'UTC',
    ...SITE_SETTINGS,
    createdAtMs: 0,
  });
  const { secret } = await accounts.addToken({ title: 'bench', sites: 'all', nowMs: Date.now() });
  await close();
  const service = await startService(dataDir);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = { 100: [], 1000: [] };
  for (let round = 0; round < rounds; round++) {
    for (const limit of [100, 1000]) {
      const began = performance.now();
      await answer(`${service.url}/api/v1/sites/busy/content?from=2026-06-01&to=2026-06-30&limit=${limit}`, agent, secret);
      if (round >= rounds / 10) times[limit].push(performance.now() - began);
    }
  }
  agent.destroy();
  await stop(service.child);
  return times;
}

function answer(url, agent, secret) {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { Authorization: `Bearer ${secret}` } }, (res) => {
      res.resume();
      res.on('end', () => (res.statusCode === 200 ? resolve() : reject(new Error(`the report was answered ${res.statusCode}`))));
    }).on('error', reject);
  });
}
