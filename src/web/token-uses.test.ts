import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Token } from '../store/accounts.js';
import { createTokenUses } from './token-uses.js';

const NOW_MS = Date.parse('2026-11-30T23:59:00Z');
const tokenOf = (prefix: string): Token => ({ prefix, title: '', sites: 'all', createdAtMs: 1 });

function start() {
  const state = { nowMs: NOW_MS, isAway: false };
  const [recorded, problems]: [string[], string[]] = [[], []];
  const use = createTokenUses(
    {
      async recordTokenUse(secret, day) {
        if (state.isAway) throw new Error('no answer');
        recorded.push(`${secret} ${day}`);
      },
    },
    { nowMs: () => state.nowMs, onProblem: (problem) => problems.push(problem) },
  );
  const uses = async (...secrets: string[]) => {
    for (const secret of secrets) use(secret, tokenOf(secret));
    await nextTurn();
  };
  return { state, recorded, problems, use, uses };
}

describe('the uses of tokens', () => {
  it('are recorded once for each token and day', async () => {
    const { state, recorded, uses } = start();
    await uses('a', 'b', 'a', 'a');
    await uses('b');
    expect(recorded).toEqual(['a 2026-11-30', 'b 2026-11-30']);
    state.nowMs += 60_000;
    await uses('b', 'b');
    expect(recorded.slice(2)).toEqual(['b 2026-12-01']);
  });

  it('are not recorded again if another process has done it', async () => {
    const { recorded, use } = start();
    use('a', { ...tokenOf('a'), lastUsedDay: '2026-11-30' });
    await nextTurn();
    expect(recorded).toEqual([]);
  });

  it('are recorded later if the store is away, with one attempt a minute and one message', async () => {
    const { state, recorded, problems, uses } = start();
    state.isAway = true;
    await uses('a', 'b', 'a');
    await uses('a', 'c');
    state.isAway = false;
    await uses('a');
    expect([recorded, problems]).toEqual([[], ['the last use of tokens cannot be recorded: no answer']]);
    state.nowMs += 60_000;
    await uses('a');
    expect(recorded).toEqual(['a 2026-12-01', 'b 2026-12-01', 'c 2026-12-01']);
  });
});
