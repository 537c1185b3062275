// The time in which hits of a local day can have been received. To count the day, a journal must cover all of it.
import { createCalendar } from '../../time/calendar.js';
import type { DayRange } from '../../time/day-range.js';
import { HOUR_MS } from '../../time/units.js';

/** The ledger's key for days around a change of a site's time zone. Their hits may have been counted in either zone. */
export const REZONED = 'rezoned';

/** The ledger's key for days whose documents contain data that is in no journal, such as data of another installation. */
export const FOREIGN = 'foreign';

/** A ping counts for the day of its view, and can arrive up to 24 hours later. */
const PINGS_MS = 24 * HOUR_MS;
/** The largest offsets from UTC that time zones have ever had, east and west. */
const EAST_MS = 14 * HOUR_MS;
const WEST_MS = 12 * HOUR_MS;

/** Milliseconds since 1970, UTC. */
export interface Received {
  readonly fromMs: number;
  /** Exclusive. The day is finished at this time. */
  readonly untilMs: number;
}

/**
 * `rezoned` are the site's days in the ledger under REZONED. For such a day the result covers it in every time zone.
 */
export function receivedOn(day: string, timezone: string, rezoned: readonly DayRange[]): Received {
  const utcMs = Date.parse(day);
  const inAnyZone = { fromMs: utcMs - EAST_MS, untilMs: utcMs + 24 * HOUR_MS + WEST_MS };
  const isRezoned = rezoned.some(({ from, to }) => from <= day && day <= to);
  const { fromMs, untilMs } = (isRezoned ? undefined : createCalendar(timezone).boundsOf(day)) ?? inAnyZone;
  return { fromMs, untilMs: untilMs + PINGS_MS };
}
