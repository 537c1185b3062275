// A month and its days, as of one moment: the month is to be the merge of them.
import { type Collection, grainsOf } from '../../../collections/collection.js';
import type { Counters } from '../../counters/counters.js';
import { merge } from '../../counters/merge.js';
import type { Site } from '../../hit/site.js';
import type { Snapshot } from '../../store/documents.js';
import { daysBetween } from '../../time/calendar.js';
import { firstDayOf, lastDayOf } from '../../time/dates.js';
import { expiresOn, monthsKept } from '../../upkeep/keep.js';
import { type Difference, differences } from './compare.js';

export function withMonths(collections: readonly Collection[]): Collection[] {
  return collections.filter((collection) => grainsOf(collection).includes('month'));
}

/** The ids of a month's days, and last its own. */
export function idsOfMonth(site: string, month: string): string[] {
  return [...daysBetween(firstDayOf(month), lastDayOf(month)), month].map((key) => `${site}:${key}`);
}

/** `held`: in the order of `idsOfMonth`. `replaced`: by id, days that are something else than what was read. */
export function mergeOfDays(held: readonly Snapshot[], replaced: ReadonlyMap<string, Counters> = new Map()): Counters {
  const days = held.slice(0, -1).map(({ id, counters }) => replaced.get(id) ?? counters);
  return merge(days.filter((counters) => counters !== undefined));
}

/** What the month holds, against its days. Rows of capped maps need not be the same: totals are. */
export function differencesOfMonth(held: readonly Snapshot[], { caps }: Pick<Collection, 'caps'>): Difference[] {
  return differences(held.at(-1)?.counters, mergeOfDays(held), caps, false);
}

/** Whether days of this month may have expired, and been removed, by `today`, a local day. */
export function mayHaveExpired(
  month: string,
  collection: Pick<Collection, 'keep'>,
  site: Pick<Site, 'keep'>,
  today: string,
): boolean {
  const day = expiresOn(firstDayOf(month), '', monthsKept(collection, site, 'day'));
  return day !== undefined && day <= today;
}
