// Interprets the ages in a browser's record in the site's time zone: of which periods a view is the first, and whether the
// browser is new or returning. The server stores neither browsers nor ages.
import { type Calendar, type LocalTime, roundDownToFiveMinutes } from '../time/calendar.js';
import { DAY_MS, FIVE_MINUTES_MS } from '../time/units.js';
import { monthNumber, weekNumber } from '../time/utc-periods.js';
import { wholeNumber } from './fields.js';
import { classOf, type Presence, SINCE_CLASSES, type Step, utcDayMs, VISIT_CLASSES } from './visit.js';

/**
 * The longest period whose first view something is: `y` the year's (so also the month's and the day's), `m`, `d`;
 * empty: of none.
 */
export type NewInPeriod = 'y' | 'm' | 'd' | '';

/**
 * The part of the record that may be stored with a view. All other parts are stored separately (observation.ts). All
 * fields are false or empty if there is no record.
 */
export interface Visitor {
  /** Whether the browser keeps a record. Without one, the other fields are unknown. */
  readonly record: boolean;
  /** Whether only the view may be counted, because the browser asks for it and the site respects that. */
  readonly viewsOnly: boolean;
  /** The longest period of which this is the browser's first view on the site. */
  readonly first: NewInPeriod;
  /** The same for the page. If the record does not contain the page (any more), it counts as never viewed. */
  readonly firstOfPage: NewInPeriod;
  /** Whether this is the first view of a visit. */
  readonly entry: boolean;
}

export const NO_RECORD: Visitor = { record: false, viewsOnly: false, first: '', firstOfPage: '', entry: false };

export const VIEWS_ONLY: Visitor = { ...NO_RECORD, viewsOnly: true };

const DAY_SECONDS = 86_400;
/** A record is kept for 13 months. Larger ages are limited to two years. */
const AGE_SECONDS_MAX = 2 * 366 * DAY_SECONDS;
const ORDINAL_MAX = 1_000_000;
/** A visit ends after this time without a view. The tracker uses the same time when it numbers the pages of a visit. */
const VISIT_SECONDS = 1800;
/** A record is kept for 393 days. A record that claims to be older belongs to no cohort. */
const FIRST_VIEW_DAYS_MAX = 400;

/** The fields of the record that the tracker sends, as text. See docs/beacon.md. */
export interface RecordFields {
  readonly age: string | undefined;
  readonly firstViewDaysAgo: string | undefined;
  readonly visitNumber: string | undefined;
  readonly pageNumber: string | undefined;
  readonly pageAge: string | undefined;
  /** Already cleaned. */
  readonly previousPath: string;
}

/** A view that was sent with a browser's record. */
export interface RecordedView {
  readonly site: string;
  readonly path: string;
  readonly receivedAtMs: number;
  readonly at: LocalTime;
  readonly calendar: Calendar;
  /** The earliest possible time of a view of the site. Milliseconds since 1970. */
  readonly siteSinceMs: number;
}

/** The contents of a record: the part that may be stored with the view, and the parts that are stored separately. */
export interface ReadRecord {
  readonly visitor: Visitor;
  readonly observations: ReadonlyArray<Presence | Step>;
}

/** Returns undefined if the browser keeps no record. */
export function readRecord(fields: RecordFields, view: RecordedView): ReadRecord | undefined {
  const firstViewDaysAgo = wholeNumber(fields.firstViewDaysAgo, AGE_SECONDS_MAX / DAY_SECONDS);
  if (firstViewDaysAgo < 0) return undefined;
  const { receivedAtMs, at, calendar } = view;
  const ageSeconds = wholeNumber(fields.age, AGE_SECONDS_MAX);
  const lastMs = ageSeconds < 0 ? undefined : receivedAtMs - ageSeconds * 1000;
  const last = lastMs === undefined ? undefined : calendar.localTime(lastMs);
  const pageAgeSeconds = wholeNumber(fields.pageAge, AGE_SECONDS_MAX);
  // A page cannot have been viewed after the last view of all pages.
  const pageLast = pageAgeSeconds < ageSeconds ? last : calendar.localTime(receivedAtMs - pageAgeSeconds * 1000);
  const pageNumber = wholeNumber(fields.pageNumber, ORDINAL_MAX);
  const ages = {
    ageSeconds,
    lastMs,
    last,
    firstViewDaysAgo,
    pageNumber,
    visitNumber: wholeNumber(fields.visitNumber, ORDINAL_MAX),
  };
  const visitor: Visitor = {
    record: true,
    viewsOnly: false,
    first: firstOf(last, at),
    firstOfPage: pageAgeSeconds < 0 || last === undefined ? 'y' : firstOf(pageLast, at),
    entry: pageNumber === 1,
  };
  const observations: Array<Presence | Step> = presence(ages, view);
  const stepped = step(ages, fields.previousPath, view);
  if (stepped !== undefined) observations.push(stepped);
  return { visitor, observations };
}

