// Calendar days and hours in a site's zone. Luxon knows the rules but is slow, so it is called once for some days, and
// local times are cached by five minutes of UTC. A zone may change its offset at any second (America/St_Johns did at
// 00:01), and an offset may have seconds (Africa/Monrovia, until 1972).
import { IANAZone } from 'luxon';
import { dayNumber, dayOfNumber } from './dates.js';
import { memoize } from './memo.js';
import { DAY_MS, FIVE_MINUTES_MS, HOUR_MS, SECOND_MS } from './units.js';

/** Where a hit belongs in time, in its site's zone. */
export interface LocalTime {
  /** Local calendar day, `2026-11-20`. */
  readonly day: string;
  /** Local hour, `02`. `02+` in the second pass of an hour that a clock change repeats, at least in part. */
  readonly hour: string;
  /** The start of the five minutes within the hour: `00`, `05` … `55`. */
  readonly minute: string;
}

/** Rounds a time down to five minutes. Milliseconds since 1970. */
export function roundDownToFiveMinutes(ms: number): number {
  return ms - (ms % FIVE_MINUTES_MS);
}

/**
 * The size of each cache of a zone. A full cache is emptied. It is small, because there are hundreds of zones, and
 * browsers may send any age.
 */
const REMEMBERED_MAX = 1000;
/** The clock is found for so many UTC days at once, and the time around them: together less than a week. See clockBetween. */
const DAYS_AT_ONCE = 5;
/**
 * Enough to see the hours that a step back repeats: the largest since 1970 was 7 hours (Antarctica/Vostok, 1994);
 * over the date line it would be a day.
 */
const LOOK_BACK_MS = 26 * HOUR_MS;
/** The largest offset from UTC that zones have had to the west, plus an hour. To the east it is less than `LOOK_BACK_MS`. */
const WEST_MS = 13 * HOUR_MS;

export interface Calendar {
  readonly timezone: string;
  /**
   * Returns the local time of an instant, in milliseconds since 1970 UTC. Usually returns the same object for the
   * same five minutes.
   */
  localTime(atMs: number): LocalTime;
  /** The hours of a local day in order of time: `00` … `23`, 17 to 31 of them; none for a day that never existed. */
  hoursOf(day: string): readonly string[];
  /**
   * The first instant of a local day, and the end (exclusive). In between, the local time may be on another day for
   * a while. Undefined for a day that never existed.
   */
  boundsOf(day: string): Stretch | undefined;
}

/** Milliseconds since 1970, UTC. */
export interface Stretch {
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
}

export function isTimezone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && name !== 'local' && name !== 'system' && IANAZone.isValidZone(name);
}

/** Throws a RangeError when the zone is unknown: an unknown zone must never quietly count as UTC. */
export function createCalendar(timezone: string): Calendar {
  if (!isTimezone(timezone))
    throw new RangeError(`"${timezone}" is not a time zone; expected an IANA name such as Europe/Berlin`);
  const zone = IANAZone.create(timezone);
  const clocks = memoize((block: number) => {
    const fromMs = block * DAYS_AT_ONCE * DAY_MS;
    return clockBetween(zone, fromMs - LOOK_BACK_MS, fromMs + DAYS_AT_ONCE * DAY_MS + WEST_MS);
  }, REMEMBERED_MAX);
  /** The clock at an instant and around it. */
  const clockAt = (atMs: number): Clock => clocks(Math.floor(atMs / DAY_MS / DAYS_AT_ONCE));
  const byFiveMinutes = memoize((fiveMinutes: number) => {
    const atMs = fiveMinutes * FIVE_MINUTES_MS;
    const clock = clockAt(atMs);
    return haveOneLocalTime(atMs, clock) ? localTimeOf(atMs, clock) : undefined;
  }, REMEMBERED_MAX);
  const localTime = (atMs: number): LocalTime =>
    byFiveMinutes(Math.floor(atMs / FIVE_MINUTES_MS)) ?? localTimeOf(atMs, clockAt(atMs));
  return {
    timezone,
    localTime,
    hoursOf(day) {
      const dayMs = Date.parse(day);
      const clock = clockAt(dayMs);
      return clock.changeMs === Number.POSITIVE_INFINITY ? PLAIN_HOURS : hoursIn(stretchesOfDay(dayMs, clock), localTime);
    },
    boundsOf(day) {
      const dayMs = Date.parse(day);
      const stretches = stretchesOfDay(dayMs, clockAt(dayMs));
      const [first, last] = [stretches[0], stretches.at(-1)];
      return first && last && { fromMs: first.fromMs, untilMs: last.untilMs };
    },
  };
}

