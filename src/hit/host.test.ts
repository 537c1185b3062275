import { domainToASCII } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostOf, isLocalHost, readableAddress, readableHost, readableUrl } from './host.js';

describe('a host', () => {
  it.each([
    ['example.com', 'example.com'],
    ['Example.COM', 'example.com'],
    ['example.com.', 'example.com'],
    ['example.com.:8080', 'example.com'],
    ['user:pass@word@example.com:443', 'example.com'],
    ['example.com:', 'example.com'],
    ['müller.example', 'xn--mller-kva.example'],
    ['MÜLLER.example.', 'xn--mller-kva.example'],
    ['xn--mller-kva.example', 'xn--mller-kva.example'],
    ['ex%61mple.com', 'example.com'],
    ['xn--a.example', ''],
    ['foo_bar.example', 'foo_bar.example'],
    ['127.1', '127.0.0.1'],
    ['0x7f.0.0.1:80', '127.0.0.1'],
    ['[2001:DB8::1]:80', '[2001:db8::1]'],
    ['', ''],
    ['a b', ''],
    ['example.com:99999', ''],
    ['[::1', ''],
    [`${'a.'.repeat(200)}example`, ''],
  ])('has one canonical form: %s becomes %s', (authority, host) => expect(hostOf(authority)).toBe(host));

  it('is read as browsers read it', () => {
    const authority = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(authority, fc.constantFrom('', '.', ':8080', '.:1', ':'), (name, end) => {
        const address = `http://${name}${end}`;
        fc.pre(!/[/?#\\\t\n\r]/.test(name) && name.trim() === name);
        const host = URL.canParse(address) ? new URL(address).hostname.replace(/\.$/, '') : '';
        expect(hostOf(name + end)).toBe(host);
      }),
    );
  });

  it('is local if its machine depends on the network', () => {
    for (const host of [
      'localhost',
      'a.localhost',
      'nas.local',
      'x.internal',
      'r.home.arpa',
      '10.0.0.1',
      '[::1]',
      '[fd12::1]',
      '[::ffff:a00:1]',
    ])
      expect([host, isLocalHost(host)]).toEqual([host, true]);
    for (const host of [
      '',
      'example.com',
      'local',
      'notlocalhost',
      'internal.example',
      '8.8.8.8',
      '[2001:4860:4860::8888]',
      '172.32.0.1',
    ])
      expect([host, isLocalHost(host)]).toEqual([host, false]);
  });

  it.each([
    'müller',
    'straße',
    'ďáblík',
    'łódź',
    'việtnam',
    'россия',
    'правда',
    'ελλάδα',
    'ישראל',
    'مصر',
    'भारत',
    'ไทย',
    'かな',
    '例え',
    'ファミリー',
    '中国',
    '한국',
  ])('is shown in Unicode: %s', (label) => {
    expect(readableHost(`www.${domainToASCII(label)}.example`)).toBe(`www.${label}.example`);
    expect(readableAddress(`${domainToASCII(label)}.example/a/xn--b`)).toBe(`${label}.example/a/xn--b`);
    expect(readableUrl(`https://${domainToASCII(label)}.example:8080/x`)).toBe(`https://${label}.example:8080/x`);
  });

  it.each([
    'gооgle',
    'аррӏе',
    'раураӏ',
    'раypal',
    'οα',
    'ɑpple',
    'ıstanbul',
    'a中文',
    'mü中',
    'αб',
    'ʀeddit',
    'ノa',
    'ı',
    '☃',
    'ok☺',
  ])('remains in ASCII if it could be mistaken for another host, or is not a word: %s', (label) => {
    const host = domainToASCII(`${label}.example`);
    expect(host).toMatch(/^xn--/);
    expect(readableHost(host)).toBe(host);
  });

  it('is shown unchanged if it is not an internationalised name', () => {
    for (const host of [
      'example.com',
      'xn--zz--.example',
      'xn--.example',
      'xn--a.example',
      '127.0.0.1',
      '[::1]',
      'Hacker News',
      '',
    ])
      expect(readableHost(host)).toBe(host);
  });

  it('can be converted back from its shown form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), (label) => {
        const host = domainToASCII(`${label}.example`);
        fc.pre(host !== '' && !/[/?#@:]/.test(label));
        expect(domainToASCII(readableHost(host))).toBe(host);
      }),
    );
  });
});
