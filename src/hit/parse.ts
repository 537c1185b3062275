// A request to the beacon becomes a hit, or a refusal with its reason. The list of steps is what happens, in order.

import type { LocalTime } from '../time/calendar.js';
import { utcDay } from '../time/dates.js';
import { addressKey } from './address.js';
import { parseEvent } from './event.js';
import { type Fields, parseFields } from './fields.js';
import {
  type Hit,
  type HitKind,
  NO_SITE,
  type NotCounted,
  type Parsed,
  type Point,
  type Referrer,
  type Technology,
} from './hit.js';
import { parseLanguage } from './language.js';
import type { Observation } from './observation.js';
import { type Page, parsePage, UNKNOWN_PAGE, withoutWww } from './page.js';
import { hashedPoint, parsePoint } from './point.js';
import type { MeasuredSite } from './prepared-site.js';
import { parseReading, pingAge } from './reading.js';
import { parseReferrer } from './referrer.js';
import { parseSizes } from './sizes.js';
import { parseTechnology } from './technology.js';
import { cleanPath, cleanText, TITLE_CODEPOINTS_MAX } from './text.js';
import { NO_RECORD, readRecord, utcDayMs, VIEWS_ONLY } from './visitor.js';

/** What is read of a request; nothing else of it is looked at. Absent headers are empty. */
export interface BeaconRequest {
  /** The query string or form body, without `?`. */
  readonly query: string;
  readonly userAgent: string;
  readonly referer: string;
  readonly acceptLanguage: string;
  readonly brands: string;
  readonly mobile: string;
  readonly platform: string;
  /** Purpose, Sec-Purpose or X-Moz. */
  readonly purpose: string;
  /** DNT: 1 or Sec-GPC: 1. */
  readonly signal: boolean;
  readonly address: string;
  readonly receivedAtMs: number;
}

export interface ParseContext {
  site(id: string): MeasuredSite | undefined;
  /** The random key of a calendar date, `2026-11-20`. */
  salt(day: string): Buffer;
  /** Whether one more hit of this address, for this site, may come. */
  allows(address: string, site: string): boolean;
}

/** A hit in the making. */
interface Draft {
  readonly request: BeaconRequest;
  readonly surroundings: ParseContext;
  readonly fields: Fields;
  readonly kind: HitKind;
  measured: MeasuredSite;
  at: LocalTime;
  page: Page;
  technology: Technology;
  referrer: Referrer;
  visitor: Hit['visitor'];
  observations: readonly Observation[];
  event: Hit['event'];
  point: Point | undefined;
}

type Step = (draft: Draft) => NotCounted | undefined;

const STEPS: readonly Step[] = [
  leaveTooMany,
  leavePrefetch,
  takeTechnologyOrLeaveBot,
  leaveExcludedAddress,
  takePageOrLeaveForeignHost,
  takeReferrer,
  takeVisitor,
  takeReadingOrLeaveStalePing,
  takeEventOrLeaveNameless,
  takePoint,
];

const KINDS: ReadonlyMap<string | undefined, HitKind> = new Map([
  ['e', 'event'],
  ['p', 'ping'],
]);

export function parseRequest(request: BeaconRequest, surroundings: ParseContext): Parsed {
  const fields = parseFields(request.query);
  const measured = surroundings.site(fields.get('s') ?? '');
  if (measured === undefined) {
    const reason = surroundings.allows(request.address, NO_SITE) ? 'unknown-site' : 'too-many';
    return refused(NO_SITE, utcDay(request.receivedAtMs), request, reason);
  }
  const draft: Draft = {
    request,
    surroundings,
    fields,
    kind: KINDS.get(fields.get('k')) ?? 'view',
    measured,
    at: measured.calendar.localTime(request.receivedAtMs),
    page: UNKNOWN_PAGE,
    technology: NOTHING_KNOWN,
    referrer: DIRECT,
    visitor: NO_RECORD,
    observations: [],
    event: undefined,
    point: undefined,
  };
  for (const step of STEPS) {
    const reason = step(draft);
    if (reason !== undefined) return refused(measured.site.id, draft.at.day, request, reason);
  }
  return { hit: hitOf(draft), observations: draft.observations, point: draft.point };
}

const NOTHING_KNOWN: Technology = { browser: 'other', version: '', platform: 'other', device: 'other' };
const DIRECT: Referrer = { medium: 'direct', source: '', host: '', path: '' };

function refused(site: string, day: string, request: BeaconRequest, reason: NotCounted): Parsed {
  return { refused: { site, day, receivedAtMs: request.receivedAtMs, reason, hits: 1 } };
}

function hitOf({ request, fields, kind, measured, at, page, technology, referrer, visitor, event }: Draft): Hit {
  return {
    kind,
    site: measured.site.id,
    receivedAtMs: request.receivedAtMs,
    atMs: request.receivedAtMs,
    at,
    path: page.path,
    title: kind === 'view' ? cleanText(fields.get('t') ?? '', TITLE_CODEPOINTS_MAX) : '',
    referrer,
    technology,
    sizes: parseSizes(fields.get('sw') ?? '', fields.get('ww') ?? '', fields.get('wh') ?? ''),
    language: parseLanguage(request.acceptLanguage),
    visitor,
    event,
  };
}

function leaveTooMany({ surroundings, request, measured }: Draft): NotCounted | undefined {
  return surroundings.allows(request.address, measured.site.id) ? undefined : 'too-many';
}

function leavePrefetch({ request }: Draft): NotCounted | undefined {
  return request.purpose !== '' && /prefetch|prerender|preview/i.test(request.purpose.slice(0, 64)) ? 'prefetch' : undefined;
}

