// The nodes whose counting and whose journals a deletion has to reach: those that run do their part by themselves
// (obedient.ts), those that do not do it when they start. Without MongoDB the journal lies beside the store, and
// where no service runs it is cleaned from here.
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { cleanFolder, countHolding } from '../../counting/deleted/clean-journal.js';
import { createDeletionFilter } from '../../counting/deleted/filter.js';
import { type FolderLock, lockFolder } from '../../journal/lock.js';
import type { Documents } from '../../store/documents.js';
import type { Deletion, Step, Tombstone, Tombstones } from '../../store/tombstones.js';

export interface NodeProgress {
  /** Waits until all that run have taken this step, or for so long; gives the names of those that have not, running or not. */
  until(tombstone: Tombstone, step: Step, timeoutMs: number): Promise<readonly string[]>;
  /** Nodes that were stopped and have not cleaned their journal yet: they do when they start, should they. */
  stopped(tombstone: Tombstone): Promise<readonly string[]>;
  /** How many segments and packs that can be seen from here hold something of it; undefined where none can. */
  segments(tombstone: Tombstone): Promise<number | undefined>;
}

/** In the place of a node's name where there is but one. */
export const THE_SERVICE = 'the service';

const LOOK_EVERY_MS = 200;
/** Of nodes that ended longer ago nothing is said any more. Their disks, should they come back, are cleaned then. */
const ENDED_MS_MAX = 30 * 86_400_000;

export function embeddedNodes(folder: string, tombstones: Tombstones): NodeProgress {
  return {
    async until(tombstone, step, timeoutMs) {
      for (const deadline = Date.now() + timeoutMs; ; await delay(LOOK_EVERY_MS)) {
        if (!existsSync(folder)) return [];
        const lock = lockIfFree(folder);
        if (lock !== undefined) {
          try {
            // A service that starts from now on obeys from its first segment.
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

export function distributedNodes(documents: Documents, tombstones: Tombstones, nowMs: () => number): NodeProgress {
  return {
    async until(tombstone, step, timeoutMs) {
      const silent = new Set<string>();
      for (const deadline = nowMs() + timeoutMs; ; await delay(LOOK_EVERY_MS)) {
        const deletion = await deletionOf(tombstones, tombstone);
        const missing = (await documents.nodes('open')).filter(({ id }) => deletion?.[step][id] === undefined);
        const perhaps = missing.filter(({ id }) => !silent.has(id));
        const running = await Promise.all(perhaps.map(({ id }) => documents.isRunning(id)));
        for (const [i, { id }] of perhaps.entries()) if (!running[i]) silent.add(id);
        if (!running.includes(true) || nowMs() > deadline) return missing.map(({ id }) => id);
      }
    },
    async stopped(tombstone) {
      const deletion = await deletionOf(tombstones, tombstone);
      return (await documents.nodes('all'))
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
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    return undefined;
  }
}

async function deletionOf(tombstones: Tombstones, { id }: Tombstone): Promise<Deletion | undefined> {
  return (await tombstones.deletions()).find((deletion) => deletion.id === id);
}
