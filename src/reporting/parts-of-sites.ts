// Reads a part of the documents of many sites, with few calls of the store.
import { Counters } from '../counters/counters.js';
import { merge } from '../counters/merge.js';
import type { Part } from '../counters/part.js';
import { collectionName, type DocumentParts } from '../store/documents.js';

/** What is read of a site. Sites with the same key are read together. */
export interface Wanted {
  readonly key: string;
  /** Days or months. */
  readonly periods: readonly string[];
  readonly part: Part;
}

/**
 * Returns the part of each site's documents, merged, in the order of `sites`; empty where there is no document. The documents of
 * late hits are not read, because their hits are older than anything that an overview shows.
 */
export async function readPartsOfSites(
  documents: DocumentParts,
  kind: string,
  sites: readonly string[],
  wantedOf: (index: number) => Wanted,
): Promise<Counters[]> {
  const groups = new Map<string, { readonly wanted: Wanted; readonly indexes: number[] }>();
  for (const i of sites.keys()) {
    const wanted = wantedOf(i);
    const group = groups.get(wanted.key);
    if (group === undefined) groups.set(wanted.key, { wanted, indexes: [i] });
    else group.indexes.push(i);
  }
  const read: Counters[] = new Array(sites.length);
  const readGroup = async ({ periods, part }: Wanted, indexes: readonly number[]): Promise<void> => {
    const ids = indexes.flatMap((i) =>
      periods.map((period) => ({ collection: collectionName(kind, period.slice(0, 4)), id: `${sites[i]}:${period}` })),
    );
    const found = await documents.readPart(ids, part);
    for (const [n, i] of indexes.entries()) {
      const ofSite = found.slice(n * periods.length, (n + 1) * periods.length).filter((document) => document !== undefined);
      const [first = NOTHING] = ofSite;
      read[i] = ofSite.length > 1 ? merge(ofSite) : first;
    }
  };
  await Promise.all([...groups.values()].map(({ wanted, indexes }) => readGroup(wanted, indexes)));
  return read;
}

const NOTHING = new Counters();
