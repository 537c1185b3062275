import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { apacheZoned, logOf, type Request, WRITERS, type Writer } from '../../../../test/fixtures/logs.js';
import { emptyLine, type LogLine } from './log-line.js';
import { createLogReader } from './reader.js';
import { recognise, Unrecognised } from './recognise.js';

const PLACE = { timezone: 'UTC' };
const HINTS = { isOwnHost: (host: string) => /^(?:www\.)?example\.com$/.test(host), timezone: 'UTC' };
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';
const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36';

/** One character for each byte, as the importer reads. */
const linesOf = (text: string) => Buffer.from(text).toString('latin1').split('\n').slice(0, -1);

function read(
  text: string,
  format?: string,
): { recognition: ReturnType<typeof recognise>; lines: LogLine[]; unreadable: number } {
  const lines = linesOf(text);
  const recognition = recognise(lines, HINTS, format);
  const reader = createLogReader(recognition.recognised, PLACE);
  const found: LogLine[] = [];
  let unreadable = 0;
  for (const line of lines) {
    const into = emptyLine();
    const outcome = reader(line, 0, line.length, into);
    if (outcome === 'request') found.push(into);
    if (outcome === 'unreadable') unreadable++;
  }
  return { recognition, lines: found, unreadable };
}

const request = (changes: Partial<Request> = {}): Request => ({
  atMs: Date.UTC(2026, 2, 17, 8, 1, 15),
  address: '203.0.113.7',
  host: 'www.example.com',
  method: 'GET',
  target: '/page?a=b',
  status: 200,
  referrer: 'https://www.example.org/a/b',
  agent: FIREFOX,
  ...changes,
});

const REQUESTS: readonly Request[] = [
  request(),
  request({ atMs: Date.UTC(2026, 2, 17, 8, 1, 16), target: '/', referrer: '', address: '198.51.100.9' }),
  request({ host: 'example.com', address: '2001:db8::7', target: '/%C3%A4/style.css', agent: CHROME }),
  request({ method: 'POST', status: 302, host: 'example.org', target: '/form' }),
  request({ status: 404, target: '/wp-login.php', agent: 'curl/8.5.0', referrer: '' }),
  request({ atMs: Date.UTC(2026, 11, 31, 23, 59, 59), target: '/a+b%20c?q=1&r=2' }),
];

/** The fields that a reader should find in this format. */
function expected(
  { whole, without = [], format }: Writer,
  { atMs, address, host, method, target, status, referrer, agent }: Request,
) {
  const no = (what: 'host' | 'referrer' | 'agent') => without.includes(what);
  const decoded = format === 'w3c' ? target.replace(/\+(?=[^?]*\?)/, '%20') : target;
  return {
    atMs,
    address,
    host: no('host') || whole ? '' : host,
    method,
    target: whole ? expect.stringContaining(`//${host}:`) : decoded,
    status,
    referrer: no('referrer') ? '' : referrer,
    agent: no('agent') ? '' : agent,
    hasAgent: !no('agent'),
  };
}

const bySecond = (line: LogLine) => ({ ...line, atMs: Math.floor(line.atMs / 1000) * 1000 });

