// Makes reports: a range → its documents → one merged document → the report's answer. All numbers come from documents.
import { type DocumentKind, grainsOf } from '../../collections/document-kind.js';
import type { Report } from '../../collections/report.js';
import { merge } from '../counters/merge.js';
import type { Documents } from '../store/documents.js';
import type { Ledger } from '../store/ledger.js';
import { type Calendar, createCalendar } from '../time/calendar.js';
import { comparedRange } from '../time/comparison.js';
import type { DayRange } from '../time/day-range.js';
import { readMissingPeriods } from '../upkeep/expired.js';
import { csvOf } from './csv.js';
import { createFirstDayOf, wholeRange } from './first-month.js';
import { planOf } from './plan.js';
import type { ReportQuery } from './port.js';
import { isUnreadable, missingFrom, readPeriods } from './read-range.js';
import { findSource, type WithTotal, withViews } from './source.js';
import { viewOf } from './view.js';

/** Returns a function that makes reports as text, JSON or CSV. It keeps each time zone's calendar for later reports. */
export function createReporter(
  documents: Pick<Documents, 'read' | 'lateYears' | 'collections'>,
  ledger: Ledger,
  kinds: readonly DocumentKind[],
  nowMs: () => number = Date.now,
): (query: ReportQuery) => Promise<string> {
  const firstDayOfSite = createFirstDayOf(documents, kinds);
  const calendars = new Map<string, Calendar>();
  const calendarOf = (timezone: string): Calendar => {
    let calendar = calendars.get(timezone);
    if (calendar === undefined) {
      calendar = createCalendar(timezone);
      calendars.set(timezone, calendar);
    }
    return calendar;
  };

  const bodyOf = async (query: ReportQuery, kind: DocumentKind, { report }: Report, { from, to }: DayRange) => {
    const missing = await readMissingPeriods(ledger, kind, query.site);
    const plan = planOf(from, to, (period) => isUnreadable(period, missing), grainsOf(kind).length === 1);
    const found = await readPeriods(documents, kind.name, query.site, plan.periods);
    const untilMs = nowMs();
    const [first] = found;
    const document = first !== undefined && found.length === 1 ? first : merge(found);
    const view = viewOf(query, plan, calendarOf(query.timezone));
    const head = {
      from: plan.from,
      to: plan.to,
      resolution: plan.resolution,
      ...missingFrom(plan.periods, missing),
      asOf: new Date(query.asOfMs).toISOString(),
      until: new Date(untilMs).toISOString(),
    };
    return { ...head, ...(report(document, view) as WithTotal) };
  };

  const sourceOf = (query: ReportQuery) => findSource(kinds, query);

  const answerTo = async (query: ReportQuery) => {
    const { site, timezone, compare, isByWeekday } = query;
    const { kind, report } = sourceOf(query);
    const body = await bodyOf(query, kind, report, query.isAll === true ? await wholeRange(firstDayOfSite, query) : query);
    // The range that was read may be wider than the one that was asked for: compare with that one.
    const compared = compare && (await bodyOf(query, kind, report, comparedRange(body, compare, isByWeekday)));
    return { site, timezone, ...body, ...(compared && { compared }) };
  };

  return async (query) => {
    const answer = await withViews(query, answerTo);
    return query.csv === undefined ? JSON.stringify(answer) : csvOf(answer, sourceOf(query).report.answer, query.csv);
  };
}
