// Roll-ups are made one after the other, since each may take long and needs memory. Few may wait for their turn.
import { CallTimedOut } from '../threads/call.js';
import { ReportsBusy, type RollupQuery } from './port.js';

export interface QueueLimits {
  readonly waitingMax: number;
  /** How long one may wait until it begins, */
  readonly waitMsMax: number;
  /** and how long it may then take. */
  readonly answerMsMax: number;
}

/**
 * `make` is called when the one before has ended, even if nobody waits for that one any more: it cannot be interrupted. What is
 * returned rejects with a ReportsBusy if too many wait or one waits too long, with a CallTimedOut if it takes too long, and
 * when `signal` is aborted before its turn. It is then never made.
 */
export function createRollupQueue(
  make: (query: RollupQuery) => Promise<string>,
  { waitingMax, waitMsMax, answerMsMax }: QueueLimits,
): (query: RollupQuery, signal?: AbortSignal) => Promise<string> {
  const waiting = new Set<() => void>();
  let isBusy = false;

  const myTurn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(begin);
        clearTimeout(timer);
        signal?.removeEventListener('abort', go);
      };
      const begin = () => {
        leave();
        resolve();
      };
      const go = () => {
        leave();
        reject(signal?.aborted === true ? signal.reason : new ReportsBusy());
      };
      const timer = setTimeout(go, waitMsMax);
      signal?.addEventListener('abort', go);
      waiting.add(begin);
    });
  const next = () => {
    const [first] = waiting;
    isBusy = first !== undefined;
    first?.();
  };

  return async (query, signal) => {
    signal?.throwIfAborted();
    if (isBusy && waiting.size >= waitingMax) throw new ReportsBusy();
    if (isBusy) await myTurn(signal);
    isBusy = true;
    const made = make(query).finally(next);
    return inTime(made, answerMsMax);
  };
}

async function inTime<Value>(made: Promise<Value>, msMax: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CallTimedOut(`no answer within ${msMax} ms`)), msMax);
  });
  try {
    return await Promise.race([made, late]);
  } finally {
    clearTimeout(timer);
  }
}
