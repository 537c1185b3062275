import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanPath } from '../../hit/text.js';
import { canonicalPattern, matches } from './pattern.js';

describe('a pattern', () => {
  it.each([
    ['page', '/a%20b', '/a b'],
    ['page', '/a b', '/a b'],
    ['page', '/a%2520b/*', '/a%2520b/*'],
    ['page', '/caf%c3%a9*', '/café*'],
    ['page', '*%2Fx', '*%2Fx'],
    ['page', '', ''],
    ['referrer', 'Hacker News', 'Hacker News'],
    ['referrer', 'Müller', 'Müller'],
    ['referrer', 'müller.example', 'xn--mller-kva.example'],
    ['referrer', '*.müller.example/caf%C3%A9/*', '*.xn--mller-kva.example/café/*'],
    ['referrer', 'mail.example.com/*', 'mail.example.com/*'],
    ['referrer', '*', '*'],
  ] as const)('for a %s is converted from what a person types: %s becomes %s', (kind, typed, canonical) => {
    expect(canonicalPattern(kind, typed)).toBe(canonical);
  });

  it('that is the address of a page matches that page and no other', () => {
    const piece = fc.constantFrom('a', 'b', '/', '%20', ' ', '%2520', '%25', '%2F', '%', '%41', 'ä', '%C3%A4', '%E4', '.');
    const path = fc.array(piece, { maxLength: 5 }).map((pieces) => `/${pieces.join('')}`);
    fc.assert(
      fc.property(path, path, (one, other) => {
        const pattern = canonicalPattern('page', one);
        expect(matches(pattern, cleanPath(one))).toBe(true);
        expect(matches(pattern, cleanPath(other))).toBe(cleanPath(one) === cleanPath(other));
      }),
      { numRuns: 1000 },
    );
  });
});
