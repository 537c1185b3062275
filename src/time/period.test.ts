import { describe, expect, it } from '@jest/globals';
import { isShortEnough, type Period, resolvePeriod } from './period.js';

const BERLIN = 'Europe/Berlin';
const at = (iso: string) => Date.parse(iso);

describe('a period', () => {
  it.each<[string, Period, string | undefined, string, string, string, string]>([
    ['today, just before local midnight', 'today', undefined, BERLIN, '2026-11-20T22:59:59Z', '2026-11-20', '2026-11-20'],
    ['today, at local midnight', 'today', undefined, BERLIN, '2026-11-20T23:00:00Z', '2026-11-21', '2026-11-21'],
    ['today, far east', 'today', undefined, 'Pacific/Kiritimati', '2026-11-20T10:00:00Z', '2026-11-21', '2026-11-21'],
    ['today, far west', 'today', undefined, 'Pacific/Pago_Pago', '2026-11-20T10:00:00Z', '2026-11-19', '2026-11-19'],
    ['yesterday', 'yesterday', undefined, BERLIN, '2026-11-20T12:00:00Z', '2026-11-19', '2026-11-19'],
    ['yesterday, over New Year', 'yesterday', undefined, BERLIN, '2026-01-01T12:00:00Z', '2025-12-31', '2025-12-31'],
    ['yesterday, late in a day of 23 hours', 'yesterday', undefined, BERLIN, '2026-03-29T21:30:00Z', '2026-03-28', '2026-03-28'],
    ['yesterday, late in a day of 25 hours', 'yesterday', undefined, BERLIN, '2026-10-25T22:30:00Z', '2026-10-24', '2026-10-24'],
    ['the day after 23 hours', 'yesterday', undefined, BERLIN, '2026-03-30T00:30:00Z', '2026-03-29', '2026-03-29'],
    ['the day after 25 hours', 'yesterday', undefined, BERLIN, '2026-10-25T23:30:00Z', '2026-10-25', '2026-10-25'],
    ['a day that begins at one', 'today', undefined, 'Africa/Cairo', '2026-04-23T22:00:00Z', '2026-04-24', '2026-04-24'],
    [
      'before a day that begins at one',
      'yesterday',
      undefined,
      'Africa/Cairo',
      '2026-04-24T12:00:00Z',
      '2026-04-23',
      '2026-04-23',
    ],
    [
      'yesterday, where midnight occurs twice',
      'yesterday',
      undefined,
      'Atlantic/Azores',
      '2026-10-25T12:00:00Z',
      '2026-10-24',
      '2026-10-24',
    ],
    ['before a day that never was', 'yesterday', undefined, 'Pacific/Apia', '2011-12-30T12:00:00Z', '2011-12-29', '2011-12-29'],
    ['the day before that', 'today', undefined, 'Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29', '2011-12-29'],
    ['seven days', '7d', undefined, BERLIN, '2026-11-20T12:00:00Z', '2026-11-14', '2026-11-20'],
    ['seven days, a clock change among them', '7d', undefined, BERLIN, '2026-10-26T23:30:00Z', '2026-10-21', '2026-10-27'],
    ['28 days', '28d', undefined, BERLIN, '2026-03-01T12:00:00Z', '2026-02-02', '2026-03-01'],
    ['30 days', '30d', undefined, BERLIN, '2024-03-01T12:00:00Z', '2024-02-01', '2024-03-01'],
    ['90 days', '90d', undefined, BERLIN, '2026-11-20T12:00:00Z', '2026-08-23', '2026-11-20'],
    ['the month', 'month', undefined, BERLIN, '2024-02-10T12:00:00Z', '2024-02-01', '2024-02-29'],
    ['the month, by the local day', 'month', undefined, BERLIN, '2026-11-30T23:30:00Z', '2026-12-01', '2026-12-31'],
    ['last month, from a longer one', 'last-month', undefined, BERLIN, '2026-03-31T12:00:00Z', '2026-02-01', '2026-02-28'],
    ['the year', 'year', undefined, BERLIN, '2026-12-31T23:30:00Z', '2027-01-01', '2027-12-31'],
    ['last year, from a 29 February', 'last-year', undefined, BERLIN, '2024-02-29T12:00:00Z', '2023-01-01', '2023-12-31'],
    ['now', 'now', undefined, BERLIN, '2026-11-20T12:00:00Z', '2026-11-20', '2026-11-20'],
    ['now, a quarter after midnight', 'now', undefined, BERLIN, '2026-11-20T23:15:00Z', '2026-11-21', '2026-11-21'],
    ['now, a little before that', 'now', undefined, BERLIN, '2026-11-20T23:14:59Z', '2026-11-20', '2026-11-21'],
    ['now, at midnight of New Year', 'now', undefined, BERLIN, '2026-12-31T23:00:00Z', '2026-12-31', '2027-01-01'],
    ['now, after a day that never was', 'now', undefined, 'Pacific/Apia', '2011-12-30T10:05:00Z', '2011-12-29', '2011-12-31'],
    ['now, in a day that begins at one', 'now', undefined, 'Africa/Cairo', '2026-04-23T22:05:00Z', '2026-04-23', '2026-04-24'],
    [
      'now, when the clock goes back a minute after midnight',
      'now',
      undefined,
      'Antarctica/Casey',
      '2010-03-04T15:05:00Z',
      '2010-03-04',
      '2010-03-05',
    ],
    ['a day by its date', 'day', '2020-02-29', BERLIN, '2026-11-20T12:00:00Z', '2020-02-29', '2020-02-29'],
    ['a month by a date in it', 'month', '2020-02-10', BERLIN, '2026-11-20T12:00:00Z', '2020-02-01', '2020-02-29'],
    ['a year by a date in it', 'year', '2020-02-10', BERLIN, '2026-11-20T12:00:00Z', '2020-01-01', '2020-12-31'],
  ])('%s', (_what, period, date, timezone, now, from, to) => {
    expect(resolvePeriod(period, date, timezone, at(now))).toEqual({ from, to });
  });
});

describe('the longest range', () => {
  it.each([
    ['2016-02-29', '2026-02-27', true],
    ['2016-01-01', '2025-12-31', true],
    ['2016-01-01', '2026-01-01', false],
  ])('%s to %s: %s', (from, to, allowed) => {
    expect(isShortEnough({ from, to })).toBe(allowed);
  });

  it.each([
    ['2026-01-01', '2026-04-10', true],
    ['2026-01-01', '2026-04-11', false],
    ['2024-01-01', '2024-04-09', true],
    ['2024-01-01', '2024-04-10', false],
  ])('of a hundred days, %s to %s: %s', (from, to, allowed) => {
    expect(isShortEnough({ from, to }, { days: 100 })).toBe(allowed);
  });
});
