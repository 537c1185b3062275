// Minutes of load, half of it hostile: does anything grow?
import { join } from 'node:path';
import { random, requests, siteId } from '../traffic/population.mjs';
import { atMost, exactly, figure, median } from './figures.mjs';
import {
  rssAnonMb,
  startService,
  stop,
  temporaryFolder,
  UNIQUE,
  untilCounted,
  WRK_MISSING,
  writeLua,
  wrk,
  wrkVersion,
} from './processes.mjs';
import { addSites, viewsInDocuments } from './sites.mjs';

const SITES = 50;
const SLICE_SECONDS = 20;
const SAMPLE_MS = 1000;
const SAMPLES_A_PERIOD = 10;
/** Until then, caches fill and compilers warm up; a shorter soak uses its first third. */
const SETTLED_MINUTES = 3;
/** A few megabytes up or down are garbage collection. */
const SLOPE_MB_MAX = 1;

const BAD = [
  '%',
  '%E0%A4%A',
  '%00',
  '__proto__',
  'constructor',
  '%C0%AF',
  '$where',
  'a.b.c',
  '%ED%A0%80',
  '%uD800',
  '%F0%9F%98%80',
  '<script>',
  '%0d%0a',
  '%1F%09',
];

/**
 * Paths of up to 2 KB, referrers, agents and titles that never repeat, with everything that has broken other
 * services.
 */
function hostile(count, seed) {
  const next = random(seed);
  const word = () => next().toString(36).slice(2);
  const bad = () => BAD[Math.floor(next() * BAD.length)];
  return Array.from({ length: count }, (_, i) => {
    const site = siteId(Math.floor(next() * SITES));
    const path = `/${UNIQUE}/${bad()}/${word().repeat(Math.floor(next() ** 3 * 180))}`.slice(0, 2048);
    // escaped as a browser does, or inserted unescaped
    const u = i % 2 === 0 ? `${encodeURIComponent(`https://${site}.example`)}${escaped(path)}` : `https://${site}.example${path}`;
    const referrer = escaped(`https://${word()}.${UNIQUE}.example/${word()}`);
    const chrome = `Chrome/${Math.floor(next() * 999)}.${UNIQUE}`;
    const agent = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ${chrome} Safari/537.36`;
    const query = `s=${site}&u=${u}&t=${UNIQUE}${bad()}&r=${referrer}&a=${bad()}&h=${bad()}&${bad()}=${bad()}`;
    const head = `GET /a.gif?${query.replaceAll(' ', '%20')} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
    return `${head}User-Agent: ${agent}\r\nAccept-Language: ${word()}\r\n\r\n`;
  });
}

function escaped(text) {
  return text.split(UNIQUE).map(encodeURIComponent).join(UNIQUE);
}

export async function benchSoak({ minutes }) {
  if (wrkVersion() === undefined) return { skipped: WRK_MISSING };
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const lua = join(folder, 'requests.lua');
  await addSites({ dataDir }, SITES);
  const service = await startService(dataDir);
  const samples = [];
  const began = performance.now();
  const minute = () => (performance.now() - began) / 60_000;
  const watch = setInterval(() => samples.push({ minute: minute(), mb: rssAnonMb(service.child.pid) }), SAMPLE_MS);
  const rounds = [];
  while (minute() < minutes) {
    const slice = rounds.length + 1;
    writeLua(lua, mixed(hostile(5000, slice), requests(5000, { seed: slice })), `${slice}x`);
    rounds.push(await wrk(service.url, lua, SLICE_SECONDS));
    console.error(`bench: soak, minute ${minute().toFixed(1)} of ${minutes}: ${samples.at(-1)?.mb.toFixed(0)} MB`);
  }
  clearInterval(watch);
  const { health, seconds } = await untilCounted(service);
  await stop(service.child);
  const views = await viewsInDocuments(dataDir, SITES);

  const settled = samples.filter((sample) => sample.minute >= Math.min(SETTLED_MINUTES, minutes / 3));
  const half = Math.floor(settled.length / 2);
  const mb = (some) => some.map((sample) => sample.mb);
  const growth = median(mb(settled.slice(half))) / median(mb(settled.slice(0, half)));
  return {
    settings: {
      minutes,
      sites: SITES,
      generator: `${wrkVersion()}, -t1 -c64`,
      mostOfEachTenSecondsMb: periods(mb(samples)),
    },
    figures: [
      figure(
        'requests/s',
        rounds.map(({ perSecond }) => perSecond),
      ),
      figure('anonymous memory, MB, most', Math.max(...mb(samples)), atMost(300)),
      figure('anonymous memory once settled, MB', mb(settled)),
      figure('  slope, MB a minute', slope(settled), atMost(SLOPE_MB_MAX)),
      figure('  its second half ÷ its first', growth, atMost(1.05)),
      figure('all counted after load, s', seconds, atMost(1)),
      figure(
        'answers that were not 200',
        rounds.reduce((sum, { bad }) => sum + bad, 0),
        exactly(0),
      ),
      figure('hits acknowledged', health.beacon.taken),
      figure('hits refused, with a reason', health.beacon.refusedTotal),
      figure('views in documents − acknowledged', views - health.beacon.taken, exactly(0)),
    ],
  };
}

function mixed(some, others) {
  return some.flatMap((one, i) => [one, others[i]]);
}

function periods(values) {
  const most = [];
  for (let i = 0; i < values.length; i += SAMPLES_A_PERIOD) {
    most.push(Math.round(Math.max(...values.slice(i, i + SAMPLES_A_PERIOD))));
  }
  return most;
}

/** Least squares. */
function slope(samples) {
  const meanMinute = samples.reduce((sum, { minute }) => sum + minute, 0) / samples.length;
  const meanMb = samples.reduce((sum, { mb }) => sum + mb, 0) / samples.length;
  let above = 0;
  let below = 0;
  for (const { minute, mb } of samples) {
    above += (minute - meanMinute) * (mb - meanMb);
    below += (minute - meanMinute) ** 2;
  }
  return above / below;
}
