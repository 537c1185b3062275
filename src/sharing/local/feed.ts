// The feed within one process.

import { type Feed, liveHit } from '../feed.js';
import { createBatches } from '../feed-batches.js';
import { createListeners } from '../feed-listeners.js';
import { createRecentHits } from '../recent-hits.js';

export function openLocalFeed(nowMs: () => number = Date.now): Feed {
  const listeners = createListeners();
  const batches = createBatches(listeners.notify);
  const recent = createRecentHits(nowMs);
  return {
    watch(site, listener) {
      listeners.add(site, listener);
      return () => void listeners.remove(site, listener);
    },
    recent: async (site) => recent.of(site),
    isWatched: listeners.has,
    publish(hit) {
      const shown = liveHit(hit);
      recent.add(hit.site, shown);
      if (listeners.has(hit.site)) batches.add(hit.site, shown);
    },
    state: () => ({ shared: true }),
    async close() {
      batches.close();
    },
  };
}
