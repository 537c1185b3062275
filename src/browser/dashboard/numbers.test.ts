import { describe, expect, it } from '@jest/globals';
import { addDays } from '../../time/dates.js';
import type { Loaded } from './loaded.js';
import { type Before, beforeOf, NUMBERS } from './numbers.js';

const TODAY = '2026-11-20';
const NOW = { day: TODAY, hour: '03', time: '03:10', siteSince: '2026-01-01' };

interface Hour {
  readonly key: string;
  readonly views: number;
  readonly visitors: number;
}

/** A day of four hours, with so many visitors in each. Each of them views two pages an hour. */
function hoursOf(visitors: readonly number[]): Hour[] {
  return visitors.map((count, hour) => ({ key: `0${hour}`, views: 2 * count, visitors: count }));
}

function dayOf(key: string, visitors: number, hours: readonly Hour[]) {
  const views = hours.reduce((sum, one) => sum + one.views, 0);
  const total = { key, views, visitors };
  return { from: key, to: key, resolution: 'day', total, rows: [{ ...total, hours }] };
}

const YESTERDAY = dayOf('2026-11-19', 70, hoursOf([10, 20, 30, 40]));

function visitorsBefore(today: object, compared: object = YESTERDAY, now: object = NOW): Before | undefined {
  const visitors = NUMBERS.find(({ name }) => name === 'visitors') as (typeof NUMBERS)[number];
  const traffic = { ...today, compared };
  return beforeOf(visitors, { answers: { traffic }, now: { ...NOW, ...now }, before: undefined } as unknown as Loaded);
}

describe('visitors of today', () => {
  it('are compared by those of each hour that is over, added up, with the same hours of the other day', () => {
    const today = dayOf(TODAY, 50, hoursOf([20, 20, 35, 400]));
    expect(visitorsBefore(today)).toEqual({
      text: '+25%',
      title:
        'Visitors of each hour are added up. Until 03:00: 75. 25% more than the same hours of yesterday (60). ' +
        'All visitors of yesterday: 70',
      was: '60\u00a0→ 75',
      isInPart: true,
      isAddedUp: true,
      direction: 'up',
      isGood: true,
    });
    expect(visitorsBefore(today, { ...YESTERDAY, from: '2026-11-13', to: '2026-11-13' })?.title).toMatch(
      /than the same hours of Fri 13 November \(60\)\. All visitors of Fri 13 November: 70$/,
    );
  });

  it('are those of the whole other day while no hour is over', () => {
    const today = dayOf(TODAY, 5, hoursOf([5, 0, 0, 0]));
    expect(visitorsBefore(today, YESTERDAY, { hour: '00' })).toEqual({ text: 'all of yesterday: 70' });
  });

  it('are those of the whole other day if hours of a day are not known', () => {
    const today = dayOf(TODAY, 50, hoursOf([20, 20, 35, 0]));
    const whole = { text: 'all of yesterday: 70' };
    // as another tool has counted it
    expect(visitorsBefore(today, dayOf('2026-11-19', 70, []))).toEqual(whole);
    const { rows, ...others } = YESTERDAY;
    const more = rows.map((row) => ({ ...row, views: row.views + 1 }));
    expect(visitorsBefore(today, { ...others, rows: more })).toEqual(whole);
    // as a log has it: hours have views, and no browser with a record
    const ofLog = hoursOf([10, 20, 30, 40]).map((hour) => ({ ...hour, visitors: 0 }));
    expect(visitorsBefore(today, dayOf('2026-11-19', 70, ofLog))).toEqual(whole);
    expect(visitorsBefore(dayOf(TODAY, 50, ofLog))).toEqual(whole);
  });

  it('have nobody in an hour without views', () => {
    const today = dayOf(TODAY, 15, hoursOf([0, 5, 10, 0]));
    const quiet = dayOf('2026-11-19', 40, hoursOf([0, 0, 0, 40]));
    expect(visitorsBefore(today, quiet)).toMatchObject({ text: '+15', was: '0' }); // the 15 at the head
  });

  it('are not compared if the site was created during the compared hours', () => {
    const begun = dayOf('2026-11-19', 40, hoursOf([0, 0, 30, 40]));
    const today = dayOf(TODAY, 50, hoursOf([20, 20, 35, 0]));
    expect(visitorsBefore(today, begun, { siteSince: '2026-11-19' })).toBeUndefined();
  });

  it('of several days are never added up', () => {
    const range = { from: '2026-11-19', to: TODAY };
    const report = { ...dayOf(TODAY, 50, hoursOf([20, 20, 35, 0])), ...range };
    const there = { ...YESTERDAY, from: '2026-11-17', to: '2026-11-18' };
    expect(visitorsBefore(report, there)?.text).toMatch(/^all of .*: 70$/);
  });
});

