// What becomes of each document that a deletion touches. Pure: a preview asks the same.
import type { Counters } from '../../counters/counters.js';
import type { Caps } from '../../store/documents.js';
import type { Tombstone } from '../../store/tombstones.js';
import { firstDayOf, lastDayOf } from '../../time/dates.js';
import type { AffectedDocument } from './affected-documents.js';
import { type PartOf, rebuildWithout } from './rebuild-whole.js';
import { removeRows } from './remove-rows.js';

export type Changed = Counters | 'remove' | 'keep' | 'incomplete';

export function changeOf(
  target: AffectedDocument,
  { deleted }: Tombstone,
  caps: Caps,
  whole: Counters,
  parts: ReadonlyArray<Counters | undefined>,
): Changed {
  if (target.act === 'remove') return 'remove';
  if (target.act === 'rows') return removeRows(target.collection, whole, caps, deleted) ?? 'keep';
  if (deleted.kind !== 'period') return 'keep';
  const isDeleted = (day: string) => deleted.from <= day && day <= deleted.to;
  const found = target.parts.flatMap((part, i) => {
    const counters = parts[i];
    return counters === undefined ? [] : [{ ...part, counters }];
  });
  if (target.act === 'month') {
    return rebuildWithout(
      whole,
      found.map(({ key, counters }) => ({ counters, stays: !isDeleted(key) })),
      caps,
    );
  }
  return yearWithout(whole, found, deleted, caps);
}

type Period = Extract<Tombstone['deleted'], { kind: 'period' }>;

interface Found {
  readonly collection: string;
  readonly key: string;
  readonly counters: Counters;
}

/** A year is the merge of its months as they were; a month that is cut goes out, and what stays of it comes in. */
function yearWithout(year: Counters, found: readonly Found[], { from, to }: Period, caps: Caps): Changed {
  const isDeleted = (day: string) => from <= day && day <= to;
  const months = found.filter(({ key }) => key.length === '2026-11'.length);
  const parts: PartOf[] = [];
  const added: Counters[] = [];
  for (const month of months) {
    const isTouched = firstDayOf(month.key) <= to && lastDayOf(month.key) >= from;
    parts.push({ counters: month.counters, stays: !isTouched });
    if (!isTouched || (from <= firstDayOf(month.key) && lastDayOf(month.key) <= to)) continue;
    const days = found.filter(({ collection, key }) => collection === month.collection && key.startsWith(`${month.key}-`));
    const rest = rebuildWithout(
      month.counters,
      days.map(({ key, counters }) => ({ counters, stays: !isDeleted(key) })),
      caps,
    );
    if (rest === 'incomplete') return 'incomplete';
    if (rest === 'keep') added.push(month.counters);
    else if (rest !== 'remove') added.push(rest);
  }
  return rebuildWithout(year, parts, caps, added);
}
