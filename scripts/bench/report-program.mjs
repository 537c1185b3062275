// Counts few and many hits into the same month of a site in two stores, then makes its report from both in turn.
// Prints JSON. Arguments: how few, how many, how many rounds, the two data folders.
import { join } from 'node:path';
import { allows, beaconRequest, foldParsed, random, SITE_SETTINGS, view } from '../traffic/population.mjs';
import { DIST } from './processes.mjs';

const { DOCUMENT_KINDS } = await import(join(DIST, 'collections/documents.js'));
const { composeTool } = await import(join(DIST, 'src/process/compose.js'));
const { createFold } = await import(join(DIST, 'src/counting/fold.js'));
const { parseRequest } = await import(join(DIST, 'src/hit/parse.js'));
const { createSiteReader } = await import(join(DIST, 'src/hit/prepared-site.js'));
const { createReporter } = await import(join(DIST, 'src/reporting/report.js'));

const [few, many, rounds] = process.argv.slice(2, 5).map(Number);
const folders = process.argv.slice(5);
const BATCH = 10_000;
const measured = createSiteReader()({
  id: 'busy',
  timezone: 'UTC',
  ...SITE_SETTINGS,
  createdAtMs: 0,
});
const next = random(11);
const START = Date.UTC(2026, 5, 1);
const hits = Array.from({ length: 200_000 }, (_, i) => {
  const request = beaconRequest(view(next, { sites: 1 }), START + (i % 28) * 86_400_000);
  return parseRequest(request, { site: () => measured, salt: () => Buffer.alloc(32), allows });
});

async function fill(folder, count) {
  const store = await composeTool({ dataDir: folder });
  for (let done = 0, number = 1; done < count; number++) {
    const fold = createFold(DOCUMENT_KINDS);
    for (let i = 0; i < BATCH && done < count; i++, done++) {
      foldParsed(fold, hits[done % hits.length]);
    }
    // only month documents are read; days are omitted for speed
    await store.documents.apply(
      { node: 'bench', number, checksum: 0 },
      fold.deltas().filter(({ id }) => id.length === 'busy:2026-06'.length),
      0,
    );
  }
  return store;
}

function counting(read) {
  return (ids) => {
    documentsRead += ids.length;
    return read(ids);
  };
}

const NOTHING_GONE = { days: async () => [] };
const stores = [await fill(folders[0], few), await fill(folders[1], many)];
let documentsRead = 0;
const reporters = stores.map(({ documents }) =>
  createReporter({ ...documents, read: counting(documents.read) }, NOTHING_GONE, DOCUMENT_KINDS),
);
const query = (limit) => ({
  report: 'content',
  site: 'busy',
  timezone: 'UTC',
  from: '2026-06-01',
  to: '2026-06-30',
  limit,
  search: '',
  page: '',
  asOfMs: 0,
});
const answers = await Promise.all(reporters.map((report) => report(query(1000))));
documentsRead = 0;
await reporters[0](query(1000));
const read = documentsRead;

const times = { 100: [[], []], 1000: [[], []] };
for (let round = 0; round < rounds; round++) {
  for (const limit of [100, 1000]) {
    for (const which of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const began = performance.now();
      await reporters[which](query(limit));
      if (round >= rounds / 10) times[limit][which].push(performance.now() - began);
    }
  }
}
console.log(
  JSON.stringify({
    documentsRead: read,
    rows: answers.map((answer) => JSON.parse(answer).rows.length),
    views: answers.map((answer) => JSON.parse(answer).total.views),
    ms: times,
  }),
);
await Promise.all(stores.map(({ close }) => close()));
process.exit(0);
