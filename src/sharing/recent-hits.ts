// What a node remembers of the last half hour of each site: views by minute, and the newest hits. In memory only, and
// bounded however many sites and hits there are.
import { MINUTE_MS } from '../time/units.js';
import type { LiveHit, Recent } from './feed.js';

export const RECENT_MINUTES = 30;
const HITS_FOR_MS = 10 * MINUTE_MS;
/** The most hits that are remembered of one site. */
export const RECENT_HITS_MAX = 100;
/** The most hits of all sites. The hits of sites that have had none for the longest time are forgotten first. */
const HITS_IN_ALL_MAX = 20_000;

type Minutes = Recent['minutes'];

interface Remembered {
  /** Views by the number of the minute since 1970, in the order in which minutes were seen. */
  readonly views: Map<number, number>;
  hits: LiveHit[];
}

export interface RecentHits {
  /** Ignores pings, which belong to a view before. */
  add(site: string, hit: LiveHit): void;
  of(site: string): Recent;
  /** The views of other nodes are theirs to count: only remembers the hits. */
  addOfOthers(site: string, hits: readonly LiveHit[]): void;
}

export function createRecentHits(nowMs: () => number): RecentHits {
  const sinceMs = nowMs();
  /** The site with the newest hit is the last one. */
  const sites = new Map<string, Remembered>();
  let hitsInAll = 0;
  let sweptAtMs = sinceMs;

  const rememberedOf = (site: string): Remembered => {
    const remembered = sites.get(site) ?? { views: new Map(), hits: [] };
    sites.delete(site);
    sites.set(site, remembered);
    return remembered;
  };
  const keep = (site: Remembered, hits: LiveHit[]): void => {
    hitsInAll += hits.length - site.hits.length;
    site.hits = hits;
  };
  const addHits = (site: string, added: readonly LiveHit[]): void => {
    const remembered = rememberedOf(site);
    const hits = remembered.hits.concat(added);
    keep(remembered, hits.length > RECENT_HITS_MAX ? hits.slice(-RECENT_HITS_MAX) : hits);
    if (hitsInAll <= HITS_IN_ALL_MAX) return;
    for (const oldest of sites.values()) {
      keep(oldest, []);
      if (hitsInAll <= HITS_IN_ALL_MAX) return;
    }
  };
  /** Once a minute, so that nothing is kept of a site that has no more hits. */
  const sweep = (): void => {
    const now = nowMs();
    if (now - sweptAtMs < MINUTE_MS) return;
    sweptAtMs = now;
    const first = firstMinute(now);
    for (const [id, site] of sites) {
      for (const minute of site.views.keys()) if (minute < first) site.views.delete(minute);
      keep(site, newestOf(site.hits, now));
      if (site.views.size === 0 && site.hits.length === 0) sites.delete(id);
    }
  };

  return {
    add(site, hit) {
      if (hit.kind === 'ping') return;
      sweep();
      addHits(site, [hit]);
      if (hit.kind !== 'view') return;
      const { views } = rememberedOf(site);
      const minute = Math.floor(hit.receivedAtMs / MINUTE_MS);
      views.set(minute, (views.get(minute) ?? 0) + 1);
    },
    addOfOthers(site, hits) {
      addHits(
        site,
        hits.filter(({ kind }) => kind !== 'ping'),
      );
    },
    of(site) {
      const remembered = sites.get(site);
      const first = firstMinute(nowMs());
      const views = [...(remembered?.views ?? [])].filter(([minute]) => minute >= first).sort(([a], [b]) => a - b);
      return {
        minutes: views.map(([minute, count]) => ({ atMs: minute * MINUTE_MS, views: count })),
        sinceMs,
        hits: newestOf(remembered?.hits ?? [], nowMs()).sort((a, b) => a.receivedAtMs - b.receivedAtMs),
      };
    },
  };
}

function firstMinute(nowMs: number): number {
  return Math.floor(nowMs / MINUTE_MS) - RECENT_MINUTES + 1;
}

function newestOf(hits: readonly LiveHit[], nowMs: number): LiveHit[] {
  return hits.filter(({ receivedAtMs }) => receivedAtMs > nowMs - HITS_FOR_MS);
}

/** The sum of what several nodes remember, which have different hits. */
export function sumOfMinutes(all: readonly Minutes[]): Minutes {
  const views = new Map<number, number>();
  for (const { atMs, views: more } of all.flat()) views.set(atMs, (views.get(atMs) ?? 0) + more);
  return [...views].sort(([a], [b]) => a - b).map(([atMs, count]) => ({ atMs, views: count }));
}
