// Parses a request to the beacon into a hit, or into a refusal with its reason. `stepsOf` lists the steps in order.
import { utcDay } from '../time/dates.js';
import { addressKey } from './address.js';
import { NOT_RECOGNISED, parseTechnology } from './agent.js';
import { type BeaconRequest, type Draft, type HitKind, isSignalRespected, isViewsOnly, type ParseContext } from './draft.js';
import { Dropped } from './facet.js';
import { FACETS } from './facets/index.js';
import { referrerOf } from './facets/referrer.js';
import { parseFields } from './fields.js';
import { type AnyFacet, emptyHitOf, type HitDraft, type Parsed, type Point, type RefusedHit } from './hit.js';
import type { Observation } from './observation.js';
import { parsePage, UNKNOWN_PAGE } from './page.js';
import { hashedPoint, parsePoint } from './point.js';
import { parseReading, pingAge } from './reading.js';
import { readRecord } from './record.js';
import { NO_SITE, type NotCounted } from './refusal.js';
import { cleanPath } from './text.js';
import { utcDayMs } from './visit.js';

export type { BeaconRequest, ParseContext } from './draft.js';

interface Parsing extends Draft {
  readonly hit: HitDraft;
  /** The reason of the first facet that refused the request. */
  dropped: NotCounted | undefined;
  observations: readonly Observation[];
  point: Point | undefined;
}

interface Step {
  readonly name: string;
  /** Returns why the request is not counted, or nothing. */
  run(parsing: Parsing): NotCounted | undefined;
}

/** Parsing ends with the first step that returns a reason. Steps that are cheap or refuse many requests come first. */
function stepsOf(facets: readonly AnyFacet[]): readonly Step[] {
  return [
    { name: 'rate', run: refuseTooMany },
    { name: 'prefetch', run: refusePrefetch },
    { name: 'bot', run: recogniseOrRefuseBot },
    // before the address: scripts can read the reasons of this step, so they must be the same for every address
    { name: 'page', run: readPageOrRefuse },
    { name: 'excluded-address', run: refuseExcludedAddress },
    { name: 'record', run: readRecordStep },
    { name: 'reading', run: readReadingOrRefuseStalePing },
    { name: 'facets', run: createFacetsStep(facets) },
    { name: 'point', run: readPointStep },
  ];
}

/** How many facets are parsed without a loop. */
const UNROLLED = 8;

function createFacetsStep(facets: readonly AnyFacet[]): Step['run'] {
  const fields = facets as ReadonlyArray<AnyFacet & { readonly name: keyof HitDraft }>;
  // Unrolled, because V8 cannot optimise a loop whose property and function differ each time. With fewer facets, the
  // last one is parsed several times, which changes nothing.
  const last = fields.at(-1) as (typeof fields)[number];
  const [a = last, b = last, c = last, d = last, e = last, f = last, g = last, h = last] = fields;
  const others = fields.slice(UNROLLED);
  return (parsing) => {
    const { hit } = parsing;
    hit[a.name] = noteDropped(a.parse(parsing), parsing) as never;
    hit[b.name] = noteDropped(b.parse(parsing), parsing) as never;
    hit[c.name] = noteDropped(c.parse(parsing), parsing) as never;
    hit[d.name] = noteDropped(d.parse(parsing), parsing) as never;
    hit[e.name] = noteDropped(e.parse(parsing), parsing) as never;
    hit[f.name] = noteDropped(f.parse(parsing), parsing) as never;
    hit[g.name] = noteDropped(g.parse(parsing), parsing) as never;
    hit[h.name] = noteDropped(h.parse(parsing), parsing) as never;
    for (const { name, parse } of others) hit[name] = noteDropped(parse(parsing), parsing) as never;
    return parsing.dropped;
  };
}

function noteDropped<Value>(value: Value | Dropped, parsing: Parsing): Value | Dropped {
  if (value instanceof Dropped) parsing.dropped ??= value.reason;
  return value;
}

const KINDS: ReadonlyMap<string | undefined, HitKind> = new Map([
  ['e', 'event'],
  ['p', 'ping'],
]);

export const parseRequest = createParser(FACETS);

/** Only tests pass other facets than the usual ones. */
export function createParser(facets: readonly AnyFacet[]): (request: BeaconRequest, context: ParseContext) => Parsed {
  const steps = stepsOf(facets);
  const empty = emptyHitOf(facets);
  return (request, context) => {
    const fields = parseFields(request.query);
    const measured = context.site(fields.get('s') ?? '');
    if (measured === undefined) {
      const reason = context.allows(request.address, NO_SITE) ? 'unknown-site' : 'too-many';
      return refused(NO_SITE, utcDay(request.receivedAtMs), request, reason);
    }
    const at = measured.calendar.localTime(request.receivedAtMs);
    const kind = KINDS.get(fields.get('k')) ?? 'view';
    const hit: HitDraft = { ...empty };
    hit.kind = kind;
    hit.site = measured.site.id;
    hit.receivedAtMs = request.receivedAtMs;
    hit.atMs = request.receivedAtMs;
    hit.at = at;
    const parsing: Parsing = {
      request,
      context,
      fields,
      kind,
      measured,
      at,
      page: UNKNOWN_PAGE,
      recognised: NOT_RECOGNISED,
      record: undefined,
      hit,
      dropped: undefined,
      observations: [],
      point: undefined,
    };
    for (const step of steps) {
      const reason = step.run(parsing);
      if (reason === undefined) continue;
      const refusal = refused(hit.site, at.day, request, reason);
      return reason === 'foreign-host' ? { ...refusal, foreignHost: parsing.page.host } : refusal;
    }
    return { hit, observations: parsing.observations, point: parsing.point };
  };
}

