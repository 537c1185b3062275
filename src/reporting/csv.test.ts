import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { z } from 'zod';
import { answers } from '../../test/fixtures/reporting.js';
import { csvOf, listsOf } from './csv.js';

const answer = z.object({
  total: z.object({ views: z.int(), reached: z.array(z.object({ depth: z.int(), views: z.int() })) }),
  rows: z.array(
    z.object({
      key: z.string(),
      title: z.string().optional(),
      median: z.object({ estimate: z.int(), below: z.int().optional() }).nullable(),
      returned: z.array(z.int()),
      hours: z.array(
        z.object({ key: z.string(), views: z.int(), minutes: z.array(z.object({ key: z.string(), views: z.int() })) }),
      ),
    }),
  ),
  days: z.array(z.object({ key: z.string(), minutes: z.array(z.object({ key: z.string(), views: z.int() })) })),
});

const rows = [
  { key: '/', title: 'Home, "sweet"', median: { estimate: 3 }, returned: [5, 4], hours: [] },
  {
    key: '/a',
    median: null,
    returned: [1, 2, 3],
    hours: [
      { key: '07', views: 2, minutes: [{ key: '00', views: 2 }] },
      { key: '08', views: 1, minutes: [] },
    ],
  },
];
const report = { total: { views: 3, reached: [{ depth: 50, views: 2 }] }, rows, days: [] };
const cellsOf = (csv: string): string[][] => parse(csv, { bom: true });

describe('a list of a report as CSV', () => {
  it('can be every list of rows that have more than a key, also inside other rows', () => {
    expect(listsOf(answer)).toEqual(['total.reached', 'rows', 'rows.hours', 'rows.hours.minutes', 'days.minutes']);
    expect(listsOf(answers.traffic as z.ZodType)).toEqual(['rows', 'rows.hours', 'months']);
    expect(listsOf(answers.minutes as z.ZodType)).toEqual(['rows.minutes']);
    expect(Object.values(answers).every((one) => listsOf(one).length > 0)).toBe(true);
  });

  it('has a line of column names, and a line for each row', () => {
    expect(csvOf(report, answer, 'rows')).toBe(
      '\ufeffkey,title,median.estimate,median.below,returned.1,returned.2,returned.3\r\n' +
        '/,"Home, ""sweet""",3,,5,4,\r\n' +
        '/a,,,,1,2,3\r\n',
    );
  });

  it('begins with the keys of the rows around it', () => {
    expect(cellsOf(csvOf(report, answer, 'rows.hours'))).toEqual([
      ['rows.key', 'key', 'views'],
      ['/a', '07', '2'],
      ['/a', '08', '1'],
    ]);
    expect(cellsOf(csvOf(report, answer, 'rows.hours.minutes'))).toEqual([
      ['rows.key', 'rows.hours.key', 'key', 'views'],
      ['/a', '07', '00', '2'],
    ]);
    expect(cellsOf(csvOf(report, answer, 'total.reached'))).toEqual([
      ['depth', 'views'],
      ['50', '2'],
    ]);
  });

  it('has its column names also without rows', () => {
    expect(csvOf(report, answer, 'days.minutes')).toBe('\ufeffdays.key,key,views\r\n');
  });

  it('has no list of another name', () => {
    for (const list of ['', 'total', 'rows.key', 'constructor', 'rows.nothing'])
      expect(() => csvOf(report, answer, list)).toThrow();
  });

  const simple = z.object({ rows: z.array(z.object({ key: z.string(), views: z.number() })) });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('has no cell that is a formula: %j', (key) => {
    const [, [cell] = []] = cellsOf(csvOf({ rows: [{ key, views: -1 }] }, simple, 'rows'));
    expect(cell).toBe(`'${key}`);
  });

  it('reads back as the same rows, whatever the keys contain', () => {
    const row = fc.record({ key: fc.string({ unit: 'binary' }), views: fc.integer() });
    fc.assert(
      fc.property(fc.array(row), (some) => {
        const [header, ...lines] = cellsOf(csvOf({ rows: some }, simple, 'rows'));
        expect(header).toEqual(['key', 'views']);
        expect(lines.map(([key = '', views]) => [key.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, ''), Number(views)])).toEqual(
          some.map(({ key, views }) => [key, views]),
        );
      }),
    );
  });
});
