// Range → documents → merge → the public shape. Nothing is computed that a document does not hold.
import {
  type Collection,
  grainsOf,
  holdsPage,
  type Part,
  type Report,
  type ReportView,
  reportsOf,
} from '../../collections/collection.js';
import type { Counters } from '../counters/counters.js';
import { merge } from '../counters/merge.js';
import { partOfSource } from '../store/document-metadata.js';
import { collectionName, type DocumentId, type Documents, yearsName } from '../store/documents.js';
import { type Days, joined, type Ledger } from '../store/ledger.js';
import { type Calendar, createCalendar, daysBetween } from '../time/calendar.js';
import { comparedRange, type DayRange } from '../time/comparison.js';
import { monthsOf } from '../time/dates.js';
import { FIVE_MINUTES_MS } from '../time/units.js';
import { type Gone, readGone } from '../upkeep/expired.js';
import { planOf } from './plan.js';
import type { ReportQuery } from './port.js';

/** Makes reports as JSON text. Calendars are kept from one to the next. */
export function createReporter(
  documents: Pick<Documents, 'read' | 'lateYears'>,
  ledger: Ledger,
  collections: readonly Collection[],
): (query: ReportQuery) => Promise<string> {
  const calendars = new Map<string, Calendar>();
  const calendarOf = (timezone: string): Calendar => {
    let calendar = calendars.get(timezone);
    if (calendar === undefined) {
      calendar = createCalendar(timezone);
      calendars.set(timezone, calendar);
    }
    return calendar;
  };

  const bodyOf = async (
    query: ReportQuery,
    collection: Collection,
    { report }: Report,
    { from, to }: DayRange,
  ): Promise<DayRange & Counted> => {
    const gone = await readGone(ledger, collection, query.site);
    const plan = planOf(from, to, (part) => isUnreadable(part, gone), grainsOf(collection).length === 1);
    const found = await readParts(documents, collection.name, query.site, plan.parts);
    const document = found.length === 1 ? (found[0] as (typeof found)[number]) : merge(found);
    const { hoursOf, localTime } = calendarOf(query.timezone);
    const view: ReportView = {
      from: plan.from,
      to: plan.to,
      days: daysBetween(plan.from, plan.to).filter((day) => hoursOf(day).length > 0),
      parts: plan.parts,
      hoursOf,
      limit: query.limit,
      offset: query.offset,
      search: query.search.toLowerCase(),
      page: query.page,
      now: localTime(query.asOfMs),
      justBefore: localTime(query.asOfMs - FIVE_MINUTES_MS),
    };
    const head = {
      from: plan.from,
      to: plan.to,
      resolution: plan.resolution,
      ...notInIt(plan.parts, gone),
      asOf: new Date(query.asOfMs).toISOString(),
    };
    return { ...head, ...(report(document, view) as Counted) };
  };

  const answerTo = async (query: ReportQuery) => {
    const { site, timezone, page, compare } = query;
    const collection = collections.find((one) => reportsOf(one).has(query.collection) && holdsPage(one, page));
    const report = collection && reportsOf(collection).get(query.collection);
    if (collection === undefined || report === undefined) throw new Error(`no report is called ${query.collection}`);
    const body = await bodyOf(query, collection, report, query);
    // with the range that was read, which may be wider than the one that was asked for
    const compared = compare && (await bodyOf(query, collection, report, comparedRange(body, compare)));
    return { site, timezone, ...body, ...(compared && { compared }) };
  };

  return async (query) => {
    const answer = await answerTo(query);
    for (const page of hasViews(answer) ? [] : (query.otherSpellings ?? [])) {
      const other = await answerTo({ ...query, page });
      if (hasViews(other)) return JSON.stringify(other);
    }
    return JSON.stringify(answer);
  };
}

/** What of a report tells whether there is anything in it. */
interface Counted {
  readonly total?: { readonly views?: number };
}

function hasViews({ total, compared }: Counted & { readonly compared?: Counted }): boolean {
  return (total?.views ?? 0) > 0 || (compared?.total?.views ?? 0) > 0;
}

/** Then a longer period is read in its place; where there is none either, the part stays, and is named as expired. */
function isUnreadable(part: Part, gone: Gone): boolean {
  if (part.grain === 'year') return false;
  return (gone.isExpired(part) && gone.nothingOf(part).length === 0) || gone.isArchived(part.key.slice(0, 4));
}

/** What the reader must know to take the numbers for what they are. */
function notInIt(parts: readonly Part[], gone: Gone): { archived?: string[]; expired?: readonly Days[] } {
  // Where a year has a summary, that is read; of days that have nothing longer in their place, nothing is.
  const years = parts.filter(({ grain }) => grain !== 'month').map(({ key }) => key.slice(0, 4));
  const archived = [...new Set(years)].filter((year) => gone.isArchived(year));
  const expired = joined(parts.flatMap((part) => gone.nothingOf(part)));
  return { ...(archived.length > 0 && { archived }), ...(expired.length > 0 && { expired }) };
}

/** A year is read from its summary and the months that are not in that; where there is none yet, from all of its months. */
async function readParts(
  documents: Pick<Documents, 'read' | 'lateYears'>,
  name: string,
  site: string,
  parts: readonly Part[],
): Promise<Counters[]> {
  const years = parts.filter(({ grain }) => grain === 'year').map(({ key }) => key);
  const summaries =
    years.length === 0 ? [] : await documents.read(years.map((year) => ({ collection: yearsName(name), id: `${site}:${year}` })));
  const summaryOf = new Map(years.map((year, i) => [year, summaries[i]]));
  const ids: DocumentId[] = [];
  for (const { grain, key } of parts) {
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
