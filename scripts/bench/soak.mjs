// Minutes of load with hostile paths: what grows?
import { join } from 'node:path';
import { random, requests, siteId } from '../population.mjs';
import { rssAnonMb, sleep, startService, stop, temporaryFolder, version, wrk, writeLua } from './processes.mjs';
import { addSites, viewsInDocuments } from './sites.mjs';

const SITES = 50;
const SLICE_SECONDS = 20;
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
  '😀',
  '%F0%9F%98%80',
  '<script>',
  '%0d%0a',
];

/** Paths that were never seen before and will never be again, with everything in them that has broken others. */
function hostile(count, seed) {
  const next = random(seed);
  const word = () => next().toString(36).slice(2);
  return Array.from({ length: count }, () => {
    const site = siteId(Math.floor(next() * SITES));
    const path = `/${word()}/${encodeURI(BAD[Math.floor(next() * BAD.length)])}/${word().repeat(1 + Math.floor(next() * 150))}`;
    const query = `s=${site}&u=${encodeURIComponent(`https://${site}.example`)}${encodeURIComponent(path)}&t=${word()}&r=${encodeURIComponent(`https://${word()}.${word()}.example/${word()}`)}`;
    const agent = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${Math.floor(next() * 999)}.${Math.floor(next() * 99)}.${word()} Safari/537.36`;
    return `GET /a.gif?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: ${agent}\r\nAccept-Language: ${word()}\r\n\r\n`;
  });
}

export async function benchSoak({ minutes }) {
  if (version('wrk', '-v') === undefined) return { skipped: 'wrk is needed as the generator; on Debian: apt-get install wrk' };
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const lua = join(folder, 'requests.lua');
  await addSites(dataDir, SITES);
  const service = await startService(dataDir, { JOURNAL_KEEP: '0' });
  const samples = [];
  const began = performance.now();
  let slice = 0;
  const watch = setInterval(
    () => samples.push({ minute: (performance.now() - began) / 60_000, mb: rssAnonMb(service.child.pid) }),
    2000,
  );
  while (performance.now() - began < minutes * 60_000) {
    slice++;
    writeLua(lua, [...hostile(10_000, slice), ...requests(10_000, { seed: slice })]);
    await wrk(service.url, lua, SLICE_SECONDS);
  }
  clearInterval(watch);
  let health = await service.health();
  while (health.counting.hits < health.beacon.taken) {
    await sleep(50);
    health = await service.health();
  }
  await stop(service.child);
  const views = await viewsInDocuments(dataDir, SITES);

  const thirds = [1, 2].map((third) =>
    samples.filter(({ minute }) => minute >= (minutes * third) / 3 && minute < (minutes * (third + 1)) / 3).map(({ mb }) => mb),
  );
  const highest = Math.max(...samples.map(({ mb }) => mb));
  const growth = median(thirds[1]) / median(thirds[0]);
  return {
    settings: { minutes, sites: SITES, hits: health.beacon.taken, memoryMb: samples.map(({ mb }) => Math.round(mb)) },
    goals: [
      { what: 'anonymous memory at most, MB', value: highest, goal: '<= 300', met: highest <= 300 },
      { what: 'median of the last third ÷ of the second', value: growth, goal: '<= 1.05', met: growth <= 1.05 },
      {
        what: 'views in documents − acknowledged',
        value: views - health.beacon.taken,
        goal: '0',
        met: views === health.beacon.taken,
      },
    ],
  };
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
