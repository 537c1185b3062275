// The ranges of a report: whole histories, comparisons, and what is listed.
import { describe, expect, it } from '@jest/globals';
import { answersOf } from '../../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { createReportKinds, readReportQuery } from './query.js';

const kindOf = createReportKinds(DOCUMENT_KINDS, answersOf(DOCUMENT_KINDS));
const NOW = { timezone: 'Europe/Berlin', nowMs: Date.parse('2026-11-20T10:00:00Z') };

function read(report: string, query: Record<string, string>) {
  return readReportQuery({ query, written: query.page }, report, kindOf(report), NOW);
}

describe('the range of a report', () => {
  it('may be all time, which ends with this month and has no limit of years', () => {
    expect(read('traffic', { period: 'all', by: 'month' })).toMatchObject({ isAll: true, to: '2026-11-30', by: 'month' });
    expect(read('content', { period: 'all' }).isAll).toBe(true);
    expect(read('content', { period: 'year' }).isAll).toBeUndefined();
  });

  it('may be compared with another one by name or by its days, and by days of the week', () => {
    expect(read('visits', { compare: 'previous' })).toMatchObject({ compare: 'previous' });
    const other = { from: '2026-01-01', to: '2026-01-31' };
    expect(read('visits', { compare: '2026-01-01..2026-01-31' })).toMatchObject({ compare: other });
    expect(read('visits', { compare: 'year-before', match: 'weekdays' })).toMatchObject({ isByWeekday: true });
    expect(read('visits', { compare: 'year-before' }).isByWeekday).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['traffic', { compare: 'last-week' }, 'compare', /previous, year-before, or the days of another range/],
    ['traffic', { compare: '2026-01-31..2026-01-01' }, 'compare', /such as 2026-01-01\.\.2026-01-31/],
    ['traffic', { compare: '2026-02-30..2026-03-01' }, 'compare', /the days of another range/],
    ['traffic', { compare: '2026-01-01..2026-01-31..2026-02-01' }, 'compare', /the days of another range/],
    ['traffic', { compare: '..' }, 'compare', /the days of another range/],
    ['traffic', { compare: '2001-01-01..2026-01-31' }, 'compare', /at most 10 years/],
    ['pages', { page: '/', compare: '2026-01-01..2026-06-30' }, 'compare', /at most 100 days long/],
    ['traffic', { period: 'all', compare: 'previous' }, 'compare', /there is nothing before it/],
    ['traffic', { match: 'weekdays' }, 'match', /only with "compare"/],
    ['traffic', { compare: 'previous', match: 'dates' }, 'match', /must be weekdays/],
    ['traffic', { by: 'week' }, 'by', /one of hour, day, month/],
    ['content', { by: 'day' }, 'by', /not a parameter of the content report/],
    ['minutes', { period: 'all' }, 'period', /at most 100 days long/],
    ['traffic', { from: '2001-01-01', to: '2026-01-31' }, 'to', /less than 10 years after "from"/],
  ])('is refused with the reason: %s %j', (report, query, field, message) => {
    expect(() => read(report, query)).toThrow(expect.objectContaining({ field, message: expect.stringMatching(message) }));
  });
});
