import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EXAMPLE_REQUEST } from '../../test/fixtures/requests.js';
import { exampleSite } from '../../test/fixtures/site.js';
import { LINE_BYTES_MAX, linesOf } from '../journal/line.js';
import { readSite } from '../store/site-shape.js';
import type { Observation } from './observation.js';
import { type BeaconRequest, type ParseContext, parseRequest } from './parse.js';
import { createSiteReader } from './prepared-site.js';
import type { Site } from './site.js';

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const NOW = Date.parse('2026-10-25T01:30:00Z'); // 02:30 in Berlin, for the second time

function contextOf(changes: Partial<Site> = {}): ParseContext {
  const measured = createSiteReader()(exampleSite({ timezone: 'Europe/Berlin', hosts: ['example.com'], ...changes }));
  return { site: (id) => (id === 'one' ? measured : undefined), salt: (day) => Buffer.from(day), allows: () => true };
}

function request(query: string, changes: Partial<BeaconRequest> = {}): BeaconRequest {
  return {
    ...EXAMPLE_REQUEST,
    query,
    userAgent: CHROME,
    acceptLanguage: 'de-DE,de;q=0.9',
    receivedAtMs: NOW,
    ...changes,
  };
}

const NO_HOSTS: Partial<Site> = { hosts: [] };
const EXCLUDED: Partial<Site> = { excludedPaths: ['/admin/*', '/café'] };
/** Addresses on somebody's own computer or network, and addresses that are not web pages. */
const LOCAL = [
  ...[
    'file:///home/me/diary.html',
    'FILE:///C:/Users/me/a.htm',
    'C:\\Users\\me\\a.htm',
    'about:blank',
    'about:srcdoc',
    'data:text/html,x',
  ],
  ...[
    'blob:https://example.com/1',
    'chrome-extension://abc/popup.html',
    'moz-extension://abc/',
    'javascript:void(0)',
    'view-source:x',
  ],
  ...[
    'http://localhost/',
    'http://localhost:3000/secret',
    'https://LOCALHOST./',
    'http://app.localhost/',
    'localhost:3000/secret',
  ],
  ...['http://127.0.0.1:8080/', 'http://127.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://0.0.0.0/', 'http://[::1]/'],
  ...['http://10.1.2.3/', 'http://172.16.0.1/', 'http://192.168.1.1./', 'http://169.254.1.1/', 'http://100.64.0.1/'],
  ...[
    'http://[fd00::1]/',
    'http://[fe80::1]:80/',
    'http://[::ffff:192.168.0.1]/',
    'http://printer.local/',
    'http://wiki.corp.internal/',
  ],
];

const page = (address: string) => `s=one&u=${encodeURIComponent(address)}`;
const hitOf = (query: string, changes: Partial<Site> = {}, more: Partial<BeaconRequest> = {}) => {
  const parsed = parseRequest(request(query, more), contextOf(changes));
  if ('refused' in parsed) throw new Error(`refused: ${parsed.refused.reason}`);
  return parsed;
};
const reasonOf = (query: string, changes: Partial<Site> = {}, more: Partial<BeaconRequest> = {}) => {
  const parsed = parseRequest(request(query, more), contextOf(changes));
  return 'refused' in parsed ? parsed.refused.reason : 'counted';
};

const previousIn = (observations: readonly Observation[]) => observations.find((one) => one.kind === 'step')?.from;
const presenceIn = (observations: readonly Observation[]) => observations.find((one) => one.kind === 'presence');

