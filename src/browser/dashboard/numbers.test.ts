import { describe, expect, it } from '@jest/globals';
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
        'Visitors of each hour until 03:00, added up: 75. 25% more than the same hours of yesterday (60). ' +
        'All of yesterday: 70 visitors',
      was: '60 → 75',
      isInPart: true,
      isAddedUp: true,
      direction: 'up',
      isGood: true,
    });
    expect(visitorsBefore(today, { ...YESTERDAY, from: '2026-11-13', to: '2026-11-13' })?.title).toMatch(
      /than the same hours of Fri 13 November \(60\)\. All of Fri 13 November: 70 visitors$/,
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
    expect(visitorsBefore(today, quiet)).toMatchObject({ text: '+15', was: '0 → 15' });
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