interface Ages {
  /** Seconds since the browser's last view on this site; -1 if none is known. */
  readonly ageSeconds: number;
  readonly lastMs: number | undefined;
  readonly last: LocalTime | undefined;
  /** UTC days since the browser's first view; 0 on the first day. */
  readonly firstViewDaysAgo: number;
  /** Both start at 1. */
  readonly visitNumber: number;
  readonly pageNumber: number;
}

/** `last`: the local time of the view before; undefined if none is known. */
function firstOf(last: LocalTime | undefined, at: LocalTime): NewInPeriod {
  if (last === undefined || last.day.slice(0, 4) !== at.day.slice(0, 4)) return 'y';
  if (last.day === at.day) return '';
  return last.day.slice(0, 7) === at.day.slice(0, 7) ? 'd' : 'm';
}

/** Returns no presence if the view is new in neither its hour, its five minutes nor a cohort, and begins no visit. */
function presence(ages: Ages, { site, receivedAtMs, at }: RecordedView): Presence[] {
  const { last, lastMs = Number.NEGATIVE_INFINITY, ageSeconds, pageNumber, visitNumber } = ages;
  const beginsMs = roundDownToFiveMinutes(receivedAtMs);
  const begins = pageNumber === 1 && visitNumber >= 1;
  const firstOfHour = last?.day !== at.day || last.hour !== at.hour;
  // The offset of the zone may change between two views in the same five minutes of UTC.
  const firstOfFiveMinutes = firstOfHour || last?.minute !== at.minute;
  const cohort = cohortOf(ages.firstViewDaysAgo, lastMs, receivedAtMs);
  if (!firstOfHour && !firstOfFiveMinutes && !begins && cohort.weeks < 0 && cohort.months < 0) return [];
  return [
    {
      kind: 'presence',
      site,
      receivedAtMs: beginsMs,
      day: at.day,
      hour: at.hour,
      minute: at.minute,
      firstOfHour,
      firstOfFiveMinutes,
      newlyHere: lastMs < beginsMs - FIVE_MINUTES_MS,
      firstEver: last === undefined,
      visitClass: begins ? visitClass(visitNumber) : 0,
      sinceClass: begins ? sinceClass(ageSeconds) : -1,
      weeks: cohort.weeks,
      months: cohort.months,
    },
  ];
}

export function visitClass(visitNumber: number): number {
  return classOf(visitNumber, VISIT_CLASSES, 0);
}

/** `ageSeconds`: since the view before; -1 if none is known. */
export function sinceClass(ageSeconds: number): number {
  return ageSeconds < 0 ? -1 : classOf(Math.floor(ageSeconds / DAY_SECONDS), SINCE_CLASSES, 0);
}

const NO_COHORT = { weeks: -1, months: -1 };

/**
 * Returns how many UTC weeks and months ago the browser's first view was. Each is -1 unless this is its first view in
 * the week or month. `lastMs`: the time of the view before; minus infinity if there was none.
 */
export function cohortOf(firstViewDaysAgo: number, lastMs: number, receivedAtMs: number): Pick<Presence, 'weeks' | 'months'> {
  const today = Math.floor(receivedAtMs / DAY_MS);
  const lastDay = Math.floor(lastMs / DAY_MS);
  if (lastDay === today || firstViewDaysAgo > FIRST_VIEW_DAYS_MAX) return NO_COHORT;
  const isNew = lastMs === Number.NEGATIVE_INFINITY;
  const firstDay = isNew ? today : today - firstViewDaysAgo;
  const since = (numberOf: (day: number) => number) =>
    isNew || numberOf(lastDay) < numberOf(today) ? numberOf(today) - numberOf(firstDay) : -1;
  return { weeks: since(weekNumber), months: since(monthNumber) };
}

/** The step from the view before to this one; undefined if this view does not continue a visit. */
function step({ ageSeconds, lastMs, last, pageNumber }: Ages, previousPath: string, view: RecordedView): Step | undefined {
  if (last === undefined || lastMs === undefined || lastMs < view.siteSinceMs) return undefined;
  if (pageNumber < 2 || ageSeconds >= VISIT_SECONDS) return undefined;
  const { site, path } = view;
  const receivedAtMs = utcDayMs(view.receivedAtMs);
  const afterEntry = pageNumber === 2;
  const { day, hour } = last;
  return { kind: 'step', site, receivedAtMs, day, hour, seconds: ageSeconds, from: previousPath, to: path, afterEntry };
}
