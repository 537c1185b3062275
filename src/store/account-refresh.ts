// Looking into the store on demand, for whoever meets a site or a token that this process does not know. All who ask
// while a look is under way share the next one, so that no number of requests, such as a flood of made-up ids, asks
// the store more than a few times a second.
import { setTimeout as delay } from 'node:timers/promises';
import { AccountsAway, TooManyAsk } from './accounts.js';

/** At most ten looks a second. */
const EVERY_MS = 100;
/** A visitor's browser, or a person, waits no longer than this for a store that does not answer. */
const WAIT_MS_MAX = 2_000;
/** Each that waits holds a request in memory. */
const WAITING_MAX = 2_000;

export interface RefreshOptions {
  readonly everyMs?: number;
  readonly waitMsMax?: number;
  readonly waitingMax?: number;
}

/**
 * What it returns resolves when a look that began after the call has ended. It rejects with an AccountsAway when the
 * store has not answered in time, or too many wait already.
 */
export function createRefresh(look: () => Promise<unknown>, options: RefreshOptions = {}): () => Promise<void> {
  const { everyMs = EVERY_MS, waitMsMax = WAIT_MS_MAX, waitingMax = WAITING_MAX } = options;
  let beganMs = Number.NEGATIVE_INFINITY;
  let current: Promise<unknown> = Promise.resolve();
  /** The look that has not begun yet. */
  let next: Promise<unknown> | undefined;
  let waiting = 0;

  const lookNext = async (): Promise<unknown> => {
    await current.catch(() => {});
    const pauseMs = beganMs + everyMs - performance.now();
    if (pauseMs > 0) await delay(pauseMs);
    beganMs = performance.now();
    next = undefined;
    current = look();
    return current;
  };

  return async () => {
    if (waiting >= waitingMax) throw new TooManyAsk('too many wait for an answer of the store; try again in a moment');
    next ??= lookNext();
    waiting++;
    try {
      await within(next, waitMsMax);
    } catch (error) {
      throw new AccountsAway('the store does not answer; try again in a moment', { cause: error });
    } finally {
      waiting--;
    }
  };
}

async function within(promise: Promise<unknown>, ms: number): Promise<void> {
  const late = new AbortController();
  promise.catch(() => {}); // nobody may be waiting any more when it rejects
  try {
    await Promise.race([
      promise,
      delay(ms, undefined, { signal: late.signal }).then(() => {
        throw new Error(`no answer within ${ms} ms`);
      }),
    ]);
  } finally {
    late.abort();
  }
}
