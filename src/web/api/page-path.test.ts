import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainHit } from '../../../test/fixtures/hits.js';
import { reporting } from '../../../test/fixtures/reporting.js';
import { parsePage } from '../../hit/page.js';
import { isTooLong, pageAsWritten, pagesMeant } from './page-path.js';

const DAY = '2026-11-20';
const AT_MS = Date.parse(`${DAY}T12:00:00Z`);

/** The page that a report is about when a client sends this address. */
async function pageFound(paths: readonly string[], query: string): Promise<{ page: string; total: { views: number } }> {
  const [page, ...otherSpellings] = pagesMeant(pageAsWritten(`/api/v1/sites/one/pages?${query}`) ?? '');
  const hits = paths.map((path) => plainHit(AT_MS, { path }));
  return reporting({ hits }).get('pages', DAY, DAY, { page, otherSpellings });
}

describe('the page that a client means', () => {
  it.each([
    ['/a%20b', '/a b'],
    ['/a+b', '/a b'],
    ['/a+b', '/a+b'],
    ['/c%2B%2B', '/c++'],
    ['/caf%E9', '/caf%E9'],
    ['/100%', '/100%'],
    ['/100%25', '/100%'],
    ['/a%2Fb', '/a/b'],
    ['/a%2Fb', '/a%2Fb'],
    ['/a%252Fb', '/a%2Fb'],
    ['/search?q=a%26b', '/search?q=a%26b'],
    ['%2F%23%2Fr', '/#/r'],
    ['', ''],
  ])('written as %s is %s if that page was viewed', async (written, path) => {
    expect(await pageFound([path], `period=today&page=${written}&limit=3`)).toMatchObject({ page: path, total: { views: 1 } });
  });

  it('is the exact match if several pages are possible', async () => {
    const paths = ['/a b', '/a%20b', '/a+b'];
    expect(await pageFound(paths, 'page=/a%20b')).toMatchObject({ page: '/a b' });
    expect(await pageFound(paths, 'page=/a%2520b')).toMatchObject({ page: '/a%20b' });
    expect(await pageFound(paths, 'page=/a%2Bb')).toMatchObject({ page: '/a+b' });
    expect(await pageFound(paths, 'page=/a+b')).toMatchObject({ page: '/a b' });
  });

  it('is the requested one if none has views', async () => {
    expect(await pageFound(['/other'], 'page=/caf%25C3%25A9')).toMatchObject({ page: '/caf%C3%A9', total: { views: 0 } });
  });

  it('is found for any path, as reports and browsers write it, escaped any number of times', async () => {
    const segment = fc.string({
      unit: fc.oneof(fc.constantFrom(...'ab /+%&=#?;:@$,!*~é€'), fc.string({ unit: 'binary', size: 'small' })),
    });
    const browserPath = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => {
      const escaped = segments.map((text) => encodeURIComponent(text.toWellFormed()).replaceAll('.', '%2E'));
      return new URL(`https://x.example/${escaped.join('/')}`).pathname;
    });
    const property = fc.asyncProperty(browserPath, async (path) => {
      const { path: key } = parsePage(`https://x.example${path}`, []);
      const queries = [
        `page=${encodeURIComponent(key)}`,
        `${new URLSearchParams({ limit: '5', page: key })}`,
        `page=${path}`,
        `page=${encodeURIComponent(path)}`,
        `${new URLSearchParams({ page: path })}`,
      ];
      for (const query of queries) {
        expect({ query, ...(await pageFound([key], query)) }).toMatchObject({ query, page: key, total: { views: 1 } });
      }
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('is read from the first parameter named page, and from no other', () => {
    expect(pageAsWritten('/x?pages=1&p%61ge=%2Fa&page=/b')).toBe('%2Fa');
    expect(pageAsWritten('/x?page')).toBe('');
    expect(pageAsWritten('/x?apage=1')).toBeUndefined();
    expect(pageAsWritten('/page=1')).toBeUndefined();
  });

  it('is too long if no stored path can match it', () => {
    expect(isTooLong('x'.repeat(513))).toBe(true);
    expect(isTooLong('x'.repeat(512))).toBe(false);
    expect(isTooLong(encodeURIComponent('é'.repeat(511)))).toBe(false);
  });
});
