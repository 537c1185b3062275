// The limits of a single node, counted in memory.
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { consume, createLimiters } from '../limiters.js';
import type { Limits } from '../limits.js';

export function openLocalLimits(): Limits {
  const limiters = createLimiters((options) => new RateLimiterMemory(options));
  return {
    take: (name, caller, calls) => consume(limiters[name], caller, calls),
    state: () => ({ shared: true }),
    close: async () => {},
  };
}
