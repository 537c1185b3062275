// Turns a line of an access log into a hit or a refusal, as a request to the beacon becomes one.
import type { Fold } from '../../counting/fold.js';
import { addressKey } from '../../hit/address.js';
import { parseTechnology } from '../../hit/agent.js';
import { parseReferrer, withoutExcluded } from '../../hit/facets/referrer.js';
import { emptyHit, type Hit, type NotCounted, type Technology } from '../../hit/hit.js';
import { type Page, parsePage, withoutWww } from '../../hit/page.js';
import { hashedPoint } from '../../hit/point.js';
import { createSiteReader, type MeasuredSite } from '../../hit/prepared-site.js';
import type { Site } from '../../hit/site.js';
import type { DayLimits, Recognised } from '../../store/imports.js';
import { memoize } from '../../time/memo.js';
import { isAsset } from './assets.js';
import { createDaySalts } from './day-salts.js';
import { isEndpoint } from './endpoints.js';
import { emptyLine, type LogLine } from './formats/log-line.js';
import { createLogReader } from './formats/reader.js';
import { createDayRule, type NotTaken } from './limits.js';
import { createHours, createLineHasher, secondOf } from './overlap/fingerprint.js';
import { createTraceBuilder } from './overlap/trace.js';
import { createTimeOrder, type TimeOrder } from './time-order.js';

/** The settings with which an import began. Later ranges of the same log are counted with the same settings. */
export interface ImportSettings {
  readonly site: Site;
  /** Hex. The salts of days and the hashes of lines are derived from it. All logs of a site have the same key. */
  readonly key: string;
  readonly format: Recognised;
  /** Absent: all days are counted. */
  readonly days?: DayLimits;
}

export interface RangeTally {
  /** All lines except directives and remarks. */
  lines: number;
  counted: number;
  refused: Partial<Record<NotCounted, number>>;
  notTaken: Partial<Record<NotTaken, number>>;
  firstDay: string;
  lastDay: string;
  /** Views by the host in the log, if the site has no hosts; at most HOSTS_MAX hosts. */
  hosts: Map<string, number>;
}

/** More than a summary shows. */
const HOSTS_MAX = 20;

export interface Range {
  /** Whole lines, with one character for each byte. */
  readonly text: string;
  readonly receivedAtMs: number;
  /** The directives in force at its start; see formats/w3c.ts. */
  readonly directives: string;
  /** Sorted parts of the text (from, to) whose lines were counted before as those of another log. */
  readonly skipped: ReadonlyArray<readonly [number, number]>;
}

export interface RangeRead {
  readonly tally: RangeTally;
  /** The counted lines by local day. */
  readonly views: Readonly<Record<string, number>>;
  /** See overlap/trace.ts. */
  readonly trace: string;
  /** The number of lines from hours of which other logs have lines. */
  readonly watched: number;
  /** The order of the lines that were not skipped. */
  readonly order: TimeOrder;
}

/** A line may be this much later than it was received, because the clocks of two machines differ. */
export const FUTURE_MS_MAX = 3_600_000;

export function emptyTally(): RangeTally {
  return { lines: 0, counted: 0, refused: {}, notTaken: {}, firstDay: '', lastDay: '', hosts: new Map() };
}

