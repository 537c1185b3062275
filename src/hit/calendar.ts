// Calendar days and hours in a site's zone. Luxon knows the rules and is asked little: most days have one offset from end to end,
// and nearly every hit is in the current five minutes. (Every change of a zone's offset since 1972 falls on a quarter of an hour, UTC.)
import { DateTime, IANAZone } from 'luxon';
import type { LocalTime } from './hit.js';

const QUARTER_MS = 900_000;
/** All local times of the same five minutes are one. */
export const MOMENT_MS = 300_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Of each kind, in each zone; then the memory starts afresh. Small, because there are hundreds of zones, and anyone may claim any age. */
const REMEMBERED_MAX = 1000;
/** The largest step back that a zone has made in a clock change since 1970 is 3 hours (Antarctica/Casey); this sees it whole. */
const LOOK_BACK_MS = 4 * HOUR_MS;

export interface Calendar {
  readonly timezone: string;
  /** The local time of an instant in milliseconds since 1970, UTC. The same object for the same five minutes. */
  localTime(atMs: number): LocalTime;
  /** The hours that a local day had, in order of time: `00` … `23`, 21 to 27 of them; none for a day that never was. */
  hoursOf(day: string): readonly string[];
}

export function isTimezone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && name !== 'local' && name !== 'system' && IANAZone.isValidZone(name);
}

/** Throws a RangeError when the zone is unknown: an unknown zone must never quietly count as UTC. */
export function createCalendar(timezone: string): Calendar {
  if (!isTimezone(timezone))
    throw new RangeError(`"${timezone}" is not a time zone; expected an IANA name such as Europe/Berlin`);
  const zone = IANAZone.create(timezone);
  const offsetOfDay = remembering((utcDay: number) => offsetOfWholeDay(utcDay * DAY_MS, zone));
  const byMoment = remembering((moment: number) => {
    const atMs = moment * MOMENT_MS;
    const offset = offsetOfDay(Math.floor(atMs / DAY_MS));
    return offset === undefined ? localTimeOf(atMs, zone) : wallTime(atMs, offset);
  });
  const localTime = (atMs: number): LocalTime => byMoment(Math.floor(atMs / MOMENT_MS));
  const hoursOf = remembering((day: string) => hoursOfDay(day, zone, localTime));
  return { timezone, localTime, hoursOf };
}

function remembering<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined && !known.has(key)) {
      value = make(key);
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(key, value);
    }
    return value as Value;
  };
}

/** The offset in minutes of a UTC day, if it has only one and no hour of it can be a second pass. */
function offsetOfWholeDay(startMs: number, zone: IANAZone): number | undefined {
  const offset = zone.offset(startMs);
  return zone.offset(startMs - LOOK_BACK_MS) === offset && zone.offset(startMs + DAY_MS) === offset ? offset : undefined;
}

function wallTime(atMs: number, offset: number): LocalTime {
  const wall = new Date(atMs + offset * 60_000).toISOString();
  return {
    day: wall.slice(0, 10),
    hour: wall.slice(11, 13),
    minute: wall.slice(14, 15) + ((wall[15] as string) < '5' ? '0' : '5'),
  };
}

function localTimeOf(atMs: number, zone: IANAZone): LocalTime {
  const offset = zone.offset(atMs);
  const time = wallTime(atMs, offset);
  const offsetBefore = zone.offset(atMs - LOOK_BACK_MS);
  const backMs = (offsetBefore - offset) * 60_000;
  return backMs > 0 && isAgain(atMs, offset, backMs, zone) ? { ...time, hour: `${time.hour}+` } : time;
}

/**
 * Whether the hour has been before: it began when the clock went back, or at a wall time that was there before that. So an hour of which a
 * part is repeated (Pacific/Chatham goes from 03:45 to 02:45) is all in its second pass, and each hour is one stretch of time.
 */
function isAgain(atMs: number, offset: number, backMs: number, zone: IANAZone): boolean {
  const beganMs = atMs - ((atMs + offset * 60_000) % HOUR_MS);
  return zone.offset(beganMs) !== offset || zone.offset(beganMs - backMs) !== offset;
}

const PLAIN_HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

function hoursOfDay(day: string, zone: IANAZone, localTime: (atMs: number) => LocalTime): readonly string[] {
  const noonUtcMs = Date.parse(`${day}T12:00:00Z`);
  const from = noonUtcMs - 39 * HOUR_MS; // offsets reach from -12 to +14 hours, a repeated or skipped day included
  const to = noonUtcMs + 39 * HOUR_MS;
  if (zone.offset(from) === zone.offset(to)) return PLAIN_HOURS;
  const hours = new Set<string>();
  for (let atMs = from; atMs < to; atMs += QUARTER_MS) {
    const time = localTime(atMs);
    if (time.day === day) hours.add(time.hour);
  }
  return [...hours];
}

/** The local days from `from` to `to`, both included, by the calendar alone: days that never were in a zone are among them. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = DateTime.fromISO(from, { zone: 'utc' }); ; day = day.plus({ days: 1 })) {
    const name = day.toISODate() as string;
    if (name > to) return days;
    days.push(name);
  }
}
