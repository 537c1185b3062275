import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LANGUAGES, parseLanguage } from './language.js';

describe('a visitor’s language', () => {
  it.each([
    ['de', 'de'],
    ['de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7', 'de'],
    ['EN-us', 'en'],
    ['pt_BR', 'pt'],
    ['zh-Hant-TW, en', 'zh'],
    ['nb-NO,nb;q=0.9,no;q=0.8', 'nb'],
    [' fr;q=0.5, en', 'fr'],
    ['en;q=0.1, fr;q=0.9', 'en'],
    ['iw-IL', 'he'],
    ['in-ID', 'id'],
    [`sv-SE,${'x'.repeat(10_000)}`, 'sv'],
  ])('is the primary subtag of the first tag: %j is %s', (header, expected) => {
    expect(parseLanguage(header)).toBe(expected);
  });

  it.each([
    '',
    '*',
    'x',
    'i-klingon',
    'tlh',
    'fil-PH',
    'xx',
    'english',
    'en1',
    '-en',
    ',en',
    '__proto__',
    'ｅｎ',
    'd\u0435',
    '\0',
  ])('is `other` if the tag does not begin with a two-letter language: %j', (header) => {
    expect(parseLanguage(header)).toBe('other');
  });

  it('is the same from the cache', () => {
    expect([parseLanguage('ga-IE,ga'), parseLanguage('ga-IE,ga')]).toEqual(['ga', 'ga']);
  });

  it('comes from a closed list for any header', () => {
    const closed = new Set([...LANGUAGES, 'other']);
    const header = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.stringMatching(/^[a-zA-Z]{1,4}[-_,;]?.*$/),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(fc.property(header, (text) => closed.has(parseLanguage(text))));
  });

  it('has a list without duplicates', () => {
    expect(new Set(LANGUAGES).size).toBe(LANGUAGES.length);
    expect(LANGUAGES.filter((code) => !/^[a-z]{2}$/.test(code))).toEqual([]);
  });
});
