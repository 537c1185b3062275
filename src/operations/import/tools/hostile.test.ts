// Hostile and damaged files: invalid lines are not counted, and they do not affect anything else.
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lmdbStore, type Store } from '../../../../test/fixtures/stores.js';
import {
  amounts,
  everythingIn,
  importingInto,
  reportOf,
  samples,
  temporaryFiles,
} from '../../../../test/fixtures/tool-exports.js';
import { countOf, dayOf } from './columns.js';

const files = temporaryFiles();
afterAll(files.remove);

let store: Store;
beforeEach(async () => {
  store = await lmdbStore();
});
afterEach(() => store.close());
const importing = importingInto(() => store);
const { file } = files;

describe('a hostile export', () => {
  it.each([
    ['negative numbers', '2025-01-01,-5', 'no-whole-number'],
    ['fractions', '2025-01-01,1.5', 'no-whole-number'],
    ['exponents', '2025-01-01,1e9', 'no-whole-number'],
    ['hexadecimals', '2025-01-01,0x10', 'no-whole-number'],
    ['endless numbers', `2025-01-01,${'9'.repeat(400)}`, 'no-whole-number'],
    ['words for numbers', '2025-01-01,NaN', 'no-whole-number'],
    ['a missing number', '2025-01-01,', 'no-whole-number'],
    ['digits of other scripts', '2025-01-01,١٢', 'no-whole-number'],
    ['days that do not exist', '2025-02-30,5', 'no-such-day'],
    ['years that do not exist', '0000-01-01,5', 'no-such-day'],
    ['years far from now', '9999-12-31,5', 'no-such-day'],
    ['days in words', 'yesterday,5', 'no-such-day'],
    ['days that are paths', '../../2025,5', 'no-such-day'],
    ['too few fields', '2025-01-01', 'wrong-number-of-fields'],
    ['too many fields', '2025-01-01,1,2', 'wrong-number-of-fields'],
    ['future days', '2031-01-01,5', 'later-day'],
    ['zeros', '2025-01-01,0', 'nothing-counted'],
  ])('with %s loses only those lines, and reports them', async (_, line, reason) => {
    const summary = await importing('plausible', [file('a.csv', `date,pageviews\n2025-01-02,3\n${line}\n2025-01-03,4\n`)]);
    expect(summary.leftOut).toEqual({ [reason]: 1 });
    expect(amounts(summary)).toEqual({ views: 7 });
  });

  it('with names such as __proto__ counts them like any other name', async () => {
    const names = ['/__proto__', '/constructor', '/$where', '/a.b', '/toString', '/\u0001'];
    const lines = names.map((name, i) => `2025-01-02,"${name}",${i + 1}`);
    await importing('plausible', [file('a.csv', `date,page,pageviews\n${lines.join('\n')}\n`)]);
    const { rows } = await reportOf(store, 'content', '2025-01-02');
    expect(rows.map(({ key, views }: { key: string; views: number }) => [key, views]).reverse()).toEqual(
      names.map((name, i) => [name.replace('\u0001', '%01'), i + 1]),
    );
    const sources = ['__proto__', 'constructor', '$inc', 'a.b', '(direct)', 'google.com.evil.example'];
    await importing('plausible', [
      file('b.csv', `date,source,visits\n${sources.map((name) => `2025-01-02,${name},1`).join('\n')}\n`),
    ]);
    const referrers = await reportOf(store, 'referrers', '2025-01-02');
    expect(referrers.sources.map(({ key }: { key: string }) => key).sort()).toEqual(
      ['$inc', '__proto__', 'a.b', 'constructor', 'evil.example'].sort(),
    );
    expect(({} as Record<string, unknown>).v).toBeUndefined();
  });

  it('with a column called __proto__ is read from its other columns', async () => {
    const path = file('a.csv', '__proto__,date,constructor,pageviews\nx,2025-01-02,y,3\n');
    const summary = await importing('plausible', [path]);
    expect(amounts(summary)).toEqual({ views: 3 });
    expect(summary.files[0]?.columnsLeftOut).toEqual(['__proto__', 'constructor']);
  });

  it('with sums that are too large stops at the largest exact number', async () => {
    const most = '9'.repeat(15);
    const lines = Array.from({ length: 20 }, (_, i) => `2025-01-02,/${i},${most}\n`).join('');
    await importing('plausible', [file('a.csv', `date,page,pageviews\n${lines}`)]);
    expect((await reportOf(store, 'content', '2025-01-02')).total.views).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('with very long names cuts them', async () => {
    const line = `2025-01-02,/${'x'.repeat(100_000)},5\n`;
    await importing('plausible', [file('a.csv', `date,page,pageviews\n${line}`)]);
    const { rows } = await reportOf(store, 'content', '2025-01-02');
    expect(rows[0].key).toHaveLength(512);
  });

  it.each([
    [
      'a quote that is never closed',
      'plausible',
      'a.csv',
      'date,pageviews\n2025-01-01,"5\n',
      /a\.csv has a quote that is never closed, in the record that begins on line 2/,
    ],
    [
      'an endless field',
      'plausible',
      'a.csv',
      `date,page,pageviews\n2025-01-01,${'x'.repeat(2e6)}`,
      /more than 1048576 characters/,
    ],
    ['endless columns', 'plausible', 'a.csv', ','.repeat(5000), /more than 1000 fields/],
    [
      'another header',
      'plausible',
      'a.csv',
      'day,hits\n2025-01-01,5\n',
      /line 1, "day,hits", is not one of its headers.*imported_visitors_/,
    ],
    ['nothing in it', 'plausible', 'a.csv', '', /nothing in these files/],
    ['only entry pages', 'plausible', 'a.csv', 'date,entry_page,visitors\n', /a\.csv: entry pages are not counted here/],
    ['the header of another tool', 'goatcounter', 'a.csv', 'date,pageviews\n', /not an export of GoatCounter.*2Path or 1Path/],
    ['a later version', 'goatcounter', 'a.csv', '3Path,Title\n', /version 3.*versions 1 and 2 are read/],
    ['columns in another language', 'ga4', 'a.csv', '# x\n\nDatum,Aufrufe\n20250101,5\n', /line 3, "Datum,Aufrufe".*in English/],
    ['no data', 'matomo', 'Actions.get.csv', 'No data available', /Actions\.get\.csv: it has no column date/],
    ['a zip archive', 'plausible', 'a.zip', 'PK\x03\x04...', /a\.zip is a zip archive: unpack it first/],
    ['a picture', 'plausible', 'a.csv', Buffer.alloc(10_000, '\x89PNG\0'), /a\.csv is not a text/],
    [
      'a torn gzip file',
      'plausible',
      'a.csv.gz',
      gzipSync('date,pageviews\n'.repeat(1000)).subarray(0, 40),
      /cannot be read: unexpected end/,
    ],
  ])('with %s is refused in one line, and nothing is stored', async (_, tool, name, content, message) => {
    await expect(importing(tool, [file(name, content)])).rejects.toThrow(message);
    expect(await everythingIn(store)).toEqual({});
    expect(await store.imports.begun('garden')).toEqual([]);
  });

  it('among good files is refused before any of them is counted', async () => {
    await expect(importing('plausible', [samples('plausible'), file('z.csv', 'x\n')])).rejects.toThrow(/z\.csv is not an export/);
    expect(await everythingIn(store)).toEqual({});
  });

  it.each([
    ['UTF-8 with a mark', '\ufeffdate,pageviews\r\n2025-01-02,3\r\n', 'utf8'],
    ['UTF-16 with a mark', '\ufeffdate,pageviews\n2025-01-02,3', 'utf16le'],
    ['quotes around everything', '"date","pageviews"\n"2025-01-02","3"\n', 'utf8'],
    ['spaces around, and other capitals', 'Date , PageViews\n 2025-01-02 , 3 \n', 'utf8'],
  ] as const)('is read if it is only unusual: %s', async (_, text, encoding) => {
    expect(amounts(await importing('plausible', [file('a.csv', Buffer.from(text, encoding))]))).toEqual({ views: 3 });
  });

  it('is read in UTF-16 with the other byte order, and gzipped', async () => {
    const bytes = Buffer.from('\ufeffdate,pageviews\n2025-01-02,3', 'utf16le').swap16();
    expect(amounts(await importing('plausible', [file('a.csv', gzipSync(bytes))]))).toEqual({ views: 3 });
  });

  it('is not opened if it is a pipe, a device, or a link out of its folder', async () => {
    const pipe = file('a.csv', '').replace(/a\.csv$/, 'b.csv');
    execFileSync('mkfifo', [pipe]);
    await expect(importing('plausible', [pipe])).rejects.toThrow(/b\.csv is not a regular file but a pipe/);
    await expect(importing('plausible', [dirname(pipe)])).rejects.toThrow(/b\.csv is not a regular file but a pipe/);
    await expect(importing('plausible', ['/dev/zero'])).rejects.toThrow(/is not a regular file but a device/);
    const link = file('a.csv', 'date,pageviews\n').replace(/a\.csv$/, 'b.csv');
    symlinkSync(samples('plausible'), link);
    await expect(importing('plausible', [dirname(link)])).rejects.toThrow(/b\.csv is a link that leads outside/);
    expect(await everythingIn(store)).toEqual({});
  });

  it.each([
    ['zeros', '\0', /is not a text|unpacks to more than/],
    ['line breaks', '\n', /more than 100000 empty lines|unpacks to more than/],
    ['one character', 'x', /record of more than 4194304 bytes|unpacks to more than/],
  ])('of 200 MB of %s in 200 KB is refused', async (_, character, message) => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('date,pageviews\n'), Buffer.alloc(200 * 1024 * 1024, character)]));
    await expect(importing('plausible', [file('a.csv.gz', bomb)])).rejects.toThrow(message);
    expect(await everythingIn(store)).toEqual({});
  });

  it('is refused if the folder has no exports or the path does not exist', async () => {
    await expect(importing('plausible', [file('a.txt', '').replace(/a\.txt$/, '')])).rejects.toThrow(
      /has no \.csv or \.csv\.gz file/,
    );
    await expect(importing('plausible', ['/nowhere/at-all'])).rejects.toThrow(/there is no file or folder \/nowhere\/at-all/);
  });
});

describe('values', () => {
  it.each([
    ['20250131', '2025-01-31'],
    ['2024-02-29', '2024-02-29'],
    ['20250229', undefined],
    ['2025-1-3', undefined],
    ['', undefined],
    ['20251301', undefined],
  ])('%j as a day is %j', (text, day) => expect(dayOf(text)).toBe(day));

  it.each([
    ['14', 14],
    ['14.0', 14],
    ['0', 0],
    ['1,234', undefined],
    ['+1', undefined],
    [' 1', undefined],
  ])('%j as a count is %j', (text, count) => expect(countOf(text)).toBe(count));
});
