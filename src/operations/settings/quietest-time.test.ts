import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forPeople, forPrograms } from '../../language/sentence.js';
import { averageHours, daysOfSameTime, quietestTimeText, sameTimeText, viewsAfter } from './quietest-time.js';

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
/** Few views from midnight to five, many in the afternoon. */
const TYPICAL = HOURS.map((_, hour) => (hour < 5 ? 2 : hour < 12 ? 50 : 100));
const day = (views: readonly number[]) => ({
  views: 0,
  hours: HOURS.map((key, hour) => ({ key, views: views[hour] as number })),
});
const of = (views: number) => HOURS.map(() => views);

describe('the average views of an hour', () => {
  it('are those of the days that have views by the hour', () => {
    expect(averageHours([day(of(10)), day(of(0)), day(of(20)), { views: 500, hours: [] }])).toEqual(of(15));
    expect(averageHours([day(of(0)), { views: 500, hours: [] }])).toBeUndefined();
    expect(averageHours([])).toBeUndefined();
  });

  it('include the second pass of a repeated hour', () => {
    const { hours } = day(of(1));
    expect(averageHours([{ views: 25, hours: [...hours, { key: '02+', views: 1 }] }])?.[2]).toBe(2);
  });
});

describe('the views after an hour', () => {
  it('are those of whole hours and of parts of hours, across midnight and for more than a day', () => {
    expect(viewsAfter(TYPICAL, 22, 240)).toBe(2 * 100 + 2 * 2);
    expect(viewsAfter(TYPICAL, 11.5, 60)).toBe(25 + 50);
    expect(viewsAfter(TYPICAL, 4.75, 15)).toBe(0.5);
    expect(viewsAfter(of(1), 0, 25 * 60)).toBe(25);
  });

  it('add up, wherever the time is divided', () => {
    const hour = fc.double({ min: 0, max: 23.9, noNaN: true });
    const minutes = fc.integer({ min: 1, max: 26 * 60 });
    fc.assert(
      fc.property(hour, minutes, minutes, (from, one, other) => {
        const parts = viewsAfter(TYPICAL, from, one) + viewsAfter(TYPICAL, from + one / 60, other);
        expect(viewsAfter(TYPICAL, from, one + other)).toBeCloseTo(parts, 6);
      }),
    );
  });
});

describe('the advice about the time of a change', () => {
  it('names the quietest hour and what it spares, for a change in either direction', () => {
    const now = { timezone: 'Europe/Berlin', hour: 14.5 };
    expect(forPrograms(quietestTimeText(TYPICAL, { ...now, minutes: 270 }))).toBe(
      'The hours that are skipped now usually have about 450 views (by the last four weeks). The quietest time for this change ' +
        'is 00:00 in Europe/Berlin: about 9 views. To use it, make the change then.',
    );
    expect(forPrograms(quietestTimeText(TYPICAL, { ...now, minutes: -60 }))).toBe(
      'The hours that follow now, whose views are added to hours that have been counted, usually have about 100 views (by the ' +
        'last four weeks). The quietest time for this change is 00:00 in Europe/Berlin: about 2 views. To use it, make the ' +
        'change then.',
    );
    expect(forPeople(quietestTimeText(of(1500), { ...now, minutes: 60 }))('de')).toBe(
      'Die Stunden, die jetzt übersprungen werden, haben gewöhnlich etwa 1.500 Seitenaufrufe (nach den letzten vier Wochen). ' +
        'Keine andere Tageszeit ist viel ruhiger.',
    );
  });

  it('says so if no other time is much better', () => {
    const isGood = /No other time of the day is much quieter\.$/;
    expect(forPrograms(quietestTimeText(TYPICAL, { timezone: 'UTC', hour: 1, minutes: 60 }))).toMatch(isGood);
    expect(forPrograms(quietestTimeText(of(100), { timezone: 'UTC', hour: 14, minutes: -360 }))).toMatch(isGood);
    expect(forPrograms(quietestTimeText(of(0.01), { timezone: 'UTC', hour: 14, minutes: 60 }))).toMatch(/hardly any views/);
  });

  it('never names an hour that affects more views than now', () => {
    const hours = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(hours, fc.integer({ min: 0, max: 23 }), fc.constantFrom(60, -60, 345, -1500), (views, hour, minutes) => {
        const named = /change is (\d\d):00/.exec(forPrograms(quietestTimeText(views, { timezone: 'UTC', hour, minutes })))?.[1];
        if (named === undefined) return;
        const [at, best] = [hour, Number(named)].map((from) => viewsAfter(views, from, Math.abs(minutes)));
        expect(best).toBeLessThan(at as number);
        for (let other = 0; other < 24; other++)
          expect(best).toBeLessThanOrEqual(viewsAfter(views, other, Math.abs(minutes)) + 1e-9);
      }),
    );
  });
});

describe('the days on which two zones have the same time', () => {
  it('are whole days within the next year', () => {
    const november = Date.parse('2026-11-20T12:00:00Z');
    // summer time is from 2027-03-28 to 2027-10-31
    const days = daysOfSameTime('Europe/Berlin', 'Africa/Johannesburg', november);
    expect(days).toEqual({ from: '2027-03-29', to: '2027-10-29' });
    expect(days && forPrograms(sameTimeText(days))).toBe(
      'From 2027-03-29 to 2027-10-29, both zones have the same time: a change then neither skips nor repeats an hour.',
    );
    expect(daysOfSameTime('Europe/Berlin', 'America/New_York', november)).toBeUndefined();
    expect(daysOfSameTime('Europe/Berlin', 'Europe/Paris', november)).toEqual({ from: '2026-11-21' });
  });
});
