// Requests that reach a public beacon, and their outcomes. There are three outcomes: the request is counted (under a page,
// with some of its parts), it is answered with the GIF and refused for a reason, or it is not a request to the beacon and
// Node's HTTP layer refuses it.
import { gzipSync } from 'node:zlib';
import type { Hit, NotCounted } from '../../src/hit/hit.js';
import { PERSON, type SiteChanges } from '../end-to-end/running.js';

type PartOf<T> = { readonly [K in keyof T]?: T[K] extends object | undefined ? PartOf<T[K]> : T[K] };

export type Outcome =
  /** Views by path as the API returns them, and parts of the last hit as the journal contains it. */
  | {
      readonly counted: Readonly<Record<string, number>>;
      readonly hit?: PartOf<Hit>;
      readonly observation?: Readonly<Record<string, unknown>>;
    }
  /** `onNoSite`: the reason is recorded under no site, because none was recognised. */
  | { readonly refused: NotCounted; readonly times?: number; readonly onNoSite?: true }
  /** Nothing is counted, not even in the tally. */
  | { readonly status: number };

export interface Input {
  readonly what: string;
  /** Requests, each over a connection of its own. */
  readonly send: ReadonlyArray<(site: string) => Buffer>;
  readonly site?: Omit<SiteChanges, 'id'>;
  readonly becomes: Outcome;
}

const row = (what: string, send: Input['send'][number] | Input['send'], becomes: Outcome, site?: Input['site']): Input => ({
  what,
  send: typeof send === 'function' ? [send] : send,
  becomes,
  ...(site === undefined ? {} : { site }),
});

type Headers = Readonly<Record<string, string>>;
const BROWSER: Headers = { Host: '127.0.0.1', 'User-Agent': PERSON, Connection: 'close' };

