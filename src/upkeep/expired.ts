// Which documents of a site are missing: expired, or in an archive. The ledger says so, never the absence of a
// document, because a late hit creates a document again, which does not contain the whole day.
import { type DocumentKind, grainsOf } from '../../collections/document-kind.js';
import type { CalendarPeriod } from '../../collections/period.js';
import type { Ledger } from '../store/ledger.js';
import { firstDayOf, lastDayOf, monthsOf } from '../time/dates.js';
import { type DayRange, joinRanges } from '../time/day-range.js';

/** Stands in the ledger for all sites, where work is done for all of them at once. */
export const ALL_SITES = '*';
/** Names of works in the ledger that are recorded as ranges of days. */
export const ARCHIVED = 'archived';
export const RESTORED = 'restored';

export function expiredWork(grain: CalendarPeriod['grain'], collection: string): string {
  return `expired-${grain}-${collection}`;
}

export async function archivedYears(ledger: Ledger): Promise<Set<string>> {
  return yearsIn(await ledger.days(ARCHIVED, ALL_SITES));
}

/** The years that are restored for at least one site. */
export async function restoredYears(ledger: Ledger): Promise<Set<string>> {
  return yearsIn([...(await ledger.allDays(RESTORED)).values()].flat());
}

/** The years that the ranges touch, in their order. */
export function yearsIn(ranges: readonly DayRange[]): Set<string> {
  const years = new Set<string>();
  for (const { from, to } of ranges)
    for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) years.add(`${year}`);
  return years;
}

/** What is missing of one kind of document of a site. */
export interface MissingPeriods {
  isExpired(period: CalendarPeriod): boolean;
  /** The days of this period that no document of any grain contains any more. */
  lostDays(period: CalendarPeriod): readonly DayRange[];
  /** Whether the year's days and months are in an archive, and not restored for this site. */
  isArchived(year: string): boolean;
}

export async function readMissingPeriods(
  ledger: Ledger,
  collection: Pick<DocumentKind, 'name' | 'keep'>,
  site: string,
): Promise<MissingPeriods> {
  const days = (work: string, of: string) => ledger.days(work, of);
  const [day, month, year, archived, ...restored] = await Promise.all(entriesOf(collection, site, days));
  return missingPeriods(collection, { day, month, year, archived, restored: restored.flat() });
}

/** As `readMissingPeriods`, for many sites: reads the ledger once. Returns a function of the site. */
export async function readMissingPeriodsOfSites(
  ledger: Pick<Ledger, 'allDays'>,
  collection: Pick<DocumentKind, 'name' | 'keep'>,
): Promise<(site: string) => MissingPeriods> {
  const works = new Set(entriesOf(collection, '', (work) => work));
  const read = await Promise.all([...works].map(async (work) => [work, await ledger.allDays(work)] as const));
  const bySite = new Map(read);
  return (site) => {
    const days = (work: string, of: string): readonly DayRange[] => bySite.get(work)?.get(of) ?? [];
    const [day, month, year, archived, ...restored] = entriesOf(collection, site, days);
    return missingPeriods(collection, { day, month, year, archived, restored: restored.flat() });
  };
}

/** What the ledger has to say about these documents of a site. */
function entriesOf<Entry>(
  { name }: Pick<DocumentKind, 'name'>,
  site: string,
  read: (work: string, of: string) => Entry,
): [day: Entry, month: Entry, year: Entry, archived: Entry, restoredForAll: Entry, restored: Entry] {
  return [
    read(expiredWork('day', name), site),
    read(expiredWork('month', name), site),
    read(expiredWork('year', name), site),
    read(ARCHIVED, ALL_SITES),
    read(RESTORED, ALL_SITES),
    read(RESTORED, site),
  ];
}

interface Recorded extends Readonly<Record<CalendarPeriod['grain'], readonly DayRange[]>> {
  readonly archived: readonly DayRange[];
  readonly restored: readonly DayRange[];
}

function missingPeriods(collection: Pick<DocumentKind, 'name' | 'keep'>, expired: Recorded): MissingPeriods {
  const { archived, restored } = expired;
  // A day expires with its month at the latest.
  const isExpired = ({ grain, key }: CalendarPeriod) =>
    covers(expired[grain], key) || (grain === 'day' && covers(expired.month, key.slice(0, 7)));
  const isDaily = grainsOf(collection).length === 1;
  const isLost = (key: string) =>
    isDaily ? covers(expired.day, key) : covers(expired.month, key.slice(0, 7)) && covers(expired.year, key.slice(0, 4));
  return {
    isExpired,
    lostDays: ({ grain, key }) => {
      const periods = grain === 'year' ? monthsOf(key) : [key];
      return joinRanges(periods.filter(isLost).map((period) => ({ from: firstDayOf(period), to: lastDayOf(period) })));
    },
    isArchived: (key) => covers(archived, key) && !covers(restored, key),
  };
}

function covers(ranges: readonly DayRange[], period: string): boolean {
  return ranges.some(({ from, to }) => from <= firstDayOf(period) && to >= lastDayOf(period));
}
