// Documents of a month contain a level for each local day, and most days contain one for each hour. So months, years and
// ranges over New Year are merged by the same function as days.
import type { Counters } from '../src/counters/counters.js';
import { ANY_KEY, type Part } from '../src/counters/part.js';
import type { LocalTime } from '../src/time/calendar.js';
import { type Keys, type Levels, levels } from './keys.js';

const DAYS = 'D';
const HOURS = 'h';

/** A level for each local day, `2026-11-20`. */
export function days<const Each extends Keys>(each: Each): Levels<Each> {
  return levels(DAYS, each);
}

/** In the level of a day: a level for each of its hours, `02`. Days that another tool has counted have none. */
export function hours<const Each extends Keys>(each: Each): Levels<Each> {
  return levels(HOURS, each);
}

/** The level of a day, which is created if there is none. */
export function dayIn(document: Counters, localDay: string): Counters {
  return document.at(DAYS).at(localDay);
}

export function hourIn(day: Counters, hour: LocalTime['hour']): Counters {
  return day.at(HOURS).at(hour);
}

/** The level of a day; an empty one if there is none. Must not be changed. */
export function readDay(document: Counters, localDay: string): Counters {
  return document.below(DAYS).below(localDay);
}

/** Several days together: their counters are sums, which add up. */
export function readDaysTogether(document: Counters, localDays: readonly string[]): Pick<Counters, 'get'> {
  const days = localDays.map((localDay) => readDay(document, localDay));
  return { get: (key) => days.reduce((sum, day) => sum + day.get(key), 0) };
}

export function readHour(day: Counters, hour: LocalTime['hour']): Counters {
  return day.below(HOURS).below(hour);
}

export function readDays(document: Counters): Array<[localDay: string, day: Counters]> {
  return document.below(DAYS).levels();
}

export function readHours(day: Counters): Counters[] {
  return day
    .below(HOURS)
    .levels()
    .map(([, hour]) => hour);
}

/** The part of a document that contains these local days, each with its own part. */
export function partOfDays(localDays: Iterable<readonly [localDay: string, part: Part]>): Part {
  return new Map([[DAYS, new Map(localDays)]]);
}

/** The part of a day that contains all of its hours. */
export function partOfHours(each: Part): Part {
  return new Map([[HOURS, new Map([[ANY_KEY, each]])]]);
}
