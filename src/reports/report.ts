// Range → documents → merge → the public shape. Nothing is computed that a document does not hold.
import type { Collection, ReportView } from '../../collections/collection.js';
import { merge } from '../counters/merge.js';
import { type DocumentId, type Documents, collectionName } from '../documents/port.js';
import { type Calendar, createCalendar, daysBetween } from '../hit/calendar.js';
import { partsOf } from './plan.js';
import type { ReportQuery } from './port.js';

/** Makes reports as JSON text. Calendars are kept from one to the next. */
export function createReporter(
  documents: Documents,
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

  return async (query) => {
    const collection = collections.find(({ name }) => name === query.collection);
    if (collection === undefined) throw new Error(`no collection is called ${query.collection}`);
    const parts = partsOf(query.from, query.to);
    const ids: DocumentId[] = [];
    for (const { key } of parts) {
      const year = key.slice(0, 4);
      const id = `${query.site}:${key}`;
      ids.push({ collection: collectionName(collection.name, year), id });
      for (const late of await documents.lateYears(collection.name, year)) {
        ids.push({ collection: collectionName(collection.name, year, late), id });
      }
    }
    const found = (await documents.read(ids)).filter((document) => document !== undefined);
    const document = found.length === 1 ? (found[0] as (typeof found)[number]) : merge(found);
    const { hoursOf } = calendarOf(query.timezone);
    const view: ReportView = {
      from: query.from,
      to: query.to,
      days: daysBetween(query.from, query.to).filter((day) => hoursOf(day).length > 0),
      parts,
      hoursOf,
      limit: query.limit,
      search: query.search.toLowerCase(),
    };
    return JSON.stringify({
      site: query.site,
      timezone: query.timezone,
      from: query.from,
      to: query.to,
      resolution: 'day',
      asOf: new Date(query.asOfMs).toISOString(),
      ...(collection.report(document, view) as object),
    });
  };
}
