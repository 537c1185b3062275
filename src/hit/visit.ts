// Observations about visits, from views and pings. They are stored separately from the views (observation.ts).
import type { LocalTime } from '../time/calendar.js';
import { DAY_MS } from '../time/units.js';

export interface ObservationCore {
  readonly site: string;
  /** The time of receipt, rounded down to five minutes (presence) or to the UTC day (all others). Milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** The local day in whose documents the observation is counted. */
  readonly day: string;
}

/** A view by a browser with a record: in which hour, five minutes and cohort the browser is new. It contains no page. */
export interface Presence extends ObservationCore {
  readonly kind: 'presence';
  readonly hour: LocalTime['hour'];
  readonly minute: LocalTime['minute'];
  readonly firstOfHour: boolean;
  readonly firstOfFiveMinutes: boolean;
  /** Whether the browser has no view in these five minutes or the five minutes before. */
  readonly newlyHere: boolean;
  readonly firstEver: boolean;
  /** If the view begins a visit: the class of its number among the browser's visits (VISIT_CLASSES). Otherwise 0. */
  readonly visitClass: number;
  /** If the view begins a visit, but not the first: the class of the days since the last visit (SINCE_CLASSES). Otherwise -1. */
  readonly sinceClass: number;
  /** For the first view in a UTC week: how many weeks ago the browser's first view was. Otherwise -1. */
  readonly weeks: number;
  /** The same for UTC months. */
  readonly months: number;
}

/**
 * A visit continued from a view on this local day and hour to the next view. Once a step is counted, it is split into a
 * `Transition` and a part of `Pauses` (observation.ts).
 */
export interface Step extends Omit<Transition, 'kind'> {
  readonly kind: 'step';
  readonly hour: LocalTime['hour'];
  readonly seconds: number;
}

/** The pages of a step. It contains no hour. */
export interface Transition extends ObservationCore {
  readonly kind: 'transition';
  /** Empty if the record does not contain the page, because it was on another host of the site. */
  readonly from: string;
  readonly to: string;
  /** Whether the earlier view was the first of the visit. */
  readonly afterEntry: boolean;
}

/** What a ping adds to the reading time and depth of a view. The local day and hour are those of the view. */
export interface Reading extends ObservationCore {
  readonly kind: 'reading';
  readonly hour: LocalTime['hour'];
  readonly path: string;
  /** Whether this is the first ping of its view. */
  readonly first: boolean;
  /** Engaged seconds that no earlier ping has reported. */
  readonly seconds: number;
  /** The classes (READING_CLASSES) of all engaged seconds, before this ping and with it. 0: below the first class. */
  readonly secondsClassBefore: number;
  readonly secondsClass: number;
  /** The increase of the depth, in percent of the page. */
  readonly depth: number;
  /** The classes (DEPTH_CLASSES) of the deepest point, before this ping and with it. */
  readonly depthClassBefore: number;
  readonly depthClass: number;
}

/** A ping was accepted on this local day. */
export interface AcceptedPing extends ObservationCore {
  readonly kind: 'ping';
}

/** Lower bounds of the classes of visits, by their number and by the days since the visit before. */
export const VISIT_CLASSES: readonly number[] = [1, 2, 3, 6, 11, 21, 51, 101];
export const SINCE_CLASSES: readonly number[] = [0, 1, 2, 3, 7, 14, 30, 60, 120];
/** Lower bounds of the classes of reading times, in seconds. The median is found in one of them. */
export const READING_CLASSES: readonly number[] = [
  1, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1800, 3600,
];
/** Lower bounds of the classes of depth, in percent of the page. */
export const DEPTH_CLASSES: readonly number[] = [25, 50, 75, 90, 100];

/** The largest bound that is at most the value; `below` if there is none. */
export function classOf(value: number, bounds: readonly number[], below: number): number {
  let found = below;
  for (const bound of bounds) {
    if (bound > value) break;
    found = bound;
  }
  return found;
}

/** The beginning of the UTC day. Milliseconds since 1970. */
export function utcDayMs(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}
