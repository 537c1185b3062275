// Reads the lines and points of version 0.1, so that a journal from before an upgrade is counted. These lines have
// exact times and ages.
import { referrer } from '../hit/facets/referrer.js';
import { emptyHit, type Hit, type HitKind, type NewInPeriod, type NotCounted, type Point, type Visitor } from '../hit/hit.js';
import { classOf, DEPTH_CLASSES, type Observation, type Presence, READING_CLASSES, type Reading } from '../hit/observation.js';
import { cohortOf, NO_RECORD, sinceClass, VIEWS_ONLY, visitClass } from '../hit/record.js';
import { utcDayMs } from '../hit/visit.js';
import { type LocalTime, roundDownToFiveMinutes } from '../time/calendar.js';
import { memoize } from '../time/memo.js';
import { FIVE_MINUTES_MS } from '../time/units.js';
import { splitOffMapping, UNNAMED_COLUMNS } from './columns.js';
import type { Parsed } from './line.js';
import { LINE_FORMAT, memoizeLast, REMEMBERED_MAX } from './line-format.js';

const KIND_OF: Readonly<Record<string, HitKind>> = { v: 'view', e: 'event', p: 'ping' };

/**
 * One line may contain a view and its observations, the observations of a ping, or a refusal. Empty if it is not a
 * line.
 */
export function createOldLineReader(): (line: string) => readonly Parsed[] {
  const { columns, emptyTexts, createReader } = LINE_FORMAT;
  const mapSplitOff = splitOffMapping(UNNAMED_COLUMNS.apart, columns.apart, emptyTexts);
  const { splitOff } = createReader();
  const referrers = memoize(referrer.column.read, REMEMBERED_MAX);
  const times = memoizeLast(timeOf);
  return (line) => {
    const f = line.split('\t');
    if (f[0] === 'r') return refusalOf(f);
    const kind = KIND_OF[f[0] as string];
    if (kind === undefined || f.length !== 12) return [];
    const receivedAtMs = Number(f[2]);
    const at = times(f[3] as string, f[4] as string);
    const view = { site: f[1] as string, path: f[5] as string, receivedAtMs, at };
    const rest = restOf(f[11] as string, at);
    if (kind === 'ping') return readingsOf(view, rest).map(once);
    const record = recordOf(f[9] as string);
    const hit: Hit = {
      ...emptyHit(),
      kind,
      ...view,
      atMs: receivedAtMs,
      title: f[6] as string,
      referrer: referrers(f[7] as string),
      ...splitOff(mapSplitOff(f[8] as string)),
      visitor: record === undefined ? (f[9] === '-' ? VIEWS_ONLY : NO_RECORD) : visitorOf(record),
      event: rest.event,
    };
    const observations =
      record === undefined ? [] : [...presence(record, view), ...steps(record, f[10] as string, view, rest.refersTo)];
    return [{ hit }, ...observations.map(once)];
  };
}

function once(observation: Observation): Parsed {
  return { observation, times: 1 };
}

/** A point's day was current when it was written, so the start of the day is exact enough as the time of receipt. */
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

interface OldView {
  readonly site: string;
  readonly path: string;
  readonly receivedAtMs: number;
  readonly at: LocalTime;
}

interface OldRecord {
  readonly flags: number;
  readonly ageSeconds: number;
  readonly firstViewDaysAgo: number;
  readonly visitNumber: number;
  readonly pageNumber: number;
}

function recordOf(field: string): OldRecord | undefined {
  if (field === '' || field === '-') return undefined;
  const [flags, ageSeconds, firstViewDaysAgo, visitNumber, pageNumber] = field.split(',').map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { flags, ageSeconds, firstViewDaysAgo, visitNumber, pageNumber };
}

const FIRST_OF: readonly NewInPeriod[] = ['', 'd', 'm', 'y'];

function visitorOf({ flags, pageNumber }: OldRecord): Visitor {
  return {
    record: true,
    viewsOnly: false,
    first: (flags & 8) !== 0 ? 'y' : (flags & 4) !== 0 ? 'm' : (flags & 2) !== 0 ? 'd' : '',
    firstOfPage: FIRST_OF[(flags >> 5) & 3] as NewInPeriod,
    entry: pageNumber === 1,
  };
}

