// A hit as one line of the journal and back. Tabs part fields and U+001F parts what is inside one; neither can be in a
// text from outside, because parsing has replaced control characters (src/hit/text.ts).
import type {
  FirstOf,
  Hit,
  HitKind,
  LocalTime,
  Medium,
  NotCounted,
  Point,
  Referrer,
  Refusal,
  Sizes,
  Technology,
  Visitor,
} from '../hit/hit.js';
import { NO_RECORD, VIEWS_ONLY } from '../hit/visitor.js';

const KINDS: Readonly<Record<HitKind, string>> = { view: 'v', event: 'e', ping: 'p' };
const KIND_OF: Readonly<Record<string, HitKind>> = { v: 'view', e: 'event', p: 'ping' };
const REFUSED = 'r';
/** Stands where a record would. */
const VIEWS_ONLY_MARK = '-';

export function hitLine(hit: Hit): string {
  const { referrer, technology: t, sizes: s, visitor: v } = hit;
  const from =
    referrer.host === '' ? referrer.medium : `${referrer.medium}\x1f${referrer.source}\x1f${referrer.host}\x1f${referrer.path}`;
  const record = v.record
    ? `${flagsOf(v)},${v.ageSeconds},${v.firstViewDaysAgo},${v.visitNumber},${v.pageNumber},${v.pageAgeSeconds}`
    : v.viewsOnly
      ? VIEWS_ONLY_MARK
      : '';
  return `${KINDS[hit.kind]}\t${hit.site}\t${hit.receivedAtMs}\t${hit.at.day}\t${hit.at.hour}:${hit.at.minute}\t${hit.path}\t${hit.title}\t${from}\t${
    t.browser
  }|${t.version}|${t.platform}|${t.device}|${s.screenWidth}|${s.windowWidth}|${s.windowHeight}|${hit.language}\t${record}\t${
    v.previousPath
  }\t${restOf(hit)}\n`;
}

export function refusalLine(refusal: Refusal): string {
  return `${REFUSED}\t${refusal.site}\t${refusal.receivedAtMs}\t${refusal.day}\t${refusal.reason}\t${refusal.hits}\n`;
}

/** Without the time, the page or the technology of the hit that it came with. */
export function pointLine(point: Point): string {
  return `${point.sketch === 'first' ? '1' : '2'}\t${point.site}\t${point.day}\t${point.register}\t${point.rank}\n`;
}

/** Reads the lines of segments. Hits share the objects of equal technology and referrers: there are few different ones. */
export function createLineReader(): (line: string) => { hit: Hit } | { refusal: Refusal } | undefined {
  const technologies = remembering(parseTechnologyField);
  const referrers = remembering(parseReferrerField);
  const times = sharingLast(timeOf);
  return (line) => {
    const f = line.split('\t');
    if (f[0] === REFUSED) return refusalOf(f);
    const kind = KIND_OF[f[0] as string];
    if (kind === undefined || f.length !== 12) return undefined;
    const receivedAtMs = Number(f[2]);
    const at = times(f[3] as string, f[4] as string);
    const { technology, sizes, language } = technologies(f[8] as string);
    return {
      hit: {
        kind,
        site: f[1] as string,
        receivedAtMs,
        atMs: receivedAtMs,
        at,
        path: f[5] as string,
        title: f[6] as string,
        referrer: referrers(f[7] as string),
        technology,
        sizes,
        language,
        visitor: visitorField(f[9] as string, f[10] as string),
        ...parseRest(f[11] as string, at),
      },
    };
  };
}

/** A point's day was current when it was journalled, so any moment of that day is when it was received. */
export function parsePointLine(line: string): Point | undefined {
  const f = line.split('\t');
  if (f.length !== 5) return undefined;
  return {
    sketch: f[0] === '1' ? 'first' : 'second',
    site: f[1] as string,
    day: f[2] as string,
    receivedAtMs: Date.parse(f[2] as string),
    register: Number(f[3]),
    rank: Number(f[4]),
  };
}

/** Visits the whole lines of a text. */
export function forEachLine(text: string, visit: (line: string) => void): void {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    if (end < 0) return; // segments end with a whole line
    visit(text.slice(start, end));
    start = end + 1;
  }
}

/** When the first hit of a segment was received: none of its points is older. 0 where nothing tells. */
export function createEarliest(): { take(receivedAtMs: number): void; ms(): number } {
  let earliest = Number.POSITIVE_INFINITY;
  return {
    take(receivedAtMs) {
      if (receivedAtMs < earliest) earliest = receivedAtMs;
    },
    ms: () => (earliest === Number.POSITIVE_INFINITY ? 0 : earliest),
  };
}

function refusalOf(f: string[]): { refusal: Refusal } | undefined {
  if (f.length !== 6) return undefined;
  const [, site, receivedAtMs, day, reason, hits] = f as [string, string, string, string, NotCounted, string];
  return { refusal: { site, day, receivedAtMs: Number(receivedAtMs), reason, hits: Number(hits) } };
}

