import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BERLIN } from '../../test/fixtures/hits.js';
import { NO_RECORD, type RecordFields, readRecord, VIEWS_ONLY } from './record.js';

const NOW = Date.parse('2026-11-20T10:00:00Z');

function visitor(fields: Partial<RecordFields>, atMs = NOW) {
  const nothing = {
    age: undefined,
    firstViewDaysAgo: '3',
    visitNumber: undefined,
    pageNumber: undefined,
    pageAge: undefined,
    previousPath: '',
  };
  const at = BERLIN.localTime(atMs);
  const view = { site: 'one', path: '/', receivedAtMs: atMs, at, calendar: BERLIN, siteSinceMs: 0 };
  return readRecord({ ...nothing, ...fields }, view)?.visitor ?? NO_RECORD;
}

describe('a visitor with a record', () => {
  it('is unknown without the day of the first view', () => {
    for (const firstViewDaysAgo of [undefined, '', 'x', '1.5']) {
      expect(visitor({ firstViewDaysAgo, age: '60', pageAge: '60', pageNumber: '2' })).toBe(NO_RECORD);
    }
  });

  it('has the longest period of which this is the first view, for the site and for the page', () => {
    const firsts = (age: string | undefined, pageAge: string | undefined) => {
      const known = visitor({ age, pageAge });
      return [known.first, known.firstOfPage];
    };
    const days = (n: number) => String(n * 86_400);
    expect(firsts(undefined, undefined)).toEqual(['y', 'y']);
    expect(firsts('60', undefined)).toEqual(['', 'y']);
    expect(firsts('60', '3600')).toEqual(['', '']);
    expect(firsts(days(1), days(1))).toEqual(['d', 'd']);
    expect(firsts(days(1), days(30))).toEqual(['d', 'm']);
    expect(firsts(days(30), days(330))).toEqual(['m', 'y']);
    expect(firsts(days(330), days(330))).toEqual(['y', 'y']);
  });

  it('does not confuse the same month of two years', () => {
    expect(visitor({ age: String(365 * 86_400), pageAge: String(365 * 86_400) })).toMatchObject({ first: 'y', firstOfPage: 'y' });
  });

  it('has a first view of the page whenever it has a first view of the site, for any ages', () => {
    const age = fc.option(fc.nat(500 * 86_400).map(String), { nil: undefined });
    const order = ['', 'd', 'm', 'y'];
    fc.assert(
      fc.property(age, age, fc.nat(400 * 86_400), (age, pageAge, later) => {
        const known = visitor({ age, pageAge }, NOW + later * 1000);
        expect(order.indexOf(known.firstOfPage)).toBeGreaterThanOrEqual(order.indexOf(known.first));
      }),
    );
  });

  it('has no first views without a record', () => {
    expect([NO_RECORD, VIEWS_ONLY].map(({ first }) => first)).toEqual(['', '']);
    expect([NO_RECORD, VIEWS_ONLY].map(({ firstOfPage }) => firstOfPage)).toEqual(['', '']);
    expect(VIEWS_ONLY).toEqual({ ...NO_RECORD, viewsOnly: true });
  });
});