function presence(record: OldRecord, { site, receivedAtMs, at }: OldView): Presence[] {
  const { flags, ageSeconds, visitNumber, pageNumber } = record;
  const begins = pageNumber === 1 && visitNumber >= 1;
  const beginsMs = roundDownToFiveMinutes(receivedAtMs);
  const lastMs = ageSeconds < 0 ? Number.NEGATIVE_INFINITY : receivedAtMs - ageSeconds * 1000;
  return [
    {
      kind: 'presence',
      site,
      receivedAtMs: beginsMs,
      day: at.day,
      hour: at.hour,
      minute: at.minute,
      firstOfHour: (flags & 1) !== 0,
      firstOfFiveMinutes: lastMs < beginsMs,
      newlyHere: lastMs < beginsMs - FIVE_MINUTES_MS,
      firstEver: (flags & 16) !== 0,
      visitClass: begins ? visitClass(visitNumber) : 0,
      sinceClass: begins ? sinceClass(ageSeconds) : -1,
      ...cohortOf(record.firstViewDaysAgo, lastMs, receivedAtMs),
    },
  ];
}

function steps(record: OldRecord, from: string, view: OldView, refersTo: LocalTime | undefined): Observation[] {
  if (refersTo === undefined) return [];
  const { day, hour } = refersTo;
  const common = { site: view.site, receivedAtMs: utcDayMs(view.receivedAtMs), day, hour, from, to: view.path };
  return [{ kind: 'step', ...common, seconds: record.ageSeconds, afterEntry: record.pageNumber === 2 }];
}

interface OldEngagement {
  readonly first?: boolean;
  readonly engagedSeconds: number;
  readonly engagedBefore?: number;
  readonly scrollPercent: number;
  readonly scrollBefore?: number;
}

function readingsOf({ site, path, receivedAtMs, at }: OldView, { refersTo, engagement }: OldRest): Observation[] {
  const common = { site, receivedAtMs: utcDayMs(receivedAtMs) };
  const ping: Observation = { kind: 'ping', ...common, day: at.day };
  if (refersTo === undefined || engagement === undefined) return [ping];
  const { first = false, engagedSeconds, engagedBefore = 0, scrollPercent, scrollBefore = 0 } = engagement;
  const reading: Reading = {
    kind: 'reading',
    ...common,
    day: refersTo.day,
    hour: refersTo.hour,
    path,
    first,
    seconds: engagedSeconds,
    secondsClassBefore: classOf(engagedBefore, READING_CLASSES, 0),
    secondsClass: classOf(engagedBefore + engagedSeconds, READING_CLASSES, 0),
    depth: Math.max(0, scrollPercent - scrollBefore),
    depthClassBefore: classOf(scrollBefore, DEPTH_CLASSES, 0),
    depthClass: classOf(scrollPercent, DEPTH_CLASSES, 0),
  };
  return [ping, reading];
}

interface OldRest {
  readonly refersTo: LocalTime | undefined;
  readonly engagement: OldEngagement | undefined;
  readonly event: Hit['event'];
}

function restOf(field: string, at: LocalTime): OldRest {
  const none = { refersTo: undefined, engagement: undefined, event: undefined };
  if (field === '') return none;
  if (field === '=') return { ...none, refersTo: at };
  if (!field.startsWith('{')) return { ...none, refersTo: timeOf(field.slice(0, 10), field.slice(11)) };
  const { t, g, e } = JSON.parse(field) as { t?: LocalTime; g?: OldEngagement; e?: Hit['event'] };
  return { refersTo: t, engagement: g, event: e };
}

function refusalOf(f: string[]): readonly Parsed[] {
  if (f.length !== 6) return [];
  const [, site, receivedAtMs, day, reason, hits] = f as [string, string, string, string, NotCounted, string];
  return [{ refusal: { site, day, receivedAtMs: Number(receivedAtMs), reason, hits: Number(hits) } }];
}

/** `02:35`, `02+:35`. The first versions wrote only the hour. */
function timeOf(day: string, time: string): LocalTime {
  const colon = time.indexOf(':');
  return colon < 0 ? { day, hour: time, minute: '00' } : { day, hour: time.slice(0, colon), minute: time.slice(colon + 1) };
}