describe('a request to the beacon', () => {
  it('becomes a hit in the time zone of its site', () => {
    const { hit } = hitOf(`${page('https://www.example.com/caf%C3%A9?x=1#top')}&t=Caf%C3%A9&sw=1920&ww=1280&wh=800`);
    expect(hit).toMatchObject({
      kind: 'view',
      site: 'one',
      at: { day: '2026-10-25', hour: '02+' },
      path: '/café',
      title: 'Café',
      language: 'de',
      technology: { browser: 'chrome', version: '142-0', platform: 'windows', device: 'desktop' },
      sizes: { screenWidth: '1600', windowWidth: '1280', windowHeight: '768' },
    });
  });

  it.each<[string, string, Partial<Site>, Partial<BeaconRequest>]>([
    ['unknown-site', 's=two', {}, {}],
    ['unknown-site', '', {}, {}],
    ['unknown-site', 's=__proto__', {}, {}],
    ['prefetch', page('https://example.com/'), {}, { purpose: 'prefetch;prerender' }],
    ['bot', page('https://example.com/'), {}, { userAgent: 'Googlebot/2.1 (+http://www.google.com/bot.html)' }],
    ['bot', page('https://example.com/'), {}, { userAgent: '' }],
    ['excluded-address', page('https://example.com/'), { excludedAddresses: ['192.0.2.0/24'] }, {}],
    ['excluded-address', page('https://example.com/'), { excludedAddresses: ['192.0.2.7'] }, { address: '::ffff:192.0.2.7' }],
    ['excluded-address', page('https://example.com/'), { excludedAddresses: ['2001:db8::/32'] }, { address: '2001:db8::1' }],
    ['excluded-path', page('https://example.com/admin/users'), EXCLUDED, {}],
    ['excluded-path', page('https://example.com/caf%C3%A9?x=1'), EXCLUDED, {}],
    ['excluded-path', 's=one&i=1', EXCLUDED, { referer: 'https://example.com/admin/' }],
    ['excluded-path', `${page('https://example.com/admin/')}&k=p&z=1&x=5`, EXCLUDED, {}],
    ['excluded-path', `${page('https://example.com/admin/')}&k=e&en=bought`, EXCLUDED, {}],
    ['foreign-host', page('https://evil.example/admin/'), EXCLUDED, {}],
    ['foreign-host', page('https://evil.example/'), { excludedAddresses: ['192.0.2.7'] }, {}],
    ['excluded-path', page('https://example.com/admin/'), { ...EXCLUDED, excludedAddresses: ['192.0.2.7'] }, {}],
    ['counted', page('https://example.com/admin'), EXCLUDED, {}],
    ['counted', 's=one', EXCLUDED, {}],
    ['foreign-host', page('https://evil.example/'), {}, {}],
    ['foreign-host', page('https://example.com.evil.example/'), {}, {}],
    ['foreign-host', page('file:///home/me/page.html'), {}, {}],
    ['counted', page('https://any.example/'), { hosts: [] }, {}],
    ['counted', page('https://example.com./'), {}, {}],
    ['counted', page('https://WWW.Example.COM.:8443/'), {}, {}],
    ['counted', page('https://user:secret@example.com/'), {}, {}],
    ['counted', page('https://xn--mller-kva.example./'), { hosts: ['xn--mller-kva.example'] }, {}],
    ['counted', page('https://MÜLLER.example/'), { hosts: ['xn--mller-kva.example'] }, {}],
    ['counted', page('https://shop.example.com./'), { hosts: ['*.example.com'] }, {}],
    ['foreign-host', page('https://example.com..evil.example/'), {}, {}],
    ...LOCAL.map((address): [string, string, Partial<Site>, Partial<BeaconRequest>] => [
      'local-page',
      page(address),
      NO_HOSTS,
      {},
    ]),
    ...LOCAL.map((address): [string, string, Partial<Site>, Partial<BeaconRequest>] => ['foreign-host', page(address), {}, {}]),
    ['local-page', `${page('file:///home/me/a.html')}&k=p&z=1&x=5`, NO_HOSTS, {}],
    ['local-page', `${page('http://localhost/')}&k=e&en=bought`, NO_HOSTS, {}],
    ['local-page', 's=one', NO_HOSTS, { referer: 'http://localhost:5000/draft' }],
    ['counted', 's=one', NO_HOSTS, {}],
    ['counted', 's=one&u=', NO_HOSTS, {}],
    ['counted', page('/about'), NO_HOSTS, {}],
    ['counted', page('example.com:8080/about'), NO_HOSTS, {}],
    ['counted', page('https://8.8.8.8/'), NO_HOSTS, {}],
    ['counted', page('https://localhost.example.com/'), NO_HOSTS, {}],
    ['counted', page('https://my.local.example/'), NO_HOSTS, {}],
    ['counted', page('http://localhost:3000/a'), { hosts: ['localhost'] }, {}],
    ['counted', page('http://127.0.0.1/a'), { hosts: ['example.com', '127.0.0.1'] }, {}],
    ['counted', page('http://[::1]:8080/a'), { hosts: ['[::1]'] }, {}],
    ['counted', page('https://shop.example.com/'), { hosts: ['*.example.com'] }, {}],
    ['foreign-host', page('https://badexample.com/'), { hosts: ['*.example.com'] }, {}],
    ['stale-ping', `${page('https://example.com/')}&k=p&z=86401`, {}, {}],
    ['stale-ping', `${page('https://example.com/')}&k=p`, {}, {}],
    ['counted', `${page('https://example.com/')}&k=p&z=86400`, {}, {}],
    ['bad-event', `${page('https://example.com/')}&k=e`, {}, {}],
    ['counted', `${page('https://example.com/')}&k=e&en=bought&ep={`, {}, {}],
  ])('is %s: %s', (reason, query, changes, more) => expect(reasonOf(query, changes, more)).toBe(reason));

  it.each(LOCAL)('does not store the address of a local page: %s', (address) => {
    const { refused } = parseRequest(request(page(address)), contextOf(NO_HOSTS)) as { refused: object };
    expect(refused).toEqual({ site: 'one', day: '2026-10-25', receivedAtMs: NOW, reason: 'local-page', hits: 1 });
  });

  it('names the host of a foreign page beside the refusal, which does not contain it', () => {
    const parsed = parseRequest(request(page('https://Copy.example/secret')), contextOf());
    expect(parsed).toEqual({ refused: expect.objectContaining({ reason: 'foreign-host' }), foreignHost: 'copy.example' });
    expect(JSON.stringify((parsed as { refused: object }).refused)).not.toContain('copy.example');
    expect(parseRequest(request('s=two'), contextOf())).not.toHaveProperty('foreignHost');
  });

  it('distinguishes paths that are escaped a different number of times, in every field that contains a path', () => {
    const paths = ['/a%20b', '/a%2520b', '/a%252520b', '/100%25', '/100%2525', '/a%2Fb', '/a%252Fb'];
    const read = [
      (path: string) => hitOf(page(`https://example.com${path}`)).hit.path,
      (path: string) => hitOf('s=one', {}, { referer: `https://example.com${path}` }).hit.path,
      (path: string) =>
        previousIn(hitOf(`${page('https://example.com/')}&f=1&n=1&g=2&a=5&q=${encodeURIComponent(path)}`).observations),
      (path: string) =>
        hitOf(`${page('https://example.com/')}&r=${encodeURIComponent(`https://other.example${path}`)}`).hit.referrer.path,
      (path: string) => hitOf(page(`https://example.com/?p=${path.slice(1)}`), { queryParameters: ['p'] }).hit.path,
      (path: string) => hitOf(page(`https://example.com/#${path}`)).hit.path,
    ];
    for (const pathOf of read) expect(new Set(paths.map(pathOf)).size).toBe(paths.length);
  });

  it('gives the parameters of a page one form for each meaning', () => {
    const pathOf = (query: string) => hitOf(page(`https://example.com/s${query}`), { queryParameters: ['q', 'ä'] }).hit.path;
    expect(pathOf('?q=a+b')).toBe('/s?q=a b');
    expect(new Set(['?q=a+b', '?q=a%20b', '?x=1&q=a%20b', '?%71=a+b'].map(pathOf)).size).toBe(1);
    expect(new Set(['?q=a=b', '?q=a%3db', '?q=a%3Db'].map(pathOf)).size).toBe(1);
    expect(new Set(["?q=it's", '?q=it%27s'].map(pathOf)).size).toBe(1);
    expect(new Set(['?q=%EF', '?q=%F0', '?q=%25EF', '?q=100%', '?q=%2B', '?q=%20', '?q=%26'].map(pathOf)).size).toBe(7);
    expect(pathOf('?%C3%A4=1')).toBe('/s?ä=1');
  });

  it('never throws, and never gives a text with control characters', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 80 }));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...'suratnfgqbhkxyz', 'sw', 'ep', 'en'), text),
        text,
        text,
        (fields, agent, referer) => {
          const query = Object.entries(fields)
            .map(([name, value]) => `${name}=${value}`)
            .join('&');
          const parsed = parseRequest(
            request(`s=one&${query}`, { userAgent: `${CHROME} ${agent}`, referer, acceptLanguage: agent, purpose: '' }),
            contextOf({ hosts: [] }),
          );
          if ('refused' in parsed) return;
          const { hit } = parsed;
          const pages = parsed.observations.flatMap((one) => (one.kind === 'step' ? [one.from, one.to] : []));
          for (const value of [hit.path, hit.title, hit.referrer.path, hit.referrer.host, ...pages]) {
            expect([...value].filter((char) => char < ' ')).toEqual([]);
          }
          for (const line of linesOf(parsed).split('\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LINE_BYTES_MAX);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a site that an older version has stored', () => {
  it('excludes neither paths nor referrers', () => {
    const { excludedPaths: _, excludedReferrers: __, ...older } = exampleSite();
    const { isExcludedPath, isExcludedReferrer } = createSiteReader()(older as Site);
    expect([isExcludedPath('/'), isExcludedReferrer('a.example')]).toEqual([false, false]);
    expect(readSite('one', older)).toEqual({ site: exampleSite(), damaged: undefined });
  });
});

describe('a view from an excluded referrer', () => {
  it('is counted as direct', () => {
    const changes = { excludedReferrers: ['pay.example', '*.pay.example', 'com.bank.app', '*.example.com'] };
    const from = (r: string) => hitOf(`${page('https://example.com/')}&r=${encodeURIComponent(r)}`, changes).hit.referrer;
    const direct = { medium: 'direct', source: '', host: '', path: '' };
    for (const r of ['https://www.PAY.example/done', 'http://checkout.pay.example:8080/', 'android-app://com.bank.app/'])
      expect(from(r)).toEqual(direct);
    expect(from('https://notpay.example/')).toMatchObject({ medium: 'other', host: 'notpay.example' });
    expect(from('https://example.com/x')).toMatchObject({ medium: 'internal' });
  });
});

describe('the page of a hit', () => {
  const pathOf = (query: string, changes: Partial<Site> = {}, more: Partial<BeaconRequest> = {}) =>
    hitOf(query, changes, more).hit.path;

  it('is the path with the query parameters that the site lists, in the order of the list', () => {
    expect(pathOf(page('https://example.com/p?id=7&utm_source=x'))).toBe('/p');
    expect(pathOf(page('https://example.com/p?b=2&x=1&a=1'), { queryParameters: ['a', 'b'] })).toBe('/p?a=1&b=2');
  });

  it('has a route only when the tracker sends one', () => {
    expect(pathOf(page('https://example.com/app#/inbox/7'))).toBe('/app#/inbox/7');
    expect(pathOf(page('https://example.com/app#chapter'))).toBe('/app');
  });

  it('is the Referer of a plain pixel, and unknown if that is only an origin', () => {
    expect(pathOf('s=one&i=1', {}, { referer: 'https://example.com/plain' })).toBe('/plain');
    expect(pathOf('s=one', {}, { referer: 'https://example.com/' })).toBe('');
    expect(pathOf('s=one&i=1', {}, { referer: 'https://example.com/' })).toBe('/');
    expect(pathOf('s=one', {}, {})).toBe('');
  });

  it.each(['', 'null', 'undefined', '[object%20Object]', 'about', 'example.com%2Fa', '%3Fa%3Db', '%23%2Fa', '%20%2Fa'])(
    'is the Referer if the sent page is not an address: u=%s',
    (u) => {
      const referer = 'https://example.com/plain';
      expect(pathOf(`s=one&u=${u}`, {}, { referer })).toBe('/plain');
      expect(pathOf(`s=one&u=${u}`, {}, { referer: 'https://example.com/' })).toBe('');
      expect(pathOf(`s=one&u=${u}`, NO_HOSTS)).toBe('');
      expect(pathOf(`s=one&u=${u}`)).toBe('');
      expect(reasonOf(`s=one&u=${u}`, {}, { referer: 'https://evil.example/' })).toBe('foreign-host');
      expect(reasonOf(`s=one&u=${u}`, NO_HOSTS, { referer: 'http://localhost/' })).toBe('local-page');
    },
  );

  it('is only a path if only a path was sent', () => {
    expect(pathOf('s=one&u=/about', NO_HOSTS, { referer: 'https://example.com/plain' })).toBe('/about');
  });
});

describe('the visitor of a hit', () => {
  it('has a first view of the periods since the last view, in the time zone of the site', () => {
    const firsts = (age: number) => {
      const { hit, observations } = hitOf(`${page('https://example.com/')}&f=3&a=${age}&n=2&g=4`);
      return { first: hit.visitor.first, ofHour: presenceIn(observations)?.firstOfHour ?? false };
    };
    // One hour before, it was the same hour of the clock for the first time.
    expect(firsts(3600)).toEqual({ first: '', ofHour: true });
    expect(firsts(60)).toEqual({ first: '', ofHour: false });
    expect(firsts(4 * 3600)).toEqual({ first: 'd', ofHour: true });
    expect(firsts(30 * 86_400)).toEqual({ first: 'm', ofHour: true });
    expect(firsts(400 * 86_400)).toEqual({ first: 'y', ofHour: true });
  });

  it('is new if its record contains no earlier view', () => {
    const { hit, observations } = hitOf(`${page('https://example.com/')}&f=0&n=1&g=1`);
    expect(hit.visitor).toEqual({ record: true, viewsOnly: false, first: 'y', firstOfPage: 'y', entry: true });
    expect(presenceIn(observations)).toMatchObject({ firstEver: true, newlyHere: true, visitClass: 1, sinceClass: -1, weeks: 0 });
    const back = hitOf(`${page('https://example.com/')}&f=0&a=-5&n=1&g=1`);
    expect(back.hit.visitor).toMatchObject({ first: '' });
    expect(presenceIn(back.observations)).toMatchObject({ firstEver: false, firstOfFiveMinutes: false, sinceClass: 0 });
  });

  it('is counted in its cohort by the first view of a week or month, and in its visit class by the first view of a visit', () => {
    const presence = (fields: string) => presenceIn(hitOf(`${page('https://example.com/')}&${fields}`).observations);
    const days = (n: number) => n * 86_400;
    // Sunday, 25 October 2026
    expect(presence(`f=20&a=${days(8)}&n=7&g=1`)).toMatchObject({ weeks: 2, months: -1, visitClass: 6, sinceClass: 7 });
    expect(presence(`f=40&a=${days(30)}&n=2&g=1`)).toMatchObject({ weeks: 5, months: 1, visitClass: 2, sinceClass: 30 });
    expect(presence(`f=20&a=${days(2)}&n=2&g=2`)).toMatchObject({ weeks: -1, months: -1, visitClass: 0, sinceClass: -1 });
    expect(presence(`f=500&a=${days(40)}&n=2&g=1`)).toMatchObject({ weeks: -1, months: -1 });
    expect(presence('f=20&a=0&n=2&g=2')).toBeUndefined(); // it has a view in the same five minutes
  });

  it('has a separate observation for each step of a visit, with its duration', () => {
    const step = (fields: string, at = NOW) =>
      hitOf(`${page('https://example.com/b')}&f=0&${fields}`, {}, { receivedAtMs: at }).observations.find(
        ({ kind }) => kind === 'step',
      );
    const day = '2026-10-25';
    const common = { site: 'one', day, receivedAtMs: Date.parse(day), to: '/b' };
    expect(step('a=60&g=2&q=/a')).toEqual({ kind: 'step', ...common, hour: '02+', seconds: 60, from: '/a', afterEntry: true });
    expect(step('a=0&g=7')).toEqual({ kind: 'step', ...common, hour: '02+', seconds: 0, from: '', afterEntry: false });
    // The clock went back half an hour ago: the last second before that belongs to the first pass of the hour.
    expect(step('a=1799&g=3', NOW - 2000)).toMatchObject({ day, hour: '02', seconds: 1799 });
    for (const none of ['a=60&g=1', 'a=1800&g=2', 'g=2', 'a=60', 'a=x&g=2']) expect(step(none)).toBeUndefined();
  });

  it('has no step from a view before the site was created', () => {
    const made = { createdAtMs: Date.parse('2026-10-24T22:00:00Z') };
    const kinds = (age: number) =>
      hitOf(`${page('https://example.com/')}&f=0&a=${age}&g=2`, made, {
        receivedAtMs: Date.parse('2026-10-24T22:10:00Z'),
      }).observations.map(({ kind }) => kind);
    expect([kinds(500), kinds(900)].map((list) => list.includes('step'))).toEqual([true, false]);
    const young = { createdAtMs: NOW - 150_000 };
    const fields = (age: number) => `${page('https://example.com/')}&f=0&n=1&g=3&a=${age}`;
    const isStepped = (age: number) => hitOf(fields(age), young).observations.some(({ kind }) => kind === 'step');
    expect([150, 210, 211, 1799].map(isStepped)).toEqual([true, true, false, false]);
    expect(hitOf(fields(1799), young).hit.visitor).toMatchObject({ record: true, first: '' });
  });

  it('came from the page before, with the parameters that the site lists if the referrer contains them', () => {
    const previous = (q: string, r: string, queryParameters: string[] = ['id']) => {
      const fields = `f=0&a=9&g=2&q=${encodeURIComponent(q)}&r=${encodeURIComponent(r)}`;
      const { observations } = hitOf(`${page('https://example.com/next')}&${fields}`, { queryParameters });
      return previousIn(observations);
    };
    const before = 'https://www.example.com/caf%C3%A9?id=7&utm_source=x';
    expect(previous('/caf%C3%A9', before)).toBe('/café?id=7');
    expect(previous('/caf%C3%A9', before, [])).toBe('/café');
    // The browser's last page is not the page that led here.
    expect(previous('/other', before)).toBe('/other');
    expect(previous('/caf%C3%A9', 'https://www.example.com/')).toBe('/café');
    expect(previous('/', 'https://other.example/?id=7')).toBe('/');
    for (const none of ['', 'null', 'https://example.com/']) expect(previous(none, before)).toBe('');
  });

  it('begins with its second page if the first one is excluded, and does not contain steps from excluded pages', () => {
    const after = (q: string, g: number) =>
      hitOf(`${page('https://example.com/next')}&f=0&a=9&n=3&g=${g}&q=${encodeURIComponent(q)}`, EXCLUDED);
    const begun = after('/admin/users', 2);
    expect(begun.hit.visitor.entry).toBe(true);
    expect(presenceIn(begun.observations)?.visitClass).toBe(3);
    const later = after('/admin/users', 3);
    expect(later.hit.visitor.entry).toBe(false);
    for (const { observations } of [begun, later]) expect(observations.some(({ kind }) => kind === 'step')).toBe(false);
    expect(previousIn(after('/admin', 2).observations)).toBe('/admin');
  });

  it('has a first view of the page in a year, month or day, by the age of the last view of the page', () => {
    const firstOf = (fields: string) => hitOf(`${page('https://example.com/')}&f=90&${fields}`).hit.visitor.firstOfPage;
    const hours = (n: number) => n * 3600;
    expect(firstOf('a=60')).toBe('y');
    expect(firstOf(`a=60&b=${hours(2)}`)).toBe('');
    expect(firstOf(`a=60&b=${hours(4)}`)).toBe('d');
    expect(firstOf(`a=60&b=${hours(24 * 30)}`)).toBe('m');
    expect(firstOf(`a=60&b=${hours(24 * 300)}`)).toBe('y');
    // A page cannot have been viewed after the last view of all pages.
    expect(firstOf(`a=${hours(4)}&b=60`)).toBe('d');
    expect(hitOf(page('https://example.com/')).hit.visitor.firstOfPage).toBe('');
  });

  it('is marked if only the view may be counted', () => {
    const viewsOnly = (changes: Partial<Site>, signal: boolean) =>
      hitOf(`${page('https://example.com/')}&f=0&a=60&g=2`, changes, { signal });
    expect(viewsOnly({ signals: 'views-only' }, true)).toMatchObject({
      hit: { visitor: { record: false, viewsOnly: true } },
      observations: [],
    });
    const visitor = (signals: Site['signals'], signal: boolean) => viewsOnly({ signals }, signal).hit.visitor;
    expect(visitor('views-only', false)).toMatchObject({ record: true, viewsOnly: false });
    expect(visitor('without-record', true)).toMatchObject({ record: false, viewsOnly: false });
    expect(visitor('ignored', true)).toMatchObject({ record: true, viewsOnly: false });
  });

  it('has a point from its record, or from the keyed hash if there is no record', () => {
    expect(hitOf(`${page('https://example.com/')}&f=0&h=4095.32`).point).toMatchObject({
      sketch: 'first',
      register: 4095,
      rank: 32,
    });
    for (const bad of ['4096.1', '1.0', '1.33', '-1.1', '1', 'x.y', '1.1.1']) {
      expect(hitOf(`${page('https://example.com/')}&f=0&h=${bad}`).point).toBeUndefined();
    }
    const [a, b] = ['192.0.2.7', '192.0.2.8'].map((address) => hitOf(page('https://example.com/'), {}, { address }).point);
    expect(a).toMatchObject({ sketch: 'second', site: 'one', day: '2026-10-25' });
    expect(hitOf(page('https://example.com/other'), {}, { address: '192.0.2.7' }).point).toEqual(a);
    expect(b).not.toEqual(a);
  });

  it('has no record if storage is off or a signal is respected', () => {
    const fields = `${page('https://example.com/')}&f=0&h=1.1`;
    expect(hitOf(fields, { storage: 'none' })).toMatchObject({
      hit: { visitor: { record: false } },
      point: { sketch: 'second' },
    });
    expect(hitOf(fields, {}, { signal: true })).toMatchObject({
      hit: { visitor: { record: false } },
      point: { sketch: 'second' },
    });
    expect(hitOf(fields, { signals: 'views-only' }, { signal: true }).point).toBeUndefined();
    expect(hitOf(fields, { signals: 'ignored' }, { signal: true })).toMatchObject({
      hit: { visitor: { record: true } },
      point: { sketch: 'first' },
    });
  });
});

describe('a ping', () => {
  const ping = (fields: string, changes: Partial<Site> = {}, more: Partial<BeaconRequest> = {}) =>
    hitOf(`${page('https://example.com/a')}&k=p&${fields}`, changes, more);
  const reading = (fields: string) => ping(fields).observations.find(({ kind }) => kind === 'reading');

  it('belongs to the day and hour of its view', () => {
    expect(reading('x=1&z=120')).toMatchObject({ path: '/a', day: '2026-10-25', hour: '02+', seconds: 1 });
    expect(reading('x=1&z=86400')).toMatchObject({ day: '2026-10-24' });
    expect(ping('x=1&z=86400').observations).toContainEqual({
      kind: 'ping',
      site: 'one',
      day: '2026-10-25',
      receivedAtMs: Date.parse('2026-10-25'),
    });
  });

  it('adds what earlier pings have not reported, and whether it is the first ping of its view', () => {
    expect(reading('z=60&x=12&y=40')).toMatchObject({
      ...{ first: true, seconds: 12, secondsClassBefore: 0, secondsClass: 10 },
      ...{ depth: 40, depthClassBefore: 0, depthClass: 25 },
    });
    expect(reading('z=60&x=30&y=80&o=12&d=40')).toMatchObject({
      ...{ first: false, seconds: 18, secondsClassBefore: 10, secondsClass: 30 },
      ...{ depth: 40, depthClassBefore: 25, depthClass: 75 },
    });
    // Pings always report something, so there was no earlier ping.
    expect(reading('z=60&x=3&y=9&o=0&d=0')).toMatchObject({ first: true, seconds: 3 });
  });

  it('never subtracts what earlier pings have reported', () => {
    const nothing = { first: false, seconds: 0, depth: 0 };
    expect(reading('z=60&x=5&y=10&o=12&d=40')).toMatchObject(nothing);
    expect(reading('z=60')).toMatchObject({ ...nothing, first: true });
  });

  it('reports at most the age of the view, and at most an hour', () => {
    expect(reading('z=0&x=86400')).toMatchObject({ seconds: 5, secondsClass: 5 });
    expect(reading('z=60&x=999999&y=300&o=-4&d=x')).toMatchObject({ first: true, seconds: 65, depth: 100 });
    expect(reading('z=86400&x=86400')).toMatchObject({ seconds: 3600, secondsClass: 3600 });
    expect(reading('z=60&x=60&o=86400&d=5')).toMatchObject({ seconds: 0, secondsClassBefore: 60, secondsClass: 60 });
  });

  it('adds at most half an hour if it is not the first ping, because its view may never have been counted', () => {
    const added = { first: false, seconds: 1800, secondsClassBefore: 0, secondsClass: 1800 };
    expect(reading('z=3595&x=3600&d=1&y=1')).toMatchObject(added);
    expect(reading('z=3595&x=3600&o=0&d=100')).toMatchObject(added);
    expect(reading('z=3595&x=3600&o=604&d=99')).toMatchObject({ seconds: 1800, secondsClassBefore: 600, secondsClass: 1800 });
    expect(reading('z=3595&x=2404&o=604')).toMatchObject({ seconds: 1800 });
    // A page that was opened in the background: the first ping reported no reading time.
    expect(reading('z=3595&x=1750&o=0&d=40&y=90')).toMatchObject({ first: false, seconds: 1750, depth: 50 });
    expect(reading('z=3595&x=3595')).toMatchObject({ first: true, seconds: 3595 });
  });

  it('is refused if its view was before the site was created', () => {
    const made = { createdAtMs: Date.parse('2026-10-24T23:00:00Z') };
    expect(reasonOf(`${page('https://example.com/')}&k=p&z=3600`, made)).toBe('counted');
    expect(reasonOf(`${page('https://example.com/')}&k=p&z=43200`, made)).toBe('stale-ping');
  });

  it('is refused if its view was more than a minute before the creation of the site, or on an earlier day', () => {
    const reason = (made: string, z: number) =>
      reasonOf(`${page('https://example.com/')}&k=p&x=9&z=${z}`, { createdAtMs: Date.parse(made) });
    const atNow = '2026-10-25T01:27:30Z'; // 150 seconds before
    expect([150, 210, 211, 3595].map((z) => reason(atNow, z))).toEqual(['counted', 'counted', 'stale-ping', 'stale-ping']);
    const atMidnight = '2026-10-24T22:00:10Z'; // 12,590 seconds before, and ten seconds after midnight in Berlin
    expect([12_590, 12_591, 12_610].map((z) => reason(atMidnight, z))).toEqual(['counted', 'stale-ping', 'stale-ping']);
  });

  it('reports no reading time if only views may be counted', () => {
    const kinds = (changes: Partial<Site>, signal = true) =>
      ping('z=60&x=12', changes, { signal }).observations.map(({ kind }) => kind);
    expect(kinds({ signals: 'views-only' })).toEqual(['ping']);
    expect(kinds({ signals: 'views-only' }, false)).toEqual(['ping', 'reading']);
    expect(kinds({ signals: 'without-record' })).toEqual(['ping', 'reading']);
  });

  it('contains nothing about its visitor', () => {
    const { hit, observations } = ping('x=1&z=1&f=0&a=60&g=2');
    expect(hit).toMatchObject({ kind: 'ping', visitor: { record: false, viewsOnly: false } });
    expect(observations.map(({ kind }) => kind)).toEqual(['ping', 'reading']);
  });
});

describe('hits above the limit of an address or a site', () => {
  it('are refused before any other check', () => {
    const none = { ...contextOf(), allows: () => false };
    const reason = (query: string) => {
      const parsed = parseRequest(request(query, { userAgent: 'Googlebot/2.1' }), none);
      return 'refused' in parsed ? `${parsed.refused.site} ${parsed.refused.reason}` : 'counted';
    };
    expect([reason(page('https://example.com/')), reason('s=none')]).toEqual(['one too-many', '- too-many']);
  });
});
