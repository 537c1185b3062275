// The contract of operations/repair/port.ts. The test of each adapter runs it.
import { describe, expect, it } from '@jest/globals';
import type { TestNode } from '../../../test/fixtures/counting-nodes.js';
import { BERLIN, plainHit } from '../../../test/fixtures/hits.js';
import type { JournalQuery, Journals } from './port.js';

export interface OpenedJournals {
  readonly journals: Journals;
  /** Two nodes. `journals` reaches the journals of both. */
  readonly nodes: readonly [TestNode, TestNode];
}

export function journalsContract(open: () => Promise<OpenedJournals>): void {
  const hits = (iso: string, count: number, site = 'one') =>
    Array.from({ length: count }, () => plainHit(Date.parse(iso), { site }));
  const query = (upTo: Record<string, number>, after: Record<string, number> = {}): JournalQuery => ({
    site: 'one',
    day: '2026-11-20',
    upTo: new Map([['traffic.2026', new Map(Object.entries(upTo))]]),
    after: new Map([['traffic.2026', new Map(Object.entries(after))]]),
  });

  describe('journals', () => {
    it('return the hits of each node for the site and day, up to the requested segment', async () => {
      const { journals, nodes } = await open();
      const [first, second] = nodes;
      await first.count({ hits: hits('2026-11-20T10:00:00Z', 2) });
      await first.count({ hits: [...hits('2026-11-20T11:00:00Z', 3, 'two'), ...hits('2026-11-20T22:59:00Z', 4)] });
      await first.count({ hits: hits('2026-11-20T12:00:00Z', 100) });
      await second.count({
        hits: hits('2026-11-20T23:00:00Z', 7),
        points: [{ site: 'one', day: '2026-11-20', sketch: 'first', register: 5, rank: 3, receivedAtMs: 0 }],
      });
      const [extracts = []] = await journals.query([query({ [first.id]: 2, [second.id]: 1 })]);
      const views = Object.fromEntries(extracts.map(({ node, trees }) => [node, trees.get('traffic.2026')?.get('v')]));
      expect(views).toEqual({ [first.id]: 6, [second.id]: 0 });
      expect(extracts.find(({ node }) => node === first.id)).toMatchObject({
        first: 1,
        last: 3,
        firstReceivedMs: Date.parse('2026-11-20T10:00:00Z'),
        tooLarge: [],
      });
      const tree = extracts.find(({ node }) => node === second.id)?.trees.get('traffic.2026');
      expect(tree?.fields.size).toBeGreaterThan(0);
      expect(BERLIN.localTime(Date.parse('2026-11-20T23:00:00Z')).day).toBe('2026-11-21');
    });

    it('answer many queries separately and in order', async () => {
      const { journals, nodes } = await open();
      const sites = Array.from({ length: 50 }, (_, n) => `site-${n}`);
      for (const node of nodes) await node.count({ hits: sites.flatMap((site, n) => hits('2026-11-20T10:00:00Z', n % 7, site)) });
      const upTo = new Map([['traffic.2026', new Map(nodes.map(({ id }) => [id, 1]))]]);
      const queries = sites.map((site) => ({ site, day: '2026-11-20', upTo }));
      for (const some of [queries, queries.slice(0, 1), [], queries]) {
        const answers = await journals.query(some);
        expect(answers.map((extracts) => extracts.map(({ trees }) => trees.get('traffic.2026')?.get('v') ?? 0))).toEqual(
          some.map((_, n) => [n % 7, n % 7]),
        );
      }
      await journals.close();
    });

    it('report which segments they still contain', async () => {
      const { journals, nodes } = await open();
      const [node] = nodes;
      for (const hour of ['01', '02', '03', '04']) await node.count({ hits: hits(`2026-11-20T${hour}:00:00Z`, 1) });
      node.lose(2);
      const [extracts = []] = await journals.query([query({ [node.id]: 4 })]);
      const found = extracts.find(({ node: id }) => id === node.id);
      expect(found).toMatchObject({ first: 3, last: 4, firstReceivedMs: Date.parse('2026-11-20T03:00:00Z') });
      expect(found?.trees.get('traffic.2026')?.get('v')).toBe(2);
    });

    it('reject if a segment is damaged', async () => {
      const { journals, nodes } = await open();
      const { appendFileSync } = await import('node:fs');
      const { segmentPath } = await import('../../journal/segment.js');
      await nodes[0].count({ hits: hits('2026-11-20T10:00:00Z', 2) });
      appendFileSync(segmentPath(nodes[0].folder, { node: nodes[0].id, number: 1, state: 'sealed' }), 'x');
      await expect(journals.query([query({ [nodes[0].id]: 1 })])).rejects.toThrow('is damaged');
    });
  });
}