/** Latin-1: one character per byte. */
const bytes = (text: string) => Buffer.from(text, 'latin1');
const head = (first: string, headers: Headers) =>
  `${first} HTTP/1.1\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

/** `query` follows the site: `u=…`. */
const get =
  (query: string, headers: Headers = {}) =>
  (site: string) =>
    bytes(head(`GET /a.gif?s=${site}&${query}`, { ...BROWSER, ...headers }));
const method =
  (name: string, headers: Headers = {}) =>
  (site: string) =>
    bytes(head(`${name} /a.gif?s=${site}&${page('/')}`, { ...BROWSER, ...headers }));
const post =
  (body: (site: string) => string | Buffer, headers: Headers = {}) =>
  (site: string) => {
    const content = Buffer.from(body(site));
    return Buffer.concat([
      bytes(head('POST /a.gif', { ...BROWSER, 'Content-Length': String(content.length), ...headers })),
      content,
    ]);
  };
const raw = (text: string) => (site: string) => bytes(text.replaceAll('SITE', site));

const ORIGIN = 'https://x.example';
/** An address as the tracker sends it: the browser's `location.href`, escaped once more. */
const page = (path: string) => `u=${encodeURIComponent(ORIGIN + path)}`;
const address = (whole: string) => `u=${encodeURIComponent(whole)}`;
const event = (name: string, properties: string) =>
  `k=e&${page('/')}&en=${encodeURIComponent(name)}&ep=${encodeURIComponent(properties)}`;
const title = (text: string) => `${page('/')}&t=${encodeURIComponent(text)}`;

/** A view of one page, under this path. */
const view = (path: string, hit?: PartOf<Hit>): Outcome => ({ counted: { [path]: 1 }, ...(hit === undefined ? {} : { hit }) });
const root = (hit: PartOf<Hit>): Outcome => view('/', hit);
/** The request is counted, but not as a view. */
const noView = (hit: PartOf<Hit>): Outcome => ({ counted: {}, hit });
const refused = (reason: NotCounted): Outcome => ({ refused: reason });
const noSite = (times = 1): Outcome => ({ refused: 'unknown-site', times, onNoSite: true });
const http = (status: number): Outcome => ({ status });
/** Paths of one word each. */
const words = (...list: string[]) => list.map((word) => get(address(`/${word}`)));
const each = (...list: string[]): Outcome => ({ counted: Object.fromEntries(list.map((word) => [`/${word}`, 1])) });

const EMOJI = '😀';
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the point that nobody fills it in
const TEMPLATE = '{{7*7}} ${7*7} <%= 7*7 %>';
const NFC = '/caf\u00e9';
const NFD = '/cafe\u0301';
const NO_RECORD = { visitor: { record: false } } as const;

/** The inputs by their numbers. Letters mark variants. */
export const INPUTS: Readonly<Record<string, Input>> = {
  // addresses and paths
  1: row('a truncated escape', get(page('/%E0%A4%A')), view('/%E0%A4%A')),
  '1b': row('a truncated escape in an address that is not escaped itself', get(`u=${ORIGIN}/%E0%A4%A`), view('/%E0%A4%A')),
  2: row('a lone percent sign', get(page('/100%')), view('/100%')),
  '2b': row('a lone percent sign, not escaped', get(`u=${ORIGIN}/100%`), view('/100%')),
  3: row('a NUL in a path stays escaped', get(page('/a%00b')), view('/a%00b')),
  4: row('overlong UTF-8 is not decoded', get(page('/%C0%AF')), view('/%C0%AF')),
  5: row('ISO-8859-1 is not decoded', get(page('/caf%E9')), view('/caf%E9')),
  6: row('half of a surrogate pair, escaped', get(page('/%ED%A0%80')), view('/%ED%A0%80')),
  '6b': row('half of a surrogate pair, as bytes', get(`u=${ORIGIN}/\xed\xa0\x80`), http(400)),
  '6c': row("bytes beyond ASCII in the request line, which Node's parser refuses", get(`u=${ORIGIN}/caf\xc3\xa9`), http(400)),
  7: row('a query of 64 kB', get(page(`/${'a'.repeat(65_536)}`)), http(431)),
  8: row('a path of 8,000 characters is truncated at 512', get(page(`/${'a'.repeat(8000)}`)), view(`/${'a'.repeat(511)}`)),
  '8b': row(
    'a path of emoji is truncated at 1,024 bytes, never within a code point',
    post((site) => `s=${site}&u=${ORIGIN}/${EMOJI.repeat(600)}`),
    view(`/${EMOJI.repeat(255)}`),
  ),
  '8c': row(
    'an address beyond 8,192 characters is truncated between characters, and still read as an address',
    get(page(`/${encodeURIComponent(EMOJI.repeat(600))}`)),
    view(`/${EMOJI.repeat(255)}`),
    { hosts: ['x.example'] },
  ),
  9: row('an address without a path is the home page', get(page('')), view('/')),
  '9b': row('an address with a query and no path is the home page, too', get(page('?a=b')), view('/')),
  10: row('a path like a host name', get(page('//evil.example')), view('//evil.example')),
  11: row('a path with `..` is text', get(page('/../../etc/passwd')), view('/../../etc/passwd')),
  12: row('dots and double slashes remain as the browser sent them', get(page('/a/./b//c')), view('/a/./b//c')),
  13: row('an empty parameter 490 times', get(page(`/?${'utm_source=&'.repeat(490)}`)), view('/')),
  14: row(
    'a field of the beacon 1,000 times, of which the first is read',
    get(`${page('/first')}${'&u=other'.repeat(1000)}`),
    view('/first'),
  ),
  '14b': row(
    'more than 40 fields, of which the rest is not read',
    raw(
      `GET /a.gif?${Array.from({ length: 41 }, (_, n) => `z${n}=&`).join('')}s=SITE HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    ),
    noSite(),
  ),
  15: row('a click id of 1 kB', get(page(`/shop?ttclid=${'E.C.P.'.repeat(170)}`)), view('/shop')),
  16: row(
    'the address of a search engine with nested escapes',
    get(`${page('/')}&r=${encodeURIComponent('http://www.baidu.com/link?url=%25E4%25B8%25AD&wd=%u4E2D&eqid=%')}`),
    root({ referrer: { medium: 'search', source: 'Baidu', host: 'baidu.com', path: '/link' } }),
  ),
  17: row('a bar, not escaped', get(`u=${ORIGIN}/a|b`), view('/a|b')),
  '17b': row('a space, not escaped, which ends the address', get(`u=${ORIGIN}/a b`), http(400)),
  '17c': row('plus and %20 are spaces', [get(`u=${ORIGIN}/a+b`), get(`u=${ORIGIN}/a%20b`)], { counted: { '/a b': 2 } }),
  18: row('a fragment of 5 kB', get(page(`/#${'f'.repeat(5000)}`)), view('/')),
  '18b': row('a fragment that is a route', get(page('/app#/settings')), view('/app#/settings')),
  19: row('a host that is not a valid IDN', get(address('http://xn--a/p')), view('/p')),
  20: row('half of an IPv6 address', get(address('http://[::1')), view('/')),
  21: row('an invalid port', get(address('http://x.example:99999/p')), view('/p')),
  22: row('a script is not a web page', get(address('javascript:alert(1)')), refused('local-page')),
  '22b': row('a script is not on a host of the site', get(address('javascript:alert(1)')), refused('foreign-host'), {
    hosts: ['x.example'],
  }),
  23: row('a data address is not a web page', get(address('data:text/html,<script>1</script>')), refused('local-page')),
  24: row('a file is not a web page', get(address('file:///etc/passwd')), refused('local-page')),
  '24b': row(
    "a page on somebody's own computer is not a web page",
    get(address('http://localhost:3000/secret')),
    refused('local-page'),
  ),
  '24c': row('a page on localhost is counted if the site lists that host', get(address('http://LOCALHOST:3000/a')), view('/a'), {
    hosts: ['localhost'],
  }),
  25: row('a line break remains escaped', get(page('/%0d%0aSet-Cookie:%20a=b')), view('/%0D%0ASet-Cookie: a=b')),
  '25b': row('a tab and a line break, escaped once', get(`u=${ORIGIN}/a%09b%0ac`), view('/a%09b%0Ac')),
  26: row('a right-to-left override', get(page(encodeURI('/\u202efdp.exe'))), view('/\u202efdp.exe')),
  27: row(
    'paths that look the same are different pages',
    ['/ab', '/a\u200bb', '/\u0430b'].map((path) => get(page(encodeURI(path)))),
    {
      counted: { '/ab': 1, '/a\u200bb': 1, '/\u0430b': 1 },
    },
  ),
  28: row(
    'composed and decomposed letters are different pages, as for a web server',
    [NFC, NFD].map((path) => get(page(encodeURI(path)))),
    {
      counted: { [NFC]: 1, [NFD]: 1 },
    },
  ),
  29: row(
    '1,000 accents on one letter',
    post((site) => `s=${site}&u=${ORIGIN}/a${'\u0301'.repeat(1000)}`),
    view(`/a${'\u0301'.repeat(510)}`),
  ),
  30: row('an emoji', get(page(encodeURI('/🎉'))), view('/🎉')),

  // keys
  31: row('__proto__', words('__proto__', '/__proto__'), each('__proto__', '/__proto__')),
  '31b': row(
    'words that are not an address are an unknown page',
    ['__proto__', 'constructor', 'null', '$inc', '0'].map((word) => get(address(word))),
    { counted: { '': 5 } },
  ),
  32: row(
    "names of every object's properties",
    words('constructor', 'prototype', 'toString', 'hasOwnProperty'),
    each('constructor', 'prototype', 'toString', 'hasOwnProperty'),
  ),
  33: row('dots', words('a.b.c', 'a.b', 'a'), each('a.b.c', 'a.b', 'a')),
  34: row('operators of a query language', words('$where', '$inc', '$'), each('$where', '$inc', '$')),
  '34b': row(
    'an operator as the name of an event',
    get(event('$inc', '{"$set":"1"}')),
    noView({ event: { name: '$inc', properties: [['$set', '1']] } }),
  ),
  35: row('a key that begins with NUL', get('u=/%00key'), view('/%00key')),
  36: row(
    'keys of our own counters',
    words('_id', 'w', 'k', 'v', 'r', 'f', 'x', 'p', 't'),
    each('_id', 'w', 'k', 'v', 'r', 'f', 'x', 'p', 't'),
  ),
  37: row(
    'numbers in different notations are different pages',
    words('0', '-1', '01', '1', '1e3', '1000'),
    each('0', '-1', '01', '1', '1e3', '1000'),
  ),
  38: row('"other" and "unknown" are ordinary pages', words('other', 'unknown'), each('other', 'unknown')),
  39: row(
    'paths that are equal after truncation are one page',
    [get(page(`/${'a'.repeat(600)}b`)), get(page(`/${'a'.repeat(600)}c`))],
    {
      counted: { [`/${'a'.repeat(511)}`]: 2 },
    },
  ),
  40: row('an event without a name', get(event('', '{}')), refused('bad-event')),
  '40b': row('an event with a name of spaces and control characters only', get(event(' \t\0 ', '{}')), refused('bad-event')),
  41: row('properties that are a list are ignored', get(event('e', '[1,2]')), noView({ event: { name: 'e', properties: [] } })),
  '41b': row(
    'properties that are not JSON are ignored',
    get(event('e', '{"a":')),
    noView({ event: { name: 'e', properties: [] } }),
  ),
  '41c': row(
    'a property that is an object is ignored',
    get(event('e', '{"a":{"$ne":1},"b":true}')),
    noView({ event: { name: 'e', properties: [['b', 'true']] } }),
  ),
  42: row(
    'an operator in the name of the site field',
    raw('GET /a.gif?s[$ne]=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    noSite(),
  ),
  43: row('two sites, of which the first is read', get(`s=bystander&${page('/')}`), view('/')),
  44: row(
    'a site id of 10 kB',
    raw(`GET /a.gif?s=${'a'.repeat(10_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    noSite(),
  ),
  '44b': row(
    "an invalid site id: the id of another site's document",
    raw('GET /a.gif?s=bystander:2026-01 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    noSite(),
  ),
  '44c': row('a site id in capitals', raw('GET /a.gif?s=BYSTANDER HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), noSite()),
  '44d': row('a site id with a NUL', raw('GET /a.gif?s=bystander%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), noSite()),
  '44e': row('__proto__ as the site', raw('GET /a.gif?s=__proto__ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), noSite()),
  '44f': row(
    'constructor as the site, which is a valid id',
    raw('GET /a.gif?s=constructor HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    noSite(),
  ),
  '44g': row('no query at all', raw('GET /a.gif HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), noSite()),
  45: row(
    '300 sites that do not exist',
    Array.from({ length: 300 }, (_, n) => raw(`GET /a.gif?s=none-${n} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)),
    noSite(300),
  ),
  // 46, a deleted site: see test/end-to-end/deleting.test.ts.
  47: row('NaN as the age of a record means no record', get(`${page('/')}&f=NaN`), root(NO_RECORD)),
  '47b': row('Infinity', get(`${page('/')}&f=Infinity`), root(NO_RECORD)),
  '47c': row('1e309', get(`${page('/')}&f=1e309`), root(NO_RECORD)),
  '47d': row(
    '-0 is read as 0, because the clock may have been set back',
    get(`${page('/')}&f=-0&a=-5`),
    root({ visitor: { record: true, first: '', firstOfPage: 'y', entry: false } }),
  ),
  '47e': row('1e-400', get(`${page('/')}&f=1e-400`), root(NO_RECORD)),
  '47f': row('2^53 + 1', get(`${page('/')}&f=9007199254740993`), root(NO_RECORD)),
  '47g': row(
    'numbers that are too large are limited',
    get(`${page('/')}&f=99999&a=999999999999&n=999999999999&g=5000000`),
    root({ visitor: { record: true, first: 'y', firstOfPage: 'y', entry: false } }),
  ),
  '47h': row('a ping with a huge reading time', get(`k=p&${page('/')}&z=60&x=999999999&y=1e9`), {
    counted: {},
    observation: { kind: 'reading', first: true, seconds: 65, depth: 0 },
  }),
  '47i': row('a ping of a view two days ago', get(`k=p&${page('/')}&z=172800&x=5`), refused('stale-ping')),
  '47j': row('a ping with an invalid age of its view', get(`k=p&${page('/')}&z=NaN&x=5`), refused('stale-ping')),
  '47k': row(
    'a point outside the sketch is ignored',
    ['4096.1', '0.0', '0.33', '-1.1', '1', '1.1.1', '١.١'].map((h) => get(`${page('/')}&f=0&h=${encodeURIComponent(h)}`)),
    {
      counted: { '/': 7 },
    },
  ),
  // 48, counters beyond 2^53: see src/counters/merge.test.ts. No request adds more than 86,400 to a counter.
  49: row(
    'JSON 200 levels deep',
    get(event('e', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)),
    noView({ event: { name: 'e', properties: [] } }),
  ),
  '49b': row(
    'lists 30,000 levels deep',
    post((site) => `s=${site}&k=e&en=e&ep=${'['.repeat(30_000)}`),
    noView({ event: { name: 'e', properties: [] } }),
  ),
  50: row(
    'a property twice, of which the last is used',
    get(event('e', '{"a":1,"a":2}')),
    noView({ event: { name: 'e', properties: [['a', '2']] } }),
  ),
  51: row(
    'a property __proto__ that is an object is ignored',
    get(event('e', '{"__proto__":{"admin":true}}')),
    noView({ event: { name: 'e', properties: [] } }),
  ),
  '51b': row(
    'a property __proto__ that is a text is counted like any other',
    get(event('e', '{"__proto__":"x"}')),
    noView({ event: { name: 'e', properties: [['__proto__', 'x']] } }),
  ),

  // headers
  52: row(
    'no user agent, which every browser sends',
    raw(`GET /a.gif?s=SITE&${page('/')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    refused('bot'),
  ),
  53: row(
    'a user agent of 15 kB is truncated',
    get(page('/'), { 'User-Agent': `${PERSON} ${'x'.repeat(15_000)}` }),
    root({ technology: { browser: 'firefox' } }),
  ),
  '53b': row('a user agent of 17 kB', get(page('/'), { 'User-Agent': `${PERSON} ${'x'.repeat(17_000)}` }), http(431)),
  54: row(
    'a user agent with 500 spaces',
    get(page('/'), { 'User-Agent': `${PERSON}${' '.repeat(500)}x` }),
    root({ technology: { browser: 'firefox' } }),
  ),
  55: row(
    'a user agent of markup',
    get(page('/'), { 'User-Agent': `Mozilla/5.0 "><img onerror=alert(1)> <script>` }),
    root({ technology: { browser: 'other', platform: 'other', device: 'other' } }),
  ),
  56: row('a Referer of markup is an unknown page', get('i=1', { Referer: '"><svg onload=alert(1)>' }), view('')),
  '56a': row(
    'markup in a Referer is text',
    get('i=1', { Referer: '/"><svg onload=alert(1)>' }),
    view('/"><svg onload=alert(1)>'),
  ),
  '56b': row(
    'a referrer of markup is ignored',
    get(`${page('/')}&r=${encodeURIComponent('"><svg onload=alert(1)>')}`),
    root({ referrer: { medium: 'direct', host: '' } }),
  ),
  '56c': row('a Referer that is only an origin is an unknown page', get('', { Referer: `${ORIGIN}/` }), { counted: { '': 1 } }),
  57: row(
    "a referrer of the page's own host",
    get(`${page('/')}&r=${encodeURIComponent(`${ORIGIN}/before`)}`),
    root({ referrer: { medium: 'internal', host: '' } }),
  ),
  58: row(
    'an app as the referrer',
    get(`${page('/')}&r=${encodeURIComponent('android-app://com.google.android.gm/')}`),
    root({ referrer: { medium: 'mail', source: 'Gmail' } }),
  ),
  '58b': row(
    'a referrer with an incomplete escape',
    get(`${page('/')}&r=${encodeURIComponent('https://a.example/%')}`),
    root({ referrer: { host: 'a.example', path: '/%' } }),
  ),
  59: row(
    'X-Forwarded-For of an untrusted client is ignored',
    get(page('/'), { 'X-Forwarded-For': '8.8.8.8' }),
    refused('excluded-address'),
    { excludedAddresses: ['127.0.0.1'] },
  ),
  '59b': row('X-Forwarded-For cannot claim an excluded address', get(page('/'), { 'X-Forwarded-For': '8.8.8.8' }), view('/'), {
    excludedAddresses: ['8.8.8.8'],
  }),
  '59c': row('1,000 addresses in X-Forwarded-For', get(page('/'), { 'X-Forwarded-For': '10.0.0.1, '.repeat(1000) }), view('/'), {
    excludedAddresses: ['10.0.0.1'],
  }),
  '59e': row('an excluded path, escaped in another way', get(page('/%61dmin/x')), refused('excluded-path'), {
    excludedPaths: ['/admin/*'],
  }),
  '59d': row('garbage in X-Forwarded-For', get(page('/'), { 'X-Forwarded-For': ',,;"\'<>\xff' }), view('/')),
  60: row('Forwarded is not read', get(page('/'), { Forwarded: 'for="[::1]";host=evil' }), view('/')),
  61: row('Do Not Track: counted without the record', get(`${page('/')}&f=3&a=60`, { DNT: '1' }), root(NO_RECORD)),
  '61b': row(
    'Global Privacy Control: only the view is counted',
    get(`${page('/')}&f=3&a=60`, { 'Sec-GPC': '1' }),
    root(NO_RECORD),
    {
      signals: 'views-only',
    },
  ),
  '61c': row(
    'Do Not Track on a site that ignores it',
    get(`${page('/')}&f=3&a=60`, { DNT: '1' }),
    root({ visitor: { record: true, first: '' } }),
    {
      signals: 'ignored',
    },
  ),
  62: row('a prefetched page', get(page('/'), { Purpose: 'prefetch' }), refused('prefetch')),
  '62b': row('a prerendered page', get(page('/'), { 'Sec-Purpose': 'prefetch;prerender' }), refused('prefetch')),
  63: row('a page prefetched by Firefox', get(page('/'), { 'X-Moz': 'prefetch' }), refused('prefetch')),
  64: row('languages of 4 kB', get(page('/'), { 'Accept-Language': `de,${'en;q=0.1,'.repeat(400)}` }), root({ language: 'de' })),
  '64b': row('a header that wants no language', get(page('/'), { 'Accept-Language': '*;q=0' }), root({ language: 'other' })),
  65: row('cookies of 8 kB are not read', get(page('/'), { Cookie: `_hitherto_x=${'1'.repeat(8000)}` }), root(NO_RECORD)),
  66: row('the host of another site, with a port', get(page('/'), { Host: 'bystander.example:9' }), view('/')),
  '66b': row(
    'an absolute address, as for a proxy',
    raw(`GET http://x/a.gif?s=SITE&${page('/')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    http(404),
  ),
  '66c': row('no Host header', raw(`GET /a.gif?s=SITE&${page('/')} HTTP/1.1\r\nConnection: close\r\n\r\n`), http(400)),
  67: row(
    'a body with both Content-Length and Transfer-Encoding',
    post((site) => `s=${site}`, { 'Transfer-Encoding': 'chunked' }),
    http(400),
  ),
  '67b': row(
    'a body with two different lengths',
    raw('POST /a.gif HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\ns=SITE'),
    http(400),
  ),
  '67c': row(
    'a length that is not a number',
    raw('POST /a.gif HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\ns=SITE'),
    http(400),
  ),
  '67d': row(
    'a chunk without a length',
    raw('POST /a.gif HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\ns=SITE\r\n0\r\n\r\n'),
    http(400),
  ),
  '67e': row(
    'a body in chunks',
    (site) => {
      const chunks = [...`s=${site}&u=/a`].map((letter) => `1\r\n${letter}\r\n`).join('');
      return bytes(`${head('POST /a.gif', { ...BROWSER, 'Transfer-Encoding': 'chunked' })}${chunks}0\r\n\r\n`);
    },
    view('/a'),
  ),
  68: row(
    'Expect: 100-continue',
    post((site) => `s=${site}&${page('/')}`, { Expect: '100-continue' }),
    view('/'),
  ),
  '68b': row('an unknown expectation', get(page('/'), { Expect: 'the-unexpected' }), http(417)),
  69: row('HTTP/0.9, which has no headers and so no user agent', raw('GET /a.gif?s=SITE\r\n\r\n'), refused('bot')),
  '69b': row('an invalid method', method('FOO'), http(400)),
  '69c': row('TRACE', method('TRACE'), { refused: 'method', onNoSite: true }),
  '69d': row('DELETE', method('DELETE'), { refused: 'method', onNoSite: true }),
  '69e': row('bytes that are not HTTP', raw('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'), http(400)),
  70: row('HEAD', method('HEAD'), { refused: 'method', onNoSite: true }),
  71: row(
    'a preflight request',
    method('OPTIONS', { Origin: 'https://x.example', 'Access-Control-Request-Method': 'POST' }),
    http(204),
  ),
  72: row(
    'a compressed body is never unpacked',
    post(() => gzipSync(Buffer.alloc(10_000_000)), { 'Content-Encoding': 'gzip' }),
    noSite(),
  ),
  73: row(
    'a truncated compressed body is not unpacked',
    post((site) => gzipSync(`s=${site}&${page('/')}`).subarray(0, 30), { 'Content-Encoding': 'gzip' }),
    noSite(),
  ),
  74: row(
    'a body in UTF-16',
    post((site) => Buffer.from(`s=${site}&${page('/')}`, 'utf16le')),
    noSite(),
  ),
  '74b': row(
    'the content type of a body is ignored',
    post((site) => `s=${site}&${page('/')}`, { 'Content-Type': 'multipart/form-data; charset=utf-7' }),
    view('/'),
  ),
  75: row(
    'a body of exactly 64 KB',
    post((site) => `s=${site}&${page('/')}&t=`.padEnd(65_536, 'x')),
    root({ title: 'x'.repeat(256) }),
  ),
  '75b': row(
    'a body of 64 KB and one byte',
    post((site) => `s=${site}&${page('/')}&t=`.padEnd(65_537, 'x')),
    { refused: 'too-large', onNoSite: true },
  ),
  '75c': row(
    'an empty body',
    post(() => ''),
    noSite(),
  ),
  76: row(
    'a conditional request is never answered with "not modified"',
    get(page('/'), { 'If-None-Match': '*', 'If-Modified-Since': 'Fri, 20 Nov 2037 00:00:00 GMT' }),
    view('/'),
  ),

  // sizes, times, titles
  77: row(
    'a screen of 99,999,999 pixels',
    get(`${page('/')}&sw=99999999&wh=-1`),
    root({ sizes: { screenWidth: 'unknown', windowHeight: 'unknown' } }),
  ),
  78: row(
    'sizes that are not whole numbers',
    get(`${page('/')}&sw=1.5&ww=0x10&wh=${encodeURIComponent('１２')}`),
    root({ sizes: { screenWidth: 'unknown', windowWidth: 'unknown', windowHeight: 'unknown' } }),
  ),
  79: row('an unknown language', get(page('/'), { 'Accept-Language': 'zz-ZZ-x-private' }), root({ language: 'other' })),
  80: row(
    "the visitor's clock is ignored",
    get(`${page('/')}&time=0&ts=4102444800000`, { Date: 'Thu, 01 Jan 1970 00:00:00 GMT' }),
    view('/'),
  ),
  // 81 and 82, ids of hits: hits have no ids.
  83: row('the same request twice is two views', [get(page('/')), get(page('/'))], { counted: { '/': 2 } }),
  84: row(
    'a title of 60 kB is truncated',
    post((site) => `s=${site}&${page('/')}&t=${'t'.repeat(60_000)}`),
    root({ title: 't'.repeat(256) }),
  ),
  85: row(
    'a title that a spreadsheet would run is text',
    get(title('=HYPERLINK("http://evil","x")')),
    root({ title: '=HYPERLINK("http://evil","x")' }),
  ),
  86: row(
    'other titles that a spreadsheet would run',
    ['+1', '-1', '@SUM(A1)', '＝1'].map((text) => get(title(text))),
    { counted: { '/': 4 }, hit: { title: '＝1' } },
  ),
  '86b': row('a tab at the beginning of a title is dropped', get(title('\t=1')), root({ title: '=1' })),
  87: row(
    'a title that would end a script element',
    get(title('</script><script>alert(1)</script>')),
    root({ title: '</script><script>alert(1)</script>' }),
  ),
  '87b': row(
    'a title with control characters and half a surrogate is not decoded',
    get(`${page('/')}&t=a%00b%0d%0ac%E2%80%A8d%ED%A0%80`),
    root({ title: 'a%00b%0d%0ac%E2%80%A8d%ED%A0%80' }),
  ),
  '87c': row('a title with control characters', get(`${page('/')}&t=a%00b%0d%0ac%E2%80%A8d`), root({ title: 'a b  c d' })),
  88: row('a title that a template would run', get(title(TEMPLATE)), root({ title: TEMPLATE })),
  89: row('a campaign with separators', get(page('/?utm_source=a%2Cb;c&x=1')), view('/?utm_source=a%2Cb%3Bc'), {
    queryParameters: ['utm_source'],
  }),

  // connections
  x1: row(
    'three requests in one packet',
    (site) =>
      Buffer.concat([
        ...['/1', '/2'].map((path) =>
          bytes(head(`GET /a.gif?s=${site}&${page(path)}`, { ...BROWSER, Connection: 'keep-alive' })),
        ),
        get(page('/3'))(site),
      ]),
    each('1', '2', '3'),
  ),
  x2: row(
    'a request to upgrade to a WebSocket',
    get(page('/'), { Connection: 'Upgrade, close', Upgrade: 'websocket' }),
    view('/'),
  ),
  x3: row('a line break in a header', raw('GET /a.gif?s=SITE HTTP/1.1\r\nHost: x\r\nUser-Agent: a\rb\r\n\r\n'), http(400)),
  x4: row(
    'a path with `..` that leads to the beacon',
    raw('GET /a.gif/../a.gif?s=SITE HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    http(404),
  ),
};
