// The query of a report. The schema that checks it is also the one in the OpenAPI document.
import { z } from 'zod';
import { grainsOf, kindsByReport } from '../../../collections/document-kind.js';
import { BY, type By } from '../../../collections/report.js';
import { PATH_CODEPOINTS_MAX } from '../../hit/text.js';
import { listsOf } from '../../reporting/csv.js';
import { COMPARISONS, type Comparison } from '../../time/comparison.js';
import type { DayRange } from '../../time/day-range.js';
import { DATED, FIRST_DAY, isShortEnough, LAST_DAY, PERIODS, resolvePeriod, YEARS_MAX } from '../../time/period.js';
import type { AppParts } from '../parts.js';
import { isTooLong, pagesMeant } from './page-path.js';
import { checkParameters, wrong } from './parameters.js';

const LIMIT_MAX = 1000;
/** More rows than any list has. */
const OFFSET_MAX = 99_999;
/** One document is read for each day. */
const DAILY_DAYS_MAX = 100;
const LIMIT_DEFAULT = 100;
const SEARCH_CODEPOINTS_MAX = 200;

export const FORMATS = ['json', 'csv'] as const;
/** As CSV. More rows than any list has. */
const ALL_ROWS = OFFSET_MAX + 1;

const CALENDAR_DATE = `must be a real calendar date from ${FIRST_DAY} to ${LAST_DAY}, such as 2026-11-20`;
const LIMIT = `must be a whole number from 1 to ${LIMIT_MAX}`;
const OFFSET = `must be a whole number from 0 to ${OFFSET_MAX}`;

const day = z
  .string()
  .pipe(z.iso.date({ error: CALENDAR_DATE, abort: true }))
  .refine((date) => date >= FIRST_DAY && date <= LAST_DAY, CALENDAR_DATE);

const COMPARE = `must be ${COMPARISONS.join(', ')}, or the days of another range, such as 2026-01-01..2026-01-31`;

/** Undefined where it is neither the name of a comparison nor a range. */
function comparisonIn(text: string): Comparison | undefined {
  const [from = '', to = '', ...others] = text.split('..');
  const isRange = others.length === 0 && day.safeParse(from).success && day.safeParse(to).success && from <= to;
  return isRange ? { from, to } : COMPARISONS.find((name) => name === text);
}