/** Folds the lines of a range. `isWatched`: whether another log has counted lines of an hour. */
export function createRangeReader(
  { site, key, format, days }: ImportSettings,
  isWatched: (hour: number) => boolean = () => false,
): (range: Range, fold: Fold) => RangeRead {
  const measured = createSiteReader()(site);
  const line = emptyLine();
  const hash = { a: 0, b: 0 };
  const saltOf = createDaySalts(key);
  const hashLine = createLineHasher(key);
  const hourOf = createHours();
  const notTakenOn = createDayRule(days);

  return ({ text, receivedAtMs, directives, skipped }, fold) => {
    const read = createLogReader(format, { timezone: site.timezone }, directives);
    const tally = emptyTally();
    const trace = createTraceBuilder();
    const order = createTimeOrder();
    const counting = createCounting(measured, saltOf, fold, { receivedAtMs, tally });
    const dayless = createDayless(tally, (reason, day, hits) => fold.refusal({ site: site.id, day, receivedAtMs, reason, hits }));
    const isSkipped = createSkipRule(skipped);
    let [watched, wasSkipped] = [0, false];

    for (let start = 0, next = 0; start < text.length; start = next) {
      const lineEnd = text.indexOf('\n', start);
      const end = lineEnd < 0 ? text.length : lineEnd;
      next = end + 1;
      order.line();
      const outcome = read(text, start, end, line);
      if (outcome === 'directive') continue;
      tally.lines++;
      if (isSkipped(start)) {
        if (!wasSkipped) trace.cut();
        wasSkipped = true;
        dayless.leave('counted-before');
        continue;
      }
      wasSkipped = false;
      if (outcome === 'unreadable' || line.atMs > receivedAtMs + FUTURE_MS_MAX) {
        dayless.refuse(outcome === 'unreadable' ? 'unreadable-line' : 'future-line');
        continue;
      }
      const at = measured.calendar.localTime(line.atMs);
      const notTaken = notTakenOn(at.day);
      if (notTaken !== undefined) {
        dayless.leave(notTaken);
        continue;
      }
      dayless.on(at.day);
      order.at(line.atMs);
      const hour = hourOf(line.atMs, at.day);
      hashLine(line, hash);
      trace.add(hour, secondOf(line.atMs), hash);
      if (isWatched(hour)) watched++;
      counting.take(line, at);
    }
    dayless.end(measured.calendar.localTime(receivedAtMs).day);
    return { tally, views: counting.views, trace: trace.encoded(), watched, order: order.found() };
  };
}

/** Whether the line that begins at `start` lies in one of the parts. Must be called with rising values. */
function createSkipRule(parts: Range['skipped']): (start: number) => boolean {
  let next = 0;
  return (start) => {
    while (next < parts.length && (parts[next] as readonly [number, number])[1] <= start) next++;
    return next < parts.length && (parts[next] as readonly [number, number])[0] <= start;
  };
}

/** More than the different values of most ranges. */
const REMEMBERED_MAX = 100_000;

/**
 * Counts lines of a range. Made for one range only: the memoized keys are slices of the range's text and keep all of it
 * in memory.
 */
function createCounting(
  measured: MeasuredSite,
  saltOf: (day: string) => Buffer,
  fold: Fold,
  { receivedAtMs, tally }: { readonly receivedAtMs: number; readonly tally: RangeTally },
) {
  const { site, isOwnHost } = measured;
  const views: Record<string, number> = {};
  const pageOf = memoize((target: string) => pageOfTarget(target, measured), REMEMBERED_MAX);
  const referrerOf = memoize((referrer: string) => withoutExcluded(parseReferrer(referrer, isOwnHost), measured), REMEMBERED_MAX);
  const referrerSeenFrom = memoize((hostAndReferrer: string) => {
    const [host, referrer] = splitOnce(hostAndReferrer);
    const parsed = parseReferrer(referrer, (other) => other === withoutWww(host) || isOwnHost(other));
    return withoutExcluded(parsed, measured);
  }, REMEMBERED_MAX);
  const pointOf = memoize((visitor: string) => {
    const [day, rest] = splitOnce(visitor);
    const [address, agent] = splitOnce(rest);
    return hashedPoint(saltOf(day), site.id, addressKey(address) || address, agent);
  }, REMEMBERED_MAX);
  return {
    views,
    take(line: LogLine, at: Hit['at']): void {
      if (tally.firstDay === '' || at.day < tally.firstDay) tally.firstDay = at.day;
      if (at.day > tally.lastDay) tally.lastDay = at.day;
      const judged = judge(line, measured, pageOf);
      if (typeof judged === 'string') {
        tally.refused[judged] = (tally.refused[judged] ?? 0) + 1;
        fold.refusal({ site: site.id, day: at.day, receivedAtMs, reason: judged, hits: 1 });
        return;
      }
      const { page, technology } = judged;
      const host = line.host || page.host;
      // if the site has no hosts, the host in the log is its own
      const isListed = host === '' || isOwnHost(host);
      const referrer = isListed ? referrerOf(line.referrer) : referrerSeenFrom(`${host}\n${line.referrer}`);
      const hit = emptyHit();
      hit.site = site.id;
      hit.receivedAtMs = receivedAtMs;
      hit.atMs = line.atMs;
      hit.at = at;
      hit.path = page.path;
      hit.referrer = referrer;
      hit.technology = technology;
      fold.hit(hit);
      const point = pointOf(`${at.day}\n${line.address}\n${line.agent}`);
      fold.point({ site: site.id, day: at.day, receivedAtMs, sketch: 'second', ...point });
      tally.counted++;
      views[at.day] = (views[at.day] ?? 0) + 1;
      if (!isListed) countHost(tally.hosts, withoutWww(host));
    },
  };
}

