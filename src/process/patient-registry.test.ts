import { describe, expect, it } from '@jest/globals';
import type { NodeState } from '../store/documents.js';
import { patientRegistry } from './patient-registry.js';

/** A store that knows one node, and whose answer to the first claim is lost; `carriedOut`: the claim itself was not. */
function forgetfulStore(carriedOut: boolean, before: NodeState | undefined) {
  let state = before;
  let isFirst = true;
  return {
    node: async () => state,
    isRunning: async () => false,
    async claim(_id: string, boot: string, seen: NodeState | undefined): Promise<'claimed' | 'lost'> {
      const outcome = state?.boot === seen?.boot ? 'claimed' : 'lost';
      const isLost = isFirst;
      isFirst = false;
      if (outcome === 'claimed' && (carriedOut || !isLost)) state = { number: 0, checksum: 0, countedUntilMs: 0, ...state, boot };
      if (isLost) throw new Error('the connection broke');
      return outcome;
    },
  };
}

/** Asks twice. */
const patiently = <Answer>(ask: () => Promise<Answer>): Promise<Answer> => ask().catch(ask);

describe('a claim of a node whose answer is lost', () => {
  const known: NodeState = { number: 5, checksum: 1, countedUntilMs: 9, boot: 'before' };

  it.each([
    ['that was carried out is this process’s own', true, known],
    ['that was carried out for a new node is this process’s own', true, undefined],
    ['that was not is made again', false, known],
  ])('%s', async (_what, carriedOut, before) => {
    expect(await patientRegistry(forgetfulStore(carriedOut, before), patiently).claim('node', 'mine', before)).toBe('claimed');
  });

  it('is lost to another process that was faster', async () => {
    const store = forgetfulStore(false, { ...known, boot: 'other' });
    expect(await patientRegistry(store, patiently).claim('node', 'mine', known)).toBe('lost');
  });
});
