// A month and its days, read at one instant. The month should be the merge of its days.
import { type DocumentKind, grainsOf } from '../../../collections/document-kind.js';
import type { Counters } from '../../counters/counters.js';
import { merge } from '../../counters/merge.js';
import type { Site } from '../../hit/site.js';
import type { Snapshot } from '../../store/documents.js';
import { daysBetween } from '../../time/calendar.js';
import { firstDayOf, lastDayOf } from '../../time/dates.js';
import { expiresOn, monthsKept } from '../../upkeep/keep.js';
import { type Difference, differences } from './compare.js';

export function withMonths(kinds: readonly DocumentKind[]): DocumentKind[] {
  return kinds.filter((kind) => grainsOf(kind).includes('month'));
}

/** The ids of a month's days, followed by the id of the month itself. */
export function idsOfMonth(site: string, month: string): string[] {
  return [...daysBetween(firstDayOf(month), lastDayOf(month)), month].map((key) => `${site}:${key}`);
}

/**
 * `snapshots` are in the order of `idsOfMonth`. `replaced` contains, by id, the days that are merged instead of those
 * that were read.
 */
export function mergeOfDays(snapshots: readonly Snapshot[], replaced: ReadonlyMap<string, Counters> = new Map()): Counters {
  const days = snapshots.slice(0, -1).map(({ id, counters }) => replaced.get(id) ?? counters);
  return merge(days.filter((counters) => counters !== undefined));
}

/** Compares the month with its days. The rows of capped maps are not compared, because only their totals must be equal. */
export function differencesOfMonth(snapshots: readonly Snapshot[], { caps }: Pick<DocumentKind, 'caps'>): Difference[] {
  return differences(snapshots.at(-1)?.counters, mergeOfDays(snapshots), caps, false);
}

/** Whether days of this month may have expired, and been removed, before the local day `today`. */
export function mayHaveExpired(
  month: string,
  collection: Pick<DocumentKind, 'keep'>,
  site: Pick<Site, 'keep'>,
  today: string,
): boolean {
  const day = expiresOn(firstDayOf(month), '', monthsKept(collection, site, 'day'));
  return day !== undefined && day <= today;
}