/** A zone's offset during some days: how far its local time is ahead of UTC. */
interface Clock {
  readonly offsetBeforeMs: number;
  /** Infinity when it does not change in these days. */
  readonly changeMs: number;
  readonly offsetAfterMs: number;
}

/**
 * The time span must contain at most one change. The shortest time between two changes since 1970 is a week
 * (America/Boa_Vista, 2000).
 */
function clockBetween(zone: IANAZone, fromMs: number, untilMs: number): Clock {
  const offsetAt = (atMs: number) => Math.round(zone.offset(atMs) * 60_000);
  const [offsetBeforeMs, offsetAfterMs] = [offsetAt(fromMs), offsetAt(untilMs)];
  if (offsetBeforeMs === offsetAfterMs) return { offsetBeforeMs, changeMs: Number.POSITIVE_INFINITY, offsetAfterMs };
  let [early, late] = [fromMs, untilMs];
  while (late - early > SECOND_MS) {
    const middle = early + Math.floor((late - early) / 2 / SECOND_MS) * SECOND_MS;
    if (offsetAt(middle) === offsetBeforeMs) early = middle;
    else late = middle;
  }
  return { offsetBeforeMs, changeMs: late, offsetAfterMs };
}

function offsetOf({ offsetBeforeMs, changeMs, offsetAfterMs }: Clock, atMs: number): number {
  return atMs < changeMs ? offsetBeforeMs : offsetAfterMs;
}

/** Whether the five minutes of UTC from this instant are within the same five minutes of local time. */
function haveOneLocalTime(atMs: number, clock: Clock): boolean {
  const isChangeInside = atMs < clock.changeMs && clock.changeMs < atMs + FIVE_MINUTES_MS;
  return !isChangeInside && offsetOf(clock, atMs) % FIVE_MINUTES_MS === 0;
}

function localTimeOf(atMs: number, clock: Clock): LocalTime {
  const wallMs = atMs + offsetOf(clock, atMs);
  const wall = new Date(wallMs).toISOString();
  const hour = wall.slice(11, 13);
  return {
    day: wall.slice(0, 10),
    hour: atMs >= clock.changeMs && isAgain(wallMs, clock) ? `${hour}+` : hour,
    minute: wall.slice(14, 15) + ((wall[15] as string) < '5' ? '0' : '5'),
  };
}

/**
 * Whether this is the second pass of an hour: the clock went back, and the hour starts at a wall time that also
 * occurred before the change. If only a part of an hour is repeated (Pacific/Chatham goes from 03:45 to 02:45), the whole
 * hour counts as the second pass, so each hour is one stretch of time.
 */
function isAgain(wallMs: number, { offsetBeforeMs, changeMs, offsetAfterMs }: Clock): boolean {
  return offsetAfterMs < offsetBeforeMs && hourOf(wallMs) < changeMs + offsetBeforeMs;
}

function hourOf(wallMs: number): number {
  return Math.floor(wallMs / HOUR_MS) * HOUR_MS;
}

interface DayStretch extends Stretch {
  readonly offsetMs: number;
}

/**
 * The stretches of time that belong to a local day, in order: one before a change of the offset and one after it. `dayMs`: its
 * date as a UTC day. The clock must be that of the time from 15 hours before that day until 13 hours after it.
 */
function stretchesOfDay(dayMs: number, { offsetBeforeMs, changeMs, offsetAfterMs }: Clock): DayStretch[] {
  const before = { fromMs: dayMs - offsetBeforeMs, untilMs: Math.min(changeMs, dayMs + DAY_MS - offsetBeforeMs) };
  const after = { fromMs: Math.max(changeMs, dayMs - offsetAfterMs), untilMs: dayMs + DAY_MS - offsetAfterMs };
  return [
    { ...before, offsetMs: offsetBeforeMs },
    { ...after, offsetMs: offsetAfterMs },
  ].filter(({ fromMs, untilMs }) => fromMs < untilMs);
}

const PLAIN_HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

function hoursIn(stretches: readonly DayStretch[], localTime: (atMs: number) => LocalTime): readonly string[] {
  const [first] = stretches;
  if (stretches.length === 1 && first && first.untilMs - first.fromMs === DAY_MS) return PLAIN_HOURS;
  const hours = new Set<string>();
  for (const { fromMs, untilMs, offsetMs } of stretches)
    for (let atMs = fromMs; atMs < untilMs; atMs = hourOf(atMs + offsetMs) + HOUR_MS - offsetMs) hours.add(localTime(atMs).hour);
  return [...hours];
}

/** All dates from `from` to `to`, both inclusive. It includes days that were skipped in some zone. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let number = dayNumber(from); ; number++) {
    const day = dayOfNumber(number);
    if (day > to) return days;
    days.push(day);
  }
}
