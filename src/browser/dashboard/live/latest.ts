// The newest hits: those that the server has remembered, and those that have come since.
import type { LiveHit } from '../../../sharing/feed.js';

export const LATEST_FOR_MS = 10 * 60_000;
const HITS_MAX = 1_000;
/** With as many, the server may have had more. */
const REMEMBERED_MAX = 100;

export interface NumberedHit extends LiveHit {
  /** Identifies the hit on the page. */
  readonly number: number;
}

export interface Latest {
  /** Oldest first. */
  readonly hits: readonly NumberedHit[];
  /** All hits since this time are there. */
  readonly sinceMs: number;
  readonly number: number;
}

export const NO_HITS: Latest = { hits: [], sinceMs: Number.POSITIVE_INFINITY, number: 0 };

/** `all`: everything that the server remembers at `asOfMs`, oldest first. */
export function remembered(before: Latest, all: readonly LiveHit[], times: { asOfMs: number; sinceMs: number }): Latest {
  const oldestMs = all.length < REMEMBERED_MAX ? times.asOfMs - LATEST_FOR_MS : (all[0] as LiveHit).receivedAtMs;
  return withHits({ hits: [], sinceMs: Math.max(oldestMs, times.sinceMs), number: before.number }, all);
}

export function withHits({ hits, sinceMs, number }: Latest, added: readonly LiveHit[]): Latest {
  const all = [...hits, ...added.map((hit, index) => ({ ...hit, number: number + index }))];
  const kept = all.slice(-HITS_MAX);
  return {
    hits: kept,
    sinceMs: kept.length < all.length ? Math.max(sinceMs, (kept[0] as NumberedHit).receivedAtMs) : sinceMs,
    number: number + added.length,
  };
}

export interface LatestRow {
  readonly key: string;
  readonly views: number;
}

/** The values that most views of the last minutes have, the most frequent first; of several, the one that came last. */
export function mostFrequent({ hits }: Latest, keyOf: (hit: LiveHit) => string, nowMs: number): LatestRow[] {
  const counts = new Map<string, number>();
  for (const hit of [...hits].reverse()) {
    if (hit.kind !== 'view' || hit.receivedAtMs < nowMs - LATEST_FOR_MS) continue;
    const key = keyOf(hit);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, views]) => ({ key, views })).sort((one, other) => other.views - one.views);
}
