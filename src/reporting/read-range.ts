// Which documents a report reads for a range, and what of the range cannot be read any more.
import type { CalendarPeriod } from '../../collections/period.js';
import type { Counters } from '../counters/counters.js';
import { partOfSource } from '../store/document-metadata.js';
import { collectionName, type DocumentId, type Documents, yearsName } from '../store/documents.js';
import { monthsOf } from '../time/dates.js';
import { type DayRange, joinRanges } from '../time/day-range.js';
import type { MissingPeriods } from '../upkeep/expired.js';

/**
 * Whether a longer period must be read in place of this one. Where there is no longer one either, the period stays in
 * the plan, and the answer names it as expired.
 */
export function isUnreadable(period: CalendarPeriod, missing: MissingPeriods): boolean {
  if (period.grain === 'year') return false;
  return (missing.isExpired(period) && missing.lostDays(period).length === 0) || missing.isArchived(period.key.slice(0, 4));
}

/** The fields of an answer that say what could not be read. */
export function missingFrom(
  periods: readonly CalendarPeriod[],
  missing: MissingPeriods,
): { archived?: string[]; expired?: readonly DayRange[] } {
  // No month of an archived year is in a plan: the plan was widened to the year. A day is, where the kind has no months.
  const years = periods.filter(({ grain }) => grain !== 'month').map(({ key }) => key.slice(0, 4));
  const archived = [...new Set(years)].filter((year) => missing.isArchived(year));
  const expired = joinRanges(periods.flatMap((period) => missing.lostDays(period)));
  return { ...(archived.length > 0 && { archived }), ...(expired.length > 0 && { expired }) };
}

/** A year is read from its summary and the months that are not in it; without a summary, from all of its months. */
export async function readPeriods(
  documents: Pick<Documents, 'read' | 'lateYears'>,
  name: string,
  site: string,
  periods: readonly CalendarPeriod[],
): Promise<Counters[]> {
  const years = periods.filter(({ grain }) => grain === 'year').map(({ key }) => key);
  const summaries =
    years.length === 0 ? [] : await documents.read(years.map((year) => ({ collection: yearsName(name), id: `${site}:${year}` })));
  const summaryOf = new Map(years.map((year, i) => [year, summaries[i]]));
  const ids: DocumentId[] = [];
  for (const { grain, key } of periods) {
    const year = key.slice(0, 4);
    const summary = grain === 'year' ? summaryOf.get(year) : undefined;
    const keys = grain === 'year' ? monthsOf(year) : [key];
    for (const late of ['', ...(await documents.lateYears(name, year))]) {
      if (summary !== undefined && partOfSource(summary, late) > 0) continue;
      const collection = collectionName(name, year, late === '' ? undefined : late);
      ids.push(...keys.map((key) => ({ collection, id: `${site}:${key}` })));
    }
  }
  const found = [...summaries, ...(await documents.read(ids))];
  return found.filter((document) => document !== undefined);
}
