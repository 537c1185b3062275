// The messages of nodes about their feeds. Other texts on these channels become an empty message: they must not end a
// process that accepts hits.
import type { LiveHit, Recent } from '../feed.js';
import { HITS_MAX } from '../feed-batches.js';
import { RECENT_HITS_MAX } from '../hit-lists.js';
import { RECENT_MINUTES } from '../recent-hits.js';

export interface FeedMessage {
  /** The feed that sent the message. A feed also receives its own messages. */
  readonly from: string;
  /** By the clock of the sender. Milliseconds since 1970. */
  readonly sentAtMs: number;
  /** The sites that are watched there. */
  readonly sites: readonly string[];
  /** The sender has just begun to watch them, and asks for the hits that other nodes remember. */
  readonly isFirst: boolean;
  /** The feed that has asked for these hits; undefined: they are new, and for all. */
  readonly to: string | undefined;
  readonly hits: readonly LiveHit[];
  readonly recent: Omit<Recent, 'hits'> | undefined;
}

/** Converts the times of the sender to those of this node's clock. */
export function readFeedMessage(text: string, nowMs: number): FeedMessage {
  const { from, sentAtMs, sites, isFirst, to, hits, recent } = objectOf(parsed(text));
  const aheadMs = (number(sentAtMs) ?? nowMs) - nowMs;
  const { minutes, sinceMs } = objectOf(recent);
  return {
    from: String(from ?? ''),
    sentAtMs: nowMs,
    sites: list(sites).filter((site) => typeof site === 'string'),
    isFirst: isFirst === true,
    to: typeof to === 'string' ? to : undefined,
    hits: list(hits)
      .filter((hit): hit is LiveHit => typeof hit === 'object' && hit !== null)
      .slice(0, to === undefined ? HITS_MAX : RECENT_HITS_MAX)
      // the clocks of two nodes may differ; and a node of an earlier version says nothing
      .map((hit) => ({ ...hit, receivedAtMs: (number(hit.receivedAtMs) ?? nowMs + aheadMs) - aheadMs })),
    recent:
      minutes === undefined
        ? undefined
        : { minutes: list(minutes).flatMap(minuteOf).slice(-RECENT_MINUTES), sinceMs: (number(sinceMs) ?? nowMs) - aheadMs },
  };
}

function minuteOf(value: unknown): Recent['minutes'] {
  const minute = objectOf(value);
  const [atMs, views] = [number(minute.atMs), number(minute.views)];
  return atMs === undefined || views === undefined ? [] : [{ atMs, views }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function number(value: unknown): number | undefined {
  return Number.isFinite(value) ? (value as number) : undefined;
}
