// Sites of several time zones for the population, and the contents of their documents at the end.
import { join } from 'node:path';
import { SITE_SETTINGS, siteId } from '../traffic/population.mjs';
import { DIST } from './processes.mjs';

const { composeTool } = await import(join(DIST, 'src/process/compose.js'));
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC', 'Australia/Sydney'];

/** `place`: `{ dataDir }` in the embedded mode, `{ mongodbUri, redisUrl }` in the distributed mode. */
export async function addSites(place, count) {
  const { accounts, close } = await composeTool(place);
  for (let i = 0; i < count; i++) {
    await accounts.addSite({
      id: siteId(i),
      title: siteId(i),
      timezone: ZONES[i % ZONES.length],
      ...SITE_SETTINGS,
      hosts: [`${siteId(i)}.example`],
      signals: 'without-record',
      createdAtMs: Date.now(),
    });
  }
  await close();
}

/** All views in the month documents of these sites, for this month and its neighbours, because zones differ. */
export async function viewsInDocuments(dataDir, count) {
  const { documents, close } = await composeTool({ dataDir });
  const months = [-1, 0, 1].map((step) => {
    const now = new Date();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + step, 15)).toISOString().slice(0, 7);
  });
  const ids = months.flatMap((month) =>
    Array.from({ length: count }, (_, i) => ({ collection: `traffic.${month.slice(0, 4)}`, id: `${siteId(i)}:${month}` })),
  );
  const read = await documents.read(ids);
  await close();
  return read.reduce((sum, document) => sum + (document?.get('v') ?? 0), 0);
}
