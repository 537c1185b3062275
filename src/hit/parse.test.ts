import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSiteReader } from './measured.js';
import { type BeaconRequest, type Surroundings, parseRequest } from './parse.js';
import type { Site } from './site.js';

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const NOW = Date.parse('2026-10-25T01:30:00Z'); // Berlin: the second pass of 02 o'clock

function site(changes: Partial<Site> = {}): Site {
  return {
    id: 'one',
    title: 'One',
    timezone: 'Europe/Berlin',
    hosts: ['example.com'],
    excludedAddresses: [],
    queryParameters: [],
    storage: 'record',
    signals: 'without-record',
    createdAtMs: 0,
    ...changes,
  };
}

function surroundings(changes: Partial<Site> = {}): Surroundings {
  const measured = createSiteReader()(site(changes));
  return { site: (id) => (id === 'one' ? measured : undefined), salt: (day) => Buffer.from(day) };
}

function request(query: string, changes: Partial<BeaconRequest> = {}): BeaconRequest {
  return {
    query,
    userAgent: CHROME,
    referer: '',
    acceptLanguage: 'de-DE,de;q=0.9',
    brands: '',
    mobile: '',
    platform: '',
    purpose: '',
    signal: false,
    address: '192.0.2.7',
    receivedAtMs: NOW,
    ...changes,
  };
}

const page = (address: string) => `s=one&u=${encodeURIComponent(address)}`;
const hitOf = (query: string, changes: Partial<Site> = {}, more: Partial<BeaconRequest> = {}) => {
  const parsed = parseRequest(request(query, more), surroundings(changes));
  if ('refused' in parsed) throw new Error(`refused: ${parsed.refused.reason}`);
  return parsed;
};
const reasonOf = (query: string, changes: Partial<Site> = {}, more: Partial<BeaconRequest> = {}) => {
  const parsed = parseRequest(request(query, more), surroundings(changes));
  return 'refused' in parsed ? parsed.refused.reason : 'counted';
};

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
    ['foreign-host', page('https://evil.example/'), {}, {}],
    ['foreign-host', page('https://example.com.evil.example/'), {}, {}],
    ['foreign-host', page('file:///home/me/page.html'), {}, {}],
    ['counted', page('https://any.example/'), { hosts: [] }, {}],
    ['counted', page('https://shop.example.com/'), { hosts: ['*.example.com'] }, {}],
    ['foreign-host', page('https://badexample.com/'), { hosts: ['*.example.com'] }, {}],
    ['stale-ping', `${page('https://example.com/')}&k=p&z=86401`, {}, {}],
    ['stale-ping', `${page('https://example.com/')}&k=p`, {}, {}],
    ['counted', `${page('https://example.com/')}&k=p&z=86400`, {}, {}],
    ['bad-event', `${page('https://example.com/')}&k=e`, {}, {}],
    ['counted', `${page('https://example.com/')}&k=e&en=bought&ep={`, {}, {}],
  ])('is %s: %s', (reason, query, changes, more) => expect(reasonOf(query, changes, more)).toBe(reason));

  it('never throws and never lets a control character into a text, whatever comes', () => {
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
            surroundings({ hosts: [] }),
          );
          const { hit } = 'hit' in parsed ? parsed : { hit: undefined };
          for (const value of [hit?.path, hit?.title, hit?.referrer.path, hit?.referrer.host, hit?.visitor.previousPath]) {
            expect([...(value ?? '')].filter((char) => char < ' ')).toEqual([]);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the page of a hit', () => {
  const pathOf = (query: string, changes: Partial<Site> = {}, more: Partial<BeaconRequest> = {}) =>
    hitOf(query, changes, more).hit.path;

  it('is the path, and of the query what the site lists, in the order of its list', () => {
    expect(pathOf(page('https://example.com/p?id=7&utm_source=x'))).toBe('/p');
    expect(pathOf(page('https://example.com/p?b=2&x=1&a=1'), { queryParameters: ['a', 'b'] })).toBe('/p?a=1&b=2');
  });

  it('has a route only when the tracker sends one', () => {
    expect(pathOf(page('https://example.com/app#/inbox/7'))).toBe('/app#/inbox/7');
    expect(pathOf(page('https://example.com/app#chapter'))).toBe('/app');
  });

  it('is the Referer for a plain pixel, and unknown when that is only an origin', () => {
    expect(pathOf('s=one&i=1', {}, { referer: 'https://example.com/plain' })).toBe('/plain');
    expect(pathOf('s=one', {}, { referer: 'https://example.com/' })).toBe('');
    expect(pathOf('s=one&i=1', {}, { referer: 'https://example.com/' })).toBe('/');
    expect(pathOf('s=one', {}, {})).toBe('');
  });
});

