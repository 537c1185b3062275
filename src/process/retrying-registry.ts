// The node registry as a starting process uses it: repeats each call while the store is unavailable.
import type { StartRegistry } from '../journal/node.js';
import type { Retry } from '../store/store.js';

export function retryingRegistry(nodes: StartRegistry, retry: Retry): StartRegistry {
  return {
    get: (id) => retry(() => nodes.get(id)),
    isRunning: (id) => retry(() => nodes.isRunning(id)),
    claim(id, boot, seen) {
      let isRepeated = false;
      return retry(async () => {
        // The first claim may have succeeded although its answer was lost. No other process has this boot id.
        if (isRepeated && (await nodes.get(id))?.boot === boot) return 'claimed';
        isRepeated = true;
        return nodes.claim(id, boot, seen);
      });
    },
  };
}
