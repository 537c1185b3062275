import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DocumentKind } from '../../collections/document-kind.js';
import { addDays, lastDayOf } from '../time/dates.js';
import { expiresOn, type Grain, keptSince, type Months, monthsKept } from './keep.js';

const content = { keep: { day: { months: 3 }, month: { years: 3 } } } as Pick<DocumentKind, 'keep'>;
const traffic = { keep: { day: { years: 3 }, month: 'always' } } as Pick<DocumentKind, 'keep'>;

describe('how long documents are kept', () => {
  it('is set by the kind of document, or by the site', () => {
    const all = (collection: Pick<DocumentKind, 'keep'>, keep?: object) =>
      (['day', 'month', 'year'] as const).map((grain) => monthsKept(collection, keep ? { keep } : {}, grain));
    expect(all(content)).toEqual([3, 36, 'always']);
    expect(all(traffic)).toEqual([36, 'always', 'always']);
    expect(all(traffic, { month: 25, year: 25 })).toEqual([25, 25, 25]);
    expect(all(content, { day: 12, month: 'always' })).toEqual([12, 'always', 'always']);
    expect(all(content, { year: 2 })).toEqual([2, 2, 2]);
  });

  it('is the site’s time for days where there are only days, and never longer than its time for months', () => {
    const minutes = { keep: { day: { months: 2 } } } as const;
    const day = (keep?: object) => monthsKept(minutes, keep ? { keep } : {}, 'day');
    expect([day(), day({ day: 12 }), day({ day: 'always' }), day({ month: 24 })]).toEqual([2, 12, 'always', 2]);
    expect([day({ day: 12, month: 6 }), day({ day: 12, month: 'always', year: 8 })]).toEqual([6, 8]);
  });

  it('counts from the end of the period, or from when the last hit was received', () => {
    expect(expiresOn('2026-08-20', '', 3)).toBe('2026-11-21');
    expect(expiresOn('2026-08', '', 3)).toBe('2026-12-01');
    expect(expiresOn('2026', '', 24)).toBe('2028-02-01');
    expect(expiresOn('2026-01', '', 24)).toBe('2028-02-01');
    expect(expiresOn('2015-05-17', '2026-11-21', 3)).toBe('2027-02-22');
    expect(expiresOn('2026-08-20', '2026-08-01', 3)).toBe('2026-11-21');
    expect(expiresOn('2026-08-20', '', 'always')).toBeUndefined();
  });

  it('determines the first period that is still kept', () => {
    expect(keptSince('day', 3, '2026-11-20')).toBe('2026-08-20');
    expect(keptSince('month', 3, '2026-11-30')).toBe('2026-08');
    expect(keptSince('month', 3, '2026-12-01')).toBe('2026-09');
    expect(keptSince('year', 24, '2026-11-20')).toBe('2025');
    expect(keptSince('day', 'always', '2026-11-20')).toBeUndefined();
    const grains = fc.constantFrom<Grain>('day', 'month', 'year');
    fc.assert(
      fc.property(grains, fc.integer({ min: 2, max: 60 }), fc.nat(4000), (grain, months: Months, days) => {
        const today = addDays('2020-01-01', days);
        const since = keptSince(grain, months, today) as string;
        const before = addDays(
          since
            .padEnd(10, '-01')
            .slice(0, 10)
            .replace(/^(\d{4}-\d\d)$/, '$1-01'),
          -1,
        ).slice(0, since.length);
        expect((expiresOn(since, '', months) as string) > today).toBe(true);
        expect((expiresOn(before, '', months) as string) <= today).toBe(true);
        expect(lastDayOf(before) < lastDayOf(since)).toBe(true);
      }),
    );
  });
});
