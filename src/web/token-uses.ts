// Records on which days tokens are used. This happens beside the requests, one token after the other, and only for the first
// use on a day. A request neither waits for it nor fails because of it.
import type { Token, TokenUses } from '../store/accounts.js';
import { utcDay } from '../time/dates.js';
import { MINUTE_MS } from '../time/units.js';

/** After a failure, the store is left alone for this time. */
const PAUSE_MS = MINUTE_MS;

/** Cheap. Call it for each request with a token. */
export type UseToken = (secret: string, token: Token) => void;

export interface TokenUseOptions {
  readonly nowMs: () => number;
  /** Called once until the store records uses again. */
  readonly onProblem: (problem: string) => void;
}

export function createTokenUses(store: Pick<TokenUses, 'recordTokenUse'>, { nowMs, onProblem }: TokenUseOptions): UseToken {
  let today = '';
  /** The prefixes of the tokens whose use today is recorded or waits. */
  const seen = new Set<string>();
  /** The secrets of the tokens whose use is not recorded yet. */
  const waiting = new Set<string>();
  let isRecording = false;
  let pausedUntilMs = 0;
  let isFailing = false;

  const record = async (): Promise<void> => {
    if (isRecording || nowMs() < pausedUntilMs) return;
    isRecording = true;
    try {
      for (const secret of waiting) {
        await store.recordTokenUse(secret, today);
        waiting.delete(secret);
      }
      isFailing = false;
    } catch (error) {
      pausedUntilMs = nowMs() + PAUSE_MS;
      if (!isFailing) onProblem(`the last use of tokens cannot be recorded: ${error instanceof Error ? error.message : error}`);
      isFailing = true;
    } finally {
      isRecording = false;
    }
  };

  return (secret, { prefix, lastUsedDay = '' }) => {
    const day = utcDay(nowMs());
    if (day !== today) seen.clear();
    today = day;
    if (lastUsedDay < day && !seen.has(prefix)) {
      seen.add(prefix);
      waiting.add(secret);
    }
    if (waiting.size > 0) void record();
  };
}
