// What a report sees of a query: the range that was read, the part of its lists that was asked for, and the time.
import type { ReportView } from '../../collections/report.js';
import { type Calendar, daysBetween } from '../time/calendar.js';
import { FIVE_MINUTES_MS } from '../time/units.js';
import type { ReportQuery } from './port.js';

type Asked = Pick<ReportQuery, 'limit' | 'offset' | 'search' | 'page' | 'by' | 'asOfMs'>;
type ReadRange = Pick<ReportView, 'from' | 'to' | 'periods'>;

/** `calendar`: of the site's time zone. */
export function viewOf(
  query: Asked,
  { from, to, periods }: ReadRange,
  calendar: Pick<Calendar, 'hoursOf' | 'localTime'>,
): ReportView {
  const { hoursOf, localTime } = calendar;
  return {
    from,
    to,
    days: daysBetween(from, to).filter((day) => hoursOf(day).length > 0),
    periods,
    hoursOf,
    limit: query.limit,
    offset: query.offset,
    search: query.search.toLowerCase(),
    page: query.page,
    by: query.by,
    now: localTime(query.asOfMs),
    justBefore: localTime(query.asOfMs - FIVE_MINUTES_MS),
  };
}
