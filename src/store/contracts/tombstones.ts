// Tests that every adapter of store/tombstones.ts must pass.
import { describe, expect, it } from '@jest/globals';
import type { Tombstone, Tombstones } from '../tombstones.js';

/** `open` returns two connections to one empty store of tombstones. */
export function tombstonesContract(open: () => Promise<{ tombstones: Tombstones; other: Tombstones }>): void {
  const garden: Tombstone = { id: 'd1', site: 'garden', deleted: { kind: 'site' }, receivedUntilMs: 5 };
  const page: Tombstone = { id: 'd2', site: 'shop', deleted: { kind: 'page', pattern: '/a.$b/*' }, receivedUntilMs: 7 };

  describe('tombstones', () => {
    it('are visible to other processes at once, and permanently', async () => {
      const { tombstones, other } = await open();
      expect(await other.read()).toEqual([]);
      await tombstones.put(garden);
      expect(await other.read()).toMatchObject([garden]);
      await other.put(page);
      await other.finish('d1', 99);
      expect(await tombstones.read()).toMatchObject([garden, page]);
    });

    it('record which nodes have acknowledged them, and when first', async () => {
      const { tombstones, other } = await open();
      await tombstones.put(garden);
      await tombstones.put(page);
      await tombstones.acknowledge('d1', 'n1', 'obeys', 10);
      await other.acknowledge('d1', 'n2', 'obeys', 11);
      await other.acknowledge('d1', 'n1', 'obeys', 12);
      await other.acknowledge('d1', 'n2', 'cleaned', 13);
      await tombstones.acknowledge('nothing', 'n1', 'obeys', 1);
      await tombstones.finish('d1', 14);
      expect(await other.deletions()).toEqual([
        { ...garden, obeys: { n1: 10, n2: 11 }, cleaned: { n2: 13 }, finishedAtMs: 14 },
        { ...page, obeys: {}, cleaned: {} },
      ]);
    });

    it('can be put twice without a change', async () => {
      const { tombstones, other } = await open();
      await tombstones.put(garden);
      await tombstones.acknowledge('d1', 'n1', 'obeys', 10);
      await other.put(garden);
      expect(await other.deletions()).toEqual([{ ...garden, obeys: { n1: 10 }, cleaned: {} }]);
    });
  });
}
