// Documents in archives whose time is over, by their collection or their site, are taken out of them.
import type { DocumentKind } from '../../../collections/document-kind.js';
import type { Site } from '../../hit/site.js';
import { receivedOf } from '../../store/document-metadata.js';
import { keyOf, partsOfName, siteOf } from '../../store/documents.js';
import { expiresOn, type Grain, monthsKept } from '../keep.js';
import { holdingArchives } from './lock.js';
import type { Archive } from './manifest.js';
import { thin } from './thin.js';

/** `today`: by UTC; in archives a day more or less is nothing. Gives the number of documents taken out. */
export async function expireArchives(
  archivesDir: string,
  collections: readonly DocumentKind[],
  sites: readonly Site[],
  today: string,
  isStopped: () => boolean,
): Promise<number> {
  const byId = new Map(sites.map((site) => [site.id, site]));
  const byName = new Map(collections.map((collection) => [collection.name, collection]));
  const isOver = (name: string, siteId: string, key: string, received: string): boolean => {
    const [collection, site] = [byName.get(partsOfName(name)?.name ?? ''), byId.get(siteId)];
    if (collection === undefined || site === undefined) return false;
    const grain: Grain = key.length === 10 ? 'day' : 'month';
    const day = expiresOn(key, received, monthsKept(collection, site, grain));
    return day !== undefined && day <= today;
  };
  return holdingArchives(archivesDir, async (archives) => {
    let removed = 0;
    for (const archive of archives) {
      if (isStopped()) break;
      const concerned = concernedSites(archive, (name, site) => isOver(name, site, `${archive.manifest.year}-01-01`, ''));
      removed += await thin(
        archive,
        (site) => concerned.has(site),
        (name, documents) => {
          const kept = documents.filter(({ id, counters }) => !isOver(name, siteOf(id), keyOf(id), receivedOf(counters)));
          return kept.length === documents.length ? documents : kept;
        },
      );
    }
    return removed;
  });
}

/** Sites of which the year's first day is over, in any collection. */
function concernedSites({ manifest }: Archive, isOver: (name: string, site: string) => boolean): Set<string> {
  const concerned = new Set<string>();
  for (const { name, members } of manifest.collections)
    for (const { site } of members) if (isOver(name, site)) concerned.add(site);
  return concerned;
}
