// Limits that all nodes share through Redis. While Redis is unavailable, each node counts in its own memory.
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { consume, createLimiters } from '../limiters.js';
import type { Limits } from '../limits.js';
import { FAILS_FAST, type RedisConnection } from './connection.js';

/** A caller should not notice when Redis hangs. */
const COMMAND_MS_MAX = 250;

export function openRedisLimits({ connect, namespace }: RedisConnection): Limits {
  const client = connect({ ...FAILS_FAST, commandTimeout: COMMAND_MS_MAX });
  const limiters = createLimiters(
    (options) =>
      new RateLimiterRedis({
        ...options,
        keyPrefix: `${namespace}:limit:${options.keyPrefix}`,
        storeClient: client,
        rejectIfRedisNotReady: true,
        insuranceLimiter: new RateLimiterMemory(options),
        // Further calls of a caller who is over the limit do not reach Redis.
        inMemoryBlockOnConsumed: options.points,
      }),
  );
  return {
    take: (name, caller, calls) => consume(limiters[name], caller, calls),
    state: () => ({ shared: client.status === 'ready' }),
    async close() {
      client.disconnect();
    },
  };
}
