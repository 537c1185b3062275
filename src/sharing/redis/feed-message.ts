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
  /** What was subtracted from the times of the sender. It contains the time that the message has taken, so it varies. */
  readonly aheadMs: number;
  /** The sites that are watched there. */
  readonly sites: readonly string[];
  /** The sender has just begun to watch them, or has been disconnected, and asks for the hits that other nodes remember. */
  readonly isFirst: boolean;
  /** The feed that has asked for these hits; undefined: they are new, and for all. */
  readonly to: string | undefined;
  readonly hits: readonly LiveHit[];
  readonly recent: Omit<Recent, 'hits'> | undefined;
}

/** A later time is not one. Twice this is the latest that a date can have, so sums of two times are dates as well. */
const TIME_MS_MAX = 8.64e15 / 2;
const KINDS = { view: true, event: true, ping: true } as const satisfies Record<LiveHit['kind'], true>;

/** Converts the times of the sender to those of this node's clock. Never throws, and each time of the message is a date. */
export function readFeedMessage(message: string, nowMs: number): FeedMessage {
  const { from, sentAtMs, sites, isFirst, to, hits, recent } = objectOf(parsed(message));
  const aheadMs = (time(sentAtMs) ?? nowMs) - nowMs;
  const { minutes, sinceMs } = objectOf(recent);
  return {
    from: text(from),
    sentAtMs: nowMs,
    aheadMs,
    sites: list(sites).filter((site) => typeof site === 'string'),
    isFirst: isFirst === true,
    to: typeof to === 'string' ? to : undefined,
    hits: list(hits)
      .slice(0, to === undefined ? HITS_MAX : RECENT_HITS_MAX)
      .flatMap((hit) => hitOf(hit, { nowMs, aheadMs })),
    recent:
      minutes === undefined
        ? undefined
        : { minutes: list(minutes).flatMap(minuteOf).slice(-RECENT_MINUTES), sinceMs: (time(sinceMs) ?? nowMs) - aheadMs },
  };
}

/** The clocks of two nodes may differ; and a node of an earlier version does not say all of this. */
function hitOf(value: unknown, { nowMs, aheadMs }: { nowMs: number; aheadMs: number }): LiveHit[] {
  const { kind, ...hit } = objectOf(value);
  const atMs = time(hit.atMs);
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind) || atMs === undefined) return [];
  return [
    {
      kind: kind as LiveHit['kind'],
      atMs,
      receivedAtMs: (time(hit.receivedAtMs) ?? nowMs + aheadMs) - aheadMs,
      day: text(hit.day),
      fiveMinutes: text(hit.fiveMinutes),
      path: text(hit.path),
      title: text(hit.title),
      source: text(hit.source),
      browser: text(hit.browser),
      platform: text(hit.platform),
      device: text(hit.device),
      event: text(hit.event),
    },
  ];
}

function minuteOf(value: unknown): Recent['minutes'] {
  const minute = objectOf(value);
  const atMs = time(minute.atMs);
  const views = Number.isSafeInteger(minute.views) ? (minute.views as number) : 0;
  return atMs === undefined || views <= 0 ? [] : [{ atMs, views }];
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
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

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Undefined for anything but a time. Milliseconds since 1970. */
function time(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= TIME_MS_MAX ? value : undefined;
}
