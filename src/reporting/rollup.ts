// The roll-up: a report of several sites, made of their merged documents. Days are each site's own days.
import { setImmediate } from 'node:timers/promises';
import { type DocumentKind, grainsOf } from '../../collections/document-kind.js';
import type { CalendarPeriod } from '../../collections/period.js';
import type { ReportView } from '../../collections/report.js';
import { compact, ROWS } from '../counters/cap.js';
import { Counters } from '../counters/counters.js';
import { merge, mergeShifted } from '../counters/merge.js';
import type { Documents } from '../store/documents.js';
import type { Ledger } from '../store/ledger.js';
import { type Calendar, createCalendar } from '../time/calendar.js';
import { comparedRange } from '../time/comparison.js';
import { type DayRange, joinRanges } from '../time/day-range.js';
import { memoize } from '../time/memo.js';
import { type MissingPeriods, readMissingPeriodsOfSites } from '../upkeep/expired.js';
import { csvOf } from './csv.js';
import { createFirstDayOf, wholeRange } from './first-month.js';
import { type Plan, planOf } from './plan.js';
import { type RollupQuery, RollupTooLarge } from './port.js';
import { isUnreadable, missingFrom, readPeriods } from './read-range.js';
import { findSource, type Source, type WithTotal, withViews } from './source.js';
import { viewOf } from './view.js';

/** A large document is read and merged in a few milliseconds, and somebody waits for the answer. */
const DOCUMENTS_MAX = 4_000;
/** Between two groups of documents, the thread makes other reports. */
const DOCUMENTS_AT_ONCE = 40;
/** A map with more rows is cut to half of them while documents are merged, so that memory is limited. Its errors say so. */
const ROWS_MAX = 20_000;
const ZONES_MAX = 1000;
const MONTHS_OF_YEAR = 12;
/** By how much the registers of each site are shifted from those of the site before, so that their visitors always add up. */
const SHIFT = 7;

/** What is read of one site. */
interface Read {
  readonly site: string;
  readonly timezone: string;
  readonly plan: Plan;
  readonly missing: MissingPeriods;
}

/** Returns a function that makes roll-ups as text, JSON or CSV. Each needs memory: see rollup-queue.ts. */
export function createRollup(
  documents: Pick<Documents, 'read' | 'lateYears' | 'collections'>,
  ledger: Ledger,
  kinds: readonly DocumentKind[],
  nowMs: () => number = Date.now,
): (query: RollupQuery) => Promise<string> {
  const firstDayOfSite = createFirstDayOf(documents, kinds);
  const calendarOf = memoize(createCalendar, ZONES_MAX);

  const answerOf = async (query: RollupQuery, source: Source, reads: readonly Read[]) => {
    const merged = await mergeAll(documents, source, reads);
    const untilMs = nowMs();
    const { report } = source.report;
    const body = report(merged.whole, viewOfSites(query, reads, calendarOf)) as WithTotal & WithOnline;
    // each part is read at the time of its own zone
    const parts = [...(merged.byZone ?? [])].map(([timezone, document]) => {
      const ofZone = reads.filter((one) => one.timezone === timezone);
      return (report(document, viewOfSites(query, ofZone, calendarOf)) as WithOnline).online;
    });
    const { resolution, ...range } = widest(reads.map(({ plan }) => plan));
    return {
      ...{ ...range, resolution, ...missingOf(reads) },
      asOf: new Date(query.asOfMs).toISOString(),
      until: new Date(untilMs).toISOString(),
      ...body,
      ...(merged.byZone && { online: sumOfOnline(parts) }),
    };
  };

  const planned = (
    { sites }: RollupQuery,
    { kind }: Source,
    ranges: readonly DayRange[],
    missingOfSite: (site: string) => MissingPeriods,
  ): Read[] => {
    const reads = sites.map(({ site, timezone }, i): Read => {
      const missing = missingOfSite(site);
      const { from, to } = ranges[i] as DayRange;
      const plan = planOf(from, to, (period) => isUnreadable(period, missing), grainsOf(kind).length === 1);
      return { site, timezone, missing, plan };
    });
    const count = reads.reduce((sum, { plan }) => sum + documentsIn(plan), 0);
    if (count > DOCUMENTS_MAX) throw new RollupTooLarge(tooLarge(count));
    return reads;
  };

  const answerTo = async (query: RollupQuery) => {
    const source = findSource(kinds, query);
    const missingOfSite = await readMissingPeriodsOfSites(ledger, source.kind);
    const ranges: DayRange[] = [];
    for (const site of query.sites) ranges.push(query.isAll === true ? await wholeRange(firstDayOfSite, site) : site);
    const reads = planned(query, source, ranges, missingOfSite);
    const body = await answerOf(query, source, reads);
    const { compare, isByWeekday } = query;
    const compared =
      compare &&
      (await answerOf(
        query,
        source,
        planned(
          query,
          source,
          reads.map(({ plan }) => comparedRange(plan, compare, isByWeekday)),
          missingOfSite,
        ),
      ));
    const timezones = [...new Set(query.sites.map(({ timezone }) => timezone))].sort();
    return { sites: query.sites.map(({ site }) => site), timezones, ...body, ...(compared && { compared }) };
  };

  return async (query) => {
    const answer = await withViews(query, answerTo);
    return query.csv === undefined ? JSON.stringify(answer) : csvOf(answer, findSource(kinds, query).report.answer, query.csv);
  };
}

