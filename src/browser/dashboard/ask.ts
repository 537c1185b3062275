// Which reports the page asks for, and how. One request asks for each of them once, even if several cards show it.
import { addDays } from '../../time/dates.js';
import type { DayRange } from '../../time/day-range.js';
import { type Address, comparisonText, searchable } from './address.js';
import type { Answered, Content, Engagement, Minutes, PageRow, Pages, Range, ReadingRow, Traffic, Visits } from './answers.js';
import type { PartOver } from './change.js';
import { fetchReport, fetchReports, type Query, queryOfReports, unlessSignedOut } from './fetch.js';
import { byOf, daysIn, HOURS_DAYS_MAX, isSame, queryOf } from './ranges.js';

/** What the numbers at the head and the chart are made of: asked for with the period that is compared. */
const COMPARED = ['traffic', 'visits', 'engagement'] as const;
/** What the panel of a page needs beside these. */
const FOR_PANEL = ['content'] as const;

/** By the reports' names: those above, and those that the cards show. A share link may show only some of them. */
export interface Answers {
  readonly traffic: Traffic;
  readonly visits: Visits;
  readonly engagement: Engagement;
  readonly content: Content;
  readonly minutes: Minutes;
  readonly [report: string]: unknown;
}

/** The site, and which of its reports may be asked for. */
interface Asked {
  readonly site: string;
  shows(report: string): boolean;
}

interface AskedAlso {
  /** The reports that the cards show. */
  readonly ofCards: readonly string[];
  /** See `byOf`. */
  readonly whole: DayRange;
}

/** What the page asks for, as the query of several reports. The stream takes the same. */
export function questionOf({ shows }: Asked, address: Address, { ofCards, whole }: AskedAlso): string {
  const names = [...new Set([...COMPARED, ...FOR_PANEL, ...ofCards, 'minutes'])].filter(shows);
  const compared = COMPARED.filter(shows).flatMap((name) =>
    Object.entries(comparedWith(address)).map(([parameter, value]) => [`${name}.${parameter}`, value] as const),
  );
  return queryOfReports(names, {
    ...queryOf(address.shown),
    by: byOf(address.shown, whole, HOURS_DAYS_MAX),
    ...Object.fromEntries(compared),
    // the five minutes of today, and who is here now
    ...(names.includes('minutes') && { 'minutes.period': 'now' }),
  });
}

/** There is nothing before all time. */
export function comparedWith({ shown, comparison, isByWeekday }: Address): Query {
  if (comparison === 'nothing' || shown === 'all') return {};
  return { compare: comparisonText(comparison), ...(isByWeekday === true && { match: 'weekdays' }) };
}

/**
 * The reports with lists, of the part of a range that is over, and of the same part of the other one. Reports of which days
 * of either are no longer kept are in neither.
 */
export interface ListsBefore extends PartOver {
  /** The names of the ranges leave out the year of this day. */
  readonly today: string;
  readonly nowLists: Readonly<Record<string, unknown>>;
  readonly beforeLists: Readonly<Record<string, unknown>>;
}

export type Lists = Readonly<Record<string, Range>>;
type AskForBefore = (part: PartOver, today: string, answers: Answers) => Promise<ListsBefore>;

export function askForLists(site: string): (reports: readonly string[], query: Query) => Promise<Lists> {
  return (reports, query) => fetchReports(site, queryOfReports(reports, query));
}

/** Whether a report is about all days of the range, which are still kept. */
export function isWhole(report: Range | undefined, range: DayRange): boolean {
  return report !== undefined && isSame(report, range) && (report.expired ?? []).length === 0;
}

/**
 * Asks for the reports once for each part, since what is over changes little; not for those that are in the answers already.
 */
