// What other nodes remember of the sites that are watched on this one. It is kept by node, since a node may say the same again.
import { hash } from 'node:crypto';
import { MINUTE_MS } from '../../time/units.js';
import type { LiveHit, Recent } from '../feed.js';
import { createHitLists } from '../hit-lists.js';
import { newestHits, newestMinutes, sumOfMinutes } from '../recent-hits.js';
import type { FeedMessage } from './feed-message.js';

/** More nodes than an installation has: others would be forged. */
const NODES_MAX = 200;
/** Hits are known for ten minutes. An older one may have been removed here already, so it is not taken for a new one. */
const NEW_FOR_MS = 9 * MINUTE_MS;
const NO_MINUTES: Minutes = { minutes: [], sinceMs: 0 };

type Minutes = Omit<Recent, 'hits'>;
type Sent = Pick<FeedMessage, 'from' | 'hits' | 'aheadMs'>;

interface Node {
  minutes: Minutes;
  /** Which hits of the time before were known has been forgotten. Milliseconds since 1970. */
  forgottenMs: number;
}

export interface RecentElsewhere {
  /** Replaces the minutes that the node has sent before, so a lost message is made up for by the next. */
  setMinutes(site: string, node: string, minutes: Minutes): void;
  /** Replaces all hits of the node by what it remembers. Returns those that are certainly new, such as after an outage. */
  setHits(site: string, sent: Sent): LiveHit[];
  /** Adds hits that the node has just accepted. Returns those that were not known, nearly always all of them. */
  addHits(site: string, sent: Sent): LiveHit[];
  forget(site: string): void;
  addTo(site: string, own: Recent): Recent;
  /** Removes what is too old, also that of nodes that have ended. */
  sweep(): void;
}

export function createRecentElsewhere(nowMs: () => number): RecentElsewhere {
  const bySite = new Map<string, Map<string, Node>>();
  const hitLists = createHitLists(nowMs, (name) => {
    const [site = '', id = ''] = name.split('/');
    const node = bySite.get(site)?.get(id);
    if (node !== undefined) node.forgottenMs = nowMs();
  });
  const keys = new WeakMap<LiveHit, string>();

  /** Undefined if there are too many nodes. */
  const nodeOf = (site: string, id: string): Node | undefined => {
    const nodes = bySite.get(site) ?? new Map<string, Node>();
    bySite.set(site, nodes);
    if (!nodes.has(id) && nodes.size < NODES_MAX) nodes.set(id, { minutes: NO_MINUTES, forgottenMs: 0 });
    return nodes.get(id);
  };
  const unknownOf = (name: string, sent: Sent): LiveHit[] => {
    for (const [i, key] of keysOf(sent).entries()) keys.set(sent.hits[i] as LiveHit, key);
    const known = new Set(hitLists.of(name).map((hit) => keys.get(hit)));
    return sent.hits.filter((hit) => !known.has(keys.get(hit)));
  };
  const addTo = (name: string, hits: readonly LiveHit[]): void => {
    for (const hit of hits) if (hit.kind !== 'ping') hitLists.add(name, hit);
  };
  const forgetNode = (site: string, id: string): void => {
    hitLists.forget(nameOf(site, id));
    bySite.get(site)?.delete(id);
  };

  return {
    setMinutes(site, id, minutes) {
      const node = nodeOf(site, id);
      if (node !== undefined) node.minutes = minutes;
    },
    setHits(site, sent) {
      const node = nodeOf(site, sent.from);
      if (node === undefined) return [];
      const name = nameOf(site, sent.from);
      const sinceMs = Math.max(node.forgottenMs, nowMs() - NEW_FOR_MS);
      const added = unknownOf(name, sent).filter(({ receivedAtMs }) => receivedAtMs > sinceMs);
      hitLists.forget(name);
      addTo(name, sent.hits);
      return added;
    },
    addHits(site, sent) {
      if (nodeOf(site, sent.from) === undefined) return [];
      const name = nameOf(site, sent.from);
      const added = unknownOf(name, sent);
      addTo(name, added);
      return added;
    },
    forget(site) {
      for (const id of bySite.get(site)?.keys() ?? []) forgetNode(site, id);
      bySite.delete(site);
    },
    addTo(site, own) {
      const nodes = bySite.get(site) ?? new Map<string, Node>();
      const all = [own, ...[...nodes.values()].map(({ minutes }) => minutes)];
      return {
        minutes: newestMinutes(sumOfMinutes(all.map(({ minutes }) => minutes)), nowMs()),
        sinceMs: Math.max(...all.map(({ sinceMs }) => sinceMs)),
        hits: newestHits([own.hits, ...[...nodes.keys()].map((id) => hitLists.of(nameOf(site, id)))].flat()),
      };
    },
    sweep() {
      hitLists.sweep();
      for (const [site, nodes] of bySite) {
        for (const [id, node] of nodes) {
          const { minutes, sinceMs } = node.minutes;
          const kept = newestMinutes(minutes, nowMs());
          if (kept.length === 0 && hitLists.of(nameOf(site, id)).length === 0) forgetNode(site, id);
          else node.minutes = { minutes: kept, sinceMs };
        }
      }
    },
  };
}

/** Ids of sites have no slash. */
function nameOf(site: string, node: string): string {
  return `${site}/${node}`;
}

/** A hit has the same key in each message of its node. The second of two equal hits in one message has another one. */
function keysOf({ hits, aheadMs }: Sent): string[] {
  const equals = new Map<string, number>();
  return hits.map((hit) => {
    const text = JSON.stringify({ ...hit, receivedAtMs: hit.receivedAtMs + aheadMs });
    const before = equals.get(text) ?? 0;
    equals.set(text, before + 1);
    return hash('sha1', `${before} ${text}`, 'base64');
  });
}
