// What a view or a ping tells about its visit. It is counted, but kept apart from the view (observation.ts).
import type { LocalTime } from '../time/calendar.js';
import { DAY_MS } from '../time/units.js';

export interface Told {
  readonly site: string;
  /** When it was received, cut to the five minutes (presence) or to the UTC day (all others). Milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** The local day whose documents it counts into. */
  readonly day: string;
}

/** A browser with a record has viewed something: of which hour, five minutes and cohort it is new. Names no page. */
export interface Presence extends Told {
  readonly kind: 'presence';
  readonly hour: LocalTime['hour'];
  readonly minute: LocalTime['minute'];
  readonly firstOfHour: boolean;
  readonly firstOfFiveMinutes: boolean;
  /** Nor did it view anything in the five minutes before these. */
  readonly newlyHere: boolean;
  readonly firstEver: boolean;
  /** Where a visit begins: the class of its number among the browser's visits (VISIT_CLASSES); 0 elsewhere. */
  readonly visitClass: number;
  /** Where a visit begins: the class of the days since the last one (SINCE_CLASSES); -1 elsewhere, and for the first visit. */
  readonly sinceClass: number;
  /** The first view in a UTC week: how many weeks ago the browser first came; -1 for other views. */
  readonly weeks: number;
  /** The same for UTC months. */
  readonly months: number;
}

/**
 * A visit went on from a view, on this local day and hour, to the next one. Once it is counted, it is parted into the
 * two that follow.
 */
export interface Step extends Omit<Transition, 'kind'> {
  readonly kind: 'step';
  readonly hour: LocalTime['hour'];
  readonly seconds: number;
}

/** What a step tells of pages. Names no hour. */
export interface Transition extends Told {
  readonly kind: 'transition';
  /** Empty when the browser does not know it: the page was on another host of the site. */
  readonly from: string;
  readonly to: string;
  /** The earlier view was the visit's first. */
  readonly afterEntry: boolean;
}

/** What a ping adds to what is known of a view's reading time and depth. The view was on this local day and hour. */
export interface Reading extends Told {
  readonly kind: 'reading';
  readonly hour: LocalTime['hour'];
  readonly path: string;
  /** The first ping of its view. */
  readonly first: boolean;
  /** Engaged seconds that were not told before. */
  readonly seconds: number;
  /** The classes (READING_CLASSES) of all engaged seconds, before this ping and with it; 0: below the first class. */
  readonly secondsClassBefore: number;
  readonly secondsClass: number;
  /** How much deeper the view has come, in per cent of the page. */
  readonly depth: number;
  /** The classes (DEPTH_CLASSES) of the deepest point. */
  readonly depthClassBefore: number;
  readonly depthClass: number;
}

/** A ping was taken, on this local day. */
export interface PingTaken extends Told {
  readonly kind: 'ping';
}

/** Lower bounds of the classes into which visits are counted by their number, and by the days since the last one. */
export const VISIT_CLASSES: readonly number[] = [1, 2, 3, 6, 11, 21, 51, 101];
export const SINCE_CLASSES: readonly number[] = [0, 1, 2, 3, 7, 14, 30, 60, 120];
/** Lower bounds of the classes in which the median reading time is found, in seconds. */
export const READING_CLASSES: readonly number[] = [
  1, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1800, 3600,
];
/** Lower bounds of the classes of depth, in per cent of the page. */
export const DEPTH_CLASSES: readonly number[] = [25, 50, 75, 90, 100];

/** The largest bound that the value reaches; `below` when it reaches none. */
export function classOf(value: number, bounds: readonly number[], below: number): number {
  let found = below;
  for (const bound of bounds) {
    if (bound > value) break;
    found = bound;
  }
  return found;
}

/** When the UTC day began, in milliseconds since 1970. */
export function utcDayMs(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}
