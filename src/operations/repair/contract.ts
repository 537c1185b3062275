// What every adapter of operations/repair/port.ts must do.
import { describe, expect, it } from '@jest/globals';
import { BERLIN, plainHit } from '../../../test/fixtures/hits.js';
import type { TestNode } from '../../../test/fixtures/journalled.js';
import type { Journals, Question } from './port.js';

export interface OpenedJournals {
  readonly journals: Journals;
  /** Two nodes, whose journals the port reaches, both of them. */
  readonly nodes: readonly [TestNode, TestNode];
}

export function journalsContract(open: () => Promise<OpenedJournals>): void {
  const hits = (iso: string, count: number, site = 'one') =>
    Array.from({ length: count }, () => plainHit(Date.parse(iso), { site }));
  const question = (upTo: Record<string, number>, after: Record<string, number> = {}): Question => ({
    site: 'one',
    day: '2026-11-20',
    upTo: new Map([['traffic.2026', new Map(Object.entries(upTo))]]),
    after: new Map([['traffic.2026', new Map(Object.entries(after))]]),
  });

  describe('journals', () => {
    it('give each node’s hits of the site and day, up to the segment that is asked', async () => {
      const { journals, nodes } = await open();
      const [first, second] = nodes;
      await first.count({ hits: hits('2026-11-20T10:00:00Z', 2) });
      await first.count({ hits: [...hits('2026-11-20T11:00:00Z', 3, 'two'), ...hits('2026-11-20T22:59:00Z', 4)] });
      await first.count({ hits: hits('2026-11-20T12:00:00Z', 100) });
      await second.count({
        hits: hits('2026-11-20T23:00:00Z', 7),
        points: [{ site: 'one', day: '2026-11-20', sketch: 'first', register: 5, rank: 3, receivedAtMs: 0 }],
      });
      const [parts = []] = await journals.ask([question({ [first.id]: 2, [second.id]: 1 })]);
      const views = Object.fromEntries(parts.map(({ node, trees }) => [node, trees.get('traffic.2026')?.get('v')]));
      expect(views).toEqual({ [first.id]: 6, [second.id]: 0 });
      expect(parts.find(({ node }) => node === first.id)).toMatchObject({
        first: 1,
        last: 3,
        firstReceivedMs: Date.parse('2026-11-20T10:00:00Z'),
        tooLarge: [],
      });
      const tree = parts.find(({ node }) => node === second.id)?.trees.get('traffic.2026');
      expect(tree?.fields.size).toBeGreaterThan(0);
      expect(BERLIN.localTime(Date.parse('2026-11-20T23:00:00Z')).day).toBe('2026-11-21');
    }, 60_000);

    it('answer many questions, each by itself and in order', async () => {
      const { journals, nodes } = await open();
      const sites = Array.from({ length: 50 }, (_, n) => `site-${n}`);
      for (const node of nodes) await node.count({ hits: sites.flatMap((site, n) => hits('2026-11-20T10:00:00Z', n % 7, site)) });
      const upTo = new Map([['traffic.2026', new Map(nodes.map(({ id }) => [id, 1]))]]);
      const asked = sites.map((site) => ({ site, day: '2026-11-20', upTo }));
      for (const some of [asked, asked.slice(0, 1), [], asked]) {
        const answers = await journals.ask(some);
        expect(answers.map((parts) => parts.map(({ trees }) => trees.get('traffic.2026')?.get('v') ?? 0))).toEqual(
          some.map((_, n) => [n % 7, n % 7]),
        );
      }
      await journals.close();
    }, 60_000);

    it('say what they have no longer', async () => {
      const { journals, nodes } = await open();
      const [node] = nodes;
      for (const hour of ['01', '02', '03', '04']) await node.count({ hits: hits(`2026-11-20T${hour}:00:00Z`, 1) });
      node.lose(2);
      const [parts = []] = await journals.ask([question({ [node.id]: 4 })]);
      const found = parts.find(({ node: id }) => id === node.id);
      expect(found).toMatchObject({ first: 3, last: 4, firstReceivedMs: Date.parse('2026-11-20T03:00:00Z') });
      expect(found?.trees.get('traffic.2026')?.get('v')).toBe(2);
    }, 60_000);

    it('reject when a segment is damaged', async () => {
      const { journals, nodes } = await open();
      const { appendFileSync } = await import('node:fs');
      const { segmentPath } = await import('../../journal/segment.js');
      await nodes[0].count({ hits: hits('2026-11-20T10:00:00Z', 2) });
      appendFileSync(segmentPath(nodes[0].folder, { node: nodes[0].id, number: 1, state: 'sealed' }), 'x');
      await expect(journals.ask([question({ [nodes[0].id]: 1 })])).rejects.toThrow('is damaged');
    }, 60_000);
  });
}
