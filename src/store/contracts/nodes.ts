// Tests that every adapter of store/nodes.ts must pass.
import { describe, expect, it } from '@jest/globals';
import type { Documents } from '../documents.js';
import type { NodeRegistry, NodeState } from '../nodes.js';

export interface OpenedNodes {
  readonly nodes: NodeRegistry;
  /** The same registry, as another process opens it. */
  readonly other: NodeRegistry;
  /** The documents of the same store. */
  readonly documents: Pick<Documents, 'apply'>;
}

/** `open` returns an empty store. */
export function nodesContract(open: () => Promise<OpenedNodes>): void {
  const count = (documents: OpenedNodes['documents'], node: string, countedUntilMs: number) =>
    documents.apply({ node, number: 1, checksum: 11 }, [], countedUntilMs);

  describe('the node registry', () => {
    it('lets one process at a time run as a node', async () => {
      const { nodes, other } = await open();
      expect(await nodes.claim('node', 'boot1', undefined)).toBe('claimed');
      expect(await other.claim('node', 'boot2', undefined)).toBe('lost');
      expect(await nodes.heartbeat('node', 'boot1', 100_000)).toBe('alive');
      const seen = (await other.get('node')) as NodeState;
      expect(seen).toMatchObject({ boot: 'boot1', number: 0, countedUntilMs: 100_000 });
      expect(await other.claim('node', 'boot2', seen)).toBe('claimed');
      expect(await nodes.heartbeat('node', 'boot1', 200_000)).toBe('lost');
      expect(await nodes.claim('node', 'boot3', seen)).toBe('lost');
    });

    it('lets only the process that runs as a node end it, and lists ended nodes separately', async () => {
      const { nodes, documents } = await open();
      await nodes.claim('node', 'boot1', undefined);
      await nodes.claim('node', 'boot2', await nodes.get('node'));
      await count(documents, 'node', 300_000);
      await nodes.end('node', 4, 'boot1');
      expect((await nodes.get('node'))?.endedAtMs).toBeUndefined();
      expect((await nodes.list('open')).map(({ id }) => id)).toEqual(['node']);
      await nodes.end('node', 5, 'boot2');
      expect(await nodes.list('open')).toEqual([]);
      expect(await nodes.list('all')).toEqual([
        expect.objectContaining({ id: 'node', boot: 'boot2', number: 1, countedUntilMs: 300_000, endedAtMs: 5 }),
      ]);
      expect(await nodes.isRunning('node')).toBe(false);
    });

    it('opens an ended node again when a process claims it', async () => {
      const { nodes } = await open();
      await nodes.claim('node', 'boot1', undefined);
      await nodes.end('node', 5);
      expect(await nodes.claim('node', 'boot2', await nodes.get('node'))).toBe('claimed');
      expect((await nodes.get('node'))?.endedAtMs).toBeUndefined();
    });

    it('does not list imports', async () => {
      const { nodes, documents } = await open();
      await count(documents, 'import', 300_000);
      expect(await nodes.list('all')).toEqual([]);
      expect(await nodes.get('import')).toMatchObject({ number: 1, checksum: 11, countedUntilMs: 300_000 });
    });
  });
}
