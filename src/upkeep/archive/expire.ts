// Removes expired documents from archives.
import type { DocumentKind } from '../../../collections/document-kind.js';
import type { Site } from '../../hit/site.js';
import { receivedOf } from '../../store/document-metadata.js';
import { keyOf, partsOfName, siteOf } from '../../store/documents.js';
import { expiresOn, type Grain, monthsKept } from '../keep.js';
import { withLockedArchives } from './lock.js';
import type { Archive } from './manifest.js';
import { prune } from './prune.js';

export interface ArchiveExpiry {
  readonly archivesDir: string;
  readonly kinds: readonly DocumentKind[];
  readonly sites: readonly Site[];
  /** The day in UTC: in archives, a day more or less does not matter. */
  readonly today: string;
  readonly isStopped: () => boolean;
}

/** Returns the number of removed documents. */
export async function expireArchives({ archivesDir, kinds, sites, today, isStopped }: ArchiveExpiry): Promise<number> {
  const byId = new Map(sites.map((site) => [site.id, site]));
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const isOver = (name: string, siteId: string, key: string, received: string): boolean => {
    const [collection, site] = [byName.get(partsOfName(name)?.name ?? ''), byId.get(siteId)];
    if (collection === undefined || site === undefined) return false;
    const grain: Grain = key.length === 10 ? 'day' : 'month';
    const day = expiresOn(key, received, monthsKept(collection, site, grain));
    return day !== undefined && day <= today;
  };
  return withLockedArchives(archivesDir, async (archives) => {
    let removed = 0;
    for (const archive of archives) {
      if (isStopped()) break;
      const affected = sitesToPrune(archive, (name, site) => isOver(name, site, `${archive.manifest.year}-01-01`, ''));
      removed += await prune(
        archive,
        (site) => affected.has(site),
        (name, documents) => {
          const kept = documents.filter(({ id, counters }) => !isOver(name, siteOf(id), keyOf(id), receivedOf(counters)));
          return kept.length === documents.length ? documents : kept;
        },
      );
    }
    return removed;
  });
}

/** The sites of which the first day of the year has expired in any collection. */
function sitesToPrune({ manifest }: Archive, isOver: (name: string, site: string) => boolean): Set<string> {
  const affected = new Set<string>();
  for (const { name, members } of manifest.collections)
    for (const { site } of members) if (isOver(name, site)) affected.add(site);
  return affected;
}
