// Reads the lines of access logs as Apache and nginx write them: common, combined, and combined with the host in front.
//
//   [host:port ]address ident user [17/May/2015:10:05:03 +0000] "GET /path HTTP/1.1" 200 1234[ "referrer" "agent"]

/** A line's fields; the same object is filled again for every line, since millions come. Absent fields are empty. */
export interface LogLine {
  /** Of the leading `host:port`, lower case, without the port. */
  host: string;
  address: string;
  /** Milliseconds since 1970, UTC, by the line's own offset. */
  atMs: number;
  method: string;
  /** What was asked for, as it was asked for. */
  target: string;
  status: number;
  referrer: string;
  agent: string;
}

export function emptyLine(): LogLine {
  return { host: '', address: '', atMs: 0, method: '', target: '', status: 0, referrer: '', agent: '' };
}

/** Reads logs whose bytes were made into text one by one (latin1), so that places in the text are places in the bytes. */
export function createLineScanner(): (text: string, start: number, end: number, into: LogLine) => boolean {
  const parseTime = createTimeParser();

  /** False when this is no line of an access log; `into` is then undefined in part. */
  return (text, start, end, into) => {
    const open = text.indexOf('[', start);
    if (open < 0 || open + 28 > end || text[open - 1] !== ' ') return false;
    into.atMs = parseTime(text, open + 1);
    if (Number.isNaN(into.atMs) || text[open + 27] !== ']') return false;
    if (!scanFront(text, start, open, into)) return false;

    const request = open + 29;
    const requestEnd = closingQuote(text, request, end);
    if (requestEnd < 0) return false;
    scanRequest(text, request + 1, requestEnd, into);

    const status = requestEnd + 2;
    into.status = digits3(text, status);
    if (into.status < 0 || status + 3 > end) return false;
    const bytes = status + 4;
    into.referrer = '';
    into.agent = '';
    const referrer = text.indexOf('"', bytes);
    if (referrer < 0 || referrer >= end) return true; // common format: no more fields
    const referrerEnd = closingQuote(text, referrer, end);
    const agentEnd = closingQuote(text, referrerEnd + 2, end);
    if (referrerEnd < 0 || agentEnd < 0) return false;
    into.referrer = field(text, referrer + 1, referrerEnd);
    into.agent = field(text, referrerEnd + 3, agentEnd);
    return true;
  };
}

const HOST_AND_PORT = /^([a-z0-9.-]+):[0-9]{1,5}$/i;

function scanFront(text: string, start: number, end: number, into: LogLine): boolean {
  const space = text.indexOf(' ', start);
  if (space <= start || space >= end) return false;
  const first = text.slice(start, space);
  const match = first.includes(':') ? HOST_AND_PORT.exec(first) : null;
  if (match === null) {
    into.host = '';
    into.address = first;
    return true;
  }
  into.host = (match[1] as string).toLowerCase();
  const next = text.indexOf(' ', space + 1);
  if (next < 0 || next >= end) return false;
  into.address = text.slice(space + 1, next);
  return true;
}

/** `GET /path HTTP/1.1`; what is no request line has an empty method. */
function scanRequest(text: string, start: number, end: number, into: LogLine): void {
  const space = text.indexOf(' ', start);
  const last = text.lastIndexOf(' ', end - 1);
  const isRequest = space > start && space < last && text.startsWith('HTTP/', last + 1);
  into.method = isRequest ? text.slice(start, space) : '';
  into.target = isRequest ? field(text, space + 1, last) : '';
}

/** The place of the quote that ends the field whose first quote is at `open`; -1 when there is none before `end`. */
function closingQuote(text: string, open: number, end: number): number {
  if (open < 0 || open >= end || text[open] !== '"') return -1;
  for (let quote = text.indexOf('"', open + 1); quote >= 0 && quote < end; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return -1;
}

function digits3(text: string, at: number): number {
  let value = 0;
  for (let i = at; i < at + 3; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** A field's text: escapes undone, its bytes taken for UTF-8 where they are that; `-` is an absent one. */
function field(text: string, start: number, end: number): string {
  if (end - start === 1 && text[start] === '-') return '';
  const raw = text.slice(start, end);
  const plain = raw.includes('\\') ? raw.replace(ESCAPE, unescapeOne) : raw;
  return isAscii(plain) ? plain : decodeBytes(plain);
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

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decodeBytes(text: string): string {
  try {
    return UTF8.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text; // not UTF-8: then most likely latin1, which it is already
  }
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const MINUTE_LENGTH = '17/May/2015:10:05'.length;

/** `17/May/2015:10:05:03 +0000` → milliseconds; NaN when it is not that. Minutes are remembered: lines of one stand together. */
function createTimeParser(): (text: string, at: number) => number {
  let minute = '';
  let offset = '';
  let minuteMs = Number.NaN;
  return (text, at) => {
    if (!text.startsWith(minute, at) || minute === '' || !text.startsWith(offset, at + 21)) {
      minute = text.slice(at, at + MINUTE_LENGTH);
      offset = text.slice(at + 21, at + 26);
      minuteMs = minuteOf(minute, offset);
    }
    const seconds = (text.charCodeAt(at + 18) - 48) * 10 + text.charCodeAt(at + 19) - 48;
    return seconds >= 0 && seconds <= 60 ? minuteMs + seconds * 1000 : Number.NaN;
  };
}

const MINUTE = /^([0-9]{2})\/([A-Z][a-z]{2})\/([0-9]{4}):([0-9]{2}):([0-9]{2})$/;
const OFFSET = /^([+-])([0-9]{2})([0-9]{2})$/;

function minuteOf(minute: string, offset: string): number {
  const m = MINUTE.exec(minute);
  const o = OFFSET.exec(offset);
  const month = m === null ? -1 : MONTHS.indexOf(m[2] as string) / 3;
  if (m === null || o === null || !Number.isInteger(month) || month < 0) return Number.NaN;
  const [day, year, hour, min] = [Number(m[1]), Number(m[3]), Number(m[4]), Number(m[5])];
  const utc = Date.UTC(year, month, day, hour, min);
  if (new Date(utc).getUTCDate() !== day || hour > 23 || min > 59) return Number.NaN;
  const offsetMs = (Number(o[2]) * 60 + Number(o[3])) * 60_000;
  return o[1] === '+' ? utc - offsetMs : utc + offsetMs;
}