export const reportQuery = z.object({
  from: day.optional().describe('First local day of the range, with `to` and without `period`.'),
  to: day
    .optional()
    .describe(`Last local day of the range, inclusive. A range has at most ${YEARS_MAX} years; \`period=all\` may have more.`),
  period: z
    .string()
    .pipe(z.enum(PERIODS, { error: `must be one of ${PERIODS.join(', ')}` }))
    .optional()
    .describe(
      `A range by its name, in the site's time zone: ${PERIODS.map((name) => `\`${name}\``).join(', ')}. Months and years are ` +
        'whole, including days to come. `all` begins with the first month in which the site was viewed and ends with ' +
        'this one, even if that is more than ten years; not with `compare`. `now` is today, and also yesterday in the ' +
        'first quarter of an hour after midnight. Default: `today`.',
    ),
  date: day.optional().describe(`A local day in the period, with the periods ${DATED.map((name) => `\`${name}\``).join(', ')}.`),
  limit: z
    .string()
    .regex(/^[0-9]{1,4}$/, { error: LIMIT, abort: true })
    .transform(Number)
    .pipe(z.int().min(1, LIMIT).max(LIMIT_MAX, LIMIT))
    .meta({ default: LIMIT_DEFAULT })
    .optional()
    .describe(
      `The most rows of each list: 1 to ${LIMIT_MAX}. Default: ${LIMIT_DEFAULT}; as CSV, all rows. \`totalRows\` says how many ` +
        'rows there are.',
    ),
  offset: z
    .string()
    .regex(/^[0-9]{1,5}$/, { error: OFFSET, abort: true })
    .transform(Number)
    .pipe(z.int().min(0, OFFSET).max(OFFSET_MAX, OFFSET))
    .optional()
    .describe('How many rows to leave out at the beginning of each list: with `limit`, to read it page by page. Default: 0.'),
  search: z
    .string()
    .refine((text) => [...text].length <= SEARCH_CODEPOINTS_MAX, `must have at most ${SEARCH_CODEPOINTS_MAX} characters`)
    .meta({ maxLength: SEARCH_CODEPOINTS_MAX })
    .default('')
    .describe('Only rows whose key or title contains this text, in any case. `totalRows` counts these rows.'),
  page: z
    .string()
    .refine((text) => !isTooLong(text), `must have at most ${PATH_CODEPOINTS_MAX} characters`)
    .meta({ maxLength: PATH_CODEPOINTS_MAX })
    .optional()
    .describe(
      'The path of the page that the report is about: as in the content report (`/café`), or percent-encoded as in the ' +
        "browser's address bar (`/caf%C3%A9`). Empty: the unknown page. Required.",
    ),
  by: z
    .string()
    .pipe(z.enum(BY, { error: `must be one of ${BY.join(', ')}` }))
    .optional()
    .describe(
      'The shortest periods that are listed. `hour`: days with their hours. `day`: days without hours. `month`: months ' +
        'only. The last two also add `months`. Without it, the days of traffic and visits have hours, and those of ' +
        'engagement have none.',
    ),
  compare: z
    .string()
    .refine((text) => comparisonIn(text) !== undefined, COMPARE)
    .optional()
    .describe(
      'Adds `compared`, the same report of another range. `previous`: the same number of days right before; for a whole month ' +
        'or year, the whole one before. `year-before`: the same dates a year earlier. `2026-01-01..2026-01-31`: these days, at ' +
        `most ${YEARS_MAX} years. Not with \`format=csv\`.`,
    ),
  match: z
    .string()
    .pipe(z.enum(['weekdays'], { error: 'must be weekdays' }))
    .optional()
    .describe(
      'With `compare`. `weekdays`: the other range is moved by a few days, so that both begin on the same day of the week, and ' +
        'has as many days as this one unless it was given by its days.',
    ),
  format: z
    .string()
    .pipe(z.enum(FORMATS, { error: `must be one of ${FORMATS.join(', ')}` }))
    .optional()
    .describe('`json`, the default, or `csv`: one list of the report, for a spreadsheet.'),
  list: z
    .string()
    .optional()
    .describe(
      'With `format=csv`, the list by its field, such as `rows`, or `rows.hours` for a list in the rows of another one. ' +
        'Default: `rows`, or else the first list of the report.',
    ),
});

export interface ReportRequest extends DayRange {
  readonly limit: number;
  readonly offset?: number | undefined;
  readonly search: string;
  readonly page: string;
  readonly otherSpellings?: readonly string[];
  readonly compare: Comparison | undefined;
  readonly isByWeekday?: boolean;
  readonly by: By | undefined;
  readonly isAll?: boolean;
  /** The list that is answered as CSV. Absent: JSON. */
  readonly csv?: string;
}

/** The features of a report that decide its parameters. */
export interface ReportKind {
  /** The report is about one page. */
  readonly isOfPage: boolean;
  /** Its documents exist for days only. */
  readonly isDaily: boolean;
  /** It has lists that can be paged and searched. */
  readonly hasLists: boolean;
  /** It can list days, hours or months. (The months of retention are always listed, and it has no days.) */
  readonly hasMonths: boolean;
  /** The lists that can be answered as CSV. */
  readonly lists: readonly string[];
  /** One line about it. */
  readonly summary: string | undefined;
}

/** The features of each report, by its name. */
export function createReportKinds(kinds: AppParts['kinds'], schemas: AppParts['reportSchemas']): (report: string) => ReportKind {
  const sources = kindsByReport(kinds);
  const known = new Map<string, ReportKind>();
  const kindOf = (report: string): ReportKind => {
    const [collection, schema] = [sources.get(report), schemas[report]];
    return {
      isOfPage: collection?.shard !== undefined,
      isDaily: collection !== undefined && grainsOf(collection).length === 1,
      hasLists: schema instanceof z.ZodObject && 'totalRows' in schema.shape,
      hasMonths: schema instanceof z.ZodObject && 'months' in schema.shape && 'rows' in schema.shape,
      lists: schema === undefined ? [] : listsOf(schema),
      summary: collection?.reports.find(({ name }) => name === report)?.summary,
    };
  };
  // once for each report, since every request needs it, and the lists are found in the whole schema
  return (report) => {
    const kind = known.get(report) ?? kindOf(report);
    known.set(report, kind);
    return kind;
  };
}

