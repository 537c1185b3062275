import { describe, expect, it } from '@jest/globals';
import { priceOfFirstView, priceOfOverview, priceOfReport, priceOfReports, priceOfRollup } from './price.js';

const DAY = { from: '2026-11-20', to: '2026-11-20' };
const DAYS_100 = { from: '2026-01-01', to: '2026-04-10' };
const DAYS_101 = { from: '2026-01-01', to: '2026-04-11' };
const TEN_YEARS = { from: '2017-01-01', to: '2026-12-31' };
const ALL = { from: '1990-01-01', to: '2026-11-30' };

describe('a report counts as', () => {
  it.each([
    ['one call for a day', DAY, 1],
    ['one for 100 days', DAYS_100, 1],
    ['two for 101 days', DAYS_101, 2],
    ['two for a year, also with a leap day', { from: '2024-01-01', to: '2024-12-31' }, 2],
    ['three for more than a year', { from: '2025-01-01', to: '2026-01-02' }, 3],
    ['eleven for ten years', TEN_YEARS, 11],
    ['eleven for all time', ALL, 11],
    ['two for a day that is compared', { ...DAY, compare: 'previous' as const }, 2],
    ['four for a year that is compared', { from: '2026-01-01', to: '2026-12-31', compare: 'year-before' as const }, 4],
    ['twelve for a day that is compared with ten years', { ...DAY, compare: TEN_YEARS, isByWeekday: true }, 12],
  ])('%s', (_name, query, price) => expect(priceOfReport(query)).toBe(price));

  it('as much as each of several', () => {
    expect(priceOfReports([DAY, DAYS_101, { ...DAY, compare: 'previous' }])).toBe(5);
  });
});

it('a report of several sites counts as one for every ten sites', () => {
  expect([1, 10, 11, 500].map((sites) => priceOfRollup(DAY, sites))).toEqual([1, 1, 2, 50]);
  expect(priceOfRollup({ ...DAY, compare: 'previous' }, 11)).toBe(4);
  expect(priceOfRollup(DAYS_101, 11)).toBe(4);
});

it('a first view counts as the reports that the page shows', () => {
  expect([undefined, [], ['traffic'], ['traffic', 'content'], Array(12).fill('x')].map(priceOfFirstView)).toEqual([
    13, 2, 2, 4, 13,
  ]);
});

it('an overview counts as one call for every ten sites, and at most a hundred', () => {
  expect([0, 1, 10, 11, 500, 5_000].map(priceOfOverview)).toEqual([1, 1, 1, 2, 50, 100]);
});
