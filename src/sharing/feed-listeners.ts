// The listeners of this node, by site.
import type { HitListener, LiveHit } from './feed.js';

export interface Listeners {
  /** Returns whether the listener is the first one of its site. */
  add(site: string, listener: HitListener): boolean;
  /** Returns whether the listener was the last one of its site. */
  remove(site: string, listener: HitListener): boolean;
  has(site: string): boolean;
  sites(): string[];
  notify(site: string, hits: readonly LiveHit[]): void;
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
    notify(site, hits) {
      for (const listener of bySite.get(site) ?? []) listener(hits);
    },
  };
}
