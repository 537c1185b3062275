// The cost of MongoDB and Redis for the thread that answers beacons, compared with the embedded mode in interleaved
// rounds: none, if hits wait for neither.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, mongodbServer, redisServer } from '../crash/processes.mjs';
import { requests } from '../traffic/population.mjs';
import { atMost, exactly, figure } from './figures.mjs';
import {
  sleep,
  startService,
  stop,
  temporaryFolder,
  untilCounted,
  version,
  WRK_MISSING,
  writeLua,
  wrk,
  wrkVersion,
} from './processes.mjs';
import { addSites } from './sites.mjs';

const SITES = 50;
const PAGES = 2000;
const CONNECTIONS = 64;
/** In ticks of the process clock, as Linux counts. */
const TICKS_PER_SECOND = 100;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one experiment, from its set-up to its figures
export async function benchDistributed({ quick }) {
  if (wrkVersion() === undefined) return { skipped: WRK_MISSING };
  if (!existsSync(new URL('../../.mongodb/classes/Server.class', import.meta.url))) {
    return { skipped: 'the MongoDB-compatible server is needed; build it with test/mongodb/build.sh' };
  }
  if (version('redis-server', '--version') === undefined) return { skipped: 'redis-server is needed' };
  const [rounds, seconds] = quick ? [3, 3] : [7, 6];
  const folder = temporaryFolder();
  const [embeddedDir, webDir, serverDir] = ['embedded', 'web', 'servers'].map((name) => join(folder, name));
  mkdirSync(serverDir);
  const mongodb = mongodbServer(await freePort(), serverDir);
  const redis = redisServer(await freePort(), serverDir);
  await Promise.all([mongodb.start(), redis.start()]);
  const env = { MONGODB_URI: `mongodb://127.0.0.1:${mongodb.port}/bench`, REDIS_URL: `redis://127.0.0.1:${redis.port}` };
  const lua = join(folder, 'requests.lua');
  writeLua(lua, requests(20_000, { sites: SITES, pages: PAGES }));
  await addSites({ dataDir: embeddedDir }, SITES);
  await addSites({ mongodbUri: env.MONGODB_URI, redisUrl: env.REDIS_URL }, SITES);
  const embedded = await startService(embeddedDir);
  const web = await startService(webDir, env, ['web']);

  const results = [];
  for (let round = 0; round <= rounds; round++) {
    const one = {};
    for (const [name, service] of [
      ['embedded', embedded],
      ['web', web],
    ]) {
      one[name] = await load(service, lua, seconds);
      await untilCounted(service); // uncounted hits must not fall into the next round
      await sleep(300);
    }
    if (round > 0) results.push(one); // the first one is to warm up
  }
  const { health } = await untilCounted(web);
  for (const { child } of [embedded, web]) await stop(child);
  await Promise.all([mongodb.kill(), redis.kill()]);
  const all = (name, of) => results.map((one) => of(one[name]));
  return {
    settings: {
      rounds,
      seconds,
      sites: SITES,
      pages: PAGES,
      server: 'mongo-java-server 1.47',
      generator: `${wrkVersion()}, -t1 -c${CONNECTIONS}`,
    },
    figures: [
      figure(
        'embedded: main thread, µs a hit',
        all('embedded', ({ cpu }) => cpu),
      ),
      figure(
        'with MongoDB and Redis: main thread, µs a hit',
        all('web', ({ cpu }) => cpu),
      ),
      figure(
        'with them ÷ embedded, main thread’s time a hit',
        results.map(({ embedded, web }) => web.cpu / embedded.cpu),
        atMost(1.05),
      ),
      figure(
        'with them: requests/s',
        all('web', ({ perSecond }) => perSecond),
      ),
      figure(
        'with them ÷ embedded, requests/s',
        results.map(({ embedded, web }) => web.perSecond / embedded.perSecond),
      ),
      figure(
        'answers that were not 200',
        results.reduce((sum, { embedded, web }) => sum + embedded.bad + web.bad, 0),
        exactly(0),
      ),
      figure('with them: hits acknowledged', health.beacon.taken),
      figure('with them: documents written per hit', health.counting.documents / health.counting.hits),
    ],
  };
}

async function load(service, lua, seconds) {
  const before = { ticks: mainThreadTicks(service.child.pid), hits: (await service.health()).beacon.taken };
  const { perSecond, bad } = await wrk(service.url, lua, seconds, CONNECTIONS);
  const hits = (await service.health()).beacon.taken - before.hits;
  const cpuSeconds = (mainThreadTicks(service.child.pid) - before.ticks) / TICKS_PER_SECOND;
  return { perSecond, bad, cpu: (cpuSeconds * 1e6) / hits };
}

/** The first thread of a process only: user and system time. */
function mainThreadTicks(pid) {
  const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]); // proc(5): utime, stime
}
