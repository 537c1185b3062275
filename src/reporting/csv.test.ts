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
      '\ufeff"key","title","median.estimate","median.below","returned.1","returned.2","returned.3"\r\n' +
        '"/","Home, ""sweet""",3,,5,4,\r\n' +
        '"/a",,,,1,2,3\r\n',
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
    expect(csvOf(report, answer, 'days.minutes')).toBe('\ufeff"days.key","key","views"\r\n');
  });

  it('has no list of another name', () => {
    for (const list of ['', 'total', 'rows.key', 'constructor', 'rows.nothing'])
      expect(() => csvOf(report, answer, list)).toThrow();
  });

  const simple = z.object({ rows: z.array(z.object({ key: z.string(), views: z.number() })) });

  it.each([
    ...['=1+1', '+1', '-1', '@SUM(A1)', '＝1'].map((text) => [text, `'${text}`]),
    ['\t=1', "'\t'=1"],
    ['x;=1|+1', "x;'=1|'+1"],
  ])('has no cell that is a formula: %j', (key, shown) => {
    const [, [cell] = []] = cellsOf(csvOf({ rows: [{ key, views: -1 }] }, simple, 'rows'));
    expect(cell).toBe(shown);
  });

  it('reads back as the same rows, whatever the keys contain', () => {
    const row = fc.record({ key: fc.string({ unit: 'binary' }), views: fc.integer() });
    const original = (cell: string) => cell.replace(/(?<=^|[;|\t\r\n])'(?="*[=+\-@\t\r＝＋－＠])/g, '');
    fc.assert(
      fc.property(fc.array(row), (some) => {
        const [header, ...lines] = cellsOf(csvOf({ rows: some }, simple, 'rows'));
        expect(header).toEqual(['key', 'views']);
        expect(lines.map(([key = '', views]) => [original(key), Number(views)])).toEqual(
          some.map(({ key, views }) => [key, views]),
        );
      }),
    );
  });

  const titled = z.object({ rows: z.array(z.object({ views: z.int(), title: z.string(), visitors: z.int() })) });

  it.each([',', ';', '\t', '|'])('has no cell that is a formula in a program that splits lines at %j', (separator) => {
    const title = fc.string({ unit: fc.constantFrom(...',;\t|\r\n"=+-@＝＋－＠ax1') });
    const rows = fc.array(fc.record({ views: fc.nat(), title, visitors: fc.nat() }), { maxLength: 4 });
    const isNoFormula = (some: object[]) =>
      splitLeniently(csvOf({ rows: some }, titled, 'rows'), separator).every((cell) => !/^[=+\-@\t\r＝＋－＠]/.test(cell));
    fc.assert(fc.property(rows, isNoFormula), { examples: [[[{ views: 1, title: 'x;=1+1', visitors: 1 }]]] });
  });
});

/** The cells of a file, as a forgiving program reads them: a quote only begins a cell, and text may follow after its end. */
function splitLeniently(csv: string, separator: string): string[] {
  const cells: string[] = [];
  let at = 1; // after the byte order mark
  while (at < csv.length) {
    let cell = '';
    if (csv[at] === '"') {
      for (at++; at < csv.length && (csv[at] !== '"' || csv[at + 1] === '"'); at++) {
        if (csv[at] === '"') at++;
        cell += csv[at];
      }
      at++;
    }
    for (; at < csv.length && ![separator, '\r', '\n'].includes(csv[at] as string); at++) cell += csv[at];
    at++;
    cells.push(cell);
  }
  return cells;
}