export function createAskForBefore(
  askFor: (reports: readonly string[], query: Query) => Promise<Lists>,
  reports: readonly string[],
): AskForBefore {
  let [known, answer]: [string, Promise<ListsBefore> | undefined] = ['', undefined];
  const listsOf = async ({ from, to }: PartOver['here'], answers: Partial<Answers>): Promise<Lists> => {
    const isKnown = (name: string): boolean => {
      const answered = answers[name] as Answered<object> | undefined;
      return answered !== undefined && isSame(answered, { from, to });
    };
    const missing = reports.filter((name) => !isKnown(name));
    const known = Object.fromEntries(reports.filter(isKnown).map((name) => [name, answers[name] as Range]));
    return {
      ...known,
      ...(missing.length > 0 && (await askFor(missing, { from, to, ...(missing.includes('traffic') && { by: 'month' }) }))),
    };
  };
  const ask: AskForBefore = async (part, today, answers) => {
    const [nowLists, beforeLists] = await Promise.all([listsOf(part.here, answers), listsOf(part.there, {})]);
    // some are kept for longer than others
    const whole = reports.filter((name) => isWhole(nowLists[name], part.here) && isWhole(beforeLists[name], part.there));
    const those = (lists: Lists) => Object.fromEntries(whole.map((name) => [name, lists[name]]));
    return { ...part, today, nowLists: those(nowLists), beforeLists: those(beforeLists) };
  };
  return (part, today, answers) => {
    const key = JSON.stringify([part, today]);
    if (key !== known || answer === undefined) {
      [known, answer] = [key, ask(part, today, answers)];
      answer.catch(() => {
        known = ''; // the next refresh asks again
      });
    }
    return answer;
  };
}

export interface PageAnswers {
  /** Undefined where it is no longer kept, or cannot be read. */
  readonly pages: Pages | undefined;
  /** The days that `pages` is about, where these are only a part of the range. */
  readonly part: DayRange | undefined;
  /** The page's rows in the lists of pages; undefined where it is not in them. */
  readonly row: PageRow | undefined;
  readonly reading: ReadingRow | undefined;
}

/** The API gives the details of a page for at most so many days. */
export const PAGE_DAYS_MAX = 100;

/** The last days of a range that is too long for the details of a page, which are kept by the day. */
export function partWithDetails(range: DayRange, today: string): DayRange | undefined {
  if (daysIn(range) <= PAGE_DAYS_MAX) return undefined;
  const to = range.to < today ? range.to : today;
  return { from: [range.from, addDays(to, 1 - PAGE_DAYS_MAX)].sort()[1] as string, to };
}

/** Asks for one page. */
export async function askForPage(
  { site, shows }: Asked,
  page: string,
  address: Address,
  {
    traffic,
    content,
    engagement,
    today,
  }: Pick<Answers, 'traffic'> & Partial<Pick<Answers, 'content' | 'engagement'>> & { today: string },
): Promise<PageAnswers> {
  const isPage = ({ key }: { readonly key: string }): boolean => key === page;
  const period = queryOf(address.shown);
  const search = searchable(page);
  /** Looks further down in a list than what was asked for. */
  const rowIn = async <Row extends { readonly key: string }>(name: string): Promise<Row | undefined> => {
    if (!shows(name)) return undefined;
    const { rows } = await fetchReport<{ rows: Row[] }>(site, name, { ...period, search, limit: '1000' });
    return rows.find(isPage);
  };
  const part = partWithDetails(traffic, today);
  // the other range of a long one is no longer kept
  const ofPages = part ? queryOf(part) : { ...period, ...comparedWith(address) };
  const [pages, row, reading] = await Promise.all([
    shows('pages') ? fetchReport<Pages>(site, 'pages', { ...ofPages, page }).catch(unlessSignedOut) : undefined,
    (content && [content.rows, content.entries, content.exits].flat().find(isPage)) ??
      rowIn<PageRow>('content').catch(unlessSignedOut),
    engagement?.rows.find(isPage) ?? rowIn<ReadingRow>('engagement').catch(unlessSignedOut),
  ]);
  return { pages, part, row, reading };
}

/** The API reads at most this many years at once; no log is older than the first. */
const YEARS_AT_ONCE = 10;
const FIRST_YEAR = 1990;

/**
 * Whether nothing has ever been viewed, as far as anything is kept. False if that cannot be asked for, or why hits are not
 * counted.
 */
export async function isNew({ site, shows }: Asked): Promise<boolean> {
  if (!shows('content') || !shows('refusals')) return false;
  const hasViews = async (report: string, query: Query): Promise<boolean> =>
    (await fetchReport<Traffic | Content>(site, report, query)).total.views > 0;
  if (await hasViews('traffic', { period: 'year' })) return false;
  const earlier = [hasViews('traffic', { period: 'last-year' })];
  // an old log may have been imported
  for (let year = new Date().getUTCFullYear() + 1; year >= FIRST_YEAR; year -= YEARS_AT_ONCE) {
    const from = `${Math.max(FIRST_YEAR, year - YEARS_AT_ONCE + 1)}-01-01`;
    earlier.push(hasViews('content', { from, to: `${year}-12-31`, limit: '1' }));
  }
  return !(await Promise.all(earlier)).includes(true);
}
