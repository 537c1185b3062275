// A request to the beacon becomes a hit, or a refusal with its reason. `stepsOf` lists what happens, in order.
import { utcDay } from '../time/dates.js';
import { addressKey } from './address.js';
import { NOT_RECOGNISED, parseTechnology } from './agent.js';
import { type BeaconRequest, type Draft, type HitKind, isSignalled, isViewsOnly, type ParseContext } from './draft.js';
import { Dropped } from './facet.js';
import { FACETS } from './facets/index.js';
import { referrerOf } from './facets/referrer.js';
import { parseFields } from './fields.js';
import { type AnyFacet, emptyHitOf, type HitDraft, type Parsed, type Point } from './hit.js';
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
  /** Why a facet says that the request is not counted. */
  dropped: NotCounted | undefined;
  observations: readonly Observation[];
  point: Point | undefined;
}

interface Step {
  readonly name: string;
  /** Returns why the request is not counted, or nothing. */
  take(parsing: Parsing): NotCounted | undefined;
}

/** In order: the first reason found ends it. Those that cost least, or refuse most, come first. */
function stepsOf(facets: readonly AnyFacet[]): readonly Step[] {
  return [
    { name: 'rate', take: refuseTooMany },
    { name: 'prefetch', take: refusePrefetch },
    { name: 'bot', take: recogniseOrRefuseBot },
    { name: 'excluded-address', take: refuseExcludedAddress },
    { name: 'page', take: takePageOrRefuseForeignHost },
    { name: 'record', take: takeRecord },
    { name: 'reading', take: takeReadingOrRefuseStalePing },
    { name: 'facets', take: createFacetsStep(facets) },
    { name: 'point', take: takePoint },
  ];
}

/** How many facets are parsed without a loop. */
const UNROLLED = 8;

function createFacetsStep(facets: readonly AnyFacet[]): Step['take'] {
  const fields = facets as ReadonlyArray<AnyFacet & { readonly name: keyof HitDraft }>;
  // Unrolled, because V8 cannot optimise a loop whose property and function differ each time. With fewer facets, the
  // last one is parsed several times, which changes nothing.
  const last = fields.at(-1) as (typeof fields)[number];
  const [a = last, b = last, c = last, d = last, e = last, f = last, g = last, h = last] = fields;
  const others = fields.slice(UNROLLED);
  return (parsing) => {
    const { hit } = parsing;
    hit[a.name] = kept(a.parse(parsing), parsing) as never;
    hit[b.name] = kept(b.parse(parsing), parsing) as never;
    hit[c.name] = kept(c.parse(parsing), parsing) as never;
    hit[d.name] = kept(d.parse(parsing), parsing) as never;
    hit[e.name] = kept(e.parse(parsing), parsing) as never;
    hit[f.name] = kept(f.parse(parsing), parsing) as never;
    hit[g.name] = kept(g.parse(parsing), parsing) as never;
    hit[h.name] = kept(h.parse(parsing), parsing) as never;
    for (const { name, parse } of others) hit[name] = kept(parse(parsing), parsing) as never;
    return parsing.dropped;
  };
}

function kept<Value>(value: Value | Dropped, parsing: Parsing): Value | Dropped {
  if (value instanceof Dropped) parsing.dropped ??= value.reason;
  return value;
}

const KINDS: ReadonlyMap<string | undefined, HitKind> = new Map([
  ['e', 'event'],
  ['p', 'ping'],
]);

export const parseRequest = createParser(FACETS);

/** `facets`: other than the usual ones only in tests. */
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
      const reason = step.take(parsing);
      if (reason !== undefined) return refused(hit.site, at.day, request, reason);
    }
    return { hit, observations: parsing.observations, point: parsing.point };
  };
}

function refused(site: string, day: string, request: BeaconRequest, reason: NotCounted): Parsed {
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

function takePageOrRefuseForeignHost(parsing: Parsing): NotCounted | undefined {
  const { fields, request, measured } = parsing;
  const { hosts, queryParameters } = measured.site;
  const told = parsePage(fields.get('u') ?? '', queryParameters);
  const isTold = told !== UNKNOWN_PAGE;
  const page = isTold ? told : parsePage(request.referer, queryParameters);
  // A plain pixel's Referer is only an origin, unless its snippet (`i=1`) made browsers send the whole address.
  parsing.page = !isTold && page.path === '/' && fields.get('i') !== '1' ? { host: page.host, path: '' } : page;
  const known = isTold || request.referer !== '';
  if (known && hosts.length > 0 && !measured.isOwnHost(page.host)) return 'foreign-host';
  return hosts.length === 0 && page.isLocal ? 'local-page' : undefined;
}

function takeRecord(parsing: Parsing): undefined {
  const { fields, request, measured, at, kind, page } = parsing;
  const { site, calendar } = measured;
  if (kind !== 'view' || site.storage === 'none' || isSignalled(parsing)) return;
  const read = readRecord(
    {
      age: fields.get('a'),
      firstViewDaysAgo: fields.get('f'),
      visitNumber: fields.get('n'),
      pageNumber: fields.get('g'),
      pageAge: fields.get('b'),
      previousPath: previousPathOf(parsing),
    },
    { site: site.id, path: page.path, receivedAtMs: request.receivedAtMs, at, calendar, siteSinceMs: measured.sinceMs },
  );
  parsing.record = read;
  if (read !== undefined) parsing.observations = read.observations;
}

/** The browser remembers pages by their path alone. The referrer may tell which of the site's parameters it had. */
function previousPathOf(parsing: Parsing): string {
  const path = cleanPath(parsing.fields.get('q') ?? '');
  const { queryParameters } = parsing.measured.site;
  if (!path.startsWith('/')) return '';
  if (queryParameters.length === 0 || referrerOf(parsing).medium !== 'internal') return path;
  const address = parsing.fields.get('r') ?? '';
  return parsePage(address, []).path === path ? parsePage(address, queryParameters).path : path;
}

function takeReadingOrRefuseStalePing(parsing: Parsing): NotCounted | undefined {
  if (parsing.kind !== 'ping') return undefined;
  const { fields, measured, request, at, page } = parsing;
  const { site, calendar } = measured;
  const { receivedAtMs } = request;
  const ageSeconds = pingAge(fields);
  if (ageSeconds === undefined) return 'stale-ping';
  const viewedAtMs = receivedAtMs - ageSeconds * 1000;
  if (viewedAtMs < measured.sinceMs) return 'stale-ping'; // the site did not exist yet
  const viewAt = calendar.localTime(viewedAtMs);
  const taken: Observation = { kind: 'ping', site: site.id, receivedAtMs: utcDayMs(receivedAtMs), day: at.day };
  parsing.observations = isViewsOnly(parsing)
    ? [taken]
    : [taken, parseReading(fields, { site: site.id, path: page.path, receivedAtMs, ageSeconds, viewAt })];
  return undefined;
}

function takePoint(parsing: Parsing): undefined {
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
