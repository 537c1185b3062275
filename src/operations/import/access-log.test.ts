import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLineScanner } from './access-log.js';
import { isAsset } from './assets.js';
import { emptyLine } from './formats/log-line.js';

const scan = createLineScanner();
const read = (line: string) => {
  const into = emptyLine();
  const text = Buffer.from(line).toString('latin1'); // as the importer reads: a character for each byte
  return scan(text, 0, text.length, into) ? into : undefined;
};
const line = (changes: { front?: string; time?: string; request?: string; rest?: string } = {}) => {
  const {
    front = '192.0.2.1 - -',
    time = '17/May/2015:10:05:03 +0000',
    request = 'GET / HTTP/1.1',
    rest = ' 200 5 "-" "Agent"',
  } = changes;
  return `${front} [${time}] "${request}"${rest}`;
};

describe('a line of an access log', () => {
  it.each([
    [
      'combined',
      line(),
      {
        address: '192.0.2.1',
        atMs: Date.UTC(2015, 4, 17, 10, 5, 3),
        method: 'GET',
        target: '/',
        status: 200,
        referrer: '',
        agent: 'Agent',
        hasAgent: true,
      },
    ],
    ['combined without an agent', line({ rest: ' 200 5 "-" "-"' }), { agent: '', hasAgent: true }],
    ['common', line({ rest: ' 404 -' }), { status: 404, referrer: '', agent: '', hasAgent: false }],
    ['common, without a length', line({ rest: ' 404' }), { status: 404 }],
    ['with Windows line ends', line({ rest: ' 404 -\r' }), { status: 404 }],
    ['with more fields', line({ rest: ' 200 5 "-" "Agent" "192.0.2.9" 0.003' }), { agent: 'Agent' }],
    ['with the host in front', line({ front: 'Example.com:443 192.0.2.1 - -' }), { host: 'example.com', address: '192.0.2.1' }],
    ['of an IPv6 address', line({ front: '2001:db8::1 - -' }), { host: '', address: '2001:db8::1' }],
    ['of a host name', line({ front: 'crawl.example.net - -' }), { address: 'crawl.example.net' }],
    ['of a user with spaces', line({ front: '192.0.2.1 - some body' }), { address: '192.0.2.1' }],
    [
      'of a user with brackets',
      line({ front: '192.0.2.1 - a [b] [17/May/2014:10:05:03 +0000] \\"' }),
      { atMs: Date.UTC(2015, 4, 17, 10, 5, 3) },
    ],
    [
      'with a host without a port in front',
      line({ front: 'Example.com 192.0.2.1 - -' }),
      { host: 'example.com', address: '192.0.2.1' },
    ],
    ['with localhost in front', line({ front: 'localhost:8080 ::1 - -' }), { host: 'localhost', address: '::1' }],
    [
      'with a host after the address',
      line({ front: '192.0.2.1 www.example.com - -' }),
      { host: 'www.example.com', address: '192.0.2.1' },
    ],
    ['with a dash in place of the host', line({ front: '- 192.0.2.1 - -' }), { host: '', address: '192.0.2.1' }],
    [
      'with a host name as visitor',
      line({ front: 'example.com dsl.example.net - -' }),
      { host: 'example.com', address: 'dsl.example.net' },
    ],
    ['with a list of addresses', line({ front: '203.0.113.7, 10.0.0.1 - -' }), { host: '', address: '203.0.113.7' }],
    ['with a list without spaces', line({ front: '10.0.0.1,203.0.113.7 - -' }), { host: '', address: '203.0.113.7' }],
    ['with a list in quotes', line({ front: '"203.0.113.7, 10.0.0.1" - -' }), { address: '203.0.113.7' }],
    [
      'with a host and a list',
      line({ front: 'example.com:80 203.0.113.7, 10.0.0.1 - -' }),
      { host: 'example.com', address: '203.0.113.7' },
    ],
    [
      'with ports after address and host',
      line({ front: '192.0.2.1:11111 vhost1.example.com:22222 - -' }),
      { host: 'vhost1.example.com', address: '192.0.2.1' },
    ],
    ['without an address', line({ front: '- - -' }), { host: '', address: '' }],
    ['with a port after an IPv6 address', line({ front: '[2001:db8::1]:443 - -' }), { host: '', address: '2001:db8::1' }],
    ['with a port after the address', line({ front: '192.0.2.1:50123 - -' }), { host: '', address: '192.0.2.1' }],
    ['of a leap second', line({ time: '30/Jun/2015:23:59:60 +0000' }), { atMs: Date.UTC(2015, 6, 1) }],
    ['of another time zone', line({ time: '17/May/2015:10:05:03 -0730' }), { atMs: Date.UTC(2015, 4, 17, 17, 35, 3) }],
    [
      'with escapes',
      line({ rest: ' 200 5 "http://a/\\"x\\"" "A \\\\ \\x22 \\xc3\\xa4"' }),
      { referrer: 'http://a/"x"', agent: 'A \\ " ä' },
    ],
    ['with raw UTF-8', line({ request: 'GET /ä HTTP/1.1' }), { target: '/ä' }],
    ['without a request', line({ request: '-' }), { method: '', target: '' }],
    ['with a garbage request', line({ request: '\\x16\\x03\\x01' }), { method: '', target: '' }],
    ['with a request without a protocol', line({ request: 'GET /p0?a=b' }), { method: 'GET', target: '/p0?a=b' }],
    ['with a whole address without a protocol', line({ request: 'GET https://a/b' }), { method: 'GET', target: 'https://a/b' }],
    ['with a word and a path', line({ request: 'HELLO /p0' }), { method: '', target: '' }],
    ['with a method and no path', line({ request: 'GET p0' }), { method: '', target: '' }],
    ['with spaces in the target', line({ request: 'GET /a b HTTP/1.1' }), { method: 'GET', target: '/a b' }],
  ])('is read: %s', (_, text, expected) => expect(read(text)).toMatchObject(expected));

  it('keeps bytes that are not UTF-8 as latin1', () => {
    const text = line({ request: 'GET /\xe9 HTTP/1.1' });
    const into = emptyLine();
    expect(scan(text, 0, text.length, into)).toBe(true);
    expect(into.target).toBe('/é');
  });

  it.each([
    '',
    '-',
    'no log at all',
    line({ time: '32/May/2015:10:05:03 +0000' }),
    line({ time: '17/Mai/2015:10:05:03 +0000' }),
    line({ time: '17/May/2015:10:05:99 +0000' }),
    line({ time: '17/May/2015:10:05:0: +0000' }),
    line({ time: '17/May/2015:10:05:03_+0000' }),
    line({ time: '17/May/0015:10:05:03 +0000' }),
    line({ rest: ' 20x 5' }),
    line({ rest: ' 2000 5' }),
    line({ rest: '_200 5' }),
    line({ rest: ' 200 5 "-" "cut' }),
    line().slice(0, 50),
  ])('is not read from other text: %j', (text) => expect(read(text)).toBeUndefined());

  it('returns the fields from which it was written', () => {
    const part = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed().replace(/[\n\r]/g, ''));
    const quoted = (text: string) => text.replace(/[\\"]/g, '\\$&');
    const target = part.map((text) => `/${text.replaceAll(' ', '')}`);
    fc.assert(
      fc.property(
        target,
        part,
        part,
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.integer({ min: 100, max: 599 }),
        (target, referrer, agent, seconds, status) => {
          const [, month, day, year, time] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(
            new Date(seconds * 1000).toUTCString(),
          ) as unknown as string[];
          const text = line({
            time: `${month}/${day}/${year}:${time} +0000`,
            request: `GET ${quoted(target)} HTTP/1.1`,
            rest: ` ${status} 5 "${quoted(referrer) || '-'}" "${quoted(agent) || '-'}"`,
          });
          const none = (text: string) => (text === '-' ? '' : text);
          expect(read(text)).toMatchObject({
            atMs: seconds * 1000,
            status,
            target,
            referrer: none(referrer),
            agent: none(agent),
          });
        },
      ),
    );
  });

  it.each([
    ['no bracket', ''],
    ['no end of its request', line({ request: 'GET' }).slice(0, 50)],
    ['backslashes', `${line().slice(0, 45)}${'\\'.repeat(50)}`],
  ])('takes the same time however many lines follow it: %s', (_, bad) => {
    const text = `${bad}\n`.repeat(4_000_000 / (bad.length + 1));
    const into = emptyLine();
    const began = performance.now();
    for (let start = 0; start < text.length; start += bad.length + 1) scan(text, start, start + bad.length, into);
    expect(performance.now() - began).toBeLessThan(5000); // 4 MB; a search to the end from each line would take minutes
  });

  it('never throws and never reads beyond its end, for any bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(line(), '"', '[', ']', '\\', ' ')), { maxLength: 8 }),
        fc.nat(80),
        (parts, cut) => {
          const text = Buffer.from(parts.join('')).toString('latin1');
          const end = Math.max(0, text.length - cut);
          const [whole, alone] = [emptyLine(), emptyLine()];
          const read = scan(text, 0, end, whole);
          expect(scan(text.slice(0, end), 0, end, alone)).toBe(read);
          if (read) expect(whole).toEqual(alone);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('an asset', () => {
  it.each([
    ['/style.css', true],
    ['/favicon.ico', true],
    ['/robots.txt', true],
    ['/files/a.JPG', true],
    ['/report.pdf', true],
    ['/', false],
    ['/page.html', false],
    ['/index.php', false],
    ['/v1.2/notes', false],
    ['/what.is.this', false],
  ])('is recognised by its extension: %s is one: %s', (path, asset) => expect(isAsset(path)).toBe(asset));
});
