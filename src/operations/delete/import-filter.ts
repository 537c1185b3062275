// What is imported obeys tombstones too: a log that is being counted while its site, or some of its days or pages,
// are deleted. All hits of a range were received at one moment, so it is seen at the deltas.
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import { isDayDeleted } from '../../counting/deleted/filter.js';
import { type Delta, type Documents, keyOf, siteOf } from '../../store/documents.js';
import type { Tombstone, Tombstones } from '../../store/tombstones.js';
import { removeRows } from './remove-rows.js';

/** The site of an import was deleted meanwhile. */
export class SiteDeleted extends Error {}

/** Documents for those who apply what they did not take at a beacon. `apply` rejects with a SiteDeleted. */
export function withoutDeleted(documents: Documents, tombstones: Pick<Tombstones, 'read'>): Documents {
  return {
    ...documents,
    async apply(segment, deltas, countedUntilMs) {
      const kept = remainingDeltas(deltas, await tombstones.read(), countedUntilMs);
      return documents.apply(segment, kept, countedUntilMs);
    },
  };
}

/** Months are made anew of the days that stay. */
export function remainingDeltas(
  deltas: readonly Delta[],
  tombstones: readonly Tombstone[],
  receivedAtMs: number,
): readonly Delta[] {
  let kept = deltas;
  for (const tombstone of tombstones) {
    const { site, deleted, receivedUntilMs } = tombstone;
    if (!kept.some(({ id }) => siteOf(id) === site)) continue;
    if (deleted.kind === 'site') throw new SiteDeleted(`the site "${site}" was deleted: nothing more is counted into it`);
    if (receivedAtMs > receivedUntilMs) continue;
    kept =
      deleted.kind === 'period' ? withoutDays(kept, tombstone, receivedAtMs) : kept.map((delta) => withoutRows(delta, tombstone));
  }
  return kept;
}

function withoutRows(delta: Delta, { site, deleted }: Tombstone): Delta {
  if (siteOf(delta.id) !== site) return delta;
  const counters = removeRows(delta.collection, delta.counters, delta.caps, deleted);
  return counters === undefined ? delta : { ...delta, counters };
}

function withoutDays(deltas: readonly Delta[], tombstone: Tombstone, receivedAtMs: number): Delta[] {
  const isOfSite = ({ id }: Delta) => siteOf(id) === tombstone.site;
  const days = deltas.filter((delta) => isOfSite(delta) && keyOf(delta.id).length === DAY_LENGTH);
  const stay = days.filter(({ id }) => !isDayDeleted(tombstone, keyOf(id), receivedAtMs));
  if (stay.length === days.length) return [...deltas];
  const hadMonths = new Set(deltas.map(({ collection, id }) => `${collection}/${id}`));
  const months = new Map<string, Delta>();
  for (const delta of stay) {
    const id = delta.id.slice(0, -'-00'.length);
    const key = `${delta.collection}/${id}`;
    if (!hadMonths.has(key)) continue; // there are documents of days only
    const month = months.get(key) ?? { ...delta, id, counters: new Counters() };
    mergeInto(month.counters, delta.counters);
    months.set(key, month);
  }
  return [...deltas.filter((delta) => !isOfSite(delta)), ...stay, ...months.values()];
}

const DAY_LENGTH = '2026-11-20'.length;
