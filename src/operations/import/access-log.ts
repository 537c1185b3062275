// Reads the lines of access logs as Apache and nginx write them, with the usual fields in their usual places:
//
//   [host[:port] ]address[ host] ident user [17/May/2015:10:05:03 +0000] "GET /path HTTP/1.1" 200 1234
//     [ "referrer" "agent"[ "addresses"]]
//
// This is the fast reader for the formats of nearly all logs; formats/custom-text.ts reads the others.
import { isIP } from 'node:net';
import type { LogLine } from './formats/log-line.js';
import { createApacheTimeReader } from './formats/times.js';
import {
  addressOf,
  closingQuote,
  createFieldReader,
  field,
  hostOf,
  isHostName,
  isShortRequest,
  visitorOf,
} from './formats/values.js';

/**
 * The fields before the time. `address`: the visitor's address, and nothing else of interest. `any`: decided for each
 * line by the contents of its first two fields. `proxy`: an address that is not the visitor's.
 */
export type Front = 'any' | 'address' | 'host address' | 'address host' | 'proxy address' | 'address proxy';

export interface UsualFields {
  readonly front: Front;
  /** The third quoted field contains the addresses through which the request passed. */
  readonly forwarded: boolean;
  /** No line has a user agent, so a missing agent means nothing. */
  readonly agentless: boolean;
}

const USUAL: UsualFields = { front: 'any', forwarded: false, agentless: false };

/** Reads text with one character for each byte (latin1), so that positions in the text are positions in the bytes. */
export function createLineScanner({
  front,
  forwarded,
  agentless,
}: UsualFields = USUAL): (text: string, start: number, end: number, into: LogLine) => boolean {
  const parseTime = createApacheTimeReader();
  const [referrerOf, agentOf] = [createFieldReader(), createFieldReader()];

  /** Returns false when this is not a line of an access log; `into` is then partly filled. */
  return (text, start, end, into) => {
    // search in a copy of this line only: in the whole text, a missing character would mean a search to its end
    const line = text.slice(start, end);
    const open = scanTime(line, parseTime, into);
    if (open < 0 || !scanFront(line, open, front, into)) return false;

    const request = open + TIME_LENGTH + 1;
    const requestEnd = closingQuote(line, request);
    if (requestEnd < 0 || line[requestEnd + 1] !== ' ') return false;
    scanRequest(line, request + 1, requestEnd, into);

    const status = requestEnd + 2;
    into.status = digits3(line, status);
    if (into.status < 0 || !(line.length === status + 3 || isSpace(line, status + 3))) return false;
    into.referrer = '';
    into.agent = '';
    const referrer = line.indexOf('"', status + 3);
    into.hasAgent = referrer >= 0;
    if (referrer < 0) return true;
    const referrerEnd = closingQuote(line, referrer);
    if (referrerEnd < 0) return false;
    const agentEnd = closingQuote(line, referrerEnd + 2);
    if (agentEnd < 0) return false;
    into.referrer = referrerOf(line, referrer + 1, referrerEnd);
    into.agent = agentOf(line, referrerEnd + 3, agentEnd);
    if (agentless) into.hasAgent = into.agent !== '';
    if (forwarded) scanForwarded(line, agentEnd + 2, into);
    return true;
  };
}

const TIME_LENGTH = '[17/May/2015:10:05:03 +0000]'.length;

/** The place of the bracket before the time; -1 when there is none. A user's name may contain brackets too. */
function scanTime(line: string, parseTime: ReturnType<typeof createApacheTimeReader>, into: LogLine): number {
  for (let open = line.indexOf('['); open >= 0; open = line.indexOf('[', open + 1)) {
    if (!line.startsWith('] "', open + TIME_LENGTH - 1) || line[open - 1] !== ' ') continue;
    into.atMs = parseTime(line, open + 1);
    if (!Number.isNaN(into.atMs)) return open;
  }
  return -1;
}

