// Compares every change of every zone's offset since 1970 with a recount that does not use calendar.ts. The recount gets
// the wall time of one instant after the other from Intl, and collects the hours in that order.
import { describe, expect, it } from '@jest/globals';
import { type Calendar, createCalendar } from './calendar.js';
import { utcDay } from './dates.js';
import { zoneChange } from './zone-change.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FROM_MS = Date.UTC(1970, 0, 1);
/** The tz database lists changes up to here; later ones follow the same rules. */
const UNTIL_MS = Date.UTC(2038, 0, 1);
/** No zone has changed twice within this time. */
const SAMPLE_MS = 6 * DAY;
/** Longer than a day plus the largest step back, so that the days around a change are complete. */
const AROUND_MS = 33 * HOUR;

/** The names that Intl lists, and some that it accepts but does not list. */
const ZONES = [
  ...Intl.supportedValuesOf('timeZone'),
  'UTC',
  'CET',
  'EET',
  'MET',
  'WET',
  'EST5EDT',
  'PST8PDT',
  'Etc/GMT+12',
  'Etc/GMT-14',
];

class Recount {
  private readonly format: Intl.DateTimeFormat;

  constructor(readonly zone: string) {
    this.format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  }

  /** `2026-11-20 14:05:59` */
  wall(atMs: number): string {
    return this.format.format(atMs);
  }

  offset(atMs: number): number {
    return Date.parse(`${this.wall(atMs).replace(' ', 'T')}Z`) - Math.floor(atMs / SECOND) * SECOND;
  }

  /** The seconds at which the offset changes, found by bisection. */
  changes(): number[] {
    const changes: number[] = [];
    let before = this.offset(FROM_MS);
    for (let fromMs = FROM_MS; fromMs < UNTIL_MS; fromMs += SAMPLE_MS) {
      const after = this.offset(fromMs + SAMPLE_MS);
      if (after !== before) {
        let [early, late] = [fromMs / SECOND, (fromMs + SAMPLE_MS) / SECOND];
        while (late - early > 1) {
          const middle = Math.floor((early + late) / 2);
          if (this.offset(middle * SECOND) === before) early = middle;
          else late = middle;
        }
        changes.push(late * SECOND);
      }
      before = after;
    }
    return changes;
  }

  /**
   * Returns the hours of these wall times. The wall times must be in order of time and include every hour. An hour ends
   * when another one begins or the clock goes back. An hour that occurs again is in its second pass.
   */
  static hoursOf(walls: readonly string[]): string[] {
    const stretches = new Map<string, number>();
    let before = '';
    return walls.map((wall) => {
      const hour = wall.slice(0, 13);
      if (hour !== before.slice(0, 13) || wall < before) stretches.set(hour, (stretches.get(hour) ?? 0) + 1);
      before = wall;
      return hour + '+'.repeat((stretches.get(hour) as number) - 1);
    });
  }
}

/** Each hour for some days, each minute for an hour around the change, and each second of the last and first ones. */
function instantsAround(changeMs: number): number[] {
  const steps = (stepMs: number, aroundMs: number) =>
    Array.from({ length: (2 * aroundMs) / stepMs + 1 }, (_, i) => changeMs - aroundMs + i * stepMs);
  const instants = [...steps(HOUR, AROUND_MS), ...steps(MINUTE, 65 * MINUTE), ...steps(SECOND, 2 * SECOND)];
  return [...new Set(instants)].sort((a, b) => a - b);
}

function timeText({ day, hour, minute }: ReturnType<Calendar['localTime']>): string {
  return `${day} ${hour}:${minute}`;
}

function fiveMinutes(wall: string): string {
  return String(Math.floor(Number(wall.slice(14, 16)) / 5) * 5).padStart(2, '0');
}

