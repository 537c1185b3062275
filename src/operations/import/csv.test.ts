import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCsvReader, NotCsv } from './csv.js';

function recordsOf(...pieces: string[]): string[][] {
  const records: string[][] = [];
  const reader = createCsvReader((fields) => records.push([...fields]));
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return records;
}

const field = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' '), maxLength: 8 }),
);
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const plain = (text: string) => !/[",\r\n]/.test(text);

describe('a CSV reader', () => {
  it('gives back what was written, however it was quoted, ended and cut into pieces', () => {
    const record = fc.array(fc.tuple(field, fc.boolean()), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat(300), { maxLength: 5 }),
        (records, lineEnd, ended, cuts) => {
          const lines = records.map((fields) =>
            fields.map(([text, bare]) => (bare && plain(text) ? text : quoted(text))).join(','),
          );
          // an empty last line without an end is no line
          const text = lines.join(lineEnd) + (ended || lines.at(-1) === '' ? lineEnd : '');
          const edges = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
          const pieces = edges.slice(1).map((end, i) => text.slice(edges[i], end));
          expect(recordsOf(...pieces)).toEqual(records.map((fields) => fields.map(([text]) => text)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a quote in the middle of a field', 'a"b,c\n', [['a"b', 'c']]],
    ['text after a closing quote', '"a"b,c\r\n', [['ab', 'c']]],
    ['empty lines', 'a\n\n\r\nb', [['a'], [''], [''], ['b']]],
    ['an empty field at the end', 'a,', [['a', '']]],
    ['a quoted empty field', '""', [['']]],
    ['nothing', '', []],
  ])('takes %s as most readers do', (_, text, records) => expect(recordsOf(text)).toEqual(records));

  it('tells the line on which a record begins, line breaks in fields counted', () => {
    const lines: number[] = [];
    const reader = createCsvReader((_, line) => lines.push(line));
    reader.push('a\n"b\nb"\nc');
    reader.end();
    expect(lines).toEqual([1, 2, 4]);
  });

  it('refuses a quote that is never closed, a field and a record without end, and says where', () => {
    expect(() => recordsOf('a\nb,"c\nd\n')).toThrow(new NotCsv('has a quote on line 2 that is never closed'));
    expect(() => recordsOf('a\n', ...Array.from({ length: 20 }, () => 'x'.repeat(100_000)))).toThrow(/begins on line 2/);
    expect(() => recordsOf(','.repeat(2000))).toThrow(/more than 1000 fields on line 1/);
  });
});