/** The sites of several time zones have the hours of all of them, and the time of the first. */
function viewOfSites(query: RollupQuery, reads: readonly Read[], calendarOf: (timezone: string) => Calendar): ReportView {
  const calendars = [...new Set(reads.map(({ timezone }) => timezone))].map(calendarOf);
  const hoursOf = memoize((day: string) => [...new Set(calendars.flatMap((one) => one.hoursOf(day)))].sort(), ZONES_MAX);
  const [{ localTime }] = calendars as [(typeof calendars)[number]];
  return viewOf(query, { ...widest(reads.map(({ plan }) => plan)), periods: periodsOf(reads) }, { hoursOf, localTime });
}

interface Merged {
  readonly whole: Counters;
  /** Only for a report about now, if the sites have several time zones. */
  readonly byZone: ReadonlyMap<string, Counters> | undefined;
}

async function mergeAll(
  documents: Pick<Documents, 'read' | 'lateYears'>,
  { kind, report }: Source,
  reads: readonly Read[],
): Promise<Merged> {
  const zones = new Map<string, Counters>(reads.map(({ timezone }) => [timezone, new Counters()]));
  const isByZone = report.isAboutNow === true && zones.size > 1;
  const whole = new Counters();
  for (let i = 0; i < reads.length; ) {
    const begin = i;
    for (let count = 0; i < reads.length && count < DOCUMENTS_AT_ONCE; i++) count += documentsIn((reads[i] as Read).plan);
    const group = reads.slice(begin, i);
    const found = await Promise.all(group.map(({ site, plan }) => readPeriods(documents, kind.name, site, plan.periods)));
    for (const [j, { timezone }] of group.entries())
      for (const document of found[j] ?? [])
        mergeShifted(isByZone ? (zones.get(timezone) as Counters) : whole, document, (begin + j) * SHIFT);
    limitRows(whole, kind);
    await setImmediate();
  }
  return isByZone ? { whole: merge(zones.values()), byZone: zones } : { whole, byZone: undefined };
}

function limitRows(document: Counters, { caps }: DocumentKind): void {
  for (const key of Object.keys(caps))
    if (document.below(key).below(ROWS).fields.size > ROWS_MAX) compact(document.at(key), ROWS_MAX / 2);
}

/** At most: a year without a summary is read from its months. */
function documentsIn({ periods }: Plan): number {
  return periods.reduce((sum, { grain }) => sum + (grain === 'year' ? MONTHS_OF_YEAR : 1), 0);
}

function tooLarge(count: number): string {
  return (
    `This would read up to ${count} documents, and a roll-up reads at most ${DOCUMENTS_MAX}. Choose fewer sites, or whole ` +
    'months instead of single days.'
  );
}

/** From the first day of any site to the last of any, at the longest resolution of any. */
function widest(plans: readonly Plan[]): DayRange & Pick<Plan, 'resolution'> {
  const sorted = (values: readonly string[]) => [...values].sort();
  const resolution = (['year', 'month'] as const).find((one) => plans.some((plan) => plan.resolution === one)) ?? 'day';
  return {
    from: sorted(plans.map(({ from }) => from))[0] as string,
    to: sorted(plans.map(({ to }) => to)).at(-1) as string,
    resolution,
  };
}

/** The periods of all sites, each once. */
function periodsOf(reads: readonly Read[]): CalendarPeriod[] {
  const byKey = new Map(reads.flatMap(({ plan }) => plan.periods.map((period) => [period.key, period] as const)));
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as CalendarPeriod);
}

/** What is missing of at least one site. */
function missingOf(reads: readonly Read[]): ReturnType<typeof missingFrom> {
  const all = reads.map(({ plan, missing }) => missingFrom(plan.periods, missing));
  const archived = [...new Set(all.flatMap((one) => one.archived ?? []))].sort();
  const expired = joinRanges(all.flatMap((one) => one.expired ?? []));
  return { ...(archived.length > 0 && { archived }), ...(expired.length > 0 && { expired }) };
}

interface WithOnline {
  readonly online?: { readonly visitors: number; readonly views: number } | null;
}

/** Null if it is not known for any site. */
function sumOfOnline(parts: ReadonlyArray<WithOnline['online']>): WithOnline['online'] {
  const known = parts.filter((part) => part !== null && part !== undefined);
  if (known.length === 0) return null;
  const sum = (of: 'visitors' | 'views') => known.reduce((total, one) => total + one[of], 0);
  return { visitors: sum('visitors'), views: sum('views') };
}
