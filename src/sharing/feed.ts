// The feed of hits for people who are watching a site. Nothing waits for it, and nothing of it is stored: a node remembers
// the last hits of a site in memory only.

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
  /**
   * When a node received it, by the clock of the node that shows it. Milliseconds since 1970, UTC. A report says by its
   * `until` which hits cannot be in it.
   */
  readonly receivedAtMs: number;
  /** The site's local day, and the five minutes of it, as in the minutes report: `2026-11-20` and `12:35`. */
  readonly day: string;
  readonly fiveMinutes: string;
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

/** What is remembered of the last half hour of a site. */
export interface Recent {
  /** Views in the minutes that had some, oldest first. `atMs`: when the minute began. */
  readonly minutes: ReadonlyArray<{ readonly atMs: number; readonly views: number }>;
  /** Views before this time are not all in `minutes`, since a process has started later. Milliseconds since 1970. */
  readonly sinceMs: number;
  /** The newest views and events of the last ten minutes, oldest first. On a busy site, only the last 100. */
  readonly hits: readonly LiveHit[];
}

export interface Feed {
  /**
   * Calls the listener for the hits of the site that any node accepts, with a delay of some milliseconds, and up to a
   * fifth of a second when there are many. Hits that other nodes accepted while they could not be reached come afterwards,
   * as far as these remember them, and none comes twice. Returns a function that removes the listener.
   */
  watch(site: string, listener: HitListener): () => void;
  /**
   * What all nodes remember of a site that is watched on this node; those that do not answer at once are left out. Listeners
   * have been called for all of its hits, and will be for each later one.
   */
  recent(site: string): Promise<Recent>;
  /** Whether anybody watches the site, on this node or another. */
  isWatched(site: string): boolean;
  /** Remembers the hit, and sends it to everybody who watches. Never throws. Only a part of a flood is sent. */
  publish(hit: Hit): void;
  state(): SharedState;
  close(): Promise<void>;
}

export function liveHit(hit: Hit): LiveHit {
  const { kind, atMs, receivedAtMs, at, path, title, referrer, technology, event } = hit;
  return {
    kind,
    atMs: atMs - (atMs % 1000),
    receivedAtMs,
    day: at.day,
    fiveMinutes: `${at.hour}:${at.minute}`,
    path,
    title,
    source: readableHost(referrer.source),
    browser: browserTitle(technology.browser),
    platform: platformTitle(technology.platform),
    device: deviceTitle(technology.device),
    event: event?.name ?? '',
  };
}
