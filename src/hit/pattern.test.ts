import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalPathPattern, createPathRule } from './pattern.js';

/** By definition, one character at a time. */
function matchesNaively(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const rest = pattern.slice(1);
  if (pattern[0] !== '*') return text[0] === pattern[0] && matchesNaively(rest, text.slice(1));
  return Array.from({ length: text.length + 1 }, (_, at) => text.slice(at)).some((end) => matchesNaively(rest, end));
}

describe('a rule for paths', () => {
  it('matches the paths that any of its patterns matches by definition', () => {
    const pattern = fc.string({ unit: fc.constantFrom('/', 'a', 'b', '*', '.'), maxLength: 7 });
    const path = fc.string({ unit: fc.constantFrom('/', 'a', 'b', '.'), maxLength: 9 });
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 4 }), path, (patterns, text) => {
        expect(createPathRule(patterns)(text)).toBe(patterns.some((one) => matchesNaively(one, text)));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['/admin/*', '/admin/', true],
    ['/admin/*', '/admin/users/7', true],
    ['/admin/*', '/admin', false],
    ['/admin/*', '/Admin/', false],
    ['/admin*', '/admin?page=2', true],
    ['*/preview', '/blog/7/preview', true],
    ['*.pdf', '/files/a.pdf', true],
    ['/café/*', '/café/a b', true],
    ['/a.c', '/abc', false],
  ])('%s matches %s: %s', (pattern, path, isMatch) => expect(createPathRule([pattern])(path)).toBe(isMatch));

  it('matches an unknown page only if a pattern matches the empty text', () => {
    expect(createPathRule(['/*', '*/x', '/'])('')).toBe(false);
  });

  it('is fast with the longest list and a path that is made to be slow', () => {
    const rule = createPathRule(Array.from({ length: 100 }, (_, n) => `*${'a'.repeat(198 - (n % 3))}b*`));
    const path = `/${'a'.repeat(511)}`;
    const began = performance.now();
    for (let times = 0; times < 200; times++) expect(rule(path)).toBe(false);
    expect((performance.now() - began) / 200).toBeLessThan(5); // a slow machine may need several times as long
  });
});

describe('a typed pattern', () => {
  it.each([
    ['/caf%C3%A9/*', '/café/*'],
    ['/a%20b*', '/a b*'],
    ['/a%2Fb/*', '/a%2Fb/*'],
    ['*%2*', '*%2*'],
  ])('has the form of counted paths: %s becomes %s', (typed, canonical) => {
    expect(canonicalPathPattern(typed)).toBe(canonical);
    expect(canonicalPathPattern(canonical)).toBe(canonical);
  });
});
