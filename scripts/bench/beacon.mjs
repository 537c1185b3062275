// The whole path over the network, compared with a bare Node server, in interleaved rounds.
import { join } from 'node:path';
import { requests } from '../traffic/population.mjs';
import { atLeast, atMost, below, exactly, figure, quantile } from './figures.mjs';
import {
  sleep,
  startBare,
  startService,
  stop,
  temporaryFolder,
  untilCounted,
  WRK_MISSING,
  watchMemory,
  writeLua,
  wrk,
  wrkVersion,
} from './processes.mjs';
import { addSites, viewsInDocuments } from './sites.mjs';

const SITES = 50;
const PAGES = 2000;
const CONNECTIONS = 64;

export async function benchBeacon({ quick }) {
  if (wrkVersion() === undefined) return { skipped: WRK_MISSING };
  const measured = await measure({ rounds: quick ? 3 : 7, seconds: quick ? 3 : 6, durability: 'write' });
  const { ratio, p99Ratio, lagSeconds, perHit } = measured;
  const tunedRatio = measured.rounds.map(({ service, tuned }) => service.perSecond / tuned.perSecond);
  return {
    settings: measured.settings,
    figures: [
      ...paces(measured),
      figure('requests/s ÷ bare Node', ratio, atLeast(0.55)),
      figure('requests/s ÷ bare Node that answers as the beacon does', tunedRatio),
      figure('p99 ÷ bare Node’s, of each round', p99Ratio, atMost(3)),
      figure('hit to documents during load, s, longest', Math.max(...lagSeconds), atMost(1)),
      figure('hit to documents during load, s', lagSeconds),
      figure(
        '  99 of 100 of these below',
        quantile(
          [...lagSeconds].sort((a, b) => a - b),
          0.99,
        ),
      ),
      figure('all counted after load, s', measured.countedAfterSeconds, atMost(1)),
      ...counts(measured),
      figure('documents written per hit', perHit, below(0.1)),
      figure('anonymous memory, MB, most', Math.max(...measured.memoryMb), atMost(300)),
    ],
  };
}

/** The cost of answering only when the disk has the hit. No goals, because this measures the disk. */
export async function benchFsync({ quick }) {
  if (wrkVersion() === undefined) return { skipped: WRK_MISSING };
  const measured = await measure({ rounds: 3, seconds: quick ? 3 : 6, durability: 'fsync' });
  return {
    settings: measured.settings,
    figures: [
      ...paces(measured),
      figure('requests/s ÷ bare Node', measured.ratio),
      figure('p99 ÷ bare Node’s, of each round', measured.p99Ratio),
      figure('hit to documents during load, s', measured.lagSeconds),
      figure('all counted after load, s', measured.countedAfterSeconds),
      ...counts(measured),
      figure('documents written per hit', measured.perHit),
    ],
  };
}

function paces({ rounds }) {
  return [
    figure(
      'bare Node: requests/s',
      rounds.map(({ bare }) => bare.perSecond),
    ),
    figure(
      'bare Node: p99, ms',
      rounds.map(({ bare }) => bare.p99Ms),
    ),
    figure(
      'Hitherto: requests/s',
      rounds.map(({ service }) => service.perSecond),
    ),
    figure(
      'Hitherto: p50, ms',
      rounds.map(({ service }) => service.p50Ms),
    ),
    figure(
      'Hitherto: p99, ms',
      rounds.map(({ service }) => service.p99Ms),
    ),
  ];
}

function counts({ bad, acknowledged, views }) {
  return [
    figure('answers that were not 200', bad, exactly(0)),
    figure('hits acknowledged', acknowledged),
    figure('views in documents − acknowledged', views - acknowledged, exactly(0)),
  ];
}

async function measure({ rounds, seconds, durability }) {
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const lua = join(folder, 'requests.lua');
  writeLua(lua, requests(20_000, { sites: SITES, pages: PAGES }));
  await addSites({ dataDir }, SITES);
  const bare = await startBare('usual');
  const tuned = await startBare('tuned');
  const service = await startService(dataDir, { DURABILITY: durability });
  const memoryMb = watchMemory(service.child, 200);

  const results = [];
  const lagSeconds = [];
  for (let round = 0; round <= rounds; round++) {
    const one = {
      bare: await wrk(bare.url, lua, seconds, CONNECTIONS),
      tuned: await wrk(tuned.url, lua, seconds, CONNECTIONS),
    };
    const load = wrk(service.url, lua, seconds, CONNECTIONS);
    const lag = await lagDuring(load, service);
    one.service = await load;
    if (round === 0) continue; // to warm up
    results.push(one);
    lagSeconds.push(...lag);
    if (round < rounds) await sleep(500);
  }
  const { health, seconds: countedAfterSeconds } = await untilCounted(service);
  for (const { child } of [service, bare, tuned]) await stop(child);
  return {
    settings: {
      rounds,
      seconds,
      sites: SITES,
      pages: PAGES,
      durability,
      generator: `${wrkVersion()}, -t1 -c${CONNECTIONS}`,
    },
    rounds: results,
    ratio: results.map(({ bare, service }) => service.perSecond / bare.perSecond),
    p99Ratio: results.map(({ bare, service }) => service.p99Ms / bare.p99Ms),
    bad: results.reduce((sum, { service }) => sum + service.bad, 0),
    lagSeconds,
    memoryMb,
    countedAfterSeconds,
    acknowledged: health.beacon.taken,
    perHit: health.counting.documents / health.counting.hits,
    views: await viewsInDocuments(dataDir, SITES),
  };
}

/** Every tenth of a second: how old is the time up to which everything is in the documents? */
async function lagDuring(load, { health }) {
  const lags = [];
  let over = false;
  const end = () => {
    over = true;
  };
  void load.then(end, end);
  while (!over) {
    const { counting } = await health();
    lags.push((Date.now() - Date.parse(counting.countedUntil)) / 1000);
    await sleep(100);
  }
  return lags;
}
