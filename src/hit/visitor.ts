// What the browser's ages say in the site's time zone: first of what, new or returning. The server remembers nobody.
import type { Calendar } from './calendar.js';
import type { FirstOf, LocalTime, Visitor } from './hit.js';

export const NO_RECORD: Visitor = {
  record: false,
  viewsOnly: false,
  firstOfHour: false,
  firstOfDay: false,
  firstOfMonth: false,
  firstOfYear: false,
  firstEver: false,
  ageSeconds: -1,
  firstViewDaysAgo: -1,
  visitNumber: -1,
  pageNumber: -1,
  previousPath: '',
  pageAgeSeconds: -1,
  firstOfPage: '',
};

export const VIEWS_ONLY: Visitor = { ...NO_RECORD, viewsOnly: true };

/** A record lives 13 months; an age beyond two years is nobody's. */
const AGE_SECONDS_MAX = 2 * 366 * 86_400;
const ORDINAL_MAX = 1_000_000;

/** What the tracker sends of its record, as text; see docs/beacon.md. */
export interface RecordFields {
  readonly age: string | undefined;
  readonly firstViewDaysAgo: string | undefined;
  readonly visitNumber: string | undefined;
  readonly pageNumber: string | undefined;
  readonly pageAge: string | undefined;
  /** Already cleaned. */
  readonly previousPath: string;
}

export function parseVisitor(fields: RecordFields, atMs: number, at: LocalTime, calendar: Calendar): Visitor {
  const firstViewDaysAgo = wholeNumber(fields.firstViewDaysAgo, AGE_SECONDS_MAX / 86_400);
  if (firstViewDaysAgo < 0) return NO_RECORD;
  const ageSeconds = wholeNumber(fields.age, AGE_SECONDS_MAX);
  const last = ageSeconds < 0 ? undefined : calendar.localTime(atMs - ageSeconds * 1000);
  const first = firstOf(last, at);
  const pageAgeSeconds = wholeNumber(fields.pageAge, AGE_SECONDS_MAX);
  // A page cannot have been viewed later than anything was.
  const pageLast = pageAgeSeconds < ageSeconds ? last : calendar.localTime(atMs - pageAgeSeconds * 1000);
  return {
    record: true,
    viewsOnly: false,
    firstOfHour: first !== '' || last?.hour !== at.hour,
    firstOfDay: first !== '',
    firstOfMonth: first === 'm' || first === 'y',
    firstOfYear: first === 'y',
    firstEver: last === undefined,
    ageSeconds,
    firstViewDaysAgo,
    visitNumber: wholeNumber(fields.visitNumber, ORDINAL_MAX),
    pageNumber: wholeNumber(fields.pageNumber, ORDINAL_MAX),
    previousPath: fields.previousPath,
    pageAgeSeconds,
    firstOfPage: pageAgeSeconds < 0 || last === undefined ? 'y' : firstOf(pageLast, at),
  };
}

/** `last`: the view before; undefined: none is known. */
function firstOf(last: LocalTime | undefined, at: LocalTime): FirstOf {
  if (last === undefined || last.day.slice(0, 4) !== at.day.slice(0, 4)) return 'y';
  if (last.day === at.day) return '';
  return last.day.slice(0, 7) === at.day.slice(0, 7) ? 'd' : 'm';
}

/** The same of the browser's views of anything on the site. */
export function firstOfSite({ record, firstOfYear, firstOfMonth, firstOfDay }: Visitor): FirstOf {
  if (!record || !firstOfDay) return '';
  return firstOfYear ? 'y' : firstOfMonth ? 'm' : 'd';
}

/** A whole number as ASCII digits, at most `max`; -1 for anything else. A negative one (a clock put back) is 0. */
export function wholeNumber(text: string | undefined, max: number): number {
  if (text === undefined || text.length > 12) return -1;
  if (/^[0-9]+$/.test(text)) return Math.min(Number(text), max);
  return /^-[0-9]+$/.test(text) ? 0 : -1;
}
