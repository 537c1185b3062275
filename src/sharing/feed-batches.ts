// Collects hits for a fraction of a second, so that even a flood costs only a few messages per second.
import type { Hit } from '../hit/hit.js';
import { type LiveHit, liveHit } from './feed.js';

const BATCH_MS = 200;
/** More than a page can show, or a person can read, in that time. */
export const HITS_MAX = 50;

export interface Batches {
  add(hit: Hit): void;
  close(): void;
}

export function createBatches(send: (site: string, hits: readonly LiveHit[]) => void): Batches {
  let bySite = new Map<string, LiveHit[]>();
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    timer = undefined;
    const batches = bySite;
    bySite = new Map();
    for (const [site, hits] of batches) send(site, hits);
  };

  return {
    add(hit) {
      const hits = bySite.get(hit.site);
      if (hits === undefined) bySite.set(hit.site, [liveHit(hit)]);
      else if (hits.length < HITS_MAX) hits.push(liveHit(hit));
      timer ??= setTimeout(flush, BATCH_MS);
    },
    close() {
      clearTimeout(timer);
    },
  };
}
