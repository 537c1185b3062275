// The feed of hits for whoever watches a site at the moment. Nothing waits for it, and nothing is kept of it.

import type { Hit, HitKind } from '../hit/hit.js';
import { readableHost } from '../hit/host.js';
import { browserTitle } from '../hit/tables/browsers.js';
import { deviceTitle, platformTitle } from '../hit/tables/platforms.js';

/** What an owner sees of one hit. Nothing in it ties hits together. */
export interface LiveHit {
  readonly kind: HitKind;
  /** Milliseconds since 1970, UTC, cut to the second. */
  readonly atMs: number;
  readonly path: string;
  readonly title: string;
  /** Empty when there is no outside referrer. */
  readonly source: string;
  /** Names for people, as in reports. */
  readonly browser: string;
  readonly platform: string;
  readonly device: string;
  /** The name of an event; empty for anything else. */
  readonly event: string;
}

export type HitListener = (hits: readonly LiveHit[]) => void;

export interface Feed {
  /**
   * From now on the listener is told of the site's hits, whichever node takes them, a fraction of a second later.
   * Returns what ends it.
   */
  watch(site: string, listener: HitListener): () => void;
  /** Whether anybody watches, here or at another node. Asked for every hit. */
  isWatched(site: string): boolean;
  /** Tells those who watch. Never throws. Of a flood only a part is told. */
  publish(hit: Hit): void;
  /** Whether other nodes are heard and told at the moment. */
  state(): { readonly shared: boolean };
  close(): Promise<void>;
}

export function liveHit({ kind, atMs, path, title, referrer, technology, event }: Hit): LiveHit {
  return {
    kind,
    atMs: atMs - (atMs % 1000),
    path,
    title,
    source: readableHost(referrer.source),
    browser: browserTitle(technology.browser),
    platform: platformTitle(technology.platform),
    device: deviceTitle(technology.device),
    event: event?.name ?? '',
  };
}
