import { describe, expect, it } from '@jest/globals';
import type { NodeState } from '../store/nodes.js';
import { retryingRegistry } from './retrying-registry.js';

/** A registry with one node. The answer to the first claim is lost; `isCarriedOut`: the claim itself is not. */
function registryLosingAnswer(isCarriedOut: boolean, before: NodeState | undefined) {
  let state = before;
  let isFirst = true;
  return {
    get: async () => state,
    isRunning: async () => false,
    async claim(_id: string, boot: string, seen: NodeState | undefined): Promise<'claimed' | 'lost'> {
      const outcome = state?.boot === seen?.boot ? 'claimed' : 'lost';
      const isLost = isFirst;
      isFirst = false;
      if (outcome === 'claimed' && (isCarriedOut || !isLost))
        state = { number: 0, checksum: 0, countedUntilMs: 0, ...state, boot };
      if (isLost) throw new Error('the connection broke');
      return outcome;
    },
  };
}

/** Repeats once. */
const retry = <Result>(act: () => Promise<Result>): Promise<Result> => act().catch(act);

describe('a claim whose answer is lost', () => {
  const known: NodeState = { number: 5, checksum: 1, countedUntilMs: 9, boot: 'before' };

  it.each([
    ['succeeds if it was carried out', true, known],
    ['succeeds if it was carried out for a new node', true, undefined],
    ['is repeated if it was not carried out', false, known],
  ])('%s', async (_what, isCarriedOut, before) => {
    expect(await retryingRegistry(registryLosingAnswer(isCarriedOut, before), retry).claim('node', 'mine', before)).toBe(
      'claimed',
    );
  });

  it('fails if another process was faster', async () => {
    const store = registryLosingAnswer(false, { ...known, boot: 'other' });
    expect(await retryingRegistry(store, retry).claim('node', 'mine', known)).toBe('lost');
  });
});
