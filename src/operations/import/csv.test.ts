import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NotCsv, readCsv } from './csv.js';

async function recordsOf(...pieces: Array<string | Buffer>): Promise<string[][]> {
  const records: string[][] = [];
  await readCsv(
    pieces.map((piece) => Buffer.from(piece as string)),
    (fields) => records.push([...fields]),
  );
  return records;
}

const field = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' '), maxLength: 8 }),
);
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const isPlain = (text: string) => !/[",\r\n]/.test(text);

describe('a CSV reader', () => {
  it('returns the fields that were written, for every way of quoting, line ending and cutting into pieces', async () => {
    const record = fc.array(fc.tuple(field, fc.boolean()), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.nat(300), { maxLength: 5 }),
        async (records, lineEnd, isEnded, hasMark, cuts) => {
          const lines = records.map((fields) =>
            fields.map(([text, isBare]) => (isBare && isPlain(text) ? text : quoted(text))).join(','),
          );
          // an empty last line without an end is not a line
          const text = lines.join(lineEnd) + (isEnded || lines.at(-1) === '' ? lineEnd : '');
          const bytes = Buffer.from(`${hasMark ? '\ufeff' : ''}${text}`);
          const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
          const pieces = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
          expect(await recordsOf(...pieces)).toEqual(records.map((fields) => fields.map(([text]) => text)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a quote in the middle of a field', 'a"b,c\n', [['a"b', 'c']]],
    ['text after a closing quote', '"a"b,c\r\n', [['"a"b', 'c']]],
    ['empty lines', 'a\n\n\r\nb', [['a'], [''], [''], ['b']]],
    ['an empty field at the end', 'a,', [['a', '']]],
    ['a quoted empty field', '""', [['']]],
    ['a carriage return at the end', '"a"\r', [['a']]],
    ['records of different lengths', 'a\nb,c\nd\n', [['a'], ['b', 'c'], ['d']]],
    ['an empty file', '', []],
  ])('accepts %s', async (_, text, records) => expect(await recordsOf(text)).toEqual(records));

  it('tells the line on which a record begins, counting line breaks inside fields', async () => {
    const lines: number[] = [];
    await readCsv([Buffer.from('a\r\n"b\r\nb",\n"\n\n",c\nd')], (_, line) => lines.push(line));
    expect(lines).toEqual([1, 2, 4, 7]);
  });

  it('passes on the error of its reader, also for the last record', async () => {
    const failing = (at: string) =>
      readCsv([Buffer.from('a\nb\nc')], ([first]) => {
        if (first === at) throw new Error(`failed at ${at}`);
      });
    await expect(failing('a')).rejects.toThrow('failed at a');
    await expect(failing('c')).rejects.toThrow('failed at c');
  });

  it('refuses unclosed quotes and oversized fields and records, and names the line', async () => {
    const notCsv = (message: string) => new NotCsv(message);
    await expect(recordsOf('a\nb,"c\nd\n')).rejects.toThrow(
      notCsv('has a quote that is never closed, in the record that begins on line 2'),
    );
    await expect(recordsOf('a\n', 'x'.repeat(2_000_000))).rejects.toThrow(
      notCsv('has a field of more than 1048576 characters in the record that begins on line 2'),
    );
    await expect(recordsOf(','.repeat(2000))).rejects.toThrow(notCsv('has more than 1000 fields on line 1'));
  });

  it.each([
    ['an endless field', 'x'.repeat(1_000_000)],
    ['an endless quoted field', `"${'\n'.repeat(1_000_000)}`],
    ['endless commas', ','.repeat(1_000_000)],
  ])('stops reading at %s', async (_, text) => {
    let pieces = 0;
    function* endless(): Generator<Buffer> {
      yield Buffer.from('a\n');
      for (;;) yield Buffer.from(text.slice(pieces++ === 0 ? 0 : 1));
    }
    await expect(readCsv(endless(), () => {})).rejects.toThrow(
      new NotCsv('has a record of more than 4194304 bytes that begins on line 2'),
    );
    expect(pieces).toBeLessThan(10);
  });

  it('keeps a record of the largest fields in any script', async () => {
    const text = '字'.repeat(1024 * 1024);
    expect(await recordsOf(`a,${text}\n`)).toEqual([['a', text]]);
  });
});
