// Lists the documents that a deletion affects, and how. The preview and the deletion use the same list, in this order:
// a year is rebuilt while its months and their days still exist, and a month while its days still exist.
import { type DocumentId, type Documents, partsOfName, yearsName } from '../../store/documents.js';
import type { Tombstone } from '../../store/tombstones.js';
import { firstDayOf, lastDayOf } from '../../time/dates.js';
import { holdsRows } from './remove-rows.js';

export interface AffectedDocument extends DocumentId {
  readonly act: 'remove' | 'rows' | 'month' | 'year';
  /** The days of a month, or the months of a year together with the days of its partly deleted months. */
  readonly parts: ReadonlyArray<DocumentId & { readonly key: string }>;
}

interface Known extends DocumentId {
  /** `2026-11-20`, `2026-11`, `2026` */
  readonly key: string;
}

export async function affectedDocuments(
  documents: Pick<Documents, 'collections' | 'ids'>,
  tombstone: Tombstone,
): Promise<AffectedDocument[]> {
  const { site, deleted } = tombstone;
  const known: Known[] = [];
  for (const collection of (await documents.collections()).sort()) {
    if ('pattern' in deleted && !holdsRows(collection)) continue;
    for await (const id of documents.ids(collection, site)) known.push({ collection, id, key: id.slice(site.length + 1) });
  }
  if (deleted.kind === 'site') return known.map((one) => ({ ...one, act: 'remove', parts: [] }));
  if (deleted.kind !== 'period') return known.map((one) => ({ ...one, act: 'rows', parts: [] }));
  const { from, to } = deleted;
  const affected = known.filter(({ key }) => firstDayOf(key) <= to && lastDayOf(key) >= from);
  const isWhole = ({ key }: Known) => from <= firstDayOf(key) && lastDayOf(key) <= to;
  return affected
    .sort((a, b) => a.key.length - b.key.length)
    .map((one) => {
      if (isWhole(one)) return { ...one, act: 'remove', parts: [] };
      const isMonth = one.key.length === MONTH_LENGTH;
      return { ...one, act: isMonth ? 'month' : 'year', parts: isMonth ? daysIn(known, one) : monthsIn(known, one, from, to) };
    });
}

const MONTH_LENGTH = '2026-11'.length;
const DAY_LENGTH = '2026-11-20'.length;

function daysIn(known: readonly Known[], month: Known): Known[] {
  return known.filter(
    ({ collection, key }) => collection === month.collection && key.length === DAY_LENGTH && key.startsWith(month.key),
  );
}

/** Includes months of late collections, and the days of months that are only partly in the period. */
function monthsIn(known: readonly Known[], year: Known, from: string, to: string): Known[] {
  const isOfYear = ({ collection, key }: Known) =>
    key.length === MONTH_LENGTH && key.startsWith(year.key) && yearsName(partsOfName(collection)?.name ?? '') === year.collection;
  return known.filter(isOfYear).flatMap((month) => {
    const isCut =
      firstDayOf(month.key) <= to &&
      lastDayOf(month.key) >= from &&
      !(from <= firstDayOf(month.key) && lastDayOf(month.key) <= to);
    return isCut ? [month, ...daysIn(known, month)] : [month];
  });
}
