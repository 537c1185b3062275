// The query of a report: checked by one schema, which is also the one that the API's document shows.
import { z } from 'zod';
import { COMPARISONS, type Comparison } from '../../reports/compared.js';
import { WebError } from '../errors.js';
import { DATED, type DayRange, FIRST_DAY, LAST_DAY, PERIODS, YEARS_MAX, isShortEnough, resolvePeriod } from './period.js';

const LIMIT_MAX = 1000;
/** A document is read for each day. */
const DAILY_DAYS_MAX = 100;
const LIMIT_DEFAULT = 100;
const SEARCH_CODEPOINTS_MAX = 200;
/** The longest path that is kept. */
const PAGE_CODEPOINTS_MAX = 512;

const CALENDAR_DATE = `must be a real calendar date from ${FIRST_DAY} to ${LAST_DAY}, such as 2026-11-20`;
const LIMIT = `must be a whole number from 1 to ${LIMIT_MAX}`;

/** A parameter that is given twice comes as a list. */
const once = z.string({ error: 'was given more than once; give it once' });
const day = once
  .pipe(z.iso.date({ error: CALENDAR_DATE, abort: true }))
  .refine((date) => date >= FIRST_DAY && date <= LAST_DAY, CALENDAR_DATE);

/** Unknown parameters are ignored. */
export const reportQuery = z.object({
  from: day.optional().describe('First local day of the range. Together with `to`; not together with `period`.'),
  to: day.optional().describe(`Last local day of the range, inclusive. A range has at most ${YEARS_MAX} years.`),
  period: once
    .pipe(z.enum(PERIODS, { error: `must be one of ${PERIODS.join(', ')}` }))
    .optional()
    .describe("A range by its name, in the site's time zone. Months and years are whole, days to come included. Default: today."),
  date: day.optional().describe(`With the periods ${DATED.join(', ')}: a local day in the period that is meant.`),
  limit: once
    .regex(/^[0-9]{1,4}$/, { error: LIMIT, abort: true })
    .transform(Number)
    .pipe(z.int().min(1, LIMIT).max(LIMIT_MAX, LIMIT))
    .default(LIMIT_DEFAULT)
    .describe('At most this many rows of each list.'),
  search: once
    .refine((text) => [...text].length <= SEARCH_CODEPOINTS_MAX, `must have at most ${SEARCH_CODEPOINTS_MAX} characters`)
    .meta({ maxLength: SEARCH_CODEPOINTS_MAX })
    .default('')
    .describe('Only rows whose key or title holds this text, whatever the case.'),
  page: once
    .refine((text) => [...text].length <= PAGE_CODEPOINTS_MAX, `must have at most ${PAGE_CODEPOINTS_MAX} characters`)
    .meta({ maxLength: PAGE_CODEPOINTS_MAX })
    .optional()
    .describe('The path that the report is about, as in the content report; only for the pages report, which needs it.'),
  compare: once
    .pipe(z.enum(COMPARISONS, { error: `must be one of ${COMPARISONS.join(', ')}` }))
    .optional()
    .describe('The same report of the range before, or of the same days a year before, as `compared` beside this one.'),
});

export interface ReportRequest extends DayRange {
  readonly limit: number;
  readonly search: string;
  readonly page: string;
  readonly compare: Comparison | undefined;
}

/** What a report's query depends on. */
export interface ReportKind {
  /** It is about one page. */
  readonly isOfPage: boolean;
  /** Its documents are of days only. */
  readonly isDaily: boolean;
}

/** Throws a WebError that names the parameter. */
export function readReportQuery(query: unknown, report: ReportKind, timezone: string, nowMs: number): ReportRequest {
  const parsed = reportQuery.safeParse(query);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(String(issue?.path[0]), issue?.message ?? 'cannot be understood');
  }
  const { limit, search, page, compare } = parsed.data;
  if (report.isOfPage && page === undefined)
    throw wrong('page', 'is missing; give the path of a page, as the content report has it');
  const range = rangeOf(parsed.data, timezone, nowMs);
  if (report.isDaily && !isShortEnough(range, { days: DAILY_DAYS_MAX })) {
    const why = 'this report is kept by the day, and not for longer';
    if (parsed.data.to === undefined) throw wrong('period', `must be at most ${DAILY_DAYS_MAX} days long: ${why}`);
    throw wrong('to', `must be less than ${DAILY_DAYS_MAX} days after "from": ${why}`);
  }
  return { ...range, limit, search, page: page ?? '', compare };
}

function rangeOf({ from, to, period, date }: z.infer<typeof reportQuery>, timezone: string, nowMs: number): DayRange {
  if (from === undefined && to === undefined) {
    if (date !== undefined && !DATED.includes(period ?? 'day')) {
      throw wrong('date', `can be given only with the periods ${DATED.join(', ')}`);
    }
    return resolvePeriod(period ?? (date === undefined ? 'today' : 'day'), date, timezone, nowMs);
  }
  if (period !== undefined || date !== undefined) {
    throw wrong(period === undefined ? 'date' : 'period', 'cannot be given together with "from" and "to"; give one or the other');
  }
  if (from === undefined) throw wrong('from', 'is missing; give both "from" and "to", or a "period"');
  if (to === undefined) throw wrong('to', 'is missing; give both "from" and "to", or a "period"');
  if (from > to) throw wrong('from', 'must not be after "to"');
  if (!isShortEnough({ from, to })) {
    throw wrong(
      'to',
      `must be less than ${YEARS_MAX} years after "from"; ask for parts of ${FIRST_DAY} to ${LAST_DAY} one by one`,
    );
  }
  return { from, to };
}

function wrong(field: string, what: string): WebError {
  return new WebError('bad-request', `"${field}" ${what}.`, field);
}
