// Folds segments of the population's hits on one thread and prints the speed as JSON.
import { join } from 'node:path';
import { allows, beaconRequest, random, SITE_SETTINGS, view } from '../traffic/population.mjs';
import { DIST } from './processes.mjs';

const { DOCUMENT_KINDS } = await import(join(DIST, 'collections/documents.js'));
const { foldSegment } = await import(join(DIST, 'src/counting/count-segment.js'));
const { parseRequest } = await import(join(DIST, 'src/hit/parse.js'));
const { createSiteReader } = await import(join(DIST, 'src/hit/prepared-site.js'));
const { createLineReader, linesOf } = await import(join(DIST, 'src/journal/line.js'));

const SEGMENT_BYTES = 8 * 1024 * 1024;
const next = random(7);
const readSite = createSiteReader();
const sites = new Map();
const site = (id) => {
  if (!sites.has(id)) {
    sites.set(
      id,
      readSite({
        id,
        timezone: 'Europe/Berlin',
        ...SITE_SETTINGS,
        createdAtMs: 0,
      }),
    );
  }
  return sites.get(id);
};

let hits = '';
const points = [];
let count = 0;
while (hits.length < SEGMENT_BYTES) {
  const request = beaconRequest(view(next), Date.now());
  const parsed = parseRequest(request, { site, salt: () => Buffer.alloc(32), allows });
  hits += linesOf(parsed);
  if (parsed.point) points.push(parsed.point);
  count++;
}
hits = Buffer.from(hits).toString(); // one flat text, as it is read from a file

const WARM_UP = 2;
const perSecond = [];
const decoding = [];
let documents = 0;
for (let round = 0; round < Number(process.argv[2] ?? 10) + WARM_UP; round++) {
  let began = performance.now();
  const lines = hits.split('\n').slice(0, -1);
  documents = foldSegment({ format: 2, lines, points: [] }, points, DOCUMENT_KINDS).deltas.length;
  const seconds = (performance.now() - began) / 1000;
  began = performance.now();
  const read = createLineReader();
  for (const line of hits.split('\n').slice(0, -1)) read(line);
  if (round < WARM_UP) continue;
  perSecond.push(count / seconds);
  decoding.push((performance.now() - began) / 1000 / seconds);
}
console.log(JSON.stringify({ hits: count, documents, bytes: hits.length, perSecond, decoding }));
