// Restores an archived year into the store, for one site or all, and removes it again. The archive stays as it is.
import { Counters } from '../../counters/counters.js';
import { areEqual } from '../../counters/equal.js';
import { mergeInto } from '../../counters/merge.js';
import { restored, restoredParts, withoutArchiveState } from '../../store/document-metadata.js';
import { type Documents, siteOf } from '../../store/documents.js';
import type { Ledger } from '../../store/ledger.js';
import { ALL_SITES, RESTORED, yearsIn } from '../expired.js';
import { type Archive, documentsIn, inBatches, verify } from './manifest.js';

const AT_ONCE = 100;

export interface Restoring {
  readonly documents: Documents;
  readonly ledger: Ledger;
  readonly year: string;
  /** All parts of the year, in order. */
  readonly archives: readonly Archive[];
  /** `undefined`: all sites. */
  readonly site: string | undefined;
  /** Other sites are not restored: a deleted site stays deleted. */
  readonly isKnown: (site: string) => boolean;
  readonly isStopped: () => boolean;
  readonly onProgress: (documents: number) => void;
}

/**
 * May be repeated after any failure: no document is restored twice. When a file is damaged, rejects before anything is
 * restored.
 */
export async function restore(restoring: Restoring): Promise<number> {
  const { documents, ledger, year, archives, site = ALL_SITES, isStopped, onProgress } = restoring;
  for (const archive of archives) await verify(archive, isStopped);
  let count = 0;
  for (const archive of archives) {
    const { part } = archive.manifest;
    for await (const [name, all] of batchesOf(archive, restoring.site)) {
      if (isStopped()) return count;
      const batch = all.filter(({ id }) => restoring.isKnown(siteOf(id)));
      const archived = new Map(batch.map((document) => [document.id, document]));
      await documents.rewrite(name, [...archived.keys()], (id, before) => {
        const { counters, replaces } = archived.get(id) as (typeof batch)[number];
        if (before === undefined || (replaces && restoredParts(before) < part)) return restored(counters, part);
        if (restoredParts(before) >= part) return 'keep';
        // counted after the year was archived, or restored from an earlier part
        return restored(mergeInto(mergeInto(new Counters(), before), counters), part);
      });
      count += batch.length;
      onProgress(batch.length);
    }
  }
  if (!isStopped()) await ledger.add(RESTORED, site, { from: `${year}-01-01`, to: `${year}-12-31` });
  return count;
}

/** Removes restored documents that are the same as in the archive, for one site or for all. */
export async function undoRestore(restoring: Restoring): Promise<number> {
  const { documents, ledger, year, archives, site, isStopped, onProgress } = restoring;
  const marked = site === undefined ? [...(await ledger.allDays(RESTORED)).keys()] : [site];
  for (const one of marked) await unmark(ledger, one, year);
  let count = 0;
  for (const archive of archives) {
    for await (const [name, batch] of batchesOf(archive, restoring.site)) {
      if (isStopped()) return count;
      const archived = new Map(batch.map((document) => [document.id, document.counters]));
      const { removed } = await documents.rewrite(name, [...archived.keys()], (id, now) =>
        now !== undefined && restoredParts(now) > 0 && areEqual(withoutArchiveState(now), archived.get(id) as Counters)
          ? 'remove'
          : 'keep',
      );
      count += removed;
      onProgress(batch.length);
    }
    for (const { name } of archive.manifest.collections) await documents.drop(name);
  }
  return count;
}

/** From here on, reports say that the year is archived. */
async function unmark(ledger: Ledger, site: string, year: string): Promise<void> {
  const before = await ledger.days(RESTORED, site);
  const others = [...yearsIn(before)].filter((name) => name !== year);
  await ledger.clear(RESTORED, site);
  for (const name of others) await ledger.add(RESTORED, site, { from: `${name}-01-01`, to: `${name}-12-31` });
}

async function* batchesOf(archive: Archive, site: string | undefined) {
  for (const collection of archive.manifest.collections) {
    for await (const batch of inBatches(documentsIn(archive, collection, site), AT_ONCE)) yield [collection.name, batch] as const;
  }
}
