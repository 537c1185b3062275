// What the journal keeps of a request, as lines of text, and back. Tabs part fields, and U+001F parts what is inside
// of one; neither can be in a text from outside, because parsing has replaced control characters (src/hit/text.ts).
//
// A view is a line of its own. What it told of its visit (src/hit/observation.ts) is in other lines, which name
// neither the view's browser nor its title, and tell at the most the five minutes. Times are cut to the five minutes
// or to the UTC day, here already. Equal ones may be one line, which then ends with their number.

import {
  type FirstOf,
  type Hit,
  isParted,
  type Medium,
  type NotCounted,
  type Referrer,
  type Refusal,
  type Sizes,
  type Taken,
  type Technology,
  type Visitor,
} from '../hit/hit.js';
import type { Observation, Presence, Reading } from '../hit/observation.js';
import { NO_RECORD, VIEWS_ONLY } from '../hit/record.js';
import type { LocalTime } from '../time/calendar.js';
import { memoize } from '../time/memo.js';
import { DAY_MS, FIVE_MINUTES_MS } from '../time/units.js';

export type Parsed =
  | { readonly hit: Hit }
  /** `times`: so many lines that were equal are one. */
  | { readonly observation: Observation; readonly times: number }
  | { readonly refusal: Refusal };

/** No line is longer: src/hit/text.ts and src/hit/event.ts see to it. */
export const LINE_BYTES_MAX = 4096;

/** Bounded, so that a segment of nothing but different referrers costs memory for these and no more. */
export const REMEMBERED_MAX = 10_000;

/** The lines of a hit. A ping has no line of its own but what it tells. */
export function linesOf({ hit, observations }: Pick<Taken, 'hit' | 'observations'>): string {
  let lines = hit.kind === 'ping' ? '' : hitLine(hit);
  for (const observation of observations) lines += observationLine(observation);
  return lines;
}

const FIRST_OF: readonly FirstOf[] = ['', 'd', 'm', 'y'];
/** Stands where a record would. */
const VIEWS_ONLY_MARK = '-';

export function hitLine(hit: Hit): string {
  const { at } = hit;
  const event = hit.event === undefined ? '' : `\t${JSON.stringify(hit.event)}`;
  return `${hit.kind === 'view' ? 'v' : 'e'}\t${hit.site}\t${momentOf(hit.receivedAtMs)}\t${at.day}\t${at.hour}:${at.minute}\t${hit.path}\t${
    hit.title
  }\t${referrerText(hit.referrer)}\t${technologyText(hit)}\t${visitorText(hit.visitor)}${event}\n`;
}

function technologyText({ technology: t, sizes: s, language }: Pick<Hit, 'technology' | 'sizes' | 'language'>): string {
  return isParted(t)
    ? ''
    : `${t.browser}|${t.version}|${t.platform}|${t.device}|${s.screenWidth}|${s.windowWidth}|${s.windowHeight}|${language}`;
}

export function referrerText({ medium, source, host, path }: Referrer): string {
  return host === '' ? medium : `${medium}\x1f${source}\x1f${host}\x1f${path}`;
}

function visitorText(visitor: Visitor): string {
  if (!visitor.record) return visitor.viewsOnly ? VIEWS_ONLY_MARK : '';
  return String(FIRST_OF.indexOf(visitor.first) | (FIRST_OF.indexOf(visitor.firstOfPage) << 2) | (+visitor.entry << 4));
}

export function observationLine(told: Observation, times = 1): string {
  const line = observationText(told);
  return times === 1 ? `${line}\n` : `${line}\t${times}\n`;
}

function observationText(told: Observation): string {
  const { site, day } = told;
  switch (told.kind) {
    case 'presence':
      return `h\t${site}\t${momentOf(told.receivedAtMs)}\t${day}\t${told.hour}:${told.minute}\t${presenceText(told)}`;
    case 'step':
      return `s\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t${told.hour}\t${told.seconds}\t${told.from}\t${told.to}\t${+told.afterEntry}`;
    case 'pauses':
      return `w\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t${told.hour}\t${told.pauses}\t${told.seconds}\t${+told.afterEntry}`;
    case 'transition':
      return `n\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t${told.from}\t${told.to}\t${+told.afterEntry}`;
    case 'technology':
      return `t\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t${technologyText(told)}\t${told.first}`;
    case 'page-device':
      return `d\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t${told.path}\t${told.device}`;
    case 'reading':
      return `g\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t${told.hour}\t${told.path}\t${+told.first},${told.seconds},${
        told.secondsClassBefore
      },${told.secondsClass},${told.depth},${told.depthClassBefore},${told.depthClass}`;
    case 'ping':
      return `p\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}`;
  }
}

