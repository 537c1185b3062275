// The node registry in the embedded store.
import type { RootDatabase } from 'lmdb';
import type { NodeRegistry, NodeState } from '../nodes.js';
import { openNodeStates } from './document-databases.js';
import { commit } from './transaction.js';

/** While nothing is counted, `countedUntilMs` is written this often, because each write is a commit. */
const HEARTBEAT_WRITE_MS = 60_000;

/** `onHeartbeat` is called at each heartbeat of the process that runs as the node. */
export function openLmdbNodes(root: RootDatabase, onHeartbeat: () => void = () => {}): NodeRegistry {
  const nodes = openNodeStates(root);

  return {
    get: async (id) => nodes.get(id),

    async list(which) {
      const all = [...nodes.getRange({})].map(({ key, value }) => ({ id: key, ...value }));
      return all.filter(({ boot, endedAtMs }) => boot !== undefined && (which === 'all' || endedAtMs === undefined));
    },

    // The process that uses this store has locked the journal folder beside it, so no other process can run.
    isRunning: async () => false,

    claim: (node, boot, seen) =>
      commit(root, () => {
        const state = nodes.get(node);
        if (state?.boot !== seen?.boot || state?.endedAtMs !== seen?.endedAtMs) return 'lost';
        const { endedAtMs: _, ...rest } = state ?? { number: 0, checksum: 0, countedUntilMs: 0 };
        nodes.putSync(node, { ...rest, boot });
        return 'claimed';
      }),

    async heartbeat(node, boot, countedUntilMs) {
      const state = nodes.get(node);
      if (state?.boot !== boot) return 'lost';
      onHeartbeat();
      if (countedUntilMs - state.countedUntilMs >= HEARTBEAT_WRITE_MS) {
        root.transactionSync(() => {
          const now = nodes.get(node);
          if (now !== undefined) nodes.putSync(node, { ...now, countedUntilMs });
        });
      }
      return 'alive';
    },

    end: (node, nowMs, boot) =>
      commit(root, () => {
        const state: NodeState | undefined = nodes.get(node);
        if (state !== undefined && (boot === undefined || state.boot === boot))
          nodes.putSync(node, { ...state, endedAtMs: nowMs });
      }),
  };
}
