import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { createCalendar, daysBetween, isTimezone } from './calendar.js';

const MINUTE = 60_000;
const at = (iso: string) => Date.parse(iso);
const local = (zone: string, iso: string) => {
  const { day, hour } = createCalendar(zone).localTime(at(iso));
  return `${day} ${hour}`;
};

/** Every minute of three local days around a date, by the calendar. */
function minutesAround(zone: string, day: string): Map<string, Map<string, number>> {
  const calendar = createCalendar(zone);
  const noon = at(`${day}T12:00:00Z`);
  const minutes = new Map<string, Map<string, number>>();
  for (let ms = noon - 48 * 60 * MINUTE; ms < noon + 48 * 60 * MINUTE; ms += MINUTE) {
    const { day, hour } = calendar.localTime(ms);
    const hours = minutes.get(day) ?? new Map<string, number>();
    minutes.set(day, hours.set(hour, (hours.get(hour) ?? 0) + 1));
  }
  return minutes;
}

describe('a calendar', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29T00:59:59Z', '2026-03-29 01'],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29 03'],
    ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25 02'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25 02+'],
    ['Europe/Berlin', '2026-10-25T02:00:00Z', '2026-10-25 03'],
    ['America/New_York', '2026-11-01T05:59:59Z', '2026-11-01 01'],
    ['America/New_York', '2026-11-01T06:00:00Z', '2026-11-01 01+'],
    ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-08 03'],
    ['Asia/Kathmandu', '2026-01-01T18:14:59Z', '2026-01-01 23'],
    ['Asia/Kathmandu', '2026-01-01T18:15:00Z', '2026-01-02 00'],
    ['Australia/Lord_Howe', '2026-04-04T14:45:00Z', '2026-04-05 01'],
    ['Australia/Lord_Howe', '2026-04-04T15:10:00Z', '2026-04-05 01+'],
    ['Australia/Lord_Howe', '2026-04-04T15:30:00Z', '2026-04-05 02'],
    ['Pacific/Chatham', '2026-04-04T13:59:59Z', '2026-04-05 03'],
    ['Pacific/Chatham', '2026-04-04T14:00:00Z', '2026-04-05 02+'],
    ['Pacific/Chatham', '2026-04-04T14:15:00Z', '2026-04-05 03+'],
    ['Pacific/Chatham', '2026-04-04T15:14:59Z', '2026-04-05 03+'],
    ['Pacific/Chatham', '2026-04-04T15:15:00Z', '2026-04-05 04'],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29 23'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31 00'],
    ['Africa/Cairo', '2026-04-23T21:59:59Z', '2026-04-23 23'],
    ['Africa/Cairo', '2026-04-23T22:00:00Z', '2026-04-24 01'],
    ['Africa/Cairo', '2026-10-29T20:30:00Z', '2026-10-29 23'],
    ['Africa/Cairo', '2026-10-29T21:30:00Z', '2026-10-29 23+'],
    ['America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-04 01'],
    ['Antarctica/Troll', '2026-10-25T01:30:00Z', '2026-10-25 01+'],
    ['UTC', '2025-12-31T23:59:59.999Z', '2025-12-31 23'],
    ['UTC', '2026-01-01T00:00:00Z', '2026-01-01 00'],
    ['Europe/Berlin', '2025-12-31T23:00:00Z', '2026-01-01 00'],
  ])('puts %s %s into %s', (zone, iso, expected) => expect(local(zone, iso)).toBe(expected));

  it.each([
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Asia/Kathmandu', '2026-07-01', 24],
    ['Australia/Lord_Howe', '2026-04-05', 25],
    ['Australia/Lord_Howe', '2026-10-04', 24],
    ['Pacific/Apia', '2011-12-30', 0],
    ['Pacific/Apia', '2011-12-31', 24],
    ['Africa/Cairo', '2026-04-24', 23],
    ['Africa/Cairo', '2026-10-29', 25],
    ['Antarctica/Troll', '2026-10-25', 26],
    ['Antarctica/Vostok', '1994-01-31', 31],
    ['Antarctica/Vostok', '1994-11-01', 17],
    ['America/St_Johns', '2010-11-06', 25],
    ['America/St_Johns', '2010-11-07', 25],
    ['UTC', '2026-02-28', 24],
  ])('knows the hours that %s had on %s: %i', (zone, day, hours) => {
    const listed = createCalendar(zone).hoursOf(day);
    expect(listed).toHaveLength(hours);
    // Each hour that contains a minute of the day is listed once, in order of time.
    expect([...(minutesAround(zone, day).get(day)?.keys() ?? [])]).toEqual(listed);
  });

  it('splits the five minutes in which the offset changes', () => {
    const { localTime } = createCalendar('America/St_Johns');
    const times = ['02:29:59', '02:30:59', '02:31:00', '02:34:59', '02:35:00'].map((time) =>
      localTime(at(`2010-11-07T${time}Z`)),
    );
    expect(times.map(({ day, hour, minute }) => `${day} ${hour}:${minute}`)).toEqual([
      '2010-11-06 23:55',
      '2010-11-07 00:00',
      '2010-11-06 23+:00',
      '2010-11-06 23+:00',
      '2010-11-06 23+:05',
    ]);
  });

  it('uses five minutes of local time if the offset is not a multiple of five minutes', () => {
    const { localTime } = createCalendar('Africa/Monrovia');
    const times = ['1971-06-01T00:49:29Z', '1971-06-01T00:49:30Z'].map((iso) => localTime(at(iso)));
    expect(times.map(({ hour, minute }) => `${hour}:${minute}`)).toEqual(['00:00', '00:05']);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    // Midnight occurs twice.
    ['Atlantic/Azores', '2026-10-25', '2026-10-25T00:00:00Z', '2026-10-26T01:00:00Z'],
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
    // The next day begins for one minute, and continues an hour later.
    ['America/St_Johns', '2010-11-06', '2010-11-06T02:30:00Z', '2010-11-07T03:30:00Z'],
    ['America/St_Johns', '2010-11-07', '2010-11-07T02:30:00Z', '2010-11-08T03:30:00Z'],
  ])('knows when %s %s starts and ends', (zone, day, from, until) => {
    expect(createCalendar(zone).boundsOf(day)).toEqual({ fromMs: at(from), untilMs: at(until) });
  });

  it('has no bounds for a day that never existed', () => {
    expect(createCalendar('Pacific/Apia').boundsOf('2011-12-30')).toBeUndefined();
  });

  it('lists repeated hours in order of time', () => {
    expect(createCalendar('Europe/Berlin').hoursOf('2026-10-25').slice(0, 5)).toEqual(['00', '01', '02', '02+', '03']);
    expect(createCalendar('Antarctica/Troll').hoursOf('2026-10-25').slice(0, 6)).toEqual(['00', '01', '02', '01+', '02+', '03']);
  });

  it.each(['Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Antarctica/Troll', 'Africa/Cairo', 'Asia/Gaza'])(
    'has each hour of a year in %s in one stretch of time',
    (zone) => {
      const { localTime } = createCalendar(zone);
      const hours: string[] = [];
      for (let ms = at('2026-01-01'); ms < at('2027-01-01'); ms += 15 * MINUTE) {
        const { day, hour } = localTime(ms);
        if (hours.at(-1) !== `${day} ${hour}`) hours.push(`${day} ${hour}`);
      }
      expect(new Set(hours).size).toBe(hours.length);
    },
  );

  it('never merges two passes of an hour, and has no hour of more than 60 minutes', () => {
    for (const [zone, day] of [
      ['Europe/Berlin', '2026-10-25'],
      ['Australia/Lord_Howe', '2026-04-05'],
      ['Pacific/Chatham', '2026-04-05'],
      ['Antarctica/Troll', '2026-10-25'],
      ['Africa/Cairo', '2026-10-29'],
    ] as const) {
      for (const hours of minutesAround(zone, day).values())
        for (const minutes of hours.values()) expect(minutes).toBeLessThanOrEqual(60);
    }
  });

  it('agrees with Luxon on the day and hour of any instant in any zone', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: at('1996-01-01'), max: at('2036-01-01') }), (zone, ms) => {
        const { day, hour } = createCalendar(zone).localTime(ms);
        const luxon = DateTime.fromMillis(ms, { zone });
        expect(`${day} ${hour.slice(0, 2)}`).toBe(luxon.toFormat('yyyy-MM-dd HH'));
      }),
      { numRuns: 500 },
    );
  });

  it('rejects an unknown zone', () => {
    for (const zone of ['', 'local', 'system', 'US/Nowhere', '+02:00', "Europe/Berlin'", '{"$gt":""}', 'x'.repeat(10_000)]) {
      expect(isTimezone(zone)).toBe(false);
      expect(() => createCalendar(zone)).toThrow('is not a time zone');
    }
  });
});

describe('calendar days', () => {
  it('are listed from first to last, leap days included', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
    expect(daysBetween('2025-12-31', '2026-01-01')).toEqual(['2025-12-31', '2026-01-01']);
  });
});