/**
 * Handles lines without a day of their own. Such a line gets the day of the line before it, or of the next line if there
 * is none before it.
 */
function createDayless(tally: RangeTally, refusal: (reason: NotCounted, day: string, hits: number) => void) {
  let day = '';
  /** Why the line before was left out. An unreadable line after it is left out for the same reason. */
  let left: NotTaken | undefined;
  const first: Partial<Record<NotCounted, number>> = {};
  return {
    on(next: string): void {
      if (day === '') for (const [reason, hits] of Object.entries(first)) refusal(reason as NotCounted, next, hits);
      day = next;
      left = undefined;
    },
    leave(reason: NotTaken): void {
      tally.notTaken[reason] = (tally.notTaken[reason] ?? 0) + 1;
      left = reason;
    },
    refuse(reason: 'unreadable-line' | 'future-line'): void {
      if (left !== undefined && reason === 'unreadable-line') {
        tally.notTaken[left] = (tally.notTaken[left] ?? 0) + 1;
        return;
      }
      tally.refused[reason] = (tally.refused[reason] ?? 0) + 1;
      if (day === '') first[reason] = (first[reason] ?? 0) + 1;
      else refusal(reason, day, 1);
    },
    end(today: string): void {
      if (day === '') for (const [reason, hits] of Object.entries(first)) refusal(reason as NotCounted, today, hits);
    },
  };
}

function countHost(hosts: Map<string, number>, host: string): void {
  const views = hosts.get(host);
  if (views !== undefined || hosts.size < HOSTS_MAX) hosts.set(host, (views ?? 0) + 1);
}

const COUNTED_STATUS = new Set([200, 206, 304]);

/** Returns the page that was viewed, or the first reason why the line is not a view. Cheap checks come first. */
function judge(
  { method, status, target, address, host, agent, hasAgent }: LogLine,
  measured: MeasuredSite,
  pageOf: (target: string) => Page | 'asset' | 'not-a-page',
): { page: Page; technology: Technology } | NotCounted {
  if (method !== 'GET') return 'method';
  if (!COUNTED_STATUS.has(status)) return 'status';
  if (isAsset(withoutQuery(target))) return 'asset';
  const page = pageOf(target);
  if (typeof page === 'string') return page;
  const named = host || page.host;
  if (named !== '' && measured.site.hosts.length > 0 && !measured.isOwnHost(named)) return 'foreign-host';
  if (measured.isExcludedPath(page.path)) return 'excluded-path';
  if (measured.isExcluded(address)) return 'excluded-address';
  const { technology, bot } = parseTechnology({ userAgent: agent, brands: '', mobile: '', platform: '', touch: false });
  // a missing agent identifies a bot only if the log has a field for it
  return bot && hasAgent ? 'bot' : { page, technology };
}

function withoutQuery(target: string): string {
  const question = target.indexOf('?');
  return question < 0 ? target : target.slice(0, question);
}

/** The requested page, or why it is not a page. */
function pageOfTarget(target: string, measured: MeasuredSite): Page | 'asset' | 'not-a-page' {
  const page = pageAt(target, measured);
  const path = withoutQuery(page.path);
  if (isAsset(path)) return 'asset'; // its extension was escaped
  return isEndpoint(target) || isEndpoint(path) ? 'not-a-page' : page;
}

/** A target is a path, or a whole address with a host if the request went to a proxy or was logged by one. */
function pageAt(target: string, { site }: MeasuredSite): Page {
  if (!target.startsWith('/')) return parsePage(target, site.queryParameters);
  const hash = target.indexOf('#'); // browsers do not send fragments, so this is not a route of the site
  const { path } = parsePage(`http://-${hash < 0 ? target : target.slice(0, hash)}`, site.queryParameters);
  return { host: '', path };
}

/** Splits two texts that were joined by a line break. The first one does not contain any. */
function splitOnce(text: string): [string, string] {
  const at = text.indexOf('\n');
  return [text.slice(0, at), text.slice(at + 1)];
}
