// The limits as limiters of rate-limiter-flexible, which counts in memory or in Redis.
import { createHash } from 'node:crypto';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { LIMITS, type LimitName, type LimitResult } from './limits.js';

export type Limiters = Readonly<Record<LimitName, RateLimiterAbstract>>;

export interface LimiterOptions {
  readonly keyPrefix: string;
  readonly points: number;
  /** Seconds. */
  readonly duration: number;
}

export function createLimiters(create: (options: LimiterOptions) => RateLimiterAbstract): Limiters {
  const limiters = Object.entries(LIMITS).map(([name, { calls, seconds }]) => [
    name,
    create({ keyPrefix: name, points: calls, duration: seconds }),
  ]);
  return Object.fromEntries(limiters) as Limiters;
}

/** Callers are hashed, so that neither addresses nor tokens are stored. */
export async function consume(limiter: RateLimiterAbstract, caller: string, calls = 1): Promise<LimitResult> {
  const key = createHash('sha256').update(caller).digest('base64url').slice(0, 22);
  try {
    await limiter.consume(key, calls);
    return { allowed: true };
  } catch (refused) {
    // any other error is a failure of the limiter, and not a reason to refuse the caller
    if (!(refused instanceof RateLimiterRes)) return { allowed: true };
    return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) };
  }
}
