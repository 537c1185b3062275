import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readConfig } from '../process/config.js';
import { basePathOf, withoutBasePath } from './base-path.js';
import { ROUTES } from './routes.js';

describe('the path of PUBLIC_URL', () => {
  it.each([
    ['https://stats.example.com', 'https://stats.example.com', ''],
    ['https://stats.example.com/', 'https://stats.example.com', ''],
    ['HTTPS://Stats.Example.com:443//', 'https://stats.example.com', ''],
    ['https://example.com/stats', 'https://example.com/stats', '/stats'],
    ['https://example.com:8443/a/b.c/', 'https://example.com:8443/a/b.c', '/a/b.c'],
    ['http://[2001:db8::1]:8000/x', 'http://[2001:db8::1]:8000/x', '/x'],
    ['https://example.com/my stats', 'https://example.com/my%20stats', '/my%20stats'],
  ])('of %s is the path that browsers request', (given, publicUrl, path) => {
    expect(readConfig({ PUBLIC_URL: given }).publicUrl).toBe(publicUrl);
    expect(basePathOf(publicUrl)).toBe(path);
  });

  it.each([
    ['stats.example.com', 'must be an address that begins with'],
    ['ftp://example.com', 'must be an address that begins with'],
    ['javascript:alert(1)', 'must be an address that begins with'],
    ['https://user@example.com', 'must be without a user'],
    ['https://example.com/stats?a=1', 'without ? or #'],
    ['https://example.com/#stats', 'without ? or #'],
    ['https://example.com//stats', 'an empty part'],
  ])('is refused in %s', (given, reason) => {
    expect(() => readConfig({ PUBLIC_URL: given })).toThrow(reason);
  });

  it('is refused if it begins like an address of the service itself', () => {
    const own = Object.keys(ROUTES).map((route) => route.split(' ')[1]?.split('/')[1] ?? '');
    for (const first of new Set(['a.gif', ...own.filter((name) => name !== '')])) {
      expect(() => readConfig({ PUBLIC_URL: `https://example.com/${first}` })).toThrow(`below /${first}`);
      expect(() => readConfig({ PUBLIC_URL: `https://example.com/${first}/more` })).toThrow(`below /${first}`);
      expect(readConfig({ PUBLIC_URL: `https://example.com/${first}s-more` }).publicUrl).toBeDefined();
    }
  });
});

describe('a request', () => {
  const segment = fc.stringMatching(/^[a-z0-9._~-]{1,8}$/);
  const base = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
  const target = fc.webPath().chain((path) => fc.webQueryParameters().map((query) => `/${path.replace(/^\/+/, '')}?${query}`));

  it('is the same with the path and without it', () => {
    fc.assert(
      fc.property(base, target, (path, at) => {
        expect(withoutBasePath(path + at, path)).toBe(at);
        if (!at.startsWith(path)) expect(withoutBasePath(at, path)).toBe(at);
        expect(withoutBasePath(at, '')).toBe(at);
      }),
    );
  });

  it.each([
    ['/stats', '/'],
    ['/stats?a=/stats/b', '/?a=/stats/b'],
    ['/stats/', '/'],
    ['/stats/a.gif?s=one', '/a.gif?s=one'],
    ['/statsx/a.gif', '/statsx/a.gif'],
    ['/stats/stats/x', '/stats/x'],
    ['/a.gif?s=one', '/a.gif?s=one'],
  ])('for %s below /stats is a request for %s', (asked, at) => {
    expect(withoutBasePath(asked, '/stats')).toBe(at);
  });
});
