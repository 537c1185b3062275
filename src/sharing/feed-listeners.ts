// Those who watch at this node.
import type { HitListener, LiveHit } from './feed.js';

export interface Listeners {
  /** Whether it is the first of its site. */
  add(site: string, listener: HitListener): boolean;
  /** Whether it was the last of its site. */
  remove(site: string, listener: HitListener): boolean;
  has(site: string): boolean;
  sites(): string[];
  tell(site: string, hits: readonly LiveHit[]): void;
}

export function createListeners(): Listeners {
  const bySite = new Map<string, Set<HitListener>>();
  return {
    add(site, listener) {
      const listeners = bySite.get(site);
      if (listeners === undefined) bySite.set(site, new Set([listener]));
      else listeners.add(listener);
      return listeners === undefined;
    },
    remove(site, listener) {
      const listeners = bySite.get(site);
      if (!listeners?.delete(listener) || listeners.size > 0) return false;
      return bySite.delete(site);
    },
    has: (site) => bySite.has(site),
    sites: () => [...bySite.keys()],
    tell(site, hits) {
      for (const listener of bySite.get(site) ?? []) listener(hits);
    },
  };
}
