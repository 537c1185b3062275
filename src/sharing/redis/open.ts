// Sharing through Redis. Parts are loaded when they are opened: BullMQ alone takes longer to load than all the others.
import { createClosing } from '../../system/closing.js';
import { openLocalSalts } from '../local/salts.js';
import type { Sharing } from '../sharing.js';
import { openRedis } from './connection.js';
import { openRedisNotifier } from './notifier.js';

export interface RedisSharingOptions {
  readonly url: string;
  /** The prefix of every key and channel. */
  readonly namespace: string;
  /** Where the node stores the salts for itself. */
  readonly dataDir: string;
  readonly nowMs?: () => number;
}

/** Does not wait for Redis. */
export function openRedisSharing({ url, namespace, dataDir, nowMs = Date.now }: RedisSharingOptions): Sharing {
  const closing = createClosing();
  const redis = closing.add(openRedis(url, namespace));
  return {
    notifier: closing.add(openRedisNotifier(redis)),
    async openJobs() {
      const { openBullmqJobs } = await import('./jobs.js');
      return closing.add(openBullmqJobs(redis));
    },
    async openSalts() {
      const { openRedisSalts } = await import('./salts.js');
      return closing.add(await openRedisSalts(redis, openLocalSalts(dataDir, nowMs), nowMs));
    },
    async openLimits() {
      const { openRedisLimits } = await import('./limits.js');
      return closing.add(openRedisLimits(redis));
    },
    async openFeed() {
      const { openRedisFeed } = await import('./feed.js');
      return closing.add(openRedisFeed(redis, nowMs));
    },
    close: closing.close,
  };
}
