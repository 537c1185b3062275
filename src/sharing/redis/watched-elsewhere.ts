// Which sites are watched on other nodes.
import { SITE_ID } from '../../hit/site.js';

/** Long enough for two announcements to be lost. */
const WATCHED_MS = 15_000;
/** A larger number of sites would be forged. */
const WATCHED_MAX = 10_000;

export interface WatchedElsewhere {
  /** False if this cannot be the id of a site, or there are too many. */
  announce(site: string): boolean;
  has(site: string): boolean;
  /** Forgets sites that are no longer announced. */
  sweep(): void;
}

export function createWatchedElsewhere(nowMs: () => number): WatchedElsewhere {
  /** The time until which a site is watched. Milliseconds since 1970. */
  const untilMs = new Map<string, number>();
  return {
    announce(site) {
      if (!SITE_ID.test(site) || (!untilMs.has(site) && untilMs.size >= WATCHED_MAX)) return false;
      untilMs.set(site, nowMs() + WATCHED_MS);
      return true;
    },
    has: (site) => untilMs.has(site),
    sweep() {
      for (const [site, until] of untilMs) if (until < nowMs()) untilMs.delete(site);
    },
  };
}
