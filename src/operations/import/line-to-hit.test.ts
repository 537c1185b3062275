import { describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { encode } from '../../counters/codec/codec.js';
import { createFold } from '../../counting/fold.js';
import type { Hit, Point, Refusal } from '../../hit/hit.js';
import type { Site } from '../../hit/site.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { createRangeReader, type ImportSettings } from './line-to-hit.js';

const KEY = '00'.repeat(32);
const RECEIVED_MS = Date.UTC(2026, 10, 21);
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';
const SITE: Site = {
  ...exampleSite,
  timezone: 'America/New_York',
  hosts: ['example.com'],
  excludedAddresses: ['192.0.2.0/28', '2001:db8::/32'],
  excludedPaths: ['/admin/*'],
  excludedReferrers: ['pay.example'],
  queryParameters: ['p'],
};

/** The front is decided for each line, as in a log that was recognised as combined. */
const FORMAT: ImportSettings['format'] = {
  layouts: [{ format: 'combined', places: {}, fields: { usual: { front: 'any', forwarded: false, agentless: false } } }],
};

interface Parts {
  front?: string;
  time?: string;
  request?: string;
  status?: number;
  rest?: string;
}

function line({ front = '198.51.100.7 - -', time = '17/May/2015:10:05:03 +0000', request, status = 200, rest }: Parts = {}) {
  return `${front} [${time}] "${request ?? 'GET /page HTTP/1.1'}" ${status} 5${rest ?? ` "-" "${FIREFOX}"`}`;
}

function readLines(
  lines: readonly string[],
  site: Site = SITE,
  settings: Partial<ImportSettings> = {},
  skipped: Array<[number, number]> = [],
) {
  const [hits, points, refusals]: [Hit[], Point[], Refusal[]] = [[], [], []];
  const fold = {
    observation: () => {},
    hit: (hit: Hit) => void hits.push(hit),
    point: (point: Point) => void points.push(point),
    refusal: (refusal: Refusal) => void refusals.push(refusal),
    imported: () => {},
    deltas: () => [],
  };
  const text = Buffer.from(lines.map((each) => `${each}\n`).join('')).toString('latin1');
  const range = { text, receivedAtMs: RECEIVED_MS, directives: '', skipped };
  const { tally, views } = createRangeReader({ site, key: KEY, format: FORMAT, ...settings })(range, fold);
  return { hits, points, refusals, tally, views };
}

const outcomeOf = (parts: Parts, site?: Site) => {
  const { hits, refusals } = readLines([line(parts)], site);
  return refusals[0]?.reason ?? hits[0]?.path;
};
const referrerOf = (front: string, referrer: string, site?: Site) =>
  readLines([line({ front, rest: ` "${referrer}" "${FIREFOX}"` })], site).hits[0]?.referrer.medium;

describe('a line of a log', () => {
  it('is a view without a record, in the hour of its own time in the zone of the site', () => {
    const { hits, points, tally } = readLines([line({ time: '18/May/2015:01:30:00 -0200' })]);
    expect(hits).toMatchObject([
      {
        kind: 'view',
        site: SITE.id,
        receivedAtMs: RECEIVED_MS,
        atMs: Date.UTC(2015, 4, 18, 3, 30),
        at: { day: '2015-05-17', hour: '23' },
        path: '/page',
        title: '',
        language: 'other',
        referrer: { medium: 'direct' },
        technology: { browser: 'firefox' },
        visitor: { record: false },
        sizes: { screenWidth: 'unknown' },
      },
    ]);
    expect(points).toMatchObject([{ site: SITE.id, day: '2015-05-17', receivedAtMs: RECEIVED_MS, sketch: 'second' }]);
    expect(tally).toEqual({
      lines: 1,
      counted: 1,
      refused: {},
      notTaken: {},
      firstDay: '2015-05-17',
      lastDay: '2015-05-17',
      hosts: new Map(),
    });
  });

  it.each<[string, Parts, string]>([
    ['a page', {}, '/page'],
    ['a page that has not changed', { status: 304 }, '/page'],
    ['a part of a page', { status: 206 }, '/page'],
    ['a query that the site does not list', { request: 'GET /page?a=b HTTP/1.1' }, '/page'],
    ['a query that the site lists', { request: 'GET /page?a=b&p=7 HTTP/1.1' }, '/page?p=7'],
    ['a listed query that ends like a file', { request: 'GET /page?p=a.pdf HTTP/1.1' }, '/page?p=a.pdf'],
    ['a fragment', { request: 'GET /page#/part HTTP/1.1' }, '/page'],
    ['an escaped path', { request: 'GET /%C3%A4 HTTP/1.1' }, '/ä'],
    ['another method', { request: 'HEAD / HTTP/1.1' }, 'method'],
    ['no request', { request: '-', status: 408 }, 'method'],
    ['a redirect', { status: 301 }, 'status'],
    ['an error', { status: 404 }, 'status'],
    ['an asset', { request: 'GET /a.css?v=2 HTTP/1.1' }, 'asset'],
    ['a feed', { request: 'GET /blog/feed/ HTTP/1.1' }, 'not-a-page'],
    ['an API, by a whole address', { request: 'GET http://example.com/wp-json/wp/v2/posts HTTP/1.1' }, 'not-a-page'],
    ['an API, with escapes', { request: 'GET /%77p-json/x HTTP/1.1' }, 'not-a-page'],
    ['a feed by its query', { request: 'GET /?feed=rss2 HTTP/1.1' }, 'not-a-page'],
    ['a time in the future', { time: '21/Nov/2026:02:00:00 +0000' }, 'future-line'],
    ['a time slightly in the future', { time: '21/Nov/2026:00:59:00 +0000' }, '/page'],
    ['an asset with an escaped ending', { request: 'GET /a%2Ejs HTTP/1.1' }, 'asset'],
    ['an excluded address', { front: '192.0.2.9 - -' }, 'excluded-address'],
    ['an excluded address of IPv6', { front: '2001:db8::9 - -' }, 'excluded-address'],
    ['an excluded path', { request: 'GET /%61dmin/users?a=b HTTP/1.1' }, 'excluded-path'],
    ['a program', { rest: ' "-" "Googlebot/2.1"' }, 'bot'],
    ['a program without a name', { rest: ' "-" "-"' }, 'bot'],
    ['the common format, which has no agents', { rest: '' }, '/page'],
    ['a host of the site', { front: 'www.Example.com:443 198.51.100.7 - -' }, '/page'],
    ['another host', { front: 'example.org:443 198.51.100.7 - -' }, 'foreign-host'],
    ['a request to a proxy', { request: 'GET http://example.org/ HTTP/1.1' }, 'foreign-host'],
    ['a whole address of the site', { request: 'GET http://example.com/page HTTP/1.1' }, '/page'],
  ])('is judged: %s', (_, parts, outcome) => expect(outcomeOf(parts)).toBe(outcome));

  it('is left out for the first reason that applies', () => {
    const all: Parts = {
      front: '192.0.2.9 - -',
      request: 'POST http://example.org/a.css HTTP/1.1',
      status: 404,
      rest: ' "-" "Googlebot/2.1"',
    };
    const steps: Parts[] = [
      {},
      { request: 'GET http://example.org/a.css HTTP/1.1' },
      { status: 200 },
      { request: 'GET http://example.org/ HTTP/1.1' },
      { request: 'GET / HTTP/1.1' },
      { front: '198.51.100.7 - -' },
    ];
    let parts = all;
    const outcomes = steps.map((step) => {
      parts = { ...parts, ...step };
      return outcomeOf(parts);
    });
    expect(outcomes).toEqual(['method', 'status', 'asset', 'foreign-host', 'excluded-address', 'bot']);
  });

  it('that cannot be read counts on the day of the line before, of the first line of its range, or of the import', () => {
    const days = (lines: string[]) => readLines(lines).refusals.map(({ reason, day, hits }) => [reason, day, hits]);
    const [first, third] = ['17/May/2015:12:00:00 +0000', '19/May/2015:12:00:00 +0000'].map((time) => line({ time })) as [
      string,
      string,
    ];
    expect(days(['?', '', first, '!', third, '!'])).toEqual([
      ['unreadable-line', '2015-05-17', 2],
      ['unreadable-line', '2015-05-17', 1],
      ['unreadable-line', '2015-05-19', 1],
    ]);
    expect(days(['?', '?'])).toEqual([['unreadable-line', '2026-11-20', 2]]);
  });

  it('has an internal referrer if its host is one of the site, or the one in the log, and none that is excluded', () => {
    const anyHost = { ...SITE, hosts: [] };
    const [plain, vhost] = ['198.51.100.7 - -', 'www.example.org:80 198.51.100.7 - -'];
    expect(referrerOf(plain, 'https://www.example.com/a')).toBe('internal');
    expect(referrerOf(plain, 'https://example.org/a')).toBe('other');
    expect(referrerOf(plain, 'https://www.pay.example/a')).toBe('direct');
    expect(referrerOf(vhost, 'https://www.pay.example/a', anyHost)).toBe('direct');
    expect(referrerOf(vhost, 'https://example.org/a', anyHost)).toBe('internal');
    expect(referrerOf(plain, 'https://example.org/a', anyHost)).toBe('other');
  });

  it('gives a visitor one point a day, from address and agent', () => {
    const other = ` "-" "${FIREFOX.replaceAll('143', '142')}"`;
    const points = readLines([
      line(),
      line({ request: 'GET /b HTTP/1.1', time: '17/May/2015:20:00:00 +0000' }),
      line({ rest: other }),
      line({ front: '198.51.100.8 - -' }),
      line({ front: 'crawl.example.net - -' }),
      line({ front: 'other.example.net - -' }),
      line({ time: '18/May/2015:20:00:00 +0000' }),
    ]).points.map(({ register, rank }) => `${register}.${rank}`);
    expect(points[1]).toBe(points[0]);
    expect(new Set(points).size).toBe(6);
  });

  it('is counted the same way whenever it is read, and whatever lines surround it', () => {
    const lines = [line(), '?', line({ status: 404 }), line({ request: 'GET /b HTTP/1.1' })];
    const read = createRangeReader({ site: SITE, key: KEY, format: FORMAT });
    const foldOf = (text: string) => {
      const fold = createFold(DOCUMENT_KINDS);
      read({ text, receivedAtMs: RECEIVED_MS, directives: '', skipped: [] }, fold);
      return fold.deltas().map(({ collection, id, counters }) => [collection, id, encode(counters).toString('hex')]);
    };
    const text = lines.map((each) => `${each}\n`).join('');
    const first = foldOf(text);
    foldOf(`${line({ time: '01/Jan/2014:00:00:00 +0000' })}\n`);
    expect(foldOf(text)).toEqual(first);
    expect(first.map(([collection]) => collection)).toContain('traffic.2015.late2026');
  });

  it('is left out for its day before anything else, and so are unreadable lines after it', () => {
    const days = { from: '2015-05-16', until: '2015-05-20', without: [{ from: '2015-05-18', to: '2015-05-19' }] };
    const lines = [15, 16, 17, 18, 19, 20, 21].flatMap((day) => [line({ time: `${day}/May/2015:12:00:00 +0000` }), '?']);
    const { tally, hits, refusals, views } = readLines(lines, SITE, { days });
    expect(tally).toMatchObject({
      lines: 14,
      counted: 3,
      refused: { 'unreadable-line': 3 },
      notTaken: { 'earlier-day': 2, 'counted-by-tool': 4, 'later-day': 2 },
      firstDay: '2015-05-16',
      lastDay: '2015-05-20',
    });
    expect(hits.map(({ at }) => at.day)).toEqual(['2015-05-16', '2015-05-17', '2015-05-20']);
    expect(refusals.map(({ day }) => day)).toEqual(['2015-05-16', '2015-05-17', '2015-05-20']);
    expect(views).toEqual({ '2015-05-16': 1, '2015-05-17': 1, '2015-05-20': 1 });
  });

  it('is left out if it lies in a part that another log has counted', () => {
    const lines = [0, 1, 2, 3].map((n) => line({ request: `GET /${n} HTTP/1.1` }));
    const length = (lines[0] as string).length + 1;
    const { tally, hits } = readLines(lines, SITE, {}, [[length, 3 * length]]);
    expect(tally).toMatchObject({ lines: 4, counted: 2, notTaken: { 'counted-before': 2 } });
    expect(hits.map(({ path }) => path)).toEqual(['/0', '/3']);
  });

  it('is tallied by host if the site has none, whatever the host is called', () => {
    const named = ['a.example', 'www.a.example', 'b.example'].map((host) => line({ front: `${host} 198.51.100.7 - -` }));
    const anyHost = { ...SITE, hosts: [] };
    const hostsIn = (lines: readonly string[], site: Site) => Object.fromEntries(readLines(lines, site).tally.hosts);
    expect(hostsIn(named, anyHost)).toEqual({ 'a.example': 2, 'b.example': 1 });
    expect(hostsIn(named, SITE)).toEqual({});
    const odd = [line({ request: 'GET http://__proto__/ HTTP/1.1' })];
    expect(readLines(odd, anyHost).tally.hosts).toEqual(new Map([['__proto__', 1]]));
    const many = Array.from({ length: 100 }, (_, n) => line({ front: `h${n}.example 198.51.100.7 - -` }));
    expect(readLines(many, anyHost).tally.hosts.size).toBe(20);
  });

  it('has the visitor whose address a proxy passed on, also for excluded addresses', () => {
    const format = (forwarded: boolean): ImportSettings['format'] => ({
      layouts: [{ format: 'nginx-main', places: {}, fields: { usual: { front: 'any', forwarded, agentless: false } } }],
    });
    const end = (addresses: string) => ` "-" "${FIREFOX}" "${addresses}"`;
    const lines = [line({ rest: end('192.0.2.9') }), line({ rest: end('198.51.100.9, 10.0.0.1') }), line({ rest: end('-') })];
    expect(readLines(lines, SITE, { format: format(true) }).tally.refused).toEqual({ 'excluded-address': 1 });
    expect(readLines(lines, SITE, { format: format(false) }).tally.refused).toEqual({});
    const points = readLines(lines, SITE, { format: format(true) }).points.map(({ register, rank }) => `${register}.${rank}`);
    const alone = readLines([line(), line({ front: '198.51.100.9 - -' })]).points.map(
      ({ register, rank }) => `${register}.${rank}`,
    );
    expect(points).toEqual(alone.reverse());
  });
});