describe('the visitor of a hit', () => {
  it('is a first of what the age of the last view says, in the zone of the site', () => {
    const visitor = (age: number) => hitOf(`${page('https://example.com/')}&f=3&a=${age}&n=2&g=4`).hit.visitor;
    // 3,600 s before: the first pass of the same hour of the clock
    expect(visitor(3600)).toMatchObject({ record: true, firstOfHour: true, firstOfDay: false });
    expect(visitor(60)).toMatchObject({ firstOfHour: false, firstOfDay: false });
    expect(visitor(4 * 3600)).toMatchObject({ firstOfHour: true, firstOfDay: true, firstOfMonth: false, firstOfYear: false });
    expect(visitor(30 * 86_400)).toMatchObject({ firstOfDay: true, firstOfMonth: true, firstOfYear: false, firstEver: false });
    expect(visitor(400 * 86_400)).toMatchObject({ firstOfYear: true });
  });

  it('is new when its record knows of no view before', () => {
    expect(hitOf(`${page('https://example.com/')}&f=0&n=1&g=1`).hit.visitor).toMatchObject({
      firstEver: true,
      firstOfYear: true,
      ageSeconds: -1,
    });
    expect(hitOf(`${page('https://example.com/')}&f=0&a=-5`).hit.visitor).toMatchObject({ firstEver: false, ageSeconds: 0 });
  });

  it('is taken back to the view before within the visit', () => {
    const refersTo = (fields: string) => hitOf(`${page('https://example.com/')}&f=0&${fields}`).hit.refersTo;
    expect(refersTo('a=60&g=2')).toEqual({ day: '2026-10-25', hour: '02+', minute: '25' });
    expect(refersTo('a=0&g=7')).toEqual({ day: '2026-10-25', hour: '02+', minute: '30' });
    // the clock went back half an hour before: this is the last of the first pass
    expect(hitOf(`${page('https://example.com/')}&f=0&a=1799&g=3`, {}, { receivedAtMs: NOW - 2000 }).hit.refersTo).toEqual({
      day: '2026-10-25',
      hour: '02',
      minute: '55',
    });
    for (const none of ['a=60&g=1', 'a=1800&g=2', 'g=2', 'a=60', 'a=x&g=2']) expect(refersTo(none)).toBeUndefined();
  });

  it('came from the page before, with the parameters that the site lists where the referrer tells them', () => {
    const previous = (q: string, r: string, queryParameters: string[] = ['id']) =>
      hitOf(`${page('https://example.com/next')}&f=0&a=9&g=2&q=${encodeURIComponent(q)}&r=${encodeURIComponent(r)}`, {
        queryParameters,
      }).hit.visitor.previousPath;
    const before = 'https://www.example.com/caf%C3%A9?id=7&utm_source=x';
    expect(previous('/caf%C3%A9', before)).toBe('/café?id=7');
    expect(previous('/caf%C3%A9', before, [])).toBe('/café');
    // the last page of this browser was another one than the one that led here
    expect(previous('/other', before)).toBe('/other');
    expect(previous('/caf%C3%A9', 'https://www.example.com/')).toBe('/café');
    expect(previous('/', 'https://other.example/?id=7')).toBe('/');
    expect(previous('', before)).toBe('');
  });

  it('is a first of the page’s year, month or day by when the browser last viewed it', () => {
    const firstOf = (fields: string) => hitOf(`${page('https://example.com/')}&f=90&${fields}`).hit.visitor.firstOfPage;
    const hours = (n: number) => n * 3600;
    expect(firstOf('a=60')).toBe('y');
    expect(firstOf(`a=60&b=${hours(2)}`)).toBe('');
    expect(firstOf(`a=60&b=${hours(4)}`)).toBe('d');
    expect(firstOf(`a=60&b=${hours(24 * 30)}`)).toBe('m');
    expect(firstOf(`a=60&b=${hours(24 * 300)}`)).toBe('y');
    // no page was viewed after the last view of all
    expect(firstOf(`a=${hours(4)}&b=60`)).toBe('d');
    expect(hitOf(page('https://example.com/')).hit.visitor.firstOfPage).toBe('');
  });

  it('says when nothing but the view may be counted', () => {
    const viewsOnly = (changes: Partial<Site>, signal: boolean) =>
      hitOf(`${page('https://example.com/')}&f=0&a=60&g=2`, changes, { signal }).hit;
    expect(viewsOnly({ signals: 'views-only' }, true)).toMatchObject({
      visitor: { record: false, viewsOnly: true },
      refersTo: undefined,
    });
    expect(viewsOnly({ signals: 'views-only' }, false).visitor).toMatchObject({ record: true, viewsOnly: false });
    expect(viewsOnly({ signals: 'without-record' }, true).visitor).toMatchObject({ record: false, viewsOnly: false });
    expect(viewsOnly({ signals: 'ignored' }, true).visitor).toMatchObject({ record: true, viewsOnly: false });
  });

  it('has a point from its record, and from the keyed hash without one', () => {
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

  it('has no record when storage is off or a signal is heeded', () => {
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
  const ping = (fields: string) => hitOf(`${page('https://example.com/a')}&k=p&${fields}`).hit;

  it('belongs to the view that was so long before', () => {
    expect(ping('x=1&z=120')).toMatchObject({
      kind: 'ping',
      path: '/a',
      refersTo: { day: '2026-10-25', hour: '02+', minute: '25' },
    });
    expect(ping('x=1&z=86400').refersTo?.day).toBe('2026-10-24');
  });

  it('tells what is new of its view, and whether it is the first to', () => {
    const told = (fields: string) => ping(`z=60&${fields}`).engagement;
    expect(told('x=12&y=40')).toEqual({ first: true, engagedSeconds: 12, engagedBefore: 0, scrollPercent: 40, scrollBefore: 0 });
    expect(told('x=30&y=80&o=12&d=40')).toEqual({
      first: false,
      engagedSeconds: 18,
      engagedBefore: 12,
      scrollPercent: 80,
      scrollBefore: 40,
    });
    // nothing was told before but that there was nothing
    expect(told('x=3&y=0&o=0&d=0')).toMatchObject({ first: false, engagedSeconds: 3, engagedBefore: 0 });
  });

  it('never takes back what was told, whatever it says', () => {
    const told = (fields: string) => ping(`z=60&${fields}`).engagement;
    expect(told('x=5&y=10&o=12&d=40')).toMatchObject({
      engagedSeconds: 0,
      engagedBefore: 12,
      scrollPercent: 40,
      scrollBefore: 40,
    });
    expect(told('x=999999&y=300&o=-4&d=x')).toEqual({
      first: false,
      engagedSeconds: 86_400,
      engagedBefore: 0,
      scrollPercent: 100,
      scrollBefore: 0,
    });
    expect(told('')).toEqual({ first: true, engagedSeconds: 0, engagedBefore: 0, scrollPercent: 0, scrollBefore: 0 });
  });

  it('tells nothing where nothing but views may be counted', () => {
    const told = (changes: Partial<Site>, signal = true) =>
      hitOf(`${page('https://example.com/a')}&k=p&z=60&x=12`, changes, { signal }).hit;
    const nothing = { kind: 'ping', refersTo: undefined, engagement: undefined };
    expect(told({ signals: 'views-only' })).toMatchObject(nothing);
    expect(told({ signals: 'views-only' }, false).engagement).toBeDefined();
    expect(told({ signals: 'without-record' }).engagement).toBeDefined();
  });

  it('says nothing of its visitor', () => {
    expect(ping('x=1&z=1&f=0&a=60&g=2')).toMatchObject({ visitor: { record: false, viewsOnly: false } });
  });
});
