// The feed of hits for people who are watching a site. Nothing waits for it, and nothing of it is stored.

import type { Hit, HitKind } from '../hit/hit.js';
import { readableHost } from '../hit/host.js';
import { browserTitle } from '../hit/tables/browsers.js';
import { deviceTitle, platformTitle } from '../hit/tables/platforms.js';
import type { SharedState } from './state.js';

/** What an owner sees of one hit. Nothing in it connects hits with each other. */
export interface LiveHit {
  readonly kind: HitKind;
  /** Milliseconds since 1970, UTC, rounded down to the second. */
  readonly atMs: number;
  readonly path: string;
  readonly title: string;
  /** Empty if there is no external referrer. */
  readonly source: string;
  /** Readable names, as in reports. */
  readonly browser: string;
  readonly platform: string;
  readonly device: string;
  /** The name of an event; empty for other hits. */
  readonly event: string;
}

export type HitListener = (hits: readonly LiveHit[]) => void;

export interface Feed {
  /**
   * Calls the listener for the hits of the site that any node accepts, with a delay of a fraction of a second. Returns a
   * function that removes the listener.
   */
  watch(site: string, listener: HitListener): () => void;
  /** Whether anybody watches the site, on this node or another. Called for every hit. */
  isWatched(site: string): boolean;
  /** Sends the hit to everybody who watches. Never throws. Only a part of a flood is sent. */
  publish(hit: Hit): void;
  state(): SharedState;
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
