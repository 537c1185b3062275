// The whole path over the network against a bare Node server, in interleaved rounds.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requests } from '../population.mjs';
import { rssAnonMb, sleep, spread, start, startService, stop, temporaryFolder, version, wrk, writeLua } from './processes.mjs';
import { addSites, viewsInDocuments } from './sites.mjs';

const SITES = 50;
const PAGES = 2000;

export async function benchBeacon({ quick, durability = 'write' }) {
  if (version('wrk', '-v') === undefined) return { skipped: 'wrk is needed as the generator; on Debian: apt-get install wrk' };
  const [rounds, seconds] = quick ? [3, 3] : [7, 6];
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const lua = join(folder, 'requests.lua');
  writeLua(lua, requests(20_000, { sites: SITES, pages: PAGES }));
  await addSites(dataDir, SITES);
  const bare = start([fileURLToPath(new URL('bare.mjs', import.meta.url))]);
  const bareUrl = String(await new Promise((resolve) => bare.stdout.once('data', resolve))).trim();
  const service = await startService(dataDir, { JOURNAL_KEEP: '0', DURABILITY: durability });

  const watched = { lagMs: [], rssMb: [] };
  let watching = false;
  const watch = setInterval(async () => {
    watched.rssMb.push(rssAnonMb(service.child.pid));
    if (!watching) return;
    const { counting } = await service.health();
    watched.lagMs.push(Date.now() - Date.parse(counting.countedUntil));
  }, 100);

  const results = [];
  for (let round = 0; round <= rounds; round++) {
    const one = await wrk(bareUrl, lua, seconds);
    watching = round > 0; // the first is to warm up
    const other = await wrk(service.url, lua, seconds);
    watching = false;
    if (round > 0) results.push({ bare: one, service: other });
    await sleep(300);
  }
  const ended = performance.now();
  let health = await service.health();
  while (health.counting.hits < health.beacon.taken && performance.now() - ended < 10_000) {
    await sleep(20);
    health = await service.health();
  }
  clearInterval(watch);
  await stop(service.child);
  await stop(bare);
  const inDocuments = await viewsInDocuments(dataDir, SITES);

  const ratio = spread(results.map(({ bare, service }) => service.perSecond / bare.perSecond));
  const p99Ratio = spread(results.map(({ bare, service }) => service.p99Ms / bare.p99Ms));
  return {
    settings: { rounds, seconds, connections: 64, sites: SITES, pages: PAGES, durability, generator: version('wrk', '-v') },
    bareRequestsPerSecond: spread(results.map(({ bare }) => bare.perSecond)),
    requestsPerSecond: spread(results.map(({ service }) => service.perSecond)),
    bareP99Ms: spread(results.map(({ bare }) => bare.p99Ms)),
    p99Ms: spread(results.map(({ service }) => service.p99Ms)),
    notAnswered200: results.reduce((sum, { service }) => sum + service.bad, 0),
    acknowledged: health.beacon.taken,
    viewsInDocuments: inDocuments,
    goals: [
      { what: 'requests/s ÷ bare Node', value: ratio.median, spread: ratio, goal: '>= 0.55', met: ratio.median >= 0.55 },
      { what: 'p99 ÷ bare Node’s', value: p99Ratio.median, spread: p99Ratio, goal: '<= 3', met: p99Ratio.median <= 3 },
      {
        what: 'longest from hit to documents, s',
        value: Math.max(...watched.lagMs) / 1000,
        spread: spread(watched.lagMs.map((ms) => ms / 1000)),
        goal: '<= 1',
        met: Math.max(...watched.lagMs) <= 1000,
      },
      {
        what: 'views in documents − acknowledged',
        value: inDocuments - health.beacon.taken,
        goal: '0',
        met: inDocuments === health.beacon.taken,
      },
      {
        what: 'documents written per hit',
        value: health.counting.documents / health.counting.hits,
        goal: '< 0.1',
        met: health.counting.documents / health.counting.hits < 0.1,
      },
      {
        what: 'anonymous memory at most, MB',
        value: Math.max(...watched.rssMb),
        goal: '<= 300',
        met: Math.max(...watched.rssMb) <= 300,
      },
    ],
  };
}