function takeTechnologyOrLeaveBot(draft: Draft): NotCounted | undefined {
  const { userAgent, brands, mobile, platform } = draft.request;
  const { technology, bot } = parseTechnology({ userAgent, brands, mobile, platform, touch: draft.fields.get('mt') === '1' });
  draft.technology = technology;
  return bot ? 'bot' : undefined;
}

function leaveExcludedAddress({ measured, request }: Draft): NotCounted | undefined {
  return measured.isExcluded(request.address) ? 'excluded-address' : undefined;
}

function takePageOrLeaveForeignHost(draft: Draft): NotCounted | undefined {
  const { fields, request, measured } = draft;
  const { hosts, queryParameters } = measured.site;
  const told = parsePage(fields.get('u') ?? '', queryParameters);
  const isTold = told !== UNKNOWN_PAGE;
  const page = isTold ? told : parsePage(request.referer, queryParameters);
  // A plain pixel's Referer is only an origin unless its snippet (`i=1`) saw to it that browsers send it whole.
  draft.page = !isTold && page.path === '/' && fields.get('i') !== '1' ? { host: page.host, path: '' } : page;
  const known = isTold || request.referer !== '';
  if (known && hosts.length > 0 && !measured.isOwnHost(page.host)) return 'foreign-host';
  return hosts.length === 0 && page.isLocal ? 'local-page' : undefined;
}

function takeReferrer(draft: Draft): NotCounted | undefined {
  const { kind, page, measured } = draft;
  if (kind !== 'view') return undefined;
  draft.referrer = parseReferrer(
    draft.fields.get('r') ?? '',
    (host) => host === withoutWww(page.host) || measured.isOwnHost(host),
  );
  return undefined;
}

function takeVisitor(draft: Draft): NotCounted | undefined {
  const { fields, request, measured, at, kind, page } = draft;
  if (kind !== 'view') return undefined;
  if (isViewsOnly(draft)) draft.visitor = VIEWS_ONLY;
  if (isSignalled(draft)) return undefined;
  const { site, calendar } = measured;
  if (site.storage === 'none') return undefined;
  const read = readRecord(
    {
      age: fields.get('a'),
      firstViewDaysAgo: fields.get('f'),
      visitNumber: fields.get('n'),
      pageNumber: fields.get('g'),
      pageAge: fields.get('b'),
      previousPath: previousPathOf(draft),
    },
    { site: site.id, path: page.path, receivedAtMs: request.receivedAtMs, at, calendar, siteSinceMs: measured.sinceMs },
  );
  if (read !== undefined) ({ visitor: draft.visitor, observations: draft.observations } = read);
  return undefined;
}

/** The browser knows its pages by path alone. Which parameters the site lists it was with, the referrer may tell. */
function previousPathOf({ fields, measured, referrer }: Draft): string {
  const path = cleanPath(fields.get('q') ?? '');
  const { queryParameters } = measured.site;
  if (!path.startsWith('/')) return '';
  if (queryParameters.length === 0 || referrer.medium !== 'internal') return path;
  const address = fields.get('r') ?? '';
  return parsePage(address, []).path === path ? parsePage(address, queryParameters).path : path;
}

/** The visitor's browser has asked not to be tracked, and the site heeds it. */
function isSignalled({ request, measured }: Draft): boolean {
  return request.signal && measured.site.signals !== 'ignored';
}

/** And nothing of its visitor but that a page was viewed is to be counted: nor how long it was read. */
function isViewsOnly(draft: Draft): boolean {
  return isSignalled(draft) && draft.measured.site.signals === 'views-only';
}

function takeReadingOrLeaveStalePing(draft: Draft): NotCounted | undefined {
  if (draft.kind !== 'ping') return undefined;
  const { fields, measured, request, at, page } = draft;
  const { site, calendar } = measured;
  const { receivedAtMs } = request;
  const ageSeconds = pingAge(fields);
  if (ageSeconds === undefined) return 'stale-ping';
  const viewedAtMs = receivedAtMs - ageSeconds * 1000;
  if (viewedAtMs < measured.sinceMs) return 'stale-ping'; // the site was not there yet
  const viewAt = calendar.localTime(viewedAtMs);
  const taken: Observation = { kind: 'ping', site: site.id, receivedAtMs: utcDayMs(receivedAtMs), day: at.day };
  draft.observations = isViewsOnly(draft)
    ? [taken]
    : [taken, parseReading(fields, { site: site.id, path: page.path, receivedAtMs, ageSeconds, viewAt })];
  return undefined;
}

function takeEventOrLeaveNameless(draft: Draft): NotCounted | undefined {
  if (draft.kind !== 'event') return undefined;
  draft.event = parseEvent(draft.fields.get('en'), draft.fields.get('ep'));
  return draft.event === undefined ? 'bad-event' : undefined;
}

function takePoint(draft: Draft): NotCounted | undefined {
  const { kind, visitor, fields, measured, at, request, surroundings } = draft;
  if (kind !== 'view') return undefined;
  const common = { site: measured.site.id, day: at.day, receivedAtMs: request.receivedAtMs };
  if (visitor.record) {
    const sent = parsePoint(fields.get('h'));
    if (sent !== undefined) draft.point = { ...common, sketch: 'first', ...sent };
  } else if (!visitor.viewsOnly) {
    const hashed = hashedPoint(surroundings.salt(at.day), measured.site.id, addressKey(request.address), request.userAgent);
    draft.point = { ...common, sketch: 'second', ...hashed };
  }
  return undefined;
}
