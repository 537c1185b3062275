// When hits of a local day can have been taken: the time that a journal must cover to tell what the day's documents should be.

import type { Days } from '../../store/ledger.js';
import { createCalendar } from '../../time/calendar.js';
import { HOUR_MS } from '../../time/units.js';

/** In the ledger: days around a change of a site's time zone, whose hits may be of either zone. */
export const REZONED = 'rezoned';

/** In the ledger: days into whose documents something came that no journal has, such as documents from another installation. */
export const FOREIGN = 'foreign';

/** A ping counts at its view's day for 24 hours after it. */
const PINGS_MS = 24 * HOUR_MS;
/** The furthest that zones have ever been from UTC, to the east and to the west. */
const EAST_MS = 14 * HOUR_MS;
const WEST_MS = 12 * HOUR_MS;

/** Milliseconds since 1970, UTC. */
export interface Received {
  readonly fromMs: number;
  /** Not included; the day is finished then. */
  readonly untilMs: number;
}

/**
 * `rezoned`: what the ledger has under REZONED for the site. In doubt about the zone, the time in which it is this
 * day in any.
 */
export function receivedOn(day: string, timezone: string, rezoned: readonly Days[]): Received {
  const utcMs = Date.parse(day);
  const inAnyZone = { fromMs: utcMs - EAST_MS, untilMs: utcMs + 24 * HOUR_MS + WEST_MS };
  const isRezoned = rezoned.some(({ from, to }) => from <= day && day <= to);
  const { fromMs, untilMs } = (isRezoned ? undefined : createCalendar(timezone).boundsOf(day)) ?? inAnyZone;
  return { fromMs, untilMs: untilMs + PINGS_MS };
}
