// Collects hits for a short time, so that even a flood costs only a few messages per second.
import type { LiveHit } from './feed.js';

/** The pause between two messages: short enough that a view is seen at once, long enough to collect those of a busy site. */
const PAUSE_MS = 40;
/** After a message with more hits than somebody can follow, the next one may wait. */
const PAUSE_OF_MANY_MS = 200;
const FEW_HITS_MAX = 10;
/** More than a page can show, or a person can read, in that time. */
export const HITS_MAX = 50;

export interface Batches {
  /** The first hit after a pause is sent at once. */
  add(site: string, hit: LiveHit): void;
  /** Sends what waits for the end of the pause. */
  flush(site: string): void;
  close(): void;
}

export function createBatches(send: (site: string, hits: readonly LiveHit[]) => void): Batches {
  let bySite = new Map<string, LiveHit[]>();
  let timer: NodeJS.Timeout | undefined;
  let nextAtMs = 0;

  const flushAll = (): void => {
    timer = undefined;
    const batches = bySite;
    bySite = new Map();
    let sent = 0;
    for (const [site, hits] of batches) {
      send(site, hits);
      sent += hits.length;
    }
    nextAtMs = performance.now() + (sent > FEW_HITS_MAX ? PAUSE_OF_MANY_MS : PAUSE_MS);
  };

  return {
    add(site, hit) {
      const hits = bySite.get(site);
      if (hits === undefined) bySite.set(site, [hit]);
      else if (hits.length < HITS_MAX) hits.push(hit);
      timer ??= setTimeout(flushAll, Math.max(0, nextAtMs - performance.now()));
    },
    flush(site) {
      const hits = bySite.get(site);
      if (hits === undefined) return;
      bySite.delete(site);
      send(site, hits);
    },
    close() {
      clearTimeout(timer);
    },
  };
}
