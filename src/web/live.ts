// Server-sent events for the dashboard: the hits of a site as they arrive (live-hits.ts), and today's traffic when its total
// changes.
// Polls once per watched site and tick, however many clients are connected, and not at all without clients.
import type { Request, Response } from 'express';
import { LIVE } from '../people/share-rules.js';
import { resolvePeriod } from '../time/period.js';
import type { Callers } from './callers.js';
import { WebError } from './errors.js';
import { createLiveHits } from './live-hits.js';
import type { AppParts } from './parts.js';

const ASK_EVERY_MS = 500;
/** Proxies close connections that are silent for a minute or less. */
const HEARTBEAT_MS = 15_000;
/** Each stream holds a socket. The service has thousands, and the beacon comes first. */
const WATCHERS_MAX = 500;
/** A day of traffic is about 2 KB: a client that is this far behind does not read. */
const UNREAD_BYTES_MAX = 64 * 1024;

interface Watcher {
  readonly res: Response;
  readonly secret: string;
}

interface WatchedSite {
  readonly watchers: Set<Watcher>;
  readonly timer: NodeJS.Timeout;
  asking: boolean;
  /** The last event sent, and the value that tells whether the next one differs. */
  last: { mark: string; event: string } | undefined;
  accountsVersion: number;
  failed: boolean;
}

export interface Live {
  /**
   * Answers with a stream; throws a WebError if there are too many. Revoking a token, or ending a session, ends its streams;
   * the end of a share link does within a quarter of a minute.
   */
  watch(req: Request, res: Response, siteId: string, secret: string): void;
}

export interface LiveLimits {
  readonly askEveryMs?: number;
  readonly heartbeatMs?: number;
  readonly watchersMax?: number;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share the table of watched sites
export function createLive(parts: AppParts, callers: Pick<Callers, 'withSecret'>, limits: LiveLimits = {}): Live {
  const { askEveryMs = ASK_EVERY_MS, heartbeatMs = HEARTBEAT_MS, watchersMax = WATCHERS_MAX } = limits;
  const { accounts, reports, feed, nowMs, countedUntilMs } = parts;
  const sites = new Map<string, WatchedSite>();
  const hits = createLiveHits(feed, { nowMs });
  let watchersNow = 0;

  const ask = async (id: string, site: WatchedSite): Promise<void> => {
    dropUnwelcome(id, site);
    const settings = accounts.site(id);
    if (site.asking || settings === undefined) return;
    site.asking = true;
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
      if (mark === site.last?.mark) return;
      site.last = { mark, event: `event: traffic\ndata: ${text}\n\n` };
      for (const watcher of site.watchers) send(watcher.res, site.last.event);
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
    for (const { res, secret } of site.watchers) {
      if (!mayView(secret, id) || accounts.site(id) === undefined) res.end();
    }
  };

  const startAsking = (id: string): WatchedSite => {
    const watchers = new Set<Watcher>();
    const site: WatchedSite = {
      watchers,
      timer: setInterval(() => void ask(id, site), askEveryMs).unref(),
      asking: false,
      last: undefined,
      accountsVersion: accounts.version(),
      failed: false,
    };
    sites.set(id, site);
    return site;
  };

  return {
    watch(req, res, siteId, secret) {
      if (watchersNow >= watchersMax) throw new WebError('too-many-watchers');
      res.status(200).set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no', // else nginx holds it back
      });
      if (req.method === 'HEAD') {
        res.end();
        return;
      }
      const site = sites.get(siteId) ?? startAsking(siteId);
      const watcher: Watcher = { res, secret };
      site.watchers.add(watcher);
      watchersNow++;
      const heartbeat = setInterval(() => {
        if (mayView(secret, siteId)) send(res, ': still here\n\n');
        else res.end(); // it has expired: no account has changed
      }, heartbeatMs).unref();
      res.on('error', () => res.destroy());
      res.on('close', () => {
        clearInterval(heartbeat);
        endHits();
        watchersNow--;
        site.watchers.delete(watcher);
        if (site.watchers.size > 0) return;
        clearInterval(site.timer);
        sites.delete(siteId);
      });
      send(res, `retry: 2000\n\n${site.last?.event ?? ''}`);
      const endHits = hits.follow(siteId, req.get('last-event-id'), (event) => send(res, event));
      if (site.last === undefined) void ask(siteId, site);
    },
  };
}

/** Disconnects a client that does not read; it reconnects if it is alive. */
function send(res: Response, text: string): void {
  if (res.writableEnded || res.destroyed) return;
  if (res.writableLength > UNREAD_BYTES_MAX) res.destroy();
  else res.write(text);
}
