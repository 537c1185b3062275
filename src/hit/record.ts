// What the browser's ages say in the site's time zone: first of what, new or returning. The server remembers nobody,
// and keeps no age.
import { type Calendar, cutToFiveMinutes, type LocalTime } from '../time/calendar.js';
import { DAY_MS, FIVE_MINUTES_MS } from '../time/units.js';
import { monthNumber, weekNumber } from '../time/utc-periods.js';
import { wholeNumber } from './fields.js';
import { classOf, type Presence, SINCE_CLASSES, type Step, utcDayMs, VISIT_CLASSES } from './visit.js';

/**
 * The longest period whose first view something is: `y` the year's (so also the month's and the day's), `m`, `d`;
 * empty: of none.
 */
export type FirstOf = 'y' | 'm' | 'd' | '';

/**
 * What may stand beside a view of the browser's own record. All else that the record says is kept apart from the view
 * (observation.ts). Everything is false or empty when there is no record.
 */
export interface Visitor {
  /** The browser keeps a record. Without one, none of the rest is known. */
  readonly record: boolean;
  /** Nothing but the view may be counted: the browser asks for it, and the site heeds that. */
  readonly viewsOnly: boolean;
  /** The longest period of which this is the browser's first view on the site. */
  readonly first: FirstOf;
  /** The same for the page, as far as the browser remembers its pages. */
  readonly firstOfPage: FirstOf;
  /** The first view of a visit. */
  readonly entry: boolean;
}

export const NO_RECORD: Visitor = { record: false, viewsOnly: false, first: '', firstOfPage: '', entry: false };

export const VIEWS_ONLY: Visitor = { ...NO_RECORD, viewsOnly: true };

const DAY_SECONDS = 86_400;
/** A record lives 13 months; an age beyond two years is nobody's. */
const AGE_SECONDS_MAX = 2 * 366 * DAY_SECONDS;
const ORDINAL_MAX = 1_000_000;
/** A visit ends after so long without a view; the tracker numbers a visit's pages by it. */
const VISIT_SECONDS = 1800;
/** A record lives for 393 days; what says that it is older is in no cohort. */
const FIRST_VIEW_DAYS_MAX = 400;

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

/** A view that a browser's record came with. */
export interface RecordedView {
  readonly site: string;
  readonly path: string;
  readonly receivedAtMs: number;
  readonly at: LocalTime;
  readonly calendar: Calendar;
  /** When the site was made: no view can have been before. */
  readonly siteSinceMs: number;
}

/** What a record says of a view: what may stand beside the view, and what is kept apart from it. */
export interface ReadRecord {
  readonly visitor: Visitor;
  readonly observations: ReadonlyArray<Presence | Step>;
}

/** Undefined when the browser keeps no record. */
export function readRecord(fields: RecordFields, view: RecordedView): ReadRecord | undefined {
  const firstViewDaysAgo = wholeNumber(fields.firstViewDaysAgo, AGE_SECONDS_MAX / DAY_SECONDS);
  if (firstViewDaysAgo < 0) return undefined;
  const { receivedAtMs, at, calendar } = view;
  const ageSeconds = wholeNumber(fields.age, AGE_SECONDS_MAX);
  const lastMs = ageSeconds < 0 ? undefined : receivedAtMs - ageSeconds * 1000;
  const last = lastMs === undefined ? undefined : calendar.localTime(lastMs);
  const pageAgeSeconds = wholeNumber(fields.pageAge, AGE_SECONDS_MAX);
  // A page cannot have been viewed later than anything was.
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
  /** Seconds since the browser's last view on this site; -1 when none is known. */
  readonly ageSeconds: number;
  readonly lastMs: number | undefined;
  readonly last: LocalTime | undefined;
  /** UTC days since its first view; 0 on the first day. */
  readonly firstViewDaysAgo: number;
  /** 1 for the first visit, and for the first page of a visit. */
  readonly visitNumber: number;
  readonly pageNumber: number;
}

/** `last`: the view before; undefined: none is known. */
function firstOf(last: LocalTime | undefined, at: LocalTime): FirstOf {
  if (last === undefined || last.day.slice(0, 4) !== at.day.slice(0, 4)) return 'y';
  if (last.day === at.day) return '';
  return last.day.slice(0, 7) === at.day.slice(0, 7) ? 'd' : 'm';
}

/** Nothing when the view is new to no hour, no five minutes and no cohort. */
function presence(ages: Ages, { site, receivedAtMs, at }: RecordedView): Presence[] {
  const { last, lastMs = Number.NEGATIVE_INFINITY, ageSeconds, pageNumber, visitNumber } = ages;
  const beginsMs = cutToFiveMinutes(receivedAtMs);
  const begins = pageNumber === 1 && visitNumber >= 1;
  const firstOfHour = last?.day !== at.day || last.hour !== at.hour;
  // A change of the zone's offset may lie between two views of the same five minutes of UTC.
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

/** `ageSeconds`: -1 when no view before is known. */
export function sinceClass(ageSeconds: number): number {
  return ageSeconds < 0 ? -1 : classOf(Math.floor(ageSeconds / DAY_SECONDS), SINCE_CLASSES, 0);
}

const NO_COHORT = { weeks: -1, months: -1 };

/**
 * How many UTC weeks and months ago the browser first came, where this is its first view of the week or month; else
 * -1. `lastMs`: of the view before; minus infinity when there was none.
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

/** That the visit went on from an earlier view to this one. */
function step({ ageSeconds, lastMs, last, pageNumber }: Ages, previousPath: string, view: RecordedView): Step | undefined {
  if (last === undefined || lastMs === undefined || lastMs < view.siteSinceMs) return undefined;
  if (pageNumber < 2 || ageSeconds >= VISIT_SECONDS) return undefined;
  const { site, path } = view;
  const receivedAtMs = utcDayMs(view.receivedAtMs);
  const afterEntry = pageNumber === 2;
  const { day, hour } = last;
  return { kind: 'step', site, receivedAtMs, day, hour, seconds: ageSeconds, from: previousPath, to: path, afterEntry };
}
