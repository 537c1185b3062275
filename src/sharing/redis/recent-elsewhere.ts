// What other nodes remember of the sites that are watched on this one. Each message replaces the one before of its node, so a
// lost message is made up for by the next.
import type { Recent } from '../feed.js';
import { sumOfMinutes } from '../recent-hits.js';

/** More nodes than an installation has: others would be forged. */
const NODES_MAX = 200;

type Minutes = Omit<Recent, 'hits'>;

export interface RecentElsewhere {
  set(site: string, node: string, minutes: Minutes): void;
  forget(site: string): void;
  addTo(site: string, own: Recent): Recent;
}

export function createRecentElsewhere(): RecentElsewhere {
  const bySite = new Map<string, Map<string, Minutes>>();
  return {
    set(site, node, minutes) {
      const nodes = bySite.get(site) ?? new Map<string, Minutes>();
      bySite.set(site, nodes);
      if (nodes.has(node) || nodes.size < NODES_MAX) nodes.set(node, minutes);
    },
    forget: (site) => void bySite.delete(site),
    addTo(site, own) {
      const all = [own, ...(bySite.get(site)?.values() ?? [])];
      return {
        minutes: sumOfMinutes(all.map(({ minutes }) => minutes)),
        sinceMs: Math.max(...all.map(({ sinceMs }) => sinceMs)),
        hits: own.hits,
      };
    },
  };
}
