import { isIP } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressKey, createAddressRule, readAddress } from './address.js';

const port = fc.integer({ min: 1, max: 65_535 });

describe('an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:50001', '203.0.113.7'],
    ['  203.0.113.7 ', '203.0.113.7'],
    ['"203.0.113.7:50001"', '203.0.113.7'],
    ['[203.0.113.7]:80', '203.0.113.7'],
    ['203.0.113.7:_hidden', '203.0.113.7'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['"[2001:db8::1]:443"', '2001:db8::1'],
    ['[2001:db8::1]:_hidden', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1:50001', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
  ])('%s is read as %s', (text, address) => {
    expect(readAddress(text)).toBe(address);
  });

  it.each([
    '',
    ' ',
    'unknown',
    '_hidden',
    'example.com',
    '203.0.113',
    '203.0.113.256',
    '010.0.0.1',
    '203.0.113.7:port',
    '203.0.113.7:50001:1',
    '[2001:db8::1',
    '2001:db8::1]',
    '[]:80',
    '"203.0.113.7',
    `${'0'.repeat(10_000)}1.2.3.4`,
    '203.0.113.7, 203.0.113.8',
  ])('is not read from %.40j', (text) => {
    expect(readAddress(text)).toBe('');
    expect(addressKey(text)).toBe('');
  });

  it('is the same with and without a port, brackets, quotes and spaces, for every address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), port, fc.constantFrom('', ' ', '\t'), (address, port, space) => {
        const inBrackets = isIP(address) === 6 ? `[${address}]` : address;
        const written = [inBrackets, `${inBrackets}:${port}`, `"${inBrackets}:${port}"`].map((text) => space + text + space);
        const expected = readAddress(address);
        expect(isIP(expected)).not.toBe(0);
        for (const text of written) {
          expect(readAddress(text)).toBe(expected);
          expect(addressKey(text)).toBe(addressKey(address));
        }
        expect(readAddress(expected)).toBe(expected);
      }),
    );
  });

  it('is valid or empty for any text, and reading it never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef.:[]"%_ ,/') }), (text) => {
        const address = readAddress(text);
        if (address !== '') expect(isIP(address)).not.toBe(0);
        expect(addressKey(text) === '').toBe(address === '');
      }),
    );
  });
});

describe('a rule of addresses', () => {
  it.each<[string, string, boolean]>([
    ['203.0.113.0/24', '203.0.113.7:50001', true],
    ['203.0.113.0/24', '::ffff:203.0.113.7', true],
    ['203.0.113.0/24', '203.0.114.7', false],
    ['2001:db8::/32', '[2001:db8::1]:443', true],
    ['fe80::1', 'fe80::1%eth0', true],
    ['::ffff:203.0.113.7', '203.0.113.7', true],
    ['::ffff:203.0.113.0/120', '203.0.113.200', true],
    ['::ffff:203.0.113.0/120', '203.0.114.1', false],
    ['203.0.113.7', 'unknown', false],
    ['203.0.113.7', '', false],
  ])('%s and %s: %s', (range, address, isIn) => {
    expect(createAddressRule([range])(address)).toBe(isIn);
  });
});
