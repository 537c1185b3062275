import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PATH_CODEPOINTS_MAX, cleanPath, cleanText, cut, decodeField } from './text.js';

describe('text from outside', () => {
  it.each([
    ['/caf%C3%A9', '/café'],
    ['/%E0%A4%A', '/%E0%A4%A'],
    ['/%', '/%'],
    ['/a%00b', '/a%00b'],
    ['/%C0%AF', '/%C0%AF'],
    ['/%E9', '/%E9'],
    ['/a%2Fb', '/a%2Fb'],
    ['/a\u0000\r\nSet-Cookie:', '/a%00%0D%0ASet-Cookie:'],
    ['/\ud800', '/\ufffd'],
    ['/%F0%9F%98%80', '/😀'],
  ])('makes the path %j into %j', (path, clean) => expect(cleanPath(path)).toBe(clean));

  it('cuts a long path at a code point, escaped or not', () => {
    const long = `/${'%E4%BD%A0'.repeat(1000)}`;
    // 512 code points, or 1,024 bytes where that is less
    expect(cleanPath(`/${'é'.repeat(600)}`)).toBe(`/${'é'.repeat(PATH_CODEPOINTS_MAX - 1)}`);
    expect(cleanPath(`/${'a'.repeat(600)}`)).toHaveLength(PATH_CODEPOINTS_MAX);
    expect(cleanPath(long)).toBe(`/${'你'.repeat(341)}`);
    expect([...cleanPath(`/${'😀'.repeat(600)}`)]).toHaveLength(256);
    expect([...cleanPath(`/${'%F0%9F%98%80'.repeat(600)}`)]).toHaveLength(256);
  });

  it('is well formed, of limited length and without control characters, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), fc.nat(40), (text, max) => {
        for (const clean of [cleanPath(text), cleanText(text, max), cut(text, max).toWellFormed()])
          expect(clean.isWellFormed()).toBe(true);
        expect([...cleanText(text, max)].length).toBeLessThanOrEqual(max);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
        expect(cleanPath(text) + cleanText(text, max)).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028\u2029]/);
      }),
    );
  });

  it('is decoded as forms write it, or left as it is', () => {
    expect(decodeField('a+b%20c%2Bd')).toBe('a b c+d');
    expect(decodeField('100%')).toBe('100%');
  });
});
