// Which documents of a site cannot be read any more: removed because their time was over, or put into an archive. The
// ledger says so, never a document's absence: a hit that comes late makes a document anew, and that is not the whole
// of its day.

import { type CalendarPeriod, type DocumentKind, grainsOf } from '../../collections/document-kind.js';
import type { Ledger } from '../store/ledger.js';
import { firstDayOf, lastDayOf, monthsOf } from '../time/dates.js';
import { type DayRange, joinRanges } from '../time/day-range.js';

/** For works that are done for all sites at once. */
export const ALL_SITES = '*';
/** The ledger's names for what it records in days. */
export const ARCHIVED = 'archived';
export const RESTORED = 'restored';

export function expiredWork(grain: CalendarPeriod['grain'], collection: string): string {
  return `expired-${grain}-${collection}`;
}

export async function archivedYears(ledger: Ledger): Promise<Set<string>> {
  return yearsIn(await ledger.days(ARCHIVED, ALL_SITES));
}

/** Of any site. */
export async function restoredYears(ledger: Ledger): Promise<Set<string>> {
  return yearsIn([...(await ledger.allDays(RESTORED)).values()].flat());
}

/** The years that the ranges reach into, in their order. */
export function yearsIn(ranges: readonly DayRange[]): Set<string> {
  const years = new Set<string>();
  for (const { from, to } of ranges)
    for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) years.add(`${year}`);
  return years;
}

export interface Gone {
  isExpired(part: CalendarPeriod): boolean;
  /** The days of this part of which nothing is left, in no grain. */
  nothingOf(part: CalendarPeriod): readonly DayRange[];
  /** Its days and months are in an archive, and were not restored for this site. */
  isArchived(year: string): boolean;
}

export async function readGone(ledger: Ledger, collection: Pick<DocumentKind, 'name' | 'keep'>, site: string): Promise<Gone> {
  const expiredOf = (grain: CalendarPeriod['grain']) => ledger.days(expiredWork(grain, collection.name), site);
  const [day, month, year, archived, ...restored] = await Promise.all([
    expiredOf('day'),
    expiredOf('month'),
    expiredOf('year'),
    ledger.days(ARCHIVED, ALL_SITES),
    ledger.days(RESTORED, ALL_SITES),
    ledger.days(RESTORED, site),
  ]);
  const expired = { day, month, year };
  // A day leaves with its month at the latest.
  const isExpired = ({ grain, key }: CalendarPeriod) =>
    covers(expired[grain], key) || (grain === 'day' && covers(expired.month, key.slice(0, 7)));
  const isDaily = grainsOf(collection).length === 1;
  const isNothing = (key: string) =>
    isDaily ? covers(expired.day, key) : covers(expired.month, key.slice(0, 7)) && covers(expired.year, key.slice(0, 4));
  return {
    isExpired,
    nothingOf: ({ grain, key }) => {
      const periods = grain === 'year' ? monthsOf(key) : [key];
      return joinRanges(periods.filter(isNothing).map((period) => ({ from: firstDayOf(period), to: lastDayOf(period) })));
    },
    isArchived: (key) => covers(archived, key) && !covers(restored.flat(), key),
  };
}

function covers(ranges: readonly DayRange[], period: string): boolean {
  return ranges.some(({ from, to }) => from <= firstDayOf(period) && to >= lastDayOf(period));
}