const OF_LISTS = ['limit', 'offset', 'search'];

/** Returns the parameters of a report. */
export function parametersOf({ isOfPage, hasLists, hasMonths }: ReportKind): readonly string[] {
  const isTaken = (name: string): boolean => {
    if (name === 'page') return isOfPage;
    return name === 'by' ? hasMonths : hasLists || !OF_LISTS.includes(name);
  };
  return Object.keys(reportQuery.shape).filter(isTaken);
}

/** The parameters of a request. */
export interface Given {
  readonly query: Readonly<Record<string, unknown>>;
  /** The value of `page`, still escaped; see `pageAsWritten`. */
  readonly written: string | undefined;
}

/** Throws a WebError that names the wrong parameter. */
export function readReportQuery(
  { query, written }: Given,
  name: string,
  report: ReportKind,
  { timezone, nowMs }: { readonly timezone: string; readonly nowMs: number },
): ReportRequest {
  checkParameters(query, parametersOf(report), `the ${name} report`);
  const parsed = reportQuery.safeParse(query);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(String(issue?.path[0]), issue?.message ?? 'cannot be understood');
  }
  const { limit, offset, search, by } = parsed.data;
  const compared = comparedIn(parsed.data, report);
  const csv = csvListOf(parsed.data, name, report);
  if (report.isOfPage && written === undefined)
    throw wrong('page', 'is missing; give the path of a page, as the content report has it');
  const [page, ...otherSpellings] = pagesMeant(written ?? '');
  const range = rangeOf(parsed.data, timezone, nowMs);
  if (report.isDaily && !isShortEnough(range, { days: DAILY_DAYS_MAX })) {
    const why = 'this report is kept by the day, and not for longer';
    if (parsed.data.to === undefined) throw wrong('period', `must be at most ${DAILY_DAYS_MAX} days long: ${why}`);
    throw wrong('to', `must be less than ${DAILY_DAYS_MAX} days after "from": ${why}`);
  }
  return {
    ...range,
    limit: limit ?? (csv === undefined ? LIMIT_DEFAULT : ALL_ROWS),
    ...{ offset, search, page, by },
    ...compared,
    ...(parsed.data.period === 'all' && { isAll: true }),
    ...(otherSpellings.length > 0 && { otherSpellings }),
    ...(csv !== undefined && { csv }),
  };
}

type Parsed = z.infer<typeof reportQuery>;

function comparedIn({ compare, match, period }: Parsed, { isDaily }: ReportKind): Pick<ReportRequest, 'compare' | 'isByWeekday'> {
  if (compare === undefined) {
    if (match !== undefined) throw wrong('match', 'can be given only with "compare"');
    return { compare };
  }
  if (period === 'all') throw wrong('compare', 'cannot be given with "period=all": there is nothing before it');
  const comparison = comparisonIn(compare) as Comparison;
  if (typeof comparison === 'object') {
    if (!isShortEnough(comparison)) throw wrong('compare', `must be at most ${YEARS_MAX} years long`);
    if (isDaily && !isShortEnough(comparison, { days: DAILY_DAYS_MAX }))
      throw wrong('compare', `must be at most ${DAILY_DAYS_MAX} days long: this report is kept by the day, and not for longer`);
  }
  return { compare: comparison, ...(match !== undefined && { isByWeekday: true }) };
}

/** Undefined: the answer is JSON. */
function csvListOf({ format = 'json', list, compare }: Parsed, name: string, { lists }: ReportKind): string | undefined {
  if (format === 'json') {
    if (list !== undefined) throw wrong('list', 'can be given only with "format=csv"; in JSON, all lists are answered');
    return undefined;
  }
  if (compare !== undefined) throw wrong('compare', 'cannot be given with "format=csv"; ask for the other range separately');
  const chosen = list ?? (lists.includes('rows') ? 'rows' : lists[0]);
  if (chosen === undefined || !lists.includes(chosen))
    throw wrong('list', `must be one of ${lists.join(', ')} in the ${name} report`);
  return chosen;
}

function rangeOf({ from, to, period, date }: Parsed, timezone: string, nowMs: number): DayRange {
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