function presenceText({ visitClass, sinceClass, weeks, months, ...told }: Presence): string {
  const flags = +told.firstOfHour | (+told.firstOfFiveMinutes << 1) | (+told.newlyHere << 2) | (+told.firstEver << 3);
  return visitClass === 0 && weeks < 0 && months < 0 ? String(flags) : `${flags},${visitClass},${sinceClass},${weeks},${months}`;
}

export function refusalLine(refusal: Refusal): string {
  const line = `r\t${refusal.site}\t${momentOf(refusal.receivedAtMs)}\t${refusal.day}\t${refusal.reason}`;
  return refusal.hits === 1 ? `${line}\n` : `${line}\t${refusal.hits}\n`;
}

/** Since 1970, of five minutes each. */
function momentOf(atMs: number): number {
  return Math.floor(atMs / FIVE_MINUTES_MS);
}

/**
 * Reads the lines of segments; undefined for what is none. Hits share the objects of equal technology and referrers:
 * there are few different ones.
 */
export function createLineReader(): (line: string) => Parsed | undefined {
  const technologies = memoize(parseTechnologyField, REMEMBERED_MAX);
  const referrers = memoize(parseReferrerField, REMEMBERED_MAX);
  const visitors = memoize(parseVisitorField, REMEMBERED_MAX);
  const times = sharingLast(timeOf);

  const hitOf = (f: string[]): Parsed | undefined => {
    const isView = f[0] === 'v';
    if (f.length !== (isView ? 10 : 11)) return undefined;
    const receivedAtMs = Number(f[2]) * FIVE_MINUTES_MS;
    const { technology, sizes, language } = technologies(f[8] as string);
    return {
      hit: {
        kind: isView ? 'view' : 'event',
        site: f[1] as string,
        receivedAtMs,
        atMs: receivedAtMs,
        at: times(f[3] as string, f[4] as string),
        path: f[5] as string,
        title: f[6] as string,
        referrer: referrers(f[7] as string),
        technology,
        sizes,
        language,
        visitor: visitors(f[9] as string),
        event: isView ? undefined : JSON.parse(f[10] as string),
      },
    };
  };

  const technologySeen = (f: string[]): Observation => ({
    kind: 'technology',
    site: f[1] as string,
    receivedAtMs: Number(f[2]) * DAY_MS,
    day: f[3] as string,
    ...technologies(f[4] as string),
    first: f[5] as FirstOf,
  });

  return (line) => {
    const f = line.split('\t');
    const kind = f[0] as string;
    if (kind === 'v' || kind === 'e') return hitOf(f);
    const fields = FIELDS[kind];
    if (fields === undefined || f.length < fields || f.length > fields + 1) return undefined;
    const times = f.length === fields ? 1 : Number(f[fields]);
    if (kind === 'r') return { refusal: refusalOf(f, times) };
    if (kind === 'h') return { observation: presenceOf(f), times };
    return { observation: kind === 't' ? technologySeen(f) : observationOf(f), times };
  };
}

/** How many fields the lines of observations and refusals have, before the number of equal ones. */
const FIELDS: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  h: 6,
  s: 9,
  w: 8,
  n: 7,
  t: 6,
  d: 6,
  g: 7,
  p: 4,
  r: 5,
});

function presenceOf(f: string[]): Presence {
  const time = f[4] as string;
  const colon = time.indexOf(':');
  const numbers = f[5] as string;
  // Most have nothing but flags: those are read without making a list.
  const [flags, visitClass, sinceClass, weeks, months] = numbers.length < 3 ? [Number(numbers), 0, -1, -1, -1] : listOf(numbers);
  return {
    kind: 'presence',
    site: f[1] as string,
    receivedAtMs: Number(f[2]) * FIVE_MINUTES_MS,
    day: f[3] as string,
    hour: time.slice(0, colon),
    minute: time.slice(colon + 1),
    firstOfHour: (flags & 1) !== 0,
    firstOfFiveMinutes: (flags & 2) !== 0,
    newlyHere: (flags & 4) !== 0,
    firstEver: (flags & 8) !== 0,
    visitClass,
    sinceClass,
    weeks,
    months,
  };
}

function listOf(numbers: string): [number, number, number, number, number] {
  return numbers.split(',').map(Number) as [number, number, number, number, number];
}

function observationOf(f: string[]): Observation {
  const site = f[1] as string;
  const receivedAtMs = Number(f[2]) * DAY_MS;
  const day = f[3] as string;
  if (f[0] === 's') {
    const [, , , , hour, seconds, from, to, afterEntry] = f as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    return { kind: 'step', site, receivedAtMs, day, hour, seconds: Number(seconds), from, to, afterEntry: afterEntry === '1' };
  }
  const told = { site, receivedAtMs, day };
  if (f[0] === 'w') {
    const [hour, pauses, seconds] = [f[4] as string, Number(f[5]), Number(f[6])];
    return { kind: 'pauses', ...told, hour, pauses, seconds, afterEntry: f[7] === '1' };
  }
  if (f[0] === 'n') return { kind: 'transition', ...told, from: f[4] as string, to: f[5] as string, afterEntry: f[6] === '1' };
  if (f[0] === 'd') return { kind: 'page-device', ...told, path: f[4] as string, device: f[5] as string };
  return f[0] === 'p' ? { kind: 'ping', site, receivedAtMs, day } : readingOf(f, site, receivedAtMs, day);
}