describe.each(WRITERS.map((writer) => [writer.title, writer] as const))('a log as of %s', (_, writer) => {
  it('is recognised, and all fields are read', () => {
    const { recognition, lines, unreadable } = read(logOf(writer, REQUESTS));
    expect(recognition.recognised.layouts.map(({ format }) => format)).toEqual([writer.format]);
    expect(recognition).toMatchObject({ lines: REQUESTS.length, fitting: REQUESTS.length });
    expect(lines.map(bySecond)).toEqual(REQUESTS.map((one) => expected(writer, one)));
    expect(unreadable).toBe(0);
  });

  it('is recognised among broken lines, remarks and lines of another format, and by a byte order mark', () => {
    const log = logOf(writer, REQUESTS);
    const broken = REQUESTS.map((one) => `${writer.write(one).slice(0, 30)}\n?\n`).join('');
    const { recognition, lines } = read(`\ufeff# a remark\n${log}${broken}\x1b[31m\0\n`);
    expect(recognition.recognised.layouts[0]?.format).toBe(writer.format);
    expect(lines.length).toBe(REQUESTS.length);
  });

  it('is read in the same way when the user chooses its format', () => {
    const { lines } = read(logOf(writer, REQUESTS), writer.format);
    expect(lines.map(bySecond)).toEqual(REQUESTS.map((one) => expected(writer, one)));
  });

  it('is read in the same way from the envelopes of syslog and Docker', () => {
    if (writer.head !== undefined || writer.write(request()).startsWith('Feb')) return;
    for (const wrap of ENVELOPES) {
      const { recognition, lines } = read(REQUESTS.map((one) => `${wrap(writer.write(one))}\n`).join(''));
      expect(recognition.recognised.layouts[0]?.format).toBe(writer.format);
      expect(lines.map(bySecond)).toEqual(REQUESTS.map((one) => expected(writer, one)));
    }
  });

  it('has the fields from which it was written', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_~.'), minLength: 1, maxLength: 12 });
    const any = fc.record({
      atMs: fc.integer({ min: 946_684_800, max: 4_102_444_800 }).map((seconds) => seconds * 1000),
      address: fc
        .oneof(fc.ipV4(), fc.constantFrom('2001:db8::1', '2001:db8:0:1::2'))
        .filter((address) => !/^(?:0|10|100|127|169|172|192|2[2-5]\d)\./.test(address)),
      host: fc.constantFrom('www.example.com', 'example.com', 'shop.example.org'),
      method: fc.constantFrom('GET', 'POST', 'HEAD'),
      target: fc
        .tuple(fc.array(text, { maxLength: 3 }), fc.option(text, { nil: '' }))
        .map(([parts, query]) => `/${parts.join('/')}${query && `?q=${query}`}`),
      status: fc.constantFrom(200, 206, 301, 304, 404, 500),
      referrer: fc.oneof(
        fc.constant(''),
        text.map((path) => `https://www.example.net/${path}`),
      ),
      agent: fc.constantFrom(
        FIREFOX,
        CHROME,
        'curl/8.5.0',
        'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'.replace('+', ''),
      ),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (more) => {
        const requests = [...REQUESTS, ...more];
        const { lines } = read(logOf(writer, requests));
        expect(lines.map(bySecond)).toEqual(requests.map((one) => expected(writer, one)));
      }),
      { numRuns: 25 },
    );
  });
});

const ENVELOPES: ReadonlyArray<(line: string) => string> = [
  (line) => `May 17 10:05:03 web1 nginx: ${line}`,
  (line) => `<134>May  7 10:05:03 web1 server[123]: ${line}`,
  (line) => `2026-03-17T08:01:15.123456+00:00 web1 nginx: ${line}`,
  (line) => `<134>1 2026-03-17T08:01:15.123Z web1 nginx 8710 - - ${line}`,
  (line) => `${JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-03-17T08:01:15.123Z' })}`,
  (line) => `2026-03-17T08:01:15.123456789Z stdout F ${line}`,
  (line) => `web-1  | ${line}`,
];