/** A week that is not over, after one of the same days. */
function ofWeek(name: string, here: readonly Day[], there: readonly Day[], { day = TODAY }: { day?: string } = {}) {
  const report = (from: string, days: readonly Day[]) => {
    const rows = days.map((numbers, i) => ({ key: addDays(from, i), hours: [], ...numbers }));
    const sum = (field: keyof Day) => days.reduce((all, one) => all + one[field], 0);
    const total = { views: sum('views'), secondsPerVisit: sum('seconds') / sum('recorded') };
    return { from, to: addDays(from, days.length - 1), resolution: 'day', total, rows };
  };
  const answer = { ...report('2026-11-18', here), compared: report('2026-11-11', there) };
  const one = NUMBERS.find((number) => number.name === name) as (typeof NUMBERS)[number];
  const loaded = { answers: { traffic: answer, visits: answer }, now: { ...NOW, day }, before: undefined };
  return beforeOf(one, loaded as unknown as Loaded);
}

interface Day {
  readonly views: number;
  readonly seconds: number;
  readonly recorded: number;
}
const dayWith = (views: number, seconds = 82): Day => ({ views, seconds: 100 * seconds, recorded: 100 });

describe('a number of a range that is not over', () => {
  it('shows both numbers that were compared, since today is in the number at the head only', () => {
    const [here, there] = [
      [dayWith(4900), dayWith(4900), dayWith(900)],
      [dayWith(5000), dayWith(5000), dayWith(5000)],
    ];
    expect(ofWeek('views', here, there)).toEqual({
      text: '−2%',
      title: '18–19 November: 9,800. 2% fewer than 11–12 November (10,000)',
      was: '10,000\u00a0→ 9,800',
      isInPart: true,
      direction: 'down',
      isGood: false,
    });
    // an hour later, the range is over
    expect(ofWeek('views', here, there, { day: '2026-11-21' })).toMatchObject({ text: '−29%', was: '15,000' });
  });

  it('shows the number of the other range alone where the head shows the same as what was compared', () => {
    const [here, there] = [
      [dayWith(1, 90), dayWith(1, 90), dayWith(1, 90)],
      [dayWith(1, 60), dayWith(1, 60), dayWith(1, 60)],
    ];
    expect(ofWeek('visit-duration', here, there)).toMatchObject({ text: '+50%', was: '1m' });
  });

  it('has not changed if both numbers look the same', () => {
    const days = (seconds: number) => [dayWith(1, seconds), dayWith(1, seconds), dayWith(1, seconds)];
    expect(ofWeek('visit-duration', days(81.6), days(82.4))).toEqual({
      text: 'no change',
      title: 'No change from 11–12 November (1m 22s)',
      was: '1m 22s',
      isInPart: true,
    });
  });
});

describe('a report of which the days of the other range are no longer kept', () => {
  const MARCH = { from: '2026-03-01', to: '2026-03-31' };
  const readingTime = (month: { from: string; to: string }, monthsOfReading: object) => {
    const traffic = { ...month, resolution: 'day', rows: [], total: { views: 9 } };
    const days = [{ key: month.from, seconds: 900, known: 90, hours: [] }];
    const engagement = { ...month, resolution: 'day', rows: [], days, total: { averageSeconds: 10, known: 90 } };
    const before = { ...MARCH, resolution: 'month', rows: [], days: [], total: { averageSeconds: 8, known: 90 } };
    const compared = { ...MARCH, resolution: 'day', rows: [{ key: MARCH.from, views: 9, hours: [] }], total: { views: 9 } };
    const answers = {
      traffic: { ...traffic, compared },
      engagement: { ...engagement, compared: { ...before, ...monthsOfReading } },
    };
    const one = NUMBERS.find(({ name }) => name === 'reading-time') as (typeof NUMBERS)[number];
    return beforeOf(one, { answers, now: NOW, before: undefined } as unknown as Loaded);
  };
  const [OCTOBER, NOVEMBER] = [
    { from: '2026-10-01', to: '2026-10-31' },
    { from: '2026-11-01', to: '2026-11-30' },
  ];

  it('is compared if its months are the whole range', () => {
    expect(readingTime(OCTOBER, {})).toMatchObject({ text: '+25%', was: '8s' });
  });

  it('gives the number of the whole other range while this one is not over', () => {
    expect(readingTime(NOVEMBER, {})).toEqual({ text: 'all of Mar: 8s' });
  });

  it('says so if it has other months, or not all', () => {
    expect(readingTime(OCTOBER, { to: '2026-04-30' })?.text).toBe('Mar: not kept');
    expect(readingTime(OCTOBER, { expired: [MARCH] })?.text).toBe('Mar: not kept');
  });
});