function readingOf(f: string[], site: string, receivedAtMs: number, day: string): Reading {
  const numbers = (f[6] as string).split(',').map(Number) as [number, number, number, number, number, number, number];
  const [first, seconds, secondsClassBefore, secondsClass, depth, depthClassBefore, depthClass] = numbers;
  return {
    kind: 'reading',
    site,
    receivedAtMs,
    day,
    hour: f[4] as string,
    path: f[5] as string,
    first: first === 1,
    seconds,
    secondsClassBefore,
    secondsClass,
    depth,
    depthClassBefore,
    depthClass,
  };
}

/**
 * The same lines, site by site: what is counted for one fits into the processor's cache. Presences, most of which are
 * equal, are one line with their number.
 */
export function linesBySite(lines: readonly string[]): Iterable<readonly string[]> {
  const bySite = new Map<string, string[]>();
  const presences = new Map<string, { times: number; readonly site: string[] }>();
  for (const line of lines) {
    const isPresence = line[0] === 'h';
    const equal = isPresence ? presences.get(line) : undefined;
    if (equal !== undefined) {
      equal.times++;
      continue;
    }
    const site = line.slice(2, line.indexOf('\t', 2)); // the kind of every line is one character, and the site follows it
    let some = bySite.get(site);
    if (some === undefined) {
      some = [];
      bySite.set(site, some);
    }
    if (isPresence) presences.set(line, { times: 1, site: some });
    else some.push(line);
  }
  for (const [line, { times, site }] of presences) {
    const [text, before] = countedLine(line);
    site.push(times * before === 1 ? text : `${text}\t${times * before}`);
  }
  return bySite.values();
}

/** The line of an observation or refusal without the number of equal ones, and that number. */
export function countedLine(line: string): [line: string, times: number] {
  const fields = FIELDS[line[0] as string] as number;
  let tab = -1;
  for (let i = 0; i < fields; i++) {
    tab = line.indexOf('\t', tab + 1);
    if (tab < 0) return [line, 1];
  }
  return [line.slice(0, tab), Number(line.slice(tab + 1))];
}

function refusalOf(f: string[], hits: number): Refusal {
  const [, site, moment, day, reason] = f as [string, string, string, string, NotCounted];
  return { site, day, receivedAtMs: Number(moment) * FIVE_MINUTES_MS, reason, hits };
}

/**
 * When the hit of a line was taken, cut to the five minutes; undefined where the line tells only the day.
 * Milliseconds since 1970.
 */
export function receivedAtMs(line: string): number | undefined {
  if (!'verh'.includes(line[0] as string)) return undefined;
  const start = line.indexOf('\t', 2) + 1;
  return Number(line.slice(start, line.indexOf('\t', start))) * FIVE_MINUTES_MS;
}

/** Most hits are of the same five minutes as the one before. */
export function sharingLast(make: (day: string, time: string) => LocalTime): (day: string, time: string) => LocalTime {
  let last = { day: '', time: '', made: make('', '') };
  return (day, time) => {
    if (day !== last.day || time !== last.time) last = { day, time, made: make(day, time) };
    return last.made;
  };
}

/** `02:35`, `02+:35` */
function timeOf(day: string, time: string): LocalTime {
  const colon = time.indexOf(':');
  return { day, hour: time.slice(0, colon), minute: time.slice(colon + 1) };
}

function parseVisitorField(field: string): Visitor {
  if (field === '') return NO_RECORD;
  if (field === VIEWS_ONLY_MARK) return VIEWS_ONLY;
  const flags = Number(field);
  return {
    record: true,
    viewsOnly: false,
    first: FIRST_OF[flags & 3] as FirstOf,
    firstOfPage: FIRST_OF[(flags >> 2) & 3] as FirstOf,
    entry: (flags & 16) !== 0,
  };
}

export function parseTechnologyField(field: string): { technology: Technology; sizes: Sizes; language: string } {
  const [browser = '', version = '', platform = '', device = '', ...others] = field.split('|');
  const [screenWidth = '', windowWidth = '', windowHeight = '', language = ''] = others;
  return { technology: { browser, version, platform, device }, sizes: { screenWidth, windowWidth, windowHeight }, language };
}

export function parseReferrerField(field: string): Referrer {
  const [medium, source = '', host = '', path = ''] = field.split('\x1f');
  return { medium: medium as Medium, source, host, path };
}
