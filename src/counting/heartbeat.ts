// A node's heartbeat: tells the store that this process runs and how far it has counted, and reads the same of the
// other nodes.
import { StoreRestored } from '../store/documents.js';
import type { NodeRegistry } from '../store/nodes.js';
import type { OtherNodes } from './protocol.js';

/** A node without a heartbeat for this long is named in /health. */
const SILENT_MS = 60_000;

export interface HeartbeatParts {
  readonly nodes: Pick<NodeRegistry, 'heartbeat' | 'list'>;
  readonly node: string;
  readonly boot: string;
  /** No other process counts into the store. */
  readonly isAlone: boolean;
  /** Another process wants this node to check tombstones and queries at once. */
  onWakeUp(): void;
  onHeartbeat(others: OtherNodes): void;
  /** The store did not answer. */
  onFailed(error: unknown): void;
}

/** Returns the heartbeat, which rejects when this process must stop. Calls are ignored while an earlier one runs. */
export function createHeartbeat(parts: HeartbeatParts): (countedUntilMs: number) => Promise<void> {
  const { nodes, node, boot } = parts;
  let lastWakeUp: string | undefined;
  let isRunning = false;

  const otherNodes = async (): Promise<OtherNodes> => {
    // The store also contains ids that the folder had before: those are not other nodes.
    if (parts.isAlone) return { running: 0, countedUntilMs: undefined, silent: [] };
    const open = await nodes.list('open');
    const wakeUp = open.find(({ id }) => id === node)?.wakeUp;
    if (wakeUp !== lastWakeUp) parts.onWakeUp();
    lastWakeUp = wakeUp;
    // A node that has never reported how far it has counted is new, and no hits of it are waiting.
    const others = open.filter(({ id, countedUntilMs }) => id !== node && countedUntilMs > 0);
    const silent = others.filter(({ countedUntilMs }) => Date.now() - countedUntilMs > SILENT_MS);
    return {
      running: others.length - silent.length,
      countedUntilMs: others.length === 0 ? undefined : Math.min(...others.map(({ countedUntilMs }) => countedUntilMs)),
      silent: silent.map(({ id }) => id),
    };
  };

  const beat = async (countedUntilMs: number): Promise<void> => {
    let outcome: 'alive' | 'lost';
    try {
      outcome = await nodes.heartbeat(node, boot, countedUntilMs);
      parts.onHeartbeat(await otherNodes());
    } catch (error) {
      if (error instanceof StoreRestored) throw error;
      parts.onFailed(error);
      return;
    }
    if (outcome === 'lost')
      throw new Error(`another process runs as node ${node}: its journal folder was copied, or is used twice`);
  };

  return async (countedUntilMs) => {
    if (isRunning) return; // The store is slow. A later heartbeat will report the same and more.
    isRunning = true;
    try {
      await beat(countedUntilMs);
    } finally {
      isRunning = false;
    }
  };
}
