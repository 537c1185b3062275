// Host names: one spelling of each, which of them are of nobody's but this machine or network, and how people read them.
import { isIP } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import ipaddr from 'ipaddr.js';

/** RFC 1035: 255 octets on the wire are 253 in writing. */
const HOST_CHARS_MAX = 253;
/** Room for a host, its port and a user name; more than this names no host. */
const AUTHORITY_CHARS_MAX = 512;

/**
 * As most are sent. A last label that begins with a digit may be a number that is an address; not all that begins
 * with `xn--` is a name.
 */
const PLAIN_HOST = /^(?!.*xn--)(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*$/;
/** Of larger numbers not all are ports. */
const USUAL_PORT = /:\d{1,4}$/;

/**
 * The host of the part of a web address between `//` and the path, as browsers write it: lower case, IDN in ASCII,
 * without user, port and the dot of the root at its end; an IPv6 address in brackets. Empty where it names none.
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

/** Names that mean another machine in every network (RFC 6761, 6762, 8375; `internal` is reserved by ICANN). */
const LOCAL_NAME = /^localhost$|\.(?:localhost|local|internal|home\.arpa)$/;
const ADDRESS_END = /[\d\]]$/;
const LOCAL_RANGES = new Set(['loopback', 'private', 'linkLocal', 'uniqueLocal', 'carrierGradeNat', 'unspecified']);

/** Whether a host, as `hostOf` gives it, is this machine or one of a private network: what is read there is not on the web. */
export function isLocalHost(host: string): boolean {
  if (!ADDRESS_END.test(host)) return LOCAL_NAME.test(host);
  const address = host.startsWith('[') ? host.slice(1, -1) : host;
  return isIP(address) !== 0 && LOCAL_RANGES.has(ipaddr.process(address).range());
}

/**
 * A host for people to read, with IDN in its own letters: `xn--mller-kva.example` as `müller.example`. Labels that
 * could pass for another name stay in ASCII: those of several scripts, those of Cyrillic or Greek letters that all
 * look like Latin ones, and whatever is no letter or digit.
 */
export function readableHost(host: string): string {
  if (!host.includes('xn--')) return host;
  return host
    .split('.')
    .map((label) => (label.startsWith('xn--') ? readableLabel(label) : label))
    .join('.');
}

/** The same where a path follows. */
export function readableAddress(hostAndPath: string): string {
  const slash = hostAndPath.indexOf('/');
  return slash < 0 ? readableHost(hostAndPath) : readableHost(hostAndPath.slice(0, slash)) + hostAndPath.slice(slash);
}

/** The same of a whole web address. */
export function readableUrl(url: string): string {
  return url.replace(
    /^(https?:\/\/)([^/?#:@]+)/i,
    (_, scheme: string, host: string) => scheme + readableHost(host.toLowerCase()),
  );
}

/** Each of these writes the words of one language; a label keeps to one of them. */
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
/** Latin letters that are no ASCII letter with a mark, and cannot be taken for one. */
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
