import { describe, expect, it } from '@jest/globals';
import { checkSite, type SiteField } from './account-rules.js';

const good = { id: 'my-site', title: 'My site', timezone: 'Europe/Berlin' };
const check = (fields: Record<string, unknown>) => checkSite({ ...good, ...fields });

describe('the settings of a site', () => {
  it('need an id, a title and a time zone, and have defaults for everything else', () => {
    expect(checkSite(good)).toEqual({
      settings: {
        ...good,
        hosts: [],
        excludedAddresses: [],
        excludedPaths: [],
        excludedReferrers: [],
        queryParameters: [],
        storage: 'record',
        signals: 'without-record',
        keep: {},
      },
    });
    const nothing = checkSite({});
    expect('problems' in nothing && nothing.problems.map(({ field }) => field)).toEqual(['id', 'title', 'timezone']);
  });

  it.each<[SiteField, unknown, unknown]>([
    ['title', '  <script>  ', '<script>'],
    ['title', '🌱'.repeat(100), '🌱'.repeat(100)],
    ['timezone', 'europe/berlin', 'Europe/Berlin'],
    ['timezone', 'UTC', 'UTC'],
    ['timezone', ' new york ', 'America/New_York'],
    ['timezone', 'Berlin', 'Europe/Berlin'],
    ['timezone', 'Asia/Calcutta', 'Asia/Calcutta'],
    ['timezone', 'Asia/Kolkata', 'Asia/Kolkata'],
    ['timezone', 'Pacific/Apia', 'Pacific/Apia'],
    [
      'hosts',
      ['Example.COM', 'example.com', '*.example.com', 'localhost', '127.0.0.1'],
      ['example.com', '*.example.com', 'localhost', '127.0.0.1'],
    ],
    ['hosts', ['Example.COM.', '*.Example.com.', 'MÜLLER.example.'], ['example.com', '*.example.com', 'xn--mller-kva.example']],
    ['hosts', ['localhost', '127.0.0.1', '[2001:DB8:0::1]'], ['localhost', '127.0.0.1', '[2001:db8::1]']],
    ['hosts', ['müller.example', '*.müller.example'], ['xn--mller-kva.example', '*.xn--mller-kva.example']],
    ['excludedAddresses', ['203.0.113.7', '10.0.0.0/8', '2001:db8::/48'], ['203.0.113.7', '10.0.0.0/8', '2001:db8::/48']],
    [
      'excludedPaths',
      ['/admin/*', ' /preview/** ', '/caf%C3%A9', '*.pdf', '/', '/a,b c'],
      ['/admin/*', '/preview/*', '/café', '*.pdf', '/', '/a,b c'],
    ],
    ['excludedPaths', [`/${'é'.repeat(199)}`], [`/${'é'.repeat(199)}`]],
    ['excludedReferrers', ['Spam.example', '*.spam.example'], ['spam.example', '*.spam.example']],
    ['queryParameters', ['page', 'a[b]'], ['page', 'a[b]']],
    ['storage', 'none', 'none'],
    ['signals', 'views-only', 'views-only'],
  ])('%s: accept %j', (field, given, kept) => {
    const checked = check({ [field]: given });
    expect('settings' in checked && checked.settings[field]).toEqual(kept);
  });

  it.each<[SiteField, unknown]>([
    ['id', 'a'],
    ['id', 'My-Site'],
    ['id', '-site'],
    ['id', 'site-'],
    ['id', 'a:b'],
    ['id', '__proto__'],
    ['id', 'a'.repeat(64)],
    ['id', { $ne: 1 }],
    ['title', '   '],
    ['title', 'x'.repeat(101)],
    ['title', 'two\nlines'],
    ['title', ['x']],
    ['timezone', 'US/Nowhere'],
    ['timezone', "Europe/Berlin'"],
    ['timezone', '+02:00'],
    ['timezone', 'local'],
    ['timezone', 'system'],
    ['timezone', ''],
    ['timezone', 'x'.repeat(10_000)],
    ['hosts', ['https://example.com']],
    ['hosts', ['example.com:8080']],
    ['hosts', ['example.com/path']],
    ['hosts', ['*']],
    ['hosts', ['*.']],
    ['hosts', ['a..b']],
    ['hosts', ['example.com..']],
    ['hosts', ['[::1]:80']],
    ['hosts', ['[::1']],
    ['hosts', ['me@example.com']],
    ['hosts', ['']],
    ['hosts', Array.from({ length: 101 }, (_, n) => `host${n}.example`)],
    ['excludedAddresses', ['10.0.0.0/33']],
    ['excludedAddresses', ['10.1']],
    ['excludedAddresses', ['example.com']],
    ['excludedAddresses', ['10.0.0.0/8/8']],
    ['excludedAddresses', ['::ffff:10.0.0.0/104']],
    ['excludedPaths', ['https://example.com/admin']],
    ['excludedPaths', ['admin/*']],
    ['excludedPaths', ['']],
    ['excludedPaths', ['*']],
    ['excludedPaths', ['/**']],
    ['excludedPaths', [`/${'a'.repeat(200)}`]],
    ['excludedPaths', Array.from({ length: 101 }, (_, n) => `/${n}`)],
    ['excludedReferrers', ['https://spam.example/']],
    ['queryParameters', ['a=b']],
    ['storage', 'cookie'],
    ['signals', 'obey'],
  ])('%s: reject %j with a sentence', (field, given) => {
    const checked = check({ [field]: given });
    const problems = 'problems' in checked ? checked.problems : [];
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ field, message: expect.stringMatching(/^["A-Z].*\.$/) });
    expect(problems[0]?.message.length).toBeLessThan(250);
  });
});