function flagsOf(v: Visitor): number {
  return (
    +v.firstOfHour |
    (+v.firstOfDay << 1) |
    (+v.firstOfMonth << 2) |
    (+v.firstOfYear << 3) |
    (+v.firstEver << 4) |
    (FIRST_OF.indexOf(v.firstOfPage) << 5)
  );
}

const FIRST_OF: readonly FirstOf[] = ['', 'd', 'm', 'y'];

/** Most hits are of the same five minutes as the one before. */
function sharingLast(make: (day: string, time: string) => LocalTime): (day: string, time: string) => LocalTime {
  let last = { day: '', time: '', made: make('', '') };
  return (day, time) => {
    if (day !== last.day || time !== last.time) last = { day, time, made: make(day, time) };
    return last.made;
  };
}

/** `02:35`, `02+:35`; of versions before this one only the hour. */
function timeOf(day: string, time: string): LocalTime {
  const colon = time.indexOf(':');
  return colon < 0 ? { day, hour: time, minute: '00' } : { day, hour: time.slice(0, colon), minute: time.slice(colon + 1) };
}

function visitorField(field: string, previousPath: string): Visitor {
  if (field === '') return NO_RECORD;
  return field === VIEWS_ONLY_MARK ? VIEWS_ONLY : visitorOf(field, previousPath);
}

/** Reads a record's numbers in one pass: this is done for nearly every hit, and splitting would make seven texts of each. */
function visitorOf(field: string, previousPath: string): Visitor {
  let at = 0;
  const next = (): number => {
    let value = 0;
    let sign = 1;
    for (; at < field.length; at++) {
      const unit = field.charCodeAt(at);
      if (unit === COMMA) break;
      if (unit === MINUS) sign = -1;
      else value = value * 10 + unit - ZERO;
    }
    at++;
    return sign * value;
  };
  const flags = next();
  return {
    record: true,
    viewsOnly: false,
    firstOfHour: (flags & 1) !== 0,
    firstOfDay: (flags & 2) !== 0,
    firstOfMonth: (flags & 4) !== 0,
    firstOfYear: (flags & 8) !== 0,
    firstEver: (flags & 16) !== 0,
    firstOfPage: FIRST_OF[(flags >> 5) & 3] as FirstOf,
    ageSeconds: next(),
    firstViewDaysAgo: next(),
    visitNumber: next(),
    pageNumber: next(),
    pageAgeSeconds: next(),
    previousPath,
  };
}

const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;

type Rest = Pick<Hit, 'refersTo' | 'engagement' | 'event'>;
const NO_REST: Rest = { refersTo: undefined, engagement: undefined, event: undefined };

/** Of most views nothing, or when the one before was: plain text, since making an object of JSON takes longer than all else of a line. */
function restOf({ at, refersTo, engagement, event }: Hit): string {
  if (engagement || event) return JSON.stringify({ t: refersTo, g: engagement, e: event });
  if (refersTo === undefined) return '';
  return isSame(refersTo, at) ? SAME : `${refersTo.day} ${refersTo.hour}:${refersTo.minute}`;
}

const SAME = '=';

function isSame(a: LocalTime, b: LocalTime): boolean {
  return a.day === b.day && a.hour === b.hour && a.minute === b.minute;
}

function parseRest(field: string, at: LocalTime): Rest {
  if (field === '') return NO_REST;
  if (field === SAME) return { refersTo: at, engagement: undefined, event: undefined };
  if (!field.startsWith('{')) {
    return { refersTo: timeOf(field.slice(0, 10), field.slice(11)), engagement: undefined, event: undefined };
  }
  const { t, g, e } = JSON.parse(field) as { t?: LocalTime; g?: Hit['engagement']; e?: Hit['event'] };
  return { refersTo: t, engagement: g, event: e };
}

function parseTechnologyField(field: string): { technology: Technology; sizes: Sizes; language: string } {
  const [browser, version, platform, device, screenWidth, windowWidth, windowHeight, language] = field.split('|') as string[];
  return {
    technology: {
      browser: browser as string,
      version: version as string,
      platform: platform as string,
      device: device as string,
    },
    sizes: { screenWidth: screenWidth as string, windowWidth: windowWidth as string, windowHeight: windowHeight as string },
    language: language as string,
  };
}

function parseReferrerField(field: string): Referrer {
  const [medium, source = '', host = '', path = ''] = field.split('\x1f');
  return { medium: medium as Medium, source, host, path };
}

/** Bounded, so that a segment of nothing but different referrers costs memory for these and no more. */
const REMEMBERED_MAX = 10_000;

function remembering<T>(parse: (field: string) => T): (field: string) => T {
  const known = new Map<string, T>();
  return (field) => {
    let value = known.get(field);
    if (value === undefined) {
      value = parse(field);
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(field, value);
    }
    return value;
  };
}
