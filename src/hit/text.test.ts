import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanPath, cleanText, decodeField, PATH_CODEPOINTS_MAX, truncate } from './text.js';

describe('untrusted text', () => {
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
    ['/a%20b', '/a b'],
    ['/a%2520b', '/a%2520b'],
    ['/a%252520b', '/a%252520b'],
    ['/caf%c3%a9', '/café'],
    ['/%7Euser/%41', '/~user/A'],
    ['/a%2fb%3fc', '/a%2Fb%3Fc'],
    ['/100%', '/100%'],
    ['/100%25', '/100%25'],
    ['/%%34%31', '/%%34%31'],
    ['/%4%31', '/%4%31'],
    ['/%FF/%20', '/%FF/ '],
    ['/%25FF', '/%25FF'],
    ['/%ED%A0%80', '/%ED%A0%80'],
    ['/%F4%90%80%80', '/%F4%90%80%80'],
    ['/a%1fb%C2%85', '/a%1Fb%C2%85'],
  ])('turns the path %j into %j', (path, clean) => expect(cleanPath(path)).toBe(clean));

  it('truncates a long path between code points, escaped or not', () => {
    const long = `/${'%E4%BD%A0'.repeat(1000)}`;
    // 512 code points, or 1,024 bytes if that is less
    expect(cleanPath(`/${'é'.repeat(600)}`)).toBe(`/${'é'.repeat(PATH_CODEPOINTS_MAX - 1)}`);
    expect(cleanPath(`/${'a'.repeat(600)}`)).toHaveLength(PATH_CODEPOINTS_MAX);
    expect(cleanPath(long)).toBe(`/${'你'.repeat(341)}`);
    expect([...cleanPath(`/${'😀'.repeat(600)}`)]).toHaveLength(256);
    expect([...cleanPath(`/${'%F0%9F%98%80'.repeat(600)}`)]).toHaveLength(256);
  });

  it('does not end a long path with half an escape', () => {
    for (let length = PATH_CODEPOINTS_MAX - 4; length < PATH_CODEPOINTS_MAX; length++) {
      expect(cleanPath(`/${'a'.repeat(length)}%2F%2F`)).toMatch(/^\/a+(?:%2F){0,2}$/);
    }
    expect(cleanPath(`/${'%E9'.repeat(5000)}`)).toMatch(/^\/(?:%E9)+$/);
  });

  describe('as the path of a page', () => {
    const pieces = fc.constantFrom(
      ...['/', '.', '..', 'a', 'A', '4', '1', '5', '2', 'e', '%', '%25', '%2525', '%41', '%61', '%34', '%31', '%2e', '%7E', '~'],
      ...[' ', '%20', '%2520', '+', '%2B', '%2F', '%2f', '%252F', '%3F', '%23', '%5C', '\\', '|', '%7C', '[', '%5B', '!', '%21'],
      ...['"', '%22', '<', '%3c', '^', '%5E', ';', '%3B', 'ä', '%C3%A4', '%c3%a4', '%25C3%25A4', '%C3', '%A4', '%E4', 'ß', '%00'],
      ...['%EF%BF%BD', '\ufffd', '\ud800', '%ED%A0%80', '😀', '%F0%9F%98%80', '%0A', '%C2%85', '\u0085', '%E2%80%A8', '\u2028'],
    );
    const paths = fc.array(pieces, { maxLength: 7 }).map((all) => `/${all.join('')}`);

    /** The resource of a path by the URL standard. Escapes of letters, digits and `-._~` mean these (RFC 3986, 6.2.2). */
    const resourceOf = (path: string) =>
      new URL(`https://example.com${path}?`).pathname.replaceAll(/%[0-9a-f]{2}/gi, (one) => {
        const char = String.fromCharCode(Number.parseInt(one.slice(1), 16));
        return /[\w.~-]/.test(char) && !/%(?![0-9a-f]{2})/i.test(path) ? char : one.toUpperCase();
      });
    const resolved = (path: string) => new URL(`https://example.com${resourceOf(path)}`).pathname;

    it('is the same for two paths only if both name the same resource', () => {
      fc.assert(
        fc.property(fc.array(paths, { minLength: 2, maxLength: 60 }), (all) => {
          const named = new Map<string, string>();
          for (const path of all) {
            const resource = resolved(path);
            const before = named.get(cleanPath(path)) ?? resource;
            expect([cleanPath(path), resource]).toEqual([cleanPath(path), before]);
            named.set(cleanPath(path), resource);
          }
        }),
        { numRuns: 1000 },
      );
    });

    it('leads to the same resource, and does not change when it is read again', () => {
      fc.assert(
        fc.property(paths, (path) => {
          expect(resolved(cleanPath(path))).toBe(resolved(path));
          expect(cleanPath(cleanPath(path))).toBe(cleanPath(path));
        }),
        { numRuns: 5000 },
      );
    });

    it('is the same no matter how a browser or a program has escaped it', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
          // Paths of dots alone are excluded, because browsers resolve them.
          const escaped = `/x${encodeURIComponent(text)}`.replaceAll(/%2F|%5C|%09|%0A|%0D/gi, '-');
          expect(cleanPath(escaped.replaceAll(/%../g, (one) => one.toLowerCase()))).toBe(cleanPath(escaped));
          expect(cleanPath(new URL(`https://example.com${escaped}?`).pathname)).toBe(cleanPath(escaped));
          // the escapes of a browser for a typed address
          const typed = text.replaceAll(/[/\\?#%\t\n\r]/g, '-');
          expect(cleanPath(new URL(`https://example.com/x${typed}?`).pathname)).toBe(cleanPath(`/x${typed}`));
        }),
      );
    });
  });

  it('becomes well formed, of limited length and without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), fc.nat(40), (text, max) => {
        for (const clean of [cleanPath(text), cleanText(text, max), truncate(text, max).toWellFormed()])
          expect(clean.isWellFormed()).toBe(true);
        expect([...cleanText(text, max)].length).toBeLessThanOrEqual(max);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for them
        expect(cleanPath(text) + cleanText(text, max)).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028\u2029]/);
      }),
    );
  });

  it('is decoded like the fields of forms, or left unchanged', () => {
    expect(decodeField('a+b%20c%2Bd')).toBe('a b c+d');
    expect(decodeField('100%')).toBe('100%');
  });
});