/** Reads the host, if there is one, and the address. */
function scanFront(line: string, end: number, front: Front, into: LogLine): boolean {
  const firstEnd = endOfItem(line, 0, end);
  if (firstEnd <= 0 || firstEnd >= end) return false;
  const first = unquoted(line.slice(0, firstEnd));
  into.host = '';
  into.address = '';
  const second = firstEnd + 1;
  if (front === 'address' || (line[second] === '-' && line[second + 1] === ' ' && front === 'any')) {
    into.address = plainAddress(first);
    return true;
  }
  takeFront(first, unquoted(line.slice(second, Math.min(endOfItem(line, second, end), end))), front, into);
  return true;
}

/** Takes host and address from the first two fields of a line. Each of them may be a list of addresses. */
export function takeFront(first: string, second: string, front: Front, into: LogLine): void {
  into.host = '';
  const [one, two] = [visitorOf(first), visitorOf(second)];
  if (front === 'host address') {
    // a line without a host in front was written before the format had one
    const isPlain = one !== '' && two === '' && !isHostName(second);
    if (!isPlain) into.host = hostOf(first);
    into.address = isPlain ? one : two || absent(second);
  } else if (front === 'proxy address') {
    into.address = two || one || absent(first);
  } else if (front === 'any' && two !== '' && one === '') {
    into.host = hostOf(first);
    into.address = two;
  } else if (front === 'any' && one === '' && isHostName(first) && isHostName(second)) {
    into.host = hostOf(first);
    into.address = second;
  } else {
    into.address = one || plainAddress(first);
    if (front !== 'address proxy' && two === '' && isHostName(second)) into.host = hostOf(second);
  }
}

/** The end of the field that begins at `at`: a space that is neither in quotes nor after the comma of a list. */
function endOfItem(line: string, at: number, end: number): number {
  if (line[at] === '"') return Math.min(closingQuote(line, at) + 1 || end, end);
  let space = line.indexOf(' ', at);
  while (space >= 0 && space < end && line[space - 1] === ',') space = line.indexOf(' ', space + 1);
  return space < 0 ? end : space;
}

function unquoted(text: string): string {
  return text[0] === '"' ? text.slice(1, -1) : text;
}

/** An address, or a host name if the server resolves names. From a list it takes the visitor's address. */
function plainAddress(text: string): string {
  if (text.includes(',')) return visitorOf(text);
  if (!text.includes(':')) return absent(text);
  const address = addressOf(text);
  return address !== '' || isIP(text) !== 0 ? address : hostOf(text);
}

function absent(text: string): string {
  return text === '-' || text === 'unknown' ? '' : text;
}

function scanForwarded(line: string, open: number, into: LogLine): void {
  const end = closingQuote(line, open);
  if (end < 0 || end - open <= 2) return;
  const visitor = visitorOf(line.slice(open + 1, end));
  if (visitor !== '') into.address = visitor;
}

/** Reads `GET /path HTTP/1.1`, or a request without the protocol. Anything else has an empty method. */
function scanRequest(line: string, start: number, end: number, into: LogLine): void {
  const space = line.indexOf(' ', start);
  const last = line.lastIndexOf(' ', end - 1);
  const hasProtocol = space > start && space < last && line.startsWith('HTTP/', last + 1);
  const isRequest = hasProtocol || (space === last && isShortRequest(line.slice(start, end)));
  into.method = isRequest ? line.slice(start, space) : '';
  into.target = isRequest ? field(line, space + 1, hasProtocol ? last : end) : '';
}

/** Takes method and target from a request line. */
export function takeRequest(request: string, into: LogLine): void {
  scanRequest(request, 0, request.length, into);
}

function digits3(line: string, at: number): number {
  let value = 0;
  for (let i = at; i < at + 3; i++) {
    const digit = line.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function isSpace(line: string, at: number): boolean {
  return line[at] === ' ' || line[at] === '\r';
}
