import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressKey, readAddress } from '../hit/address.js';
import { readConfig } from '../process/config.js';
import { CLIENT_IP_HEADERS, type ClientIpHeader, createClientAddress, type ProxySettings } from './client-address.js';

const PROXY = '10.0.0.1';
const VISITOR = '203.0.113.7';

function reading(settings: Partial<ProxySettings> = {}) {
  const said: string[] = [];
  const clientAddress = createClientAddress(
    { trusted: ['10.0.0.0/8', 'fd00::/8'], header: 'X-Forwarded-For', isUnixSocket: false, ...settings },
    (message) => said.push(message),
  );
  const from = (headers: Record<string, string>, peer: string | undefined = PROXY): string => {
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    return clientAddress({ socket: { remoteAddress: peer }, headers: lower } as unknown as IncomingMessage);
  };
  return { from, said };
}

/** As Node gives several lines of one header. */
const lines = (...values: string[]) => values.join(', ');

describe('a client behind a trusted proxy', () => {
  it.each([
    ['an address', VISITOR, VISITOR],
    ['a port', `${VISITOR}:50001`, VISITOR],
    ['IPv6 in brackets, with a port', '[2001:db8::1]:443', '2001:db8::1'],
    ['quotes', `"${VISITOR}:50001"`, VISITOR],
    ['a zone', 'fe80::1%eth0', 'fe80::1'],
    ['IPv4 mapped into IPv6', `::ffff:${VISITOR}`, VISITOR],
    ['spaces and empty items', ` , ${VISITOR} ,, `, VISITOR],
    ['what the client wrote before', `6.6.6.6, ${VISITOR}`, VISITOR],
    ['what the client wrote in a line of its own', lines('6.6.6.6, 7.7.7.7', `${VISITOR}:1`), VISITOR],
    ['two proxies', `${VISITOR}:50001, 10.0.0.2:443`, VISITOR],
    ['proxies of both families', `${VISITOR}, [fd00::2]:80, ::ffff:10.0.0.2`, VISITOR],
    ['a client in the trusted network', '10.1.2.3', '10.1.2.3'],
    ['nothing', '', PROXY],
    ['only commas', ', ,', PROXY],
    ['a client that the proxy does not know', 'unknown', PROXY],
    ['a client that the proxy hides', `${VISITOR}, _hidden`, PROXY],
    ['a client that a proxy farther away does not know', `${VISITOR}, unknown, 10.0.0.2`, '10.0.0.2'],
    ['text', '<script>', PROXY],
  ])('is read from X-Forwarded-For with %s', (_what, value, address) => {
    expect(reading().from({ 'X-Forwarded-For': value })).toBe(address);
  });

  it.each([
    ['a token', `for=${VISITOR}`, VISITOR],
    ['other parameters and any case', `proto=https; FOR = ${VISITOR} ;by=10.0.0.1`, VISITOR],
    ['IPv6 with a port', 'for="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
    ['a port without quotes', `for=${VISITOR}:4711`, VISITOR],
    ['escapes', String.raw`for="203.0.113.\7"`, VISITOR],
    ['several elements', `for=6.6.6.6, for=${VISITOR};proto=http, for="[fd00::2]"`, VISITOR],
    ['several lines', lines('for=6.6.6.6', `for=${VISITOR}`), VISITOR],
    ['a semicolon at the end', `for=${VISITOR};`, VISITOR],
    ['a quote that the client never closes', lines('for="6.6.6.6', `for="${VISITOR}:80"`), VISITOR],
    ['a comma in quotes', `host="a, for=6.6.6.6";for=${VISITOR}`, VISITOR],
    ['what looks like a parameter in quotes', `host="a;for=6.6.6.6";for=${VISITOR}`, VISITOR],
    ['what looks like a parameter in quotes, after it', `for=${VISITOR};host="a;for=6.6.6.6"`, VISITOR],
    ['an escaped quote', String.raw`for=6.6.6.6, host="a\", for=7.7.7.7";for=203.0.113.7`, VISITOR],
    ['for twice', `for=${VISITOR};for=6.6.6.6`, PROXY],
    ['no for', `for=${VISITOR}, proto=https`, PROXY],
    ['a hidden client', `for=${VISITOR}, for="_gazonk"`, PROXY],
    ['an unknown client', 'for=unknown', PROXY],
    ['garbage', 'for', PROXY],
    ['an address alone', VISITOR, PROXY],
  ])('is read from Forwarded with %s', (_what, value, address) => {
    expect(reading({ header: 'Forwarded' }).from({ Forwarded: value })).toBe(address);
  });

  it.each(CLIENT_IP_HEADERS.filter((header) => header !== 'Forwarded'))('is read from %s, and from no other header', (header) => {
    const { from } = reading({ header });
    const others = Object.fromEntries(CLIENT_IP_HEADERS.map((other) => [other, '6.6.6.6']));
    const port = header === 'CloudFront-Viewer-Address' ? ':443' : '';
    expect(from({ ...others, [header]: VISITOR + port })).toBe(VISITOR);
    expect(from({ ...others, [header]: `2001:db8::1${port}` })).toBe('2001:db8::1');
    expect(from({ ...others, [header]: 'unknown' })).toBe(PROXY);
  });

  it('is read over a Unix socket that is trusted', () => {
    const { from } = reading({ trusted: ['unix'], isUnixSocket: true });
    const clientAddress = (headers: Record<string, string>) => from(headers, '');
    expect(clientAddress({ 'X-Forwarded-For': `${VISITOR}:1` })).toBe(VISITOR);
    expect(clientAddress({})).toBe('');
    expect(clientAddress({ 'X-Forwarded-For': 'unknown' })).toBe('');
    expect(reading({ trusted: [], isUnixSocket: true }).from({ 'X-Forwarded-For': VISITOR }, '')).toBe('');
  });

  it('is found in a list of proxies of any length', () => {
    expect(reading().from({ 'X-Forwarded-For': `${VISITOR}, ${'10.0.0.2, '.repeat(1000)}` })).toBe('10.0.0.2');
  });

  const addresses = fc.oneof(fc.ipV4(), fc.ipV6()).filter((address) => !/^(10\.|fd)/i.test(readAddress(address)));
  const sentByClient = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'for=";,\\[]:.19afunknow_ ') }));

  it.each<ClientIpHeader>(['X-Forwarded-For', 'Forwarded'])(
    'is the address that the nearest proxy added to %s, for any input of the client',
    (header) => {
      const { from } = reading({ header });
      const property = fc.property(addresses, fc.nat(65_535), sentByClient, (address, port, sent) => {
        const bare = address.includes(':') ? `[${address}]` : address;
        const added = header === 'Forwarded' ? `for="${bare}:${port}";proto=https` : `${bare}:${port}`;
        expect(from({ [header]: lines(sent, added) })).toBe(readAddress(address));
      });
      fc.assert(property, { numRuns: 2_000 });
    },
  );

  it.each(CLIENT_IP_HEADERS)('never causes an error, for any content of %s', (header) => {
    const { from } = reading({ header });
    fc.assert(
      fc.property(sentByClient, (sent) => {
        const address = from({ [header]: sent });
        expect(addressKey(address)).not.toBe('');
      }),
    );
  });
});

