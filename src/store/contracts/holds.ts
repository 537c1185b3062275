// Tests that every adapter of store/holds.ts must pass.
import { describe, expect, it } from '@jest/globals';
import { type Holds, whileHeld } from '../holds.js';

/** `open` returns two connections to one empty store. */
export function holdsContract(open: () => Promise<{ holds: Holds; other: Holds }>): void {
  describe('holds', () => {
    it('hold all journals until they are released, or until they expire', async () => {
      const { holds, other } = await open();
      expect(await other.isHeld(1000)).toBe(false);
      await holds.hold('a', 2000);
      await other.hold('b', 1500);
      expect([await other.isHeld(1999), await holds.isHeld(2000)]).toEqual([true, false]);
      await holds.hold('a', 3000);
      expect(await other.isHeld(2500)).toBe(true);
      await holds.release('a');
      expect([await other.isHeld(1200), await other.isHeld(1500)]).toEqual([true, false]);
    });

    it('end with their work, even if it fails', async () => {
      const { holds, other } = await open();
      const seen = await whileHeld(holds, 'a', () => other.isHeld(Date.now()));
      await expect(whileHeld(holds, 'a', () => Promise.reject(new Error('it broke')))).rejects.toThrow('it broke');
      expect([seen, await other.isHeld(Date.now())]).toEqual([true, false]);
    });

    it('store the pack boundaries of each node until they are too old to be needed', async () => {
      const { holds, other } = await open();
      const cuts = [
        { node: 'nfirst', after: 12, upTo: 15, atMs: 1000 },
        { node: 'nfirst', after: 40, upTo: 40, atMs: 2000 },
        { node: 'nsecond', after: 3, upTo: 3, atMs: 1000 },
      ];
      for (const cut of cuts) await holds.addPackBoundary(cut);
      expect(new Set(await other.packBoundaries('nfirst'))).toEqual(new Set(cuts.slice(0, 2)));
      await other.removePackBoundaries(2000);
      expect([await holds.packBoundaries('nfirst'), await holds.packBoundaries('nsecond')]).toEqual([[cuts[1]], []]);
    });
  });
}
