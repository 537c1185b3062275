// Tests that every adapter of store/documents.ts must pass, about groups of documents and about forgetting nodes.
import { describe, expect, it } from '@jest/globals';
import { Counters } from '../../counters/counters.js';
import { merge } from '../../counters/merge.js';
import type { Delta, Documents, Snapshot } from '../documents.js';
import type { Opened } from './documents.js';

const NAME = 'traffic.2026';
const MONTH = 'a:2026-11';
const DAYS = ['a:2026-11-19', 'a:2026-11-20'];
const IDS = [...DAYS, MONTH];

export function documentGroupsContract(open: () => Promise<Opened>): void {
  const views = (id: string, count: number): Delta => {
    const counters = new Counters();
    counters.sum('v', count);
    return { collection: NAME, id, counters, caps: {} };
  };
  const counted = (count: number) => views('', count).counters;
  const segment = (node: string, number: number) => ({ node, number, checksum: number });
  const valuesOf = async (documents: Documents) =>
    (await documents.read(IDS.map((id) => views(id, 0)))).map((found) => found?.get('v'));

  describe('snapshots of documents', () => {
    it('state which segments of each node they contain, and which imports', async () => {
      const { documents, nodes, other } = await open();
      await nodes.claim('n-one', 'boot', undefined);
      await nodes.claim('n-two', 'boot', undefined);
      await documents.apply(segment('n-one', 1), [views(MONTH, 1)], 5);
      await documents.apply(segment('n-one', 2), [views('b:2026-11', 1)], 5);
      await documents.apply(segment('import', 1), [views(DAYS[0] as string, 7)], 5);
      const held = await other.snapshots(NAME, IDS);
      expect(held.map(({ id, counters }) => [id, counters?.get('v')])).toEqual([
        ['a:2026-11-19', 7],
        ['a:2026-11-20', undefined],
        ['a:2026-11', 1],
      ]);
      for (const { upTo, settled } of held) {
        expect([...upTo].filter(([, number]) => number > 0)).toEqual([['n-one', 2]]);
        expect(settled).toBe(true);
      }
      expect(held.map(({ imports }) => imports)).toEqual([['import'], [], []]);
    });

    it('do not name an import that has counted only into other documents', async () => {
      const { documents } = await open();
      await documents.apply(segment('import', 1), [views('b:2026-11', 7)], Date.parse('2026-11-20T00:00:00Z'));
      const held = await documents.snapshots(NAME, IDS);
      expect(held.map(({ imports }) => imports)).toEqual([[], [], []]);
    });

    it('get another version when hits are counted into them', async () => {
      const { documents, nodes } = await open();
      await nodes.claim('n-one', 'boot', undefined);
      await documents.apply(segment('n-one', 1), [views(MONTH, 1)], 5);
      const version = async () => (await documents.snapshots(NAME, [MONTH]))[0]?.version;
      const before = await version();
      expect(await version()).toBe(before);
      await documents.apply(segment('n-one', 2), [views(MONTH, 1)], 5);
      expect(await version()).not.toBe(before);
    });
  });

  describe('documents that are rewritten as a group', () => {
    it('get their new state, even if they did not exist, and hits can be counted into them as before', async () => {
      const { documents, nodes } = await open();
      await nodes.claim('n-one', 'boot', undefined);
      await documents.apply(segment('n-one', 1), [views(DAYS[1] as string, 5), views(MONTH, 5)], 5);
      const change = (snapshots: readonly Snapshot[]) => {
        expect(snapshots.map(({ counters }) => counters?.get('v'))).toEqual([undefined, 5, 5]);
        return new Map([
          [DAYS[0] as string, counted(1)],
          [MONTH, counted(6)],
        ]);
      };
      expect(await documents.rewriteGroup(NAME, IDS, change)).toBe('rewritten');
      expect(await valuesOf(documents)).toEqual([1, 5, 6]);
      // they still contain the segment
      await documents.apply(segment('n-one', 1), [views(DAYS[0] as string, 5), views(MONTH, 5)], 5);
      expect(await valuesOf(documents)).toEqual([1, 5, 6]);
      await documents.apply(
        segment('n-one', 2),
        IDS.map((id) => views(id, 10)),
        5,
      );
      expect(await valuesOf(documents)).toEqual([11, 15, 16]);
    });

    it('do not change if the caller returns `busy`', async () => {
      const { documents } = await open();
      await documents.apply(segment('n-one', 1), [views(MONTH, 5)], 5);
      expect(await documents.rewriteGroup(NAME, IDS, () => 'busy')).toBe('busy');
      expect(await valuesOf(documents)).toEqual([undefined, undefined, 5]);
    });

    it('lose nothing that two nodes count meanwhile, and a month remains the merge of its days', async () => {
      const { documents, nodes, other } = await open();
      for (const node of ['n-one', 'n-two']) await nodes.claim(node, 'boot', undefined);
      const both = Array.from({ length: 30 }, (_, i) => i + 1).map(async (number) => {
        const day = DAYS[number % 2] as string;
        const deltas = [views(day, 1), views(MONTH, 1)];
        await documents.apply(segment('n-one', number), deltas, 5);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await documents.apply(segment('n-two', number), deltas, 5);
      });
      let [rewritten, isOver] = [0, false];
      const rewriting = (async () => {
        while (!isOver || rewritten === 0) {
          const outcome = await other.rewriteGroup(NAME, IDS, (snapshots) => {
            const days = snapshots.slice(0, 2).map(({ counters }) => counters ?? new Counters());
            return new Map([[MONTH, merge(days)]]);
          });
          if (outcome === 'rewritten') rewritten++;
          await new Promise((resolve) => setTimeout(resolve, 2)); // lets the others run
        }
      })();
      await Promise.all(both);
      isOver = true;
      await rewriting;
      const [first = 0, second = 0, month = 0] = await valuesOf(documents);
      expect([first, second, month]).toEqual([30, 30, 60]);
    });
  });

  describe('nodes that are forgotten', () => {
    it('leave all counters unchanged, and segments of other nodes are still counted once', async () => {
      const { documents, nodes } = await open();
      for (const node of ['n-one', 'n-two', 'n-three']) {
        await nodes.claim(node, 'boot', undefined);
        await documents.apply(
          segment(node, 1),
          IDS.map((id) => views(id, 1)),
          5,
        );
      }
      for (let time = 0; time < 2; time++) await documents.forgetNodes(NAME, [...IDS, 'nobody:2026-11'], ['n-one', 'n-two']);
      await documents.forgetNodes(NAME, [], ['n-one']);
      expect(await valuesOf(documents)).toEqual([3, 3, 3]);
      await documents.apply(
        segment('n-three', 1),
        IDS.map((id) => views(id, 1)),
        5,
      );
      await documents.apply(
        segment('n-one', 1),
        IDS.map((id) => views(id, 1)),
        5,
      ); // the node registry still knows that this segment was counted
      expect(await valuesOf(documents)).toEqual([3, 3, 3]);
      await documents.apply(
        segment('n-one', 2),
        IDS.map((id) => views(id, 1)),
        5,
      );
      expect(await valuesOf(documents)).toEqual([4, 4, 4]);
    });
  });
}
