// Reads the store on demand, when a request names a site or token that this process does not know. Callers that arrive
// while a poll is running share the next one. So no number of requests, such as a flood of invented ids, causes more
// than a few polls per second.
import { setTimeout as delay } from 'node:timers/promises';
import { within } from '../system/within.js';
import { AccountsUnavailable, TooManyRefreshes } from './accounts.js';

/** At most ten polls a second. */
const EVERY_MS = 100;
/** A browser or a person waits no longer than this for a store that does not answer. */
const WAIT_MS_MAX = 2_000;
/** Each caller that waits keeps a request in memory. */
const WAITING_MAX = 2_000;

export interface RefreshOptions {
  readonly everyMs?: number;
  readonly waitMsMax?: number;
  readonly waitingMax?: number;
}

/**
 * The result resolves when a poll that began after the call has ended. It rejects with an AccountsUnavailable when the
 * store has not answered in time, or when too many callers are waiting.
 */
export function createRefresh(poll: () => Promise<unknown>, options: RefreshOptions = {}): () => Promise<void> {
  const { everyMs = EVERY_MS, waitMsMax = WAIT_MS_MAX, waitingMax = WAITING_MAX } = options;
  let beganMs = Number.NEGATIVE_INFINITY;
  let current: Promise<unknown> = Promise.resolve();
  /** The poll that has not begun yet. */
  let next: Promise<unknown> | undefined;
  let waiting = 0;

  const pollNext = async (): Promise<unknown> => {
    await current.catch(() => {});
    const pauseMs = beganMs + everyMs - performance.now();
    if (pauseMs > 0) await delay(pauseMs);
    beganMs = performance.now();
    next = undefined;
    current = poll();
    return current;
  };

  return async () => {
    if (waiting >= waitingMax) throw new TooManyRefreshes('too many requests are waiting for the store; try again in a moment');
    next ??= pollNext();
    waiting++;
    try {
      const answered = await within(
        next.then(() => true),
        waitMsMax,
      );
      if (answered === undefined) throw new Error(`no answer within ${waitMsMax} ms`);
    } catch (error) {
      throw new AccountsUnavailable('the store does not answer; try again in a moment', { cause: error });
    } finally {
      waiting--;
    }
  };
}
