// What other nodes remember of the sites that are watched on this one. It is kept by node, since a node may say the same again.
import type { LiveHit, Recent } from '../feed.js';
import { createHitLists } from '../hit-lists.js';
import { newestHits, newestMinutes, sumOfMinutes } from '../recent-hits.js';

/** More nodes than an installation has: others would be forged. */
const NODES_MAX = 200;
const NO_MINUTES: Minutes = { minutes: [], sinceMs: 0 };

type Minutes = Omit<Recent, 'hits'>;

export interface RecentElsewhere {
  /** Replaces the minutes that the node has sent before, so a lost message is made up for by the next. */
  setMinutes(site: string, node: string, minutes: Minutes): void;
  /** Replaces all hits of the node. */
  setHits(site: string, node: string, hits: readonly LiveHit[]): void;
  addHits(site: string, node: string, hits: readonly LiveHit[]): void;
  forget(site: string): void;
  addTo(site: string, own: Recent): Recent;
  /** Removes what is too old, also that of nodes that have ended. */
  sweep(): void;
}

export function createRecentElsewhere(nowMs: () => number): RecentElsewhere {
  const bySite = new Map<string, Map<string, Minutes>>();
  const hitLists = createHitLists(nowMs);

  /** False if there are too many nodes. */
  const isKnown = (site: string, node: string): boolean => {
    const nodes = bySite.get(site) ?? new Map<string, Minutes>();
    bySite.set(site, nodes);
    if (!nodes.has(node) && nodes.size < NODES_MAX) nodes.set(node, NO_MINUTES);
    return nodes.has(node);
  };
  const addHits: RecentElsewhere['addHits'] = (site, node, hits) => {
    if (!isKnown(site, node)) return;
    for (const hit of hits) if (hit.kind !== 'ping') hitLists.add(nameOf(site, node), hit);
  };
  const forgetNode = (site: string, node: string): void => {
    hitLists.forget(nameOf(site, node));
    bySite.get(site)?.delete(node);
  };

  return {
    setMinutes(site, node, minutes) {
      if (isKnown(site, node)) bySite.get(site)?.set(node, minutes);
    },
    addHits,
    setHits(site, node, hits) {
      hitLists.forget(nameOf(site, node));
      addHits(site, node, hits);
    },
    forget(site) {
      for (const node of bySite.get(site)?.keys() ?? []) forgetNode(site, node);
      bySite.delete(site);
    },
    addTo(site, own) {
      const nodes = bySite.get(site) ?? new Map<string, Minutes>();
      const all = [own, ...nodes.values()];
      return {
        minutes: newestMinutes(sumOfMinutes(all.map(({ minutes }) => minutes)), nowMs()),
        sinceMs: Math.max(...all.map(({ sinceMs }) => sinceMs)),
        hits: newestHits([own.hits, ...[...nodes.keys()].map((node) => hitLists.of(nameOf(site, node)))].flat()),
      };
    },
    sweep() {
      hitLists.sweep();
      for (const [site, nodes] of bySite) {
        for (const [node, { minutes, sinceMs }] of nodes) {
          const kept = newestMinutes(minutes, nowMs());
          if (kept.length === 0 && hitLists.of(nameOf(site, node)).length === 0) forgetNode(site, node);
          else nodes.set(node, { minutes: kept, sinceMs });
        }
      }
    },
  };
}

/** Ids of sites have no slash. */
function nameOf(site: string, node: string): string {
  return `${site}/${node}`;
}
