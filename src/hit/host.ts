// Host names: their canonical form, whether they belong to a private network, and how they are shown to people.
import { isIP } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import ipaddr from 'ipaddr.js';

/** RFC 1035: 255 octets in a message are 253 characters in text. */
const HOST_CHARS_MAX = 253;
/** Enough for a host, its port and a user name. A longer text is not read. */
const AUTHORITY_CHARS_MAX = 512;

/**
 * The form in which most hosts are sent. Other hosts need the URL parser: a last label that begins with a digit may be
 * part of an address, and a label that begins with `xn--` may be invalid.
 */
const PLAIN_HOST = /^(?!.*xn--)(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*$/;
/** Numbers with five digits are not always valid ports, so the URL parser reads them. */
const USUAL_PORT = /:\d{1,4}$/;

/**
 * Returns the host of the part of a web address between `//` and the path, as browsers write it: in lower case, IDN in
 * ASCII, an IPv6 address in brackets, without user, port and the dot at the end. Empty if there is no valid host.
 */
export function hostOf(authority: string): string {
  if (authority.length > AUTHORITY_CHARS_MAX) return '';
  if (PLAIN_HOST.test(authority)) return authority.length <= HOST_CHARS_MAX ? authority : '';
  const named = authority.slice(authority.lastIndexOf('@') + 1);
  const plain = named.replace(USUAL_PORT, '').replace(/\.$/, '').toLowerCase();
  const host = PLAIN_HOST.test(plain) ? plain : readByUrl(named);
  return host.length <= HOST_CHARS_MAX ? host : '';
}

function readByUrl(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname.replace(/\.$/, '') : '';
}

/** Names whose machine depends on the network (RFC 6761, 6762, 8375; ICANN has reserved `internal`). */
const LOCAL_NAME = /^localhost$|\.(?:localhost|local|internal|home\.arpa)$/;
const ADDRESS_END = /[\d\]]$/;
const LOCAL_RANGES = new Set(['loopback', 'private', 'linkLocal', 'uniqueLocal', 'carrierGradeNat', 'unspecified']);

/** Whether a host is this machine or in a private network, so that its pages are not on the web. `host`: from `hostOf`. */
export function isLocalHost(host: string): boolean {
  if (!ADDRESS_END.test(host)) return LOCAL_NAME.test(host);
  const address = host.startsWith('[') ? host.slice(1, -1) : host;
  return isIP(address) !== 0 && LOCAL_RANGES.has(ipaddr.process(address).range());
}

/**
 * Returns a host for people to read, with IDN in Unicode: `xn--mller-kva.example` becomes `müller.example`. Labels that
 * could be mistaken for another name remain in ASCII. These are labels with letters of several scripts, with only those
 * Cyrillic or Greek letters that look like Latin ones, or with characters that are neither letters nor digits.
 */
export function readableHost(host: string): string {
  if (!host.includes('xn--')) return host;
  return host
    .split('.')
    .map((label) => (label.startsWith('xn--') ? readableLabel(label) : label))
    .join('.');
}

/** The same for a host that a path may follow. */
export function readableAddress(hostAndPath: string): string {
  const slash = hostAndPath.indexOf('/');
  return slash < 0 ? readableHost(hostAndPath) : readableHost(hostAndPath.slice(0, slash)) + hostAndPath.slice(slash);
}

/** The same for a whole web address. */
export function readableUrl(url: string): string {
  return url.replace(
    /^(https?:\/\/)([^/?#:@]+)/i,
    (_, scheme: string, host: string) => scheme + readableHost(host.toLowerCase()),
  );
}

/** Each of these matches the letters of one writing system. A label must use only one of them. */
const WRITINGS: readonly RegExp[] = [
  ...[
    'Latin',
    'Cyrillic',
    'Greek',
    'Arabic',
    'Hebrew',
    'Devanagari',
    'Bengali',
    'Tamil',
    'Telugu',
    'Thai',
    'Georgian',
    'Armenian',
    'Khmer',
  ].map((script) => new RegExp(`^\\p{Script=${script}}+$`, 'u')),
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+$/u,
  /^[\p{Script=Han}\p{Script=Bopomofo}]+$/u,
  /^[\p{Script=Han}\p{Script=Hangul}]+$/u,
];
/** Latin letters that are not an ASCII letter with a diacritic, and cannot be mistaken for an ASCII letter. */
const LATIN_LETTERS = /[æœßøþðđħłŋə]/;
/** Cyrillic and Greek letters that look like Latin ones. */
const LOOKS_LATIN = /^[асԁеһіјӏорԛѕԝхуъьҽпгѵѡαγικνορυω]+$/;

function readableLabel(label: string): string {
  const text = domainToUnicode(label);
  if (domainToASCII(text) !== label) return label;
  const letters = text.replaceAll(/[0-9-]/g, '');
  const isPlain = [...letters].every((char) => /[\p{L}\p{M}]/u.test(char) && isUsual(char));
  return isPlain && WRITINGS.some((writing) => writing.test(letters)) && !LOOKS_LATIN.test(letters) ? text : label;
}

function isUsual(char: string): boolean {
  if (!/\p{Script=Latin}/u.test(char)) return true;
  return /^[a-z]/.test(char.normalize('NFD')) || LATIN_LETTERS.test(char);
}
