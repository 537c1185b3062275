// What a node remembers of the last half hour of each site: views by minute, and the newest hits. In memory only.
import { MINUTE_MS } from '../time/units.js';
import type { LiveHit, Recent } from './feed.js';
import { createHitLists, RECENT_HITS_MAX } from './hit-lists.js';

export const RECENT_MINUTES = 30;
/** How often what is too old is to be removed. */
export const SWEEP_EVERY_MS = MINUTE_MS;

type Minutes = Recent['minutes'];

export interface RecentHits {
  /** Ignores pings, which belong to a view before. */
  add(site: string, hit: LiveHit): void;
  of(site: string): Recent;
  /** Removes hits that are older than ten minutes, and minutes that are older than half an hour. */
  sweep(): void;
}

export function createRecentHits(nowMs: () => number): RecentHits {
  const sinceMs = nowMs();
  const hits = createHitLists(nowMs);
  /** Views by the number of the minute since 1970, in the order in which minutes were seen, by site. */
  const views = new Map<string, Map<number, number>>();

  const addView = (site: string, { receivedAtMs }: LiveHit): void => {
    const minute = Math.floor(receivedAtMs / MINUTE_MS);
    const ofSite = views.get(site);
    if (ofSite === undefined) views.set(site, new Map([[minute, 1]]));
    else ofSite.set(minute, (ofSite.get(minute) ?? 0) + 1);
  };

  return {
    add(site, hit) {
      if (hit.kind === 'ping') return;
      hits.add(site, hit);
      if (hit.kind === 'view') addView(site, hit);
    },
    of: (site) => ({
      minutes: newestMinutes(
        [...(views.get(site) ?? [])].map(([minute, count]) => ({ atMs: minute * MINUTE_MS, views: count })),
        nowMs(),
      ),
      sinceMs,
      hits: newestHits(hits.of(site)),
    }),
    sweep() {
      hits.sweep();
      const first = firstMinuteMs(nowMs()) / MINUTE_MS;
      for (const [site, ofSite] of views) {
        for (const minute of ofSite.keys()) {
          if (minute >= first) break; // so are those after it, so this costs little for many sites
          ofSite.delete(minute);
        }
        if (ofSite.size === 0) views.delete(site);
      }
    },
  };
}

/** Those of the last half hour, oldest first. */
export function newestMinutes(minutes: Minutes, nowMs: number): Minutes {
  const firstMs = firstMinuteMs(nowMs);
  return minutes.filter(({ atMs }) => atMs >= firstMs).sort((a, b) => a.atMs - b.atMs);
}

/** As many as are remembered of a site, oldest first. */
export function newestHits(hits: readonly LiveHit[]): LiveHit[] {
  return [...hits].sort((a, b) => a.receivedAtMs - b.receivedAtMs).slice(-RECENT_HITS_MAX);
}

function firstMinuteMs(nowMs: number): number {
  return (Math.floor(nowMs / MINUTE_MS) - RECENT_MINUTES + 1) * MINUTE_MS;
}

/** The sum of what several nodes remember, which have different hits. */
export function sumOfMinutes(all: readonly Minutes[]): Minutes {
  const views = new Map<number, number>();
  for (const { atMs, views: more } of all.flat()) views.set(atMs, (views.get(atMs) ?? 0) + more);
  return [...views].sort(([a], [b]) => a - b).map(([atMs, count]) => ({ atMs, views: count }));
}
