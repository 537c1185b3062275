// Applies tombstones to imports, in case a site, or some of its days or pages, are deleted while a log is being
// counted. All hits of a range have the same time of receipt, so the deltas can be filtered instead of the hits.
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import { isDayDeleted } from '../../counting/deleted/filter.js';
import { type Delta, type Documents, keyOf, siteOf } from '../../store/documents.js';
import type { Imports } from '../../store/imports.js';
import type { Tombstone, Tombstones } from '../../store/tombstones.js';
import { removeRows } from './remove-rows.js';

/** The site was deleted while a log was imported into it. */
export class SiteDeleted extends Error {}

/** For processes that apply deltas of imports. `apply` rejects with a SiteDeleted if the site was deleted. */
export function withoutDeleted(documents: Documents, tombstones: Pick<Tombstones, 'read'>): Documents {
  return {
    ...documents,
    async apply(segment, deltas, countedUntilMs) {
      const kept = remainingDeltas(deltas, await tombstones.read(), countedUntilMs);
      return documents.apply(segment, kept, countedUntilMs);
    },
  };
}

/**
 * For processes that import. `begin` rejects with a SiteDeleted if the site was deleted since it was found: the record, which
 * has the settings of the site, would never be removed.
 */
export function withoutDeletedSites(imports: Imports, tombstones: Pick<Tombstones, 'read'>): Imports {
  return {
    ...imports,
    async begin(record, isSame) {
      for (const { site, deleted } of await tombstones.read())
        if (deleted.kind === 'site' && site === record.site.id) throw siteDeleted(site);
      return imports.begin(record, isSame);
    },
  };
}

function siteDeleted(site: string): SiteDeleted {
  return new SiteDeleted(`the site "${site}" was deleted, so nothing more can be counted into it`);
}

/** Months are rebuilt from the remaining days. */
export function remainingDeltas(
  deltas: readonly Delta[],
  tombstones: readonly Tombstone[],
  receivedAtMs: number,
): readonly Delta[] {
  let kept = deltas;
  for (const tombstone of tombstones) {
    const { site, deleted, receivedUntilMs } = tombstone;
    if (!kept.some(({ id }) => siteOf(id) === site)) continue;
    if (deleted.kind === 'site') throw siteDeleted(site);
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
  const remaining = days.filter(({ id }) => !isDayDeleted(tombstone, keyOf(id), receivedAtMs));
  if (remaining.length === days.length) return [...deltas];
  const hadMonths = new Set(deltas.map(({ collection, id }) => `${collection}/${id}`));
  const months = new Map<string, Delta>();
  for (const delta of remaining) {
    const id = delta.id.slice(0, -'-00'.length);
    const key = `${delta.collection}/${id}`;
    if (!hadMonths.has(key)) continue; // this collection has no months
    const month = months.get(key) ?? { ...delta, id, counters: new Counters() };
    mergeInto(month.counters, delta.counters);
    months.set(key, month);
  }
  return [...deltas.filter((delta) => !isOfSite(delta)), ...remaining, ...months.values()];
}

const DAY_LENGTH = '2026-11-20'.length;
