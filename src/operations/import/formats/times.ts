// Reads the times in logs: in Apache's format, in ISO 8601, and in seconds since 1970.
import { DateTime, IANAZone } from 'luxon';
import { DAY_MS, MINUTE_MS } from '../../../time/units.js';

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
/** There are no older logs, and `Date.UTC` takes years below 100 as years of the 20th century. */
const YEAR_MIN = 1970;
/** The end of 9999: later years have more than four digits. */
const MS_MAX = Date.UTC(10_000, 0, 1) - 1;
const CHARS_MAX = 48;

const CLOCK = '([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,9}))?';
/** `17/May/2015:10:05:03.123 +0000`. HAProxy omits the zone. */
const APACHE = new RegExp(`^([0-9]{1,2})/([A-Z][a-z]{2})/([0-9]{4}):${CLOCK}(?: ([+-])([0-9]{2}):?([0-9]{2}))?$`);
/** `2015-05-17T10:05:03.123Z`, or with a space, a comma or slashes. */
const ISO = new RegExp(
  `^([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})[T ]${CLOCK}(?:(Z|UTC)| ?([+-])([0-9]{2})(?::?([0-9]{2}))?)?$`,
  'i',
);
const EPOCH = /^[0-9]{9,19}(?:\.[0-9]{1,9})?$/;

export interface Moment {
  readonly atMs: number;
  /** The time has a zone. */
  readonly isZoned: boolean;
}

/** Returns undefined when it is not a time. Times without a zone are read as UTC. */
export function momentOf(text: string): Moment | undefined {
  if (text.length > CHARS_MAX) return undefined;
  const apache = APACHE.exec(text);
  if (apache !== null) {
    const [, day, month, year, hour, minute, second, fraction, sign, hours, minutes] = apache as unknown as string[];
    const place = MONTHS.indexOf(month as string);
    if (place % 3 !== 0) return undefined;
    const offset = { isZoned: sign !== undefined, sign, hours, minutes };
    return moment([year, place / 3 + 1, day, hour, minute, second], fraction, offset);
  }
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction, utc, sign, hours, minutes = '0'] = iso as unknown as string[];
    const offset = { isZoned: utc !== undefined || sign !== undefined, sign, hours, minutes };
    return moment([year, month, day, hour, minute, second], fraction, offset);
  }
  return EPOCH.test(text) ? epoch(Number(text)) : undefined;
}

/** Reads seconds, milliseconds, microseconds or nanoseconds, which have 10, 13, 16 or 19 digits today. */
export function epoch(value: number): Moment | undefined {
  if (!(value >= 1e8 && value < 1e20)) return undefined;
  const atMs = value < 1e11 ? value * 1000 : value < 1e14 ? value : value < 1e17 ? value / 1000 : value / 1e6;
  return atMs <= MS_MAX ? { atMs: Math.floor(atMs), isZoned: true } : undefined;
}

interface Offset {
  readonly isZoned: boolean;
  /** The default is +00:00. */
  readonly sign: string | undefined;
  readonly hours: string | undefined;
  readonly minutes: string | undefined;
}

function moment(
  parts: ReadonlyArray<string | number | undefined>,
  fraction = '',
  { isZoned, sign, hours = '0', minutes = '0' }: Offset,
): Moment | undefined {
  const [year, month, day, hour, minute, second] = parts.map(Number) as [number, number, number, number, number, number];
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const days = new Date(Date.UTC(year, month - 1, day));
  if (year < YEAR_MIN || month > 12 || days.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  if (offsetMs > DAY_MS || Number(minutes) > 59) return undefined;
  const ms = fraction === '' ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const atMs = (sign === '-' ? utc + offsetMs : utc - offsetMs) + ms;
  return atMs >= 0 && atMs <= MS_MAX ? { atMs, isZoned } : undefined;
}

/** Reads times as milliseconds, or NaN when it is not a time. Times without a zone are local times of `timezone`. */
export function createTimeReader(timezone: string): (text: string) => number {
  const toUtc = createLocalTimes(timezone);
  let [before, beforeMs] = ['', Number.NaN];
  return (text) => {
    if (text === before) return beforeMs;
    const found = momentOf(text);
    before = text;
    beforeMs = found === undefined ? Number.NaN : found.isZoned ? found.atMs : toUtc(found.atMs);
    return beforeMs;
  };
}

/**
 * Converts a local time, given in milliseconds as if it were UTC, to UTC. If a clock change repeats the hour, the first
 * of both times is returned.
 */
function createLocalTimes(timezone: string): (wallMs: number) => number {
  if (timezone === 'UTC') return (wallMs) => wallMs;
  const zone = IANAZone.create(timezone);
  let [minute, utcMs] = [Number.NaN, 0];
  return (wallMs) => {
    const begins = wallMs - (wallMs % MINUTE_MS);
    if (begins !== minute) {
      const wall = new Date(begins);
      minute = begins;
      utcMs = DateTime.fromObject(
        {
          year: wall.getUTCFullYear(),
          month: wall.getUTCMonth() + 1,
          day: wall.getUTCDate(),
          hour: wall.getUTCHours(),
          minute: wall.getUTCMinutes(),
        },
        { zone },
      ).toMillis();
    }
    return utcMs + (wallMs - begins);
  };
}

const MINUTE_LENGTH = '17/May/2015:10:05'.length;
const MINUTE = /^([0-9]{2})\/([A-Z][a-z]{2})\/([0-9]{4}):([0-9]{2}):([0-9]{2})$/;
const OFFSET = /^([+-])([0-9]{2})([0-9]{2})$/;

/**
 * Reads `17/May/2015:10:05:03 +0000` at a place in a line as milliseconds, or NaN. It remembers the last minute, because
 * lines of the same minute follow each other.
 */
export function createApacheTimeReader(): (line: string, at: number) => number {
  let minute = '';
  let offset = '';
  let minuteMs = Number.NaN;
  return (line, at) => {
    if (!line.startsWith(minute, at) || minute === '' || !line.startsWith(offset, at + 21)) {
      minute = line.slice(at, at + MINUTE_LENGTH);
      offset = line.slice(at + 21, at + 26);
      minuteMs = minuteOf(minute, offset);
    }
    const tens = line.charCodeAt(at + 18) - 48;
    const ones = line.charCodeAt(at + 19) - 48;
    const isTime = tens >= 0 && tens <= 6 && ones >= 0 && ones <= 9 && line[at + 17] === ':' && line[at + 20] === ' ';
    const seconds = tens * 10 + ones;
    return isTime && seconds <= 60 ? minuteMs + seconds * 1000 : Number.NaN; // 60: leap seconds
  };
}

function minuteOf(minute: string, offset: string): number {
  if (!MINUTE.test(minute) || !OFFSET.test(offset)) return Number.NaN;
  return momentOf(`${minute}:00 ${offset}`)?.atMs ?? Number.NaN;
}
