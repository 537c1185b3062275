// How many calls a request for reports counts as: about what it costs to make them.
import { type Comparison, comparedRange } from '../../time/comparison.js';
import { dayNumber } from '../../time/dates.js';
import type { DayRange } from '../../time/day-range.js';
import { YEARS_MAX } from '../../time/period.js';

/** The answer of a longer range has more than 2,400 hours, and takes longer for each of them. */
const SHORT_DAYS_MAX = 100;
const YEAR_DAYS = 366;
/** An answer about several sites reads little of each. */
const SITES_OF_CALL = 10;
/** The page of thousands of sites must not use up the calls of the person who opens it a few times. */
const OVERVIEW_MAX = 100;
/** What the page asks for when it shows today: ten reports, of which three are compared. */
const FIRST_VIEW = 13;

interface PricedQuery extends DayRange {
  readonly compare?: Comparison | undefined;
  readonly isByWeekday?: boolean | undefined;
}

/** Both ranges are read if it is compared. */
export function priceOfReport(query: PricedQuery): number {
  const { compare, isByWeekday } = query;
  return priceOfRange(query) + (compare === undefined ? 0 : priceOfRange(comparedRange(query, compare, isByWeekday)));
}

export function priceOfReports(queries: readonly PricedQuery[]): number {
  return queries.reduce((price, query) => price + priceOfReport(query), 0);
}

/** `sites`: of how many sites the report is. */
export function priceOfRollup(query: PricedQuery, sites: number): number {
  return Math.ceil(sites / SITES_OF_CALL) * priceOfReport(query);
}

export function priceOfOverview(sites: number): number {
  return Math.min(OVERVIEW_MAX, Math.max(1, Math.ceil(sites / SITES_OF_CALL)));
}

/** `reports`: those that a share link shows; undefined: all. */
export function priceOfFirstView(reports: readonly string[] | undefined): number {
  return reports === undefined ? FIRST_VIEW : Math.min(FIRST_VIEW, 2 * Math.max(1, reports.length));
}

/** Only the documents say how long all time is, so nothing counts as more than ten years. */
function priceOfRange({ from, to }: DayRange): number {
  const days = dayNumber(to) - dayNumber(from) + 1;
  return days <= SHORT_DAYS_MAX ? 1 : 1 + Math.min(YEARS_MAX, Math.ceil(days / YEAR_DAYS));
}
