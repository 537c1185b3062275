// The progress of the nodes with a deletion. Running nodes apply it and clean their journals by themselves
// (counting/deleted/node-deletions.ts), stopped nodes when they start. Without MongoDB the journal is beside the store,
// and is cleaned here if no service is running.
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { cleanFolder, countHolding } from '../../counting/deleted/clean-journal.js';
import { createDeletionFilter } from '../../counting/deleted/filter.js';
import { FolderInUse, type FolderLock, lockFolder } from '../../journal/lock.js';
import type { NodeRegistry } from '../../store/nodes.js';
import type { Deletion, Step, Tombstone, Tombstones } from '../../store/tombstones.js';
import { DAY_MS } from '../../time/units.js';

export interface NodeProgress {
  /**
   * Waits until all running nodes have acknowledged this step, but at most for `timeoutMs`. Returns the nodes, running or
   * not, that have not acknowledged it.
   */
  waitFor(tombstone: Tombstone, step: Step, timeoutMs: number): Promise<readonly string[]>;
  /** Nodes that were stopped before they cleaned their journal. They clean it if they are started again. */
  stopped(tombstone: Tombstone): Promise<readonly string[]>;
  /** How many segments and packs contain deleted data. Undefined if the journals are on other machines. */
  segments(tombstone: Tombstone): Promise<number | undefined>;
}

/** Used instead of a node's id in the embedded mode, which has only one node. */
export const THE_SERVICE = 'the service';

const POLL_EVERY_MS = 200;
/** Nodes that ended longer ago are not reported. If one is started again, it cleans its journal then. */
const ENDED_MS_MAX = 30 * DAY_MS;

export function embeddedNodes(folder: string, tombstones: Tombstones): NodeProgress {
  return {
    async waitFor(tombstone, step, timeoutMs) {
      for (const deadline = Date.now() + timeoutMs; ; await delay(POLL_EVERY_MS)) {
        if (!existsSync(folder)) return [];
        const lock = lockIfFree(folder);
        if (lock !== undefined) {
          try {
            // A service that starts later applies the tombstone before its first segment.
            if (step === 'cleaned') await cleanFolder(folder, tombstone);
            return [];
          } finally {
            lock.release();
          }
        }
        const deletion = await deletionOf(tombstones, tombstone);
        if (Object.keys(deletion?.[step] ?? {}).length > 0) return [];
        if (Date.now() > deadline) return [THE_SERVICE];
      }
    },
    stopped: async () => [],
    async segments(tombstone) {
      return existsSync(folder) ? countHolding(folder, createDeletionFilter([tombstone])) : 0;
    },
  };
}

export function distributedNodes(
  nodes: Pick<NodeRegistry, 'list' | 'isRunning'>,
  tombstones: Tombstones,
  nowMs: () => number,
): NodeProgress {
  return {
    async waitFor(tombstone, step, timeoutMs) {
      const silent = new Set<string>();
      for (const deadline = nowMs() + timeoutMs; ; await delay(POLL_EVERY_MS)) {
        const deletion = await deletionOf(tombstones, tombstone);
        const missing = (await nodes.list('open')).filter(({ id }) => deletion?.[step][id] === undefined);
        const unknown = missing.filter(({ id }) => !silent.has(id));
        const running = await Promise.all(unknown.map(({ id }) => nodes.isRunning(id)));
        for (const [i, { id }] of unknown.entries()) if (!running[i]) silent.add(id);
        if (!running.includes(true) || nowMs() > deadline) return missing.map(({ id }) => id);
      }
    },
    async stopped(tombstone) {
      const deletion = await deletionOf(tombstones, tombstone);
      return (await nodes.list('all'))
        .filter(
          ({ id, endedAtMs }) =>
            endedAtMs !== undefined && nowMs() - endedAtMs < ENDED_MS_MAX && deletion?.cleaned[id] === undefined,
        )
        .map(({ id }) => id);
    },
    segments: async () => undefined,
  };
}

function lockIfFree(folder: string): FolderLock | undefined {
  try {
    return lockFolder(folder);
  } catch (error) {
    if (error instanceof FolderInUse) return undefined;
    throw error;
  }
}

async function deletionOf(tombstones: Tombstones, { id }: Tombstone): Promise<Deletion | undefined> {
  return (await tombstones.deletions()).find((deletion) => deletion.id === id);
}
