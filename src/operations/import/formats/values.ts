// Reads values in logs (escaped text, addresses with ports, lists of addresses, host names), and recognises what a value
// is.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The text of a field: decodes escapes, and UTF-8 if the bytes are valid. `-` means that the field is absent. */
export function field(line: string, start: number, end: number): string {
  if (end - start === 1 && line[start] === '-') return '';
  const raw = line.slice(start, end);
  return decoded(raw.includes('\\') ? raw.replace(ESCAPE, unescapeOne) : raw);
}

/** Does the same, and is fast if a field equals that of the line before, as it does for a page and its assets. */
export function createFieldReader(): typeof field {
  let [before, value] = ['', ''];
  return (line, start, end) => {
    const raw = line.slice(start, end);
    if (raw !== before) {
      before = raw;
      value = field(raw, 0, raw.length);
    }
    return value;
  };
}

/** Decodes UTF-8 from text with one character for each byte. Invalid UTF-8 is most likely latin1 and stays as it is. */
export function decoded(text: string): string {
  return isAscii(text) ? text : decodeBytes(text);
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|(.))/g;
const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', v: '\v' };

function unescapeOne(_whole: string, hex: string | undefined, char: string | undefined): string {
  return hex === undefined ? (NAMED[char as string] ?? (char as string)) : String.fromCharCode(Number.parseInt(hex, 16));
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeBytes(text: string): string {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return text; // already decoded
  try {
    return UTF8.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

/** The place of the closing quote of the field that begins with a quote at `open`; -1 when there is none. */
export function closingQuote(line: string, open: number): number {
  if (line[open] !== '"') return -1;
  for (let quote = line.indexOf('"', open + 1); quote >= 0; quote = line.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (line[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return -1;
}

const ADDRESS_CHARS = /^[0-9a-f:.]+$/i;

/** `192.0.2.1:50123`, `[2001:db8::1]:443`, `2001:db8::1%eth0` → the address; empty when it is not an address. */
export function addressOf(text: string): string {
  // the most frequent case first: only an address
  if (ADDRESS_CHARS.test(text)) {
    if (isIP(text) !== 0) return text;
    const colon = text.lastIndexOf(':');
    const before = text.slice(0, Math.max(colon, 0));
    return isIP(before) !== 0 ? before : '';
  }
  const bracketed = /^\[([0-9a-f:.]+)(?:%[\w.-]+)?\](?::[0-9]{1,5})?$/i.exec(text)?.[1];
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : '';
  const zone = text.indexOf('%');
  const before = text.slice(0, Math.max(zone, 0));
  return isIP(before) === 6 ? before : '';
}

/** Ranges of private networks. They contain proxies, but not visitors from the internet. */
const PRIVATE = new Set(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat', 'unspecified']);

export function isPrivate(address: string): boolean {
  return isIP(address) !== 0 && PRIVATE.has(ipaddr.process(address).range());
}

const LIST_CHARS_MAX = 1024;

/**
 * The visitor's address in a list of addresses through which a request passed (`203.0.113.7, 10.0.0.1`): the first
 * public one, or the first one if none is public. Empty when there is none.
 */
export function visitorOf(list: string): string {
  if (!list.includes(',')) return addressOf(list.trim());
  let first = '';
  for (const part of list.slice(0, LIST_CHARS_MAX).split(',')) {
    const address = addressOf(part.trim());
    if (address === '') continue;
    if (!isPrivate(address)) return address;
    if (first === '') first = address;
  }
  return first;
}

/** Whether it contains only addresses. Proxies write `unknown` for an unknown one. */
export function isAddressList(text: string): boolean {
  const parts = text.slice(0, LIST_CHARS_MAX).split(',');
  return parts.some((part) => addressOf(part.trim()) !== '') && parts.every((part) => isListed(part.trim()));
}

function isListed(part: string): boolean {
  return part === '' || part === '-' || part === 'unknown' || addressOf(part) !== '';
}

const HOST_AND_PORT = /^(?:\[([0-9a-f:.]+)\]|([^\s:/?#@[\]]+?))\.?(?::[0-9]{1,5})?$/i;
/** RFC 1035: 255 octets in a packet are 253 characters in text. */
const HOST_CHARS_MAX = 253 + ':65535'.length + 1;

/** The host in lower case, without port and final dot. Empty if it cannot be a host, or is `-` or `_` for none. */
export function hostOf(text: string): string {
  if (text === '' || text === '-' || text === '_' || text.length > HOST_CHARS_MAX) return '';
  const match = HOST_AND_PORT.exec(text);
  if (match === null) return '';
  return match[1] === undefined ? (match[2] as string).toLowerCase() : `[${match[1].toLowerCase()}]`;
}

const NAME = /^(?:[a-z0-9_*](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})\.?(?::[0-9]{1,5})?$/i;

/** Whether it looks like a host name with a dot, such as `www.example.com:443`, and not like an address. */
export function isHostName(text: string): boolean {
  return text.length <= HOST_CHARS_MAX && NAME.test(text);
}

/** Whether it looks like a host name or `localhost`. */
export function isHost(text: string): boolean {
  return isHostName(text) || /^localhost(?::[0-9]{1,5})?$/i.test(text);
}

const URL_START = /^(?:https?|android-app|ios-app):\/\//i;
const AGENT = /^(?:Mozilla\/\d|[A-Za-z][^\s/:"]{1,60}(?: [A-Za-z][^\s/:"]{0,60}){0,3}\/v?\d)/;

export function isWebAddress(text: string): boolean {
  return URL_START.test(text);
}

/** Whether it looks like a user agent: `Mozilla/5.0 …`, `curl/8.0`, `Debian APT-HTTP/1.3`. */
export function isAgent(text: string): boolean {
  return AGENT.test(text) || (text.includes('(') && /\bcompatible;|\b(?:bot|crawler|spider)\b/i.test(text));
}

const REQUEST = /^[A-Z][A-Z_-]{1,30} \S.* HTTP\/[0-9](?:\.[0-9])?$/;

export function isRequest(text: string): boolean {
  return REQUEST.test(text) || isShortRequest(text);
}

/**
 * `GET /path`, as nginx writes `"$request_method $request_uri"`. Only common methods are accepted, because otherwise any
 * word before a path would be a request.
 */
export function isShortRequest(text: string): boolean {
  const space = text.indexOf(' ');
  return space > 0 && /^(?:\/|https?:\/\/)\S*$/i.test(text.slice(space + 1)) && isMethod(text.slice(0, space));
}

const METHOD = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND|REPORT|PURGE|PRI)$/;

export function isMethod(text: string): boolean {
  return METHOD.test(text);
}

/** `200` → 200; -1 when it is not a status. */
export function statusOf(text: string): number {
  return /^[0-9]{3}$/.test(text) ? Number(text) : -1;
}