function refused(site: string, day: string, request: BeaconRequest, reason: NotCounted): RefusedHit {
  return { refused: { site, day, receivedAtMs: request.receivedAtMs, reason, hits: 1 } };
}

function refuseTooMany({ context, request, measured }: Parsing): NotCounted | undefined {
  return context.allows(request.address, measured.site.id) ? undefined : 'too-many';
}

function refusePrefetch({ request }: Parsing): NotCounted | undefined {
  return request.purpose !== '' && /prefetch|prerender|preview/i.test(request.purpose.slice(0, 64)) ? 'prefetch' : undefined;
}

function recogniseOrRefuseBot(parsing: Parsing): NotCounted | undefined {
  const { userAgent, brands, mobile, platform } = parsing.request;
  const touch = parsing.fields.get('mt') === '1';
  parsing.recognised = parseTechnology({ userAgent, brands, mobile, platform, touch });
  return parsing.recognised.bot ? 'bot' : undefined;
}

function refuseExcludedAddress({ measured, request }: Parsing): NotCounted | undefined {
  return measured.isExcluded(request.address) ? 'excluded-address' : undefined;
}

function readPageOrRefuse(parsing: Parsing): NotCounted | undefined {
  const { fields, request, measured } = parsing;
  const { hosts, queryParameters } = measured.site;
  const sentPage = parsePage(fields.get('u') ?? '', queryParameters);
  const wasSent = sentPage !== UNKNOWN_PAGE;
  const page = wasSent ? sentPage : parsePage(request.referer, queryParameters);
  // The Referer of a plain pixel is only an origin, unless its snippet (`i=1`) makes browsers send the whole address.
  parsing.page = !wasSent && page.path === '/' && fields.get('i') !== '1' ? { host: page.host, path: '' } : page;
  const isKnown = wasSent || request.referer !== '';
  if (isKnown && hosts.length > 0 && !measured.isOwnHost(page.host)) return 'foreign-host';
  if (hosts.length === 0 && page.isLocal) return 'local-page';
  return measured.isExcludedPath(parsing.page.path) ? 'excluded-path' : undefined;
}

function readRecordStep(parsing: Parsing): undefined {
  const { fields, request, measured, at, kind, page } = parsing;
  const { site, calendar } = measured;
  if (kind !== 'view' || site.storage === 'none' || isSignalRespected(parsing)) return;
  const previousPath = previousPathOf(parsing);
  const read = readRecord(
    {
      age: fields.get('a'),
      firstViewDaysAgo: fields.get('f'),
      visitNumber: fields.get('n'),
      pageNumber: pageNumberOf(fields.get('g'), measured.isExcludedPath(previousPath)),
      pageAge: fields.get('b'),
      previousPath,
    },
    { site: site.id, path: page.path, receivedAtMs: request.receivedAtMs, at, calendar, siteSinceMs: measured.sinceMs },
  );
  parsing.record = read;
  if (read !== undefined) parsing.observations = read.observations;
}

/**
 * Trackers that have not noticed that the page before was not counted include it in the number. A visit then begins with its
 * second page; where its other pages were is not known.
 */
function pageNumberOf(sent: string | undefined, isAfterExcluded: boolean): string | undefined {
  if (!isAfterExcluded) return sent;
  return sent === '2' ? '1' : undefined;
}

/** The record contains only the path of the page before. The referrer may contain the parameters that the site lists. */
function previousPathOf(parsing: Parsing): string {
  const path = cleanPath(parsing.fields.get('q') ?? '');
  const { queryParameters } = parsing.measured.site;
  if (!path.startsWith('/')) return '';
  if (queryParameters.length === 0 || referrerOf(parsing).medium !== 'internal') return path;
  const address = parsing.fields.get('r') ?? '';
  return parsePage(address, []).path === path ? parsePage(address, queryParameters).path : path;
}

function readReadingOrRefuseStalePing(parsing: Parsing): NotCounted | undefined {
  if (parsing.kind !== 'ping') return undefined;
  const { fields, measured, request, at, page } = parsing;
  const { site, calendar } = measured;
  const { receivedAtMs } = request;
  const ageSeconds = pingAge(fields);
  if (ageSeconds === undefined) return 'stale-ping';
  const viewedAtMs = receivedAtMs - ageSeconds * 1000;
  if (viewedAtMs < measured.sinceMs) return 'stale-ping'; // the site did not exist yet
  const viewAt = calendar.localTime(viewedAtMs);
  const accepted: Observation = { kind: 'ping', site: site.id, receivedAtMs: utcDayMs(receivedAtMs), day: at.day };
  parsing.observations = isViewsOnly(parsing)
    ? [accepted]
    : [accepted, parseReading(fields, { site: site.id, path: page.path, receivedAtMs, ageSeconds, viewAt })];
  return undefined;
}

function readPointStep(parsing: Parsing): undefined {
  const { kind, hit, fields, measured, at, request, context } = parsing;
  if (kind !== 'view') return;
  const common = { site: measured.site.id, day: at.day, receivedAtMs: request.receivedAtMs };
  if (hit.visitor.record) {
    const sent = parsePoint(fields.get('h'));
    if (sent !== undefined) parsing.point = { ...common, sketch: 'first', ...sent };
  } else if (!hit.visitor.viewsOnly) {
    const hashed = hashedPoint(context.salt(at.day), measured.site.id, addressKey(request.address), request.userAgent);
    parsing.point = { ...common, sketch: 'second', ...hashed };
  }
}
