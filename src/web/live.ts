// Server-sent events for the dashboard: the hits of a site as they arrive (live-hits.ts), the reports that a page shows, when
// their numbers have changed (pushes.ts), and for other readers today's traffic when its total changes.
// Polls once per watched site and tick, however many clients are connected, and not at all without clients.
import type { Request, Response } from 'express';
import { LIVE } from '../people/share-rules.js';
import { resolvePeriod } from '../time/period.js';
import type { Callers } from './callers.js';
import { WebError } from './errors.js';
import { type EventStream, eventNow, type SharedEvent, startEventStream } from './event-stream.js';
import { inGroups } from './in-groups.js';
import { createLiveHits } from './live-hits.js';
import type { AppParts } from './parts.js';
import type { Followed, Pushes } from './pushes.js';

const ASK_EVERY_MS = 500;
/** The longest time until today's traffic is asked for again without a counted hit: a new day may have begun. */
const QUIET_MS_MAX = 5_000;
/** Proxies close connections that are silent for a minute or less. */
const HEARTBEAT_MS = 15_000;
const HEARTBEAT = eventNow(': still here\n\n');
const RETRY = eventNow('retry: 2000\n\n');
/** Each stream holds a socket and some KB. The service has thousands of sockets, and the beacon comes first. */
const WATCHERS_MAX = 5_000;

interface Watcher {
  readonly stream: EventStream;
  readonly secret: string;
  /** It follows reports, so it needs no traffic beside them. */
  readonly hasReports: boolean;
}

interface WatchedSite {
  readonly watchers: Set<Watcher>;
  readonly timer: NodeJS.Timeout;
  asking: boolean;
  /** The state of the site for which the last event was made, and when that was by the clock of the process. */
  version: number | undefined;
  askedMs: number;
  /** The last event sent, and the value that tells whether the next one differs. */
  last: { mark: string; event: SharedEvent } | undefined;
  accountsVersion: number;
  failed: boolean;
}

export interface Watching {
  readonly site: string;
  readonly secret: string;
  /** The reports that the client follows. */
  readonly reports?: Followed | undefined;
}

export interface Live {
  /**
   * Answers with a stream; throws a WebError if there are too many. Revoking a token, or ending a session, ends its streams;
   * the end of a share link does within a quarter of a minute.
   */
  watch(req: Request, res: Response, watching: Watching): void;
}

export interface LiveLimits {
  readonly askEveryMs?: number;
  readonly heartbeatMs?: number;
  readonly watchersMax?: number;
}

export type LiveParts = Pick<AppParts, 'accounts' | 'reports' | 'feed' | 'nowMs' | 'countedUntilMs' | 'changes' | 'logError'> & {
  readonly pushes: Pick<Pushes, 'follow'>;
};

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share the table of watched sites
export function createLive(parts: LiveParts, callers: Pick<Callers, 'withSecret'>, limits: LiveLimits = {}): Live {
  const { askEveryMs = ASK_EVERY_MS, heartbeatMs = HEARTBEAT_MS, watchersMax = WATCHERS_MAX } = limits;
  const { accounts, reports, feed, nowMs, countedUntilMs, changes, pushes } = parts;
  const sites = new Map<string, WatchedSite>();
  const hits = createLiveHits(feed, { nowMs, logError: parts.logError });
  let watchersNow = 0;

  const ask = async (id: string, site: WatchedSite): Promise<void> => {
    dropUnwelcome(id, site);
    const settings = accounts.site(id);
    if (site.asking || settings === undefined || [...site.watchers].every(({ hasReports }) => hasReports)) return;
    const version = changes?.versionOf(id);
    if (version !== undefined && version === site.version && performance.now() - site.askedMs < QUIET_MS_MAX) return;
    site.asking = true;
    site.askedMs = performance.now();
    try {
      const { timezone } = settings;
      const today = resolvePeriod('today', undefined, timezone, nowMs());
      const query = {
        report: 'traffic',
        site: id,
        timezone,
        ...today,
        limit: 1,
        search: '',
        page: '',
        asOfMs: countedUntilMs(),
      };
      const text = await reports.report(query);
      const mark = JSON.stringify([timezone, today.from, (JSON.parse(text) as { total: unknown }).total]);
      site.failed = false;
      site.version = version;
      if (mark === site.last?.mark) return;
      site.last = { mark, event: eventNow(`event: traffic\ndata: ${text}\n\n`) };
      const { event } = site.last;
      await inGroups(site.watchers, ({ stream, hasReports }) => hasReports || stream.send(event));
    } catch (error) {
      // reported once, not twice a second; the next tick tries again
      if (!site.failed) parts.logError?.(error);
      site.failed = true;
    } finally {
      site.asking = false;
    }
  };

  const mayView = (secret: string, id: string): boolean => {
    const caller = callers.withSecret(secret);
    return caller?.rightOn(id) !== undefined && caller.mayRead(LIVE);
  };

  const dropUnwelcome = (id: string, site: WatchedSite): void => {
    const version = accounts.version();
    if (version === site.accountsVersion) return;
    site.accountsVersion = version;
    for (const { stream, secret } of site.watchers) {
      if (!mayView(secret, id) || accounts.site(id) === undefined) stream.end();
    }
  };

  const startAsking = (id: string): WatchedSite => {
    const watchers = new Set<Watcher>();
    const site: WatchedSite = {
      watchers,
      timer: setInterval(() => void ask(id, site), askEveryMs).unref(),
      asking: false,
      version: undefined,
      askedMs: 0,
      last: undefined,
      accountsVersion: accounts.version(),
      failed: false,
    };
    sites.set(id, site);
    return site;
  };

  return {
    watch(req, res, { site: siteId, secret, reports: followed }) {
      if (watchersNow >= watchersMax) throw new WebError('too-many-watchers');
      const stream = startEventStream(req, res);
      if (req.method === 'HEAD') return;
      const site = sites.get(siteId) ?? startAsking(siteId);
      const watcher: Watcher = { stream, secret, hasReports: followed !== undefined };
      site.watchers.add(watcher);
      watchersNow++;
      const heartbeat = setInterval(() => {
        if (mayView(secret, siteId)) stream.send(HEARTBEAT);
        else stream.end(); // it has expired: no account has changed
      }, heartbeatMs).unref();
      res.on('error', () => res.destroy());
      res.on('close', () => {
        clearInterval(heartbeat);
        endHits();
        endReports?.();
        watchersNow--;
        site.watchers.delete(watcher);
        if (site.watchers.size > 0) return;
        clearInterval(site.timer);
        sites.delete(siteId);
      });
      stream.send(RETRY);
      if (followed === undefined && site.last !== undefined) stream.send(site.last.event);
      const endHits = hits.follow(siteId, req.get('last-event-id'), stream.send);
      const endReports = followed && pushes.follow(followed, stream);
      if (site.last === undefined) void ask(siteId, site);
    },
  };
}
