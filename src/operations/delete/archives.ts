// Removes deleted data from the archives, the files of years that are no longer in the store.
import type { DocumentKind } from '../../../collections/document-kind.js';
import { areEqual } from '../../counters/equal.js';
import { merge } from '../../counters/merge.js';
import { keyOf } from '../../store/documents.js';
import type { Tombstone } from '../../store/tombstones.js';
import { firstDayOf, lastDayOf } from '../../time/dates.js';
import { withLockedArchives } from '../../upkeep/archive/lock.js';
import { type Archive, type ArchivedDocument, documentsIn } from '../../upkeep/archive/manifest.js';
import { prune } from '../../upkeep/archive/prune.js';
import { capsOf } from '../caps.js';
import { holdsRows, removeRows } from './remove-rows.js';

export interface Archives {
  /** The names of the archives that contain some of the deleted data. The preview shows them. */
  holding(tombstone: Tombstone): Promise<readonly string[]>;
  /**
   * Removes the data from all archives. Can be repeated after any failure. Data that cannot be removed is still
   * reported by `holding` afterwards.
   */
  remove(tombstone: Tombstone): Promise<void>;
}

const MONTH_LENGTH = '2026-11'.length;

/** `archivesDir` is undefined if there are no archives. */
export function archivesForDeletion(archivesDir: string | undefined, kinds: readonly DocumentKind[]): Archives {
  const thinning = (tombstone: Tombstone) => (name: string, documents: readonly ArchivedDocument[]) =>
    withoutDeleted(tombstone, name, documents, capsOf(name, kinds));
  return {
    holding: (tombstone) =>
      withLockedArchives(archivesDir, async (archives) => {
        const names: string[] = [];
        for (const archive of archives) if (await holds(archive, tombstone, thinning(tombstone))) names.push(archive.folder);
        return names;
      }),
    remove: (tombstone) =>
      withLockedArchives(archivesDir, async (archives) => {
        for (const archive of archives) await prune(archive, (site) => site === tombstone.site, thinning(tombstone));
      }),
  };
}

type Without = (name: string, documents: readonly ArchivedDocument[]) => readonly ArchivedDocument[];

async function holds(archive: Archive, tombstone: Tombstone, without: Without): Promise<boolean> {
  for (const collection of archive.manifest.collections) {
    if (!collection.members.some(({ site }) => site === tombstone.site)) continue;
    const documents: ArchivedDocument[] = [];
    for await (const document of documentsIn(archive, collection, tombstone.site)) documents.push(document);
    if (without(collection.name, documents) !== documents) return true;
    if (documents.some((document) => mayHoldDeleted(tombstone, document, documents))) return true;
  }
  return false;
}

/** Returns the same list if nothing changes. */
function withoutDeleted(
  { deleted }: Tombstone,
  name: string,
  documents: readonly ArchivedDocument[],
  caps: DocumentKind['caps'],
): readonly ArchivedDocument[] {
  if (deleted.kind === 'site') return [];
  const after: ArchivedDocument[] = [];
  if (deleted.kind === 'period') {
    const isWhole = ({ id }: ArchivedDocument) => isWithin(keyOf(id), deleted);
    for (const document of documents) {
      if (isWhole(document)) continue;
      const days = daysOf(document, documents);
      const kept = days.filter((day) => !isWhole(day));
      // A month is rebuilt from the remaining days, but only if it is the merge of its days.
      const isCut = kept.length < days.length && areEqual(merge(days.map(({ counters }) => counters)), document.counters);
      if (!isCut) after.push(document);
      else if (kept.length > 0) after.push({ ...document, counters: merge(kept.map(({ counters }) => counters)) });
    }
  } else {
    if (!holdsRows(name)) return documents;
    for (const document of documents) {
      const counters = removeRows(name, document.counters, caps, deleted);
      after.push(counters === undefined ? document : { ...document, counters });
    }
  }
  const isSame = after.length === documents.length && after.every((document, place) => document === documents[place]);
  return isSame ? documents : after;
}

/** Whether a partly deleted month is not the merge of the days that are left: it may still contain the deleted part. */
function mayHoldDeleted({ deleted }: Tombstone, document: ArchivedDocument, documents: readonly ArchivedDocument[]): boolean {
  const key = keyOf(document.id);
  if (deleted.kind !== 'period' || key.length !== MONTH_LENGTH) return false;
  if (lastDayOf(key) < deleted.from || firstDayOf(key) > deleted.to) return false;
  return !areEqual(merge(daysOf(document, documents).map(({ counters }) => counters)), document.counters);
}

function daysOf(month: ArchivedDocument, documents: readonly ArchivedDocument[]): ArchivedDocument[] {
  if (keyOf(month.id).length !== MONTH_LENGTH) return [];
  return documents.filter(({ id }) => id.startsWith(`${month.id}-`));
}

function isWithin(key: string, { from, to }: { from: string; to: string }): boolean {
  return from <= firstDayOf(key) && lastDayOf(key) <= to;
}
