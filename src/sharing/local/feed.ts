// The feed within one process.

import { type Feed, liveHit } from '../feed.js';
import { createBatches } from '../feed-batches.js';
import { createListeners } from '../feed-listeners.js';
import { createRecentHits, SWEEP_EVERY_MS } from '../recent-hits.js';

export function openLocalFeed(nowMs: () => number = Date.now): Feed {
  const listeners = createListeners();
  const batches = createBatches(listeners.notify);
  const recent = createRecentHits(nowMs);
  const sweeping = setInterval(recent.sweep, SWEEP_EVERY_MS).unref();
  return {
    watch(site, listener) {
      listeners.add(site, listener);
      return () => void listeners.remove(site, listener);
    },
    async recent(site) {
      batches.flush(site);
      return recent.of(site);
    },
    isWatched: listeners.has,
    publish(hit) {
      const shown = liveHit(hit);
      recent.add(hit.site, shown);
      if (listeners.has(hit.site)) batches.add(hit.site, shown);
    },
    state: () => ({ shared: true }),
    async close() {
      batches.close();
      clearInterval(sweeping);
    },
  };
}