describe('a log', () => {
  const USUAL_END = `"-" "${FIREFOX}"`;
  const combined = (front: string, end = USUAL_END) =>
    `${front} [${apacheZoned(request().atMs)}] "GET / HTTP/1.1" 200 5 ${end}\n`;

  it('with several formats is read line by line', () => {
    const [one, two] = ['Caddy', 'combined'].map((title) => WRITERS.find((writer) => writer.title === title) as Writer) as [
      Writer,
      Writer,
    ];
    const { recognition, lines, unreadable } = read(logOf(one, REQUESTS) + logOf(two, REQUESTS));
    expect(recognition.recognised.layouts.map(({ format }) => format).sort()).toEqual(['caddy', 'combined']);
    expect(lines.map(bySecond)).toEqual([
      ...REQUESTS.map((each) => expected(one, each)),
      ...REQUESTS.map((each) => expected(two, each)),
    ]);
    expect(unreadable).toBe(0);
  });

  it('whose columns change is read by the directive before each line', () => {
    const { lines, unreadable } = read(
      [
        '#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent)',
        '2026-03-17 08:01:15 203.0.113.7 GET /a 200 Mozilla/5.0+(X11)',
        '#Software: Microsoft Internet Information Services 10.0',
        '#Fields: date time cs-host cs-method cs-uri-stem cs-uri-query sc-status X-Forwarded-For c-ip',
        '2026-03-17 08:01:16 example.com GET /b c=d 304 203.0.113.9,+10.0.0.1 10.0.0.1',
        '2026-03-17 08:01:16 cut',
        '',
      ].join('\r\n'),
    );
    expect(lines).toMatchObject([
      { target: '/a', address: '203.0.113.7', agent: 'Mozilla/5.0 (X11)', hasAgent: true, host: '' },
      { target: '/b?c=d', address: '203.0.113.9', agent: '', hasAgent: false, host: 'example.com', status: 304 },
    ]);
    expect(unreadable).toBe(1);
  });

  it('in W3C’s format without directives, such as the second part of a log, is read with the default columns', () => {
    for (const title of ['IIS', 'CloudFront']) {
      const writer = WRITERS.find((one) => one.title === title) as Writer;
      const { lines } = read(REQUESTS.map((one) => `${writer.write(one)}\n`).join(''));
      expect(lines.map(bySecond)).toEqual(REQUESTS.map((one) => expected(writer, one)));
    }
  });

  it('with two addresses in front has the visitor’s in the field that is not a proxy', () => {
    const addresses = (text: string) => read(text).lines.map(({ address }) => address);
    expect(addresses(combined('10.0.0.1 203.0.113.7 - -'))).toEqual(['203.0.113.7']);
    expect(addresses(combined('203.0.113.7 10.0.0.1 - -'))).toEqual(['203.0.113.7']);
    const [many, proxy] = [[1, 2, 3].map((n) => `203.0.113.${n}`), '198.51.100.1'];
    expect(addresses(many.map((one) => combined(`${proxy} ${one} - -`)).join(''))).toEqual(many);
    expect(addresses(many.map((one) => combined(`${one} ${proxy} - -`)).join(''))).toEqual(many);
    expect(() => read(combined('203.0.113.7 198.51.100.1 - -'))).toThrow(
      /two addresses, and it is unclear which of them is the visitor’s/,
    );
  });

  it('has the visitor in the last field if that is a header, but not if it is another server', () => {
    const visitors = [1, 2, 3].map((n) => `203.0.113.${n}`);
    const with_ = (end: string) => visitors.map((one) => combined(`${one} - -`, `"-" "${FIREFOX}" ${end}`)).join('');
    for (const end of ['"10.0.0.7:8080"', '"198.51.100.1"', '"-"', '"web@docker" "http://10.0.0.1"'])
      expect(read(with_(end)).lines.map(({ address }) => address)).toEqual(visitors);
    expect(
      read(
        combined('10.0.0.1 - -', `"-" "${FIREFOX}" "-"`) +
          combined('10.0.0.1 - -', `"-" "${FIREFOX}" "unknown, 203.0.113.9:50001"`),
      ).lines.map(({ address }) => address),
    ).toEqual(['10.0.0.1', '203.0.113.9']);
  });

  it('whose requests have no protocol is read, with any fields around them', () => {
    const short = (log: string) => read(log.replaceAll(' HTTP/1.1', '')).lines;
    for (const title of ['combined', 'Envoy', 'nginx, JSON, with a request line']) {
      const writer = WRITERS.find((one) => one.title === title) as Writer;
      expect(short(logOf(writer, REQUESTS)).map(bySecond)).toEqual(REQUESTS.map((one) => expected(writer, one)));
    }
  });

  it('without a browser in any line does not count every line as a bot', () => {
    const log = combined('203.0.113.7 - -', '"-" "-" 1 "web@docker" "http://10.0.0.1:80" 1ms').repeat(3);
    const { recognition, lines } = read(log);
    expect(recognition.recognised.layouts[0]).toMatchObject({ format: 'traefik-common', agentless: true });
    expect(lines.map(({ hasAgent }) => hasAgent)).toEqual([false, false, false]);
    expect(read(log + combined('203.0.113.7 - -')).lines.map(({ hasAgent }) => hasAgent)).toEqual([true, true, true, true]);
  });

  it('tells where each field is, and whether its times have a zone', () => {
    const of = (title: string) => read(logOf(WRITERS.find((one) => one.title === title) as Writer, REQUESTS)).recognition;
    expect(of('vhost_combined').recognised.layouts[0]?.places).toEqual({
      host: 'field 1',
      address: 'field 2',
      time: 'field 5',
      request: 'field 6',
      status: 'field 7',
      referrer: 'field 9',
      agent: 'field 10',
    });
    expect(of('Caddy').recognised.layouts[0]?.places).toMatchObject({
      time: 'ts',
      target: 'request.uri',
      agent: 'request.headers.User-Agent',
    });
    expect(of('IIS').recognised.layouts[0]?.places).toMatchObject({ address: 'c-ip', target: 'cs-uri-stem and cs-uri-query' });
    expect(of('vhost_combined').hosts).toEqual(
      new Map([
        ['www.example.com', 4],
        ['example.com', 1],
        ['example.org', 1],
      ]),
    );
    expect([of('combined').zoneless, of('IIS').zoneless, of('HAProxy').zoneless]).toEqual([false, false, true]);
  });

  it.each([
    ['prose', 'This is the story of a log.\nIt has no fields.\n'],
    ['a table', 'date,visitors\n2026-01-01,5\n'],
    ['an error log', '2026/02/10 21:22:09 [error] 1124#1124: *163 open() failed, client: 192.0.2.1, request: "GET / HTTP/2.0"\n'],
    ['JSON of something else', '{"level":"info","msg":"started"}\n{"level":"info","msg":"ended"}\n'],
    ['a log without requests', '#Fields: date time action protocol src-ip\n2026-01-01 00:00:00 DROP TCP 192.0.2.1\n'],
    ['a few lines of a log in something else', `${'text\n'.repeat(9)}${combined('192.0.2.1 - -')}`],
  ])('is not recognised in other text: %s', (_, text) => expect(() => read(text)).toThrow(Unrecognised));

  it('is refused if it has additional fields and none with browsers, instead of counting every line as a bot', () => {
    const log = combined('203.0.113.7 - -', '"a" "b" "c"').repeat(20);
    expect(() => read(log)).toThrow(/none of the fields after the request contains user agents/);
    expect(read(log, 'combined').lines.length).toBe(20);
  });

  it.each<[string, (visitor: string, number: number) => string]>([
    ['an unquoted last field', (visitor) => combined('10.0.0.5 - -', `${USUAL_END} ${visitor}`)],
    ['an unquoted last field after a duration', (visitor) => combined('10.0.0.5 - -', `${USUAL_END} 0.003 ${visitor}`)],
    [
      'a list without quotes, behind several proxies',
      (visitor, i) => combined(`10.0.0.${i % 3} - -`, `${USUAL_END} ${visitor}, 10.9.9.9`),
    ],
    ['brackets', (visitor) => combined('10.0.0.5 - -', `${USUAL_END} [${visitor}]`)],
    ['a field with its name', (visitor) => combined('10.0.0.5 - -', `${USUAL_END} xff="${visitor}"`)],
    ['the header Forwarded', (visitor) => combined('10.0.0.5 - -', `${USUAL_END} for=${visitor};proto=https`)],
    ['parentheses after the proxy', (visitor) => combined(`10.0.0.5 (${visitor}) - -`)],
    ['the field after the length, without a browser', (visitor) => combined('10.0.0.5 - -', visitor)],
    ['the user’s field', (visitor) => combined(`10.0.0.5 - ${visitor}`)],
    ['the third field after names', (visitor) => combined(`web1 nginx ${visitor} - -`)],
  ])('is refused if another field has more different addresses, instead of counting a proxy: %s', (_, write) => {
    for (const visitor of [(i: number) => `198.51.0.${i}`, (i: number) => `2001:db8::${i}`]) {
      const log = Array.from({ length: 50 }, (_, i) => write(visitor(i + 1), i)).join('');
      expect(() => read(log)).toThrow(
        /cannot be read reliably: in its first 50 lines field 1, .* has [13] different values?, and field \d+ has 50 different/,
      );
      expect(read(log, 'combined').lines.length).toBe(50);
    }
  });

  it('is refused if private addresses of visitors are in another field, and requests come through a socket', () => {
    const log = Array.from({ length: 50 }, (_, i) => combined('unix: - -', `${USUAL_END} 10.0.0.${i}`)).join('');
    expect(() => read(log)).toThrow(/field 1, .* has 1 different value, and field 10 has 50 different addresses/);
  });

  it('is read if a health check from a private network is among public visitors', () => {
    const fronts = [...Array.from({ length: 5 }, (_, i) => `198.51.0.${i % 2}`), '10.0.0.9'];
    const log = fronts.map((front, i) => combined(`${front} - -`, `${USUAL_END} 10.0.1.${i}`)).join('');
    expect(read(log).lines.length).toBe(fronts.length);
  });

  it('tells the user what to do if another field has more different addresses', () => {
    const log = Array.from({ length: 50 }, (_, i) => combined('10.0.0.5 - -', `${USUAL_END} 0.003 198.51.0.${i}`)).join('');
    expect(() => read(log)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/field 1, .* has 1 different value, and field 11 has 50 /),
        advice: expect.stringMatching(/^to use field 1 anyway, add --format combined; to use field 11, move it to the front/),
      }),
    );
  });

  it.each([
    ['grep has put the file’s name', 'plain.log:'],
    ['grep has put a number', '12:'],
    ['another program has put a tab', 'web1\t'],
  ])('is refused if the visitor’s field cannot identify visitors because %s in front', (_, before) => {
    const log = Array.from({ length: 50 }, (_, i) => combined(`${before}198.51.0.${i} - -`)).join('');
    expect(() => read(log)).toThrow(/field 1, .* contains neither an address nor a host name in most lines/);
  });

  it('is read if there are few other addresses, or if they are those of servers', () => {
    const many = (write: (i: number) => string) => read(Array.from({ length: 60 }, (_, i) => write(i)).join('')).lines.length;
    expect(many((i) => combined(`198.51.0.${i % 40} - -`, `${USUAL_END} 192.0.2.${i}`))).toBe(60);
    expect(many((i) => combined('198.51.0.1 - -', `${USUAL_END} 192.0.2.${i % 2}`))).toBe(60);
    expect(many((i) => combined('198.51.0.1 - -', `${USUAL_END} 10.0.0.${i}`))).toBe(60);
    expect(many((i) => combined('10.0.0.1 - -', `${USUAL_END} 10.0.1.${i}:8080`))).toBe(60);
    expect(many((i) => combined('198.51.0.1 - -', `"http://192.0.2.${i}/" "Mozilla/5.0 (X11) Chrome/1.2.3.${i}"`))).toBe(60);
    expect(many((i) => combined(`172.16.0.${i} - -`, `${USUAL_END} "198.51.0.${i % 2}"`))).toBe(60);
  });

  it('is read if visitors have host names, pseudonyms or nothing in place of their addresses', () => {
    for (const front of ['dsl1.example.net', 'pc17', '0a1b2c3d', '-', 'unix:', 'unknown'])
      expect(read(combined(`${front} - -`).repeat(20)).lines.length).toBe(20);
  });

  it('is refused if it has no line in the chosen format', () => {
    expect(() => read(combined('203.0.113.7 - -'), 'caddy')).toThrow(/has no line of the format caddy among its first 1/);
  });

  it('takes little time even with hostile lines', () => {
    const nasty = ['/', '[', '"', '\\', '{"a":', ', ', 'a.', ':', '{', '} {', '%25', '1', '#Fields: '].map((text) =>
      text.repeat(200_000 / text.length),
    );
    const began = performance.now();
    for (const { format, write } of WRITERS) {
      const { recognised } = recognise(linesOf(`${write(request())}\n`), HINTS, format);
      const reader = createLogReader(recognised, PLACE);
      for (const text of nasty)
        for (const line of [
          text,
          write(request()).slice(0, 60) + text,
          write(request()) + text,
          `1.2.3.4:5 [06/Feb/2009:12:14:14.655] a ${text}`,
        ])
          reader(line, 0, line.length, emptyLine());
    }
    expect(performance.now() - began).toBeLessThan(60_000); // quadratic time would take minutes for a single line
  });

  it('never throws, for any bytes', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(...WRITERS.map(({ write }) => write(request())), '"', '[', '{', '\t', '\r', '#Fields: date time'),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.array(piece, { maxLength: 5 }).map((parts) => parts.join('').replaceAll('\n', ' ')),
          { maxLength: 8 },
        ),
        (lines) => {
          try {
            read(`${lines.join('\n')}\n`);
          } catch (error) {
            expect(error).toBeInstanceOf(Unrecognised);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