describe('a header from an address that is not trusted', () => {
  it.each(CLIENT_IP_HEADERS)('%s is not believed', (header) => {
    for (const trusted of [[], ['192.0.2.1']]) {
      const value = header === 'Forwarded' ? `for=${VISITOR}` : VISITOR;
      expect(reading({ header, trusted }).from({ [header]: value })).toBe(PROXY);
    }
  });

  it.each([
    ['127.0.0.1', 'a loopback address'],
    ['::1', 'a loopback address'],
    ['192.168.0.1', 'a private address'],
    ['::ffff:172.16.0.1', 'a private address'],
    ['fd12::1', 'a private address'],
    ['100.64.0.1', 'a private address'],
    ['fe80::1', 'a link-local address'],
    ['198.51.100.7', 'a public address'],
    ['2001:4860:4860::8888', 'a public address'],
  ])('from %s is logged as %s, without the address', (peer, kind) => {
    const { from, said } = reading({ trusted: ['192.0.2.1'] });
    from({ 'X-Forwarded-For': VISITOR }, peer);
    expect(said).toEqual([expect.stringMatching(/^a request had the header X-Forwarded-For from .* TRUST_PROXY/)]);
    expect(said[0]).toContain(kind);
    expect(said[0]).not.toContain(VISITOR);
    expect(said[0]).not.toContain(peer);
    expect(said[0]).not.toContain('CLIENT_IP_HEADER');
  });

  it('is logged once, with the settings that would trust it', () => {
    const { from, said } = reading({ trusted: [] });
    from({});
    expect(said).toEqual([]);
    for (const header of CLIENT_IP_HEADERS) from({ 'CF-Connecting-IP': VISITOR, [header]: VISITOR });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/TRUST_PROXY/);
  });

  it('names the header to configure if it is not the configured one', () => {
    const { from, said } = reading({ trusted: [] });
    from({ 'CF-Connecting-IP': VISITOR });
    expect(said[0]).toMatch(/had the header CF-Connecting-IP .* TRUST_PROXY, and set CLIENT_IP_HEADER=CF-Connecting-IP/);
  });

  it('is also logged once if a trusted proxy uses another header', () => {
    const { from, said } = reading();
    from({ 'X-Forwarded-For': VISITOR, 'X-Real-IP': VISITOR });
    expect(said).toEqual([]);
    for (let times = 0; times < 2; times++) from({ 'X-Real-IP': VISITOR });
    expect(said).toEqual([expect.stringMatching(/X-Real-IP instead of X-Forwarded-For.*CLIENT_IP_HEADER=X-Real-IP/)]);
  });
});

describe('CLIENT_IP_HEADER', () => {
  it('is X-Forwarded-For where nothing is set', () => {
    expect(readConfig({}).clientIpHeader).toBe('X-Forwarded-For');
    expect(readConfig({ CLIENT_IP_HEADER: '' }).clientIpHeader).toBe('X-Forwarded-For');
  });

  it.each(CLIENT_IP_HEADERS)('accepts %s in any case', (header) => {
    expect(readConfig({ CLIENT_IP_HEADER: header.toUpperCase() }).clientIpHeader).toBe(header);
  });

  it.each(['X-Forwarded', 'Host', 'X-Real-IP, X-Forwarded-For', '__proto__', 'yes'])(
    'refuses %s in one line that lists the accepted names',
    (header) => {
      expect(() => readConfig({ CLIENT_IP_HEADER: header })).toThrow(
        /^CLIENT_IP_HEADER: "[^\n]+" is not a header [^\n]*X-Forwarded-For, Forwarded, X-Real-IP, CF-Connecting-IP[^\n]*$/,
      );
    },
  );
});
