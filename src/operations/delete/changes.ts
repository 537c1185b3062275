// Decides how a deletion changes each affected document. Everything is pure, so that the preview can use it as well.
import type { Counters } from '../../counters/counters.js';
import type { Caps } from '../../store/documents.js';
import type { Tombstone } from '../../store/tombstones.js';
import { firstDayOf, lastDayOf } from '../../time/dates.js';
import type { AffectedDocument } from './affected-documents.js';
import { type PartOf, rebuildWithout } from './rebuild-whole.js';
import { removeRows } from './remove-rows.js';

/** `incomplete`: nothing can be removed from the document (rebuild-whole.ts). */
export type Changed = Counters | 'remove' | 'keep' | 'incomplete';

export interface Change {
  readonly document: AffectedDocument;
  readonly tombstone: Tombstone;
  readonly caps: Caps;
}

/** `parts` are the counters of `document.parts`, in their order. */
export function changeOf(
  { document, tombstone: { deleted }, caps }: Change,
  whole: Counters,
  parts: ReadonlyArray<Counters | undefined>,
): Changed {
  if (document.act === 'remove') return 'remove';
  if (document.act === 'rows') return removeRows(document.collection, whole, caps, deleted) ?? 'keep';
  if (deleted.kind !== 'period') return 'keep';
  const found = document.parts.flatMap((part, i) => {
    const counters = parts[i];
    return counters === undefined ? [] : [{ ...part, counters }];
  });
  if (document.act === 'month') return rebuildWithout(whole, daysOf(found, deleted), caps);
  return yearWithout(whole, found, deleted, caps);
}

type Period = Extract<Tombstone['deleted'], { kind: 'period' }>;

interface Found {
  readonly collection: string;
  readonly key: string;
  readonly counters: Counters;
}

function daysOf(days: readonly Found[], { from, to }: Period): PartOf[] {
  return days.map(({ key, counters }) => ({ counters, remains: key < from || key > to }));
}

/** A year is the merge of its original months. Months that are partly deleted are replaced by what remains of them. */
function yearWithout(year: Counters, found: readonly Found[], period: Period, caps: Caps): Changed {
  const { from, to } = period;
  const months = found.filter(({ key }) => key.length === '2026-11'.length);
  const parts: PartOf[] = [];
  const instead: Counters[] = [];
  for (const month of months) {
    const isAffected = firstDayOf(month.key) <= to && lastDayOf(month.key) >= from;
    parts.push({ counters: month.counters, remains: !isAffected });
    if (!isAffected || (from <= firstDayOf(month.key) && lastDayOf(month.key) <= to)) continue;
    const days = found.filter(({ collection, key }) => collection === month.collection && key.startsWith(`${month.key}-`));
    const rest = rebuildWithout(month.counters, daysOf(days, period), caps);
    if (rest === 'incomplete') return 'incomplete';
    if (rest === 'keep') instead.push(month.counters);
    else if (rest !== 'remove') instead.push(rest);
  }
  return rebuildWithout(year, parts, caps, instead);
}
