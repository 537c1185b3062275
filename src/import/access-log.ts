// Reads the lines of access logs as Apache and nginx write them: common, combined, and combined with the host in front.
//
//   [host:port ]address ident user [17/May/2015:10:05:03 +0000] "GET /path HTTP/1.1" 200 1234[ "referrer" "agent"]

/** A line's fields; the same object is filled again for every line, since millions come. Absent fields are empty. */
export interface LogLine {
  /** Of the leading `host:port`, lower case, without the port. */
  host: string;
  /** As it stands there; may be a host name. */
  address: string;
  /** Milliseconds since 1970, UTC, by the line's own offset. */
  atMs: number;
  method: string;
  /** What was asked for, as it was asked for. */
  target: string;
  status: number;
  referrer: string;
  agent: string;
  /** False in the common format, which has no field for it: then an empty `agent` says nothing. */
  hasAgent: boolean;
}

export function emptyLine(): LogLine {
  return { host: '', address: '', atMs: 0, method: '', target: '', status: 0, referrer: '', agent: '', hasAgent: false };
}

/** Reads logs whose bytes were made into text one by one (latin1), so that places in the text are places in the bytes. */
export function createLineScanner(): (text: string, start: number, end: number, into: LogLine) => boolean {
  const parseTime = createTimeParser();

  /** False when this is no line of an access log; `into` is then undefined in part. */
  return (text, start, end, into) => {
    // What is sought must be sought in this line alone: in a long text without it, every line would be a search to the end.
    const line = text.slice(start, end);
    const open = scanTime(line, parseTime, into);
    if (open < 0 || !scanFront(line, open, into)) return false;

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
    into.referrer = field(line, referrer + 1, referrerEnd);
    into.agent = field(line, referrerEnd + 3, agentEnd);
    return true;
  };
}

const TIME_LENGTH = '[17/May/2015:10:05:03 +0000]'.length;

/** The place of the bracket before the time; -1 when there is none. A user's name may hold brackets too. */
function scanTime(line: string, parseTime: ReturnType<typeof createTimeParser>, into: LogLine): number {
  for (let open = line.indexOf('['); open >= 0; open = line.indexOf('[', open + 1)) {
    if (!line.startsWith('] "', open + TIME_LENGTH - 1) || line[open - 1] !== ' ') continue;
    into.atMs = parseTime(line, open + 1);
    if (!Number.isNaN(into.atMs)) return open;
  }
  return -1;
}

const HOST_AND_PORT = /^([a-z0-9.-]+):[0-9]{1,5}$/i;

/** Host, if there is one, and address. */
function scanFront(line: string, end: number, into: LogLine): boolean {
  const space = line.indexOf(' ');
  if (space <= 0 || space >= end) return false;
  const first = line.slice(0, space);
  const match = first.includes(':') ? HOST_AND_PORT.exec(first) : null;
  into.host = '';
  into.address = first;
  if (match === null) return true;
  const next = line.indexOf(' ', space + 1);
  if (next < 0 || next >= end) return false;
  const second = line.slice(space + 1, next);
  if (second === '-') {
    into.address = match[1] as string; // an address with the visitor's port, as some proxies write it, and no `ident`
  } else {
    into.host = (match[1] as string).toLowerCase();
    into.address = second;
  }
  return true;
}

/** `GET /path HTTP/1.1`; what is no request line has an empty method. */
function scanRequest(line: string, start: number, end: number, into: LogLine): void {
  const space = line.indexOf(' ', start);
  const last = line.lastIndexOf(' ', end - 1);
  const isRequest = space > start && space < last && line.startsWith('HTTP/', last + 1);
  into.method = isRequest ? line.slice(start, space) : '';
  into.target = isRequest ? field(line, space + 1, last) : '';
}

/** The place of the quote that ends the field whose first quote is at `open`; -1 when there is none. */
function closingQuote(line: string, open: number): number {
  if (line[open] !== '"') return -1;
  for (let quote = line.indexOf('"', open + 1); quote >= 0; quote = line.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (line[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return -1;
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

/** A field's text: escapes undone, its bytes taken for UTF-8 where they are that; `-` is an absent one. */
function field(line: string, start: number, end: number): string {
  if (end - start === 1 && line[start] === '-') return '';
  const raw = line.slice(start, end);
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

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

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
function createTimeParser(): (line: string, at: number) => number {
  let minute = '';
  let offset = '';
  let minuteMs = Number.NaN;
  return (line, at) => {
    if (!line.startsWith(minute, at) || minute === '' || !line.startsWith(offset, at + 21)) {
      minute = line.slice(at, at + MINUTE_LENGTH);
      offset = line.slice(at + 21, at + 26);
      minuteMs = minuteOf(minute, offset);
    }
    const tens = line.charCodeAt(at + 18) - 48;
    const ones = line.charCodeAt(at + 19) - 48;
    const isTime = tens >= 0 && tens <= 6 && ones >= 0 && ones <= 9 && line[at + 17] === ':' && line[at + 20] === ' ';
    const seconds = tens * 10 + ones;
    return isTime && seconds <= 60 ? minuteMs + seconds * 1000 : Number.NaN; // 60: leap seconds
  };
}

const MINUTE = /^([0-9]{2})\/([A-Z][a-z]{2})\/([0-9]{4}):([0-9]{2}):([0-9]{2})$/;
const OFFSET = /^([+-])([0-9]{2})([0-9]{2})$/;
/** Before that, nobody had a log; and the first two digits would be lost in a Date. */
const YEAR_MIN = 1970;

function minuteOf(minute: string, offset: string): number {
  const m = MINUTE.exec(minute);
  const o = OFFSET.exec(offset);
  const month = m === null ? -1 : MONTHS.indexOf(m[2] as string) / 3;
  if (m === null || o === null || !Number.isInteger(month) || month < 0) return Number.NaN;
  const [day, year, hour, min] = [Number(m[1]), Number(m[3]), Number(m[4]), Number(m[5])];
  const utc = Date.UTC(year, month, day, hour, min);
  if (year < YEAR_MIN || new Date(utc).getUTCDate() !== day || hour > 23 || min > 59) return Number.NaN;
  const offsetMs = (Number(o[2]) * 60 + Number(o[3])) * 60_000;
  return o[1] === '+' ? utc - offsetMs : utc + offsetMs;
}
