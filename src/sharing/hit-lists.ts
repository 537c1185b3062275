// Lists of the newest hits in memory, bounded however many hits and lists there are.
import { MINUTE_MS } from '../time/units.js';
import type { LiveHit } from './feed.js';

const HITS_FOR_MS = 10 * MINUTE_MS;
/** The most hits of one list. */
export const RECENT_HITS_MAX = 100;
/** The most hits of all lists. The lists that have had none for the longest time are forgotten first. */
const HITS_IN_ALL_MAX = 20_000;
/** Above the limit many are forgotten at once, so that a hit almost never has to wait for it. */
const HITS_KEPT = 0.75 * HITS_IN_ALL_MAX;

export interface HitLists {
  add(name: string, hit: LiveHit): void;
  /** The hits of the last ten minutes, in the order in which they were added. */
  of(name: string): LiveHit[];
  forget(name: string): void;
  /** Removes hits that are older than ten minutes. */
  sweep(): void;
}

/** `onOverflow` is called for a list that is forgotten because there are too many hits. */
export function createHitLists(nowMs: () => number, onOverflow: (name: string) => void = () => {}): HitLists {
  /** The list with the newest hit is the last one. */
  const lists = new Map<string, LiveHit[]>();
  let hitsInAll = 0;

  const forget = (name: string): void => {
    hitsInAll -= lists.get(name)?.length ?? 0;
    lists.delete(name);
  };
  const forgetOldest = (): void => {
    for (const name of lists.keys()) {
      if (hitsInAll <= HITS_KEPT) return;
      forget(name);
      onOverflow(name);
    }
  };

  return {
    add(name, hit) {
      const hits = lists.get(name) ?? [];
      lists.delete(name);
      lists.set(name, hits);
      hitsInAll++;
      if (hits.push(hit) > RECENT_HITS_MAX) {
        hits.shift();
        hitsInAll--;
      }
      if (hitsInAll > HITS_IN_ALL_MAX) forgetOldest();
    },
    of: (name) => youngerThan(nowMs() - HITS_FOR_MS, lists.get(name) ?? []),
    forget,
    sweep() {
      const limitMs = nowMs() - HITS_FOR_MS;
      for (const [name, hits] of lists) {
        const kept = youngerThan(limitMs, hits);
        hitsInAll -= hits.length - kept.length;
        if (kept.length > 0) lists.set(name, kept);
        else lists.delete(name);
      }
    },
  };
}

function youngerThan(limitMs: number, hits: readonly LiveHit[]): LiveHit[] {
  return hits.filter(({ receivedAtMs }) => receivedAtMs > limitMs);
}