/** Returns the differences between the calendar and the recount. */
function differencesAround(recount: Recount, calendar: Calendar, changeMs: number): string[] {
  const instants = instantsAround(changeMs);
  const walls = instants.map((atMs) => recount.wall(atMs));
  const hours = Recount.hoursOf(walls);
  const wrong: string[] = [];
  const expect = (what: string | number, is: string, shouldBe: string) => {
    if (is === shouldBe) return;
    wrong.push(`${recount.zone} ${typeof what === 'number' ? new Date(what).toISOString() : what}: ${is}, should be ${shouldBe}`);
  };
  const days = new Map<string, { hours: Set<string>; first: number; last: number }>();
  for (const [i, atMs] of instants.entries()) {
    const [day, hour] = (hours[i] as string).split(' ') as [string, string];
    expect(atMs, timeText(calendar.localTime(atMs)), `${day} ${hour}:${fiveMinutes(walls[i] as string)}`);
    const known = days.get(day) ?? { hours: new Set(), first: atMs, last: atMs };
    days.set(day, { ...known, last: atMs });
    known.hours.add(hour);
  }
  const names = [...days.keys()].sort();
  for (let day = names[0] as string; day < (names.at(-1) as string); day = nextDay(day)) {
    const seen = days.get(day);
    const bounds = calendar.boundsOf(day);
    if (seen === undefined) {
      expect(`${day} (never was)`, calendar.hoursOf(day).join(' ') + String(bounds), 'undefined');
    } else if (day !== names[0]) {
      expect(day, calendar.hoursOf(day).join(' '), [...seen.hours].join(' '));
      // The instants just before and after its bounds belong to another day.
      const isDay = (atMs: number | undefined) => recount.wall(atMs ?? 0).startsWith(day);
      const edges = bounds && [bounds.fromMs, bounds.untilMs - SECOND, bounds.fromMs - SECOND, bounds.untilMs].map(isDay);
      expect(`bounds of ${day}`, String(edges), 'true,true,false,false');
      expect(
        `bounds of ${day} hold all of it`,
        String(bounds && bounds.fromMs <= seen.first && seen.last < bounds.untilMs),
        'true',
      );
    }
  }
  return wrong;
}

function nextDay(day: string): string {
  return utcDay(Date.parse(day) + DAY);
}

/** Compares the calendar around changes that another zone had at the same instant. */
function differencesAt(recount: Recount, calendar: Calendar, changeMs: number): string[] {
  return [changeMs - SECOND, changeMs, changeMs + MINUTE].flatMap((atMs) => {
    const { day, hour, minute } = calendar.localTime(atMs);
    const wall = recount.wall(atMs);
    const same = wall.startsWith(`${day} ${hour.slice(0, 2)}`) && minute === fiveMinutes(wall);
    return same ? [] : [`${recount.zone} ${new Date(atMs).toISOString()}: ${day} ${hour}:${minute}, should be ${wall}`];
  });
}

describe('the calendar of every zone', () => {
  it('agrees with Intl around every change of an offset since 1970, by hours, minutes and seconds', () => {
    const known = new Set<string>();
    const wrong: string[] = [];
    let changes = 0;
    let atOddTimes = 0;
    for (const zone of ZONES) {
      const [recount, calendar] = [new Recount(zone), createCalendar(zone)];
      for (const changeMs of recount.changes()) {
        changes++;
        if (changeMs % (15 * MINUTE) !== 0) atOddTimes++;
        const change = [changeMs, recount.offset(changeMs - SECOND), recount.offset(changeMs)].join(' ');
        const compare = known.has(change) ? differencesAt : differencesAround;
        known.add(change);
        wrong.push(...compare(recount, calendar, changeMs));
      }
    }
    expect(wrong.slice(0, 20)).toEqual([]);
    // Make sure that something was compared.
    expect(changes).toBeGreaterThan(15_000);
    expect(atOddTimes).toBeGreaterThan(100);
  });

  it('gives to the second by how much local time leaps when a zone replaces UTC', () => {
    for (const zone of ['Africa/Monrovia', 'America/St_Johns', 'Pacific/Kiritimati', 'Antarctica/Vostok', 'Asia/Kathmandu']) {
      const recount = new Recount(zone);
      for (const changeMs of recount.changes()) {
        for (const atMs of [changeMs - SECOND, changeMs]) {
          const change = zoneChange('UTC', zone, atMs);
          const walls = [new Date(atMs).toISOString().slice(0, 16).replace('T', ' '), recount.wall(atMs).slice(0, 16)].sort();
          expect({ zone, ...change }).toMatchObject({
            zone,
            minutes: recount.offset(atMs) / MINUTE,
            firstDay: walls[0]?.slice(0, 10),
          });
          if (change.minutes !== 0) expect([change.from, change.to]).toEqual(walls);
        }
      }
    }
  });
});
