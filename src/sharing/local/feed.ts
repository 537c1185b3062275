// The feed within one process.

import type { Feed } from '../feed.js';
import { createBatches } from '../feed-batches.js';
import { createListeners } from '../feed-listeners.js';

export function openLocalFeed(): Feed {
  const listeners = createListeners();
  const batches = createBatches(listeners.notify);
  return {
    watch(site, listener) {
      listeners.add(site, listener);
      return () => void listeners.remove(site, listener);
    },
    isWatched: listeners.has,
    publish: batches.add,
    state: () => ({ shared: true }),
    async close() {
      batches.close();
    },
  };
}
