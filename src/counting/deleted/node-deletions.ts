// Applies deletions on a node: the counting thread reads the tombstones before each segment and acknowledges them, and
// the journal is cleaned in the background.
//
// This is why deleted data is never counted again. A node counts its segments one after the other, and reads the
// tombstones before each of them. When it acknowledges a tombstone, no segment is being folded without it, and all
// later segments are folded with it. The process that deletes stores the tombstone first, then waits until all running
// nodes have acknowledged it, and only then changes the documents. A node that is not running reads the tombstones
// when it starts, before it counts anything.
import { setImmediate as turn } from 'node:timers/promises';
import { packsIn } from '../../journal/packs.js';
import { isEmpty, type SegmentFile, type SegmentName, segmentsIn } from '../../journal/segment.js';
import type { Tombstone, Tombstones } from '../../store/tombstones.js';
import { cleanPack, cleanSegment } from './clean-journal.js';
import { createDeletionFilter, type DeletionFilter, daysDeleted } from './filter.js';

/** After this time the beacons of all nodes know that a site was deleted, and its hits no longer reach the journal. */
const KNOWN_AFTER_MS = 5_000;

export interface NodeDeletions {
  /**
   * Reads the tombstones, acknowledges new ones, and returns a filter for all of them. Call it before each segment and
   * while idle, but never while something is being counted. Rejects if the store is unavailable.
   */
  apply(): Promise<DeletionFilter>;
  /** Removes deleted data from a segment that was just counted. */
  clean(segment: SegmentName): void;
  /**
   * Removes deleted data from older segments and packs, and acknowledges that. Rejects if a file is damaged. Must not
   * be called while the journal is being packed.
   */
  cleanOld(): Promise<void>;
  /** Whether no tombstone is waiting for `cleanOld`. */
  isClean(): boolean;
}

/** Removes the sketches of a site's days, both inclusive. Resolves when they are no longer in the journal. */
export type ForgetSketches = (site: string, from: string, to: string) => Promise<void>;

export interface NodeDeletionsOptions {
  readonly folder: string;
  readonly node: string;
  readonly tombstones: Pick<Tombstones, 'read' | 'acknowledge' | 'deletions'>;
  readonly forget: ForgetSketches;
  readonly nowMs: () => number;
}

interface Pending {
  readonly tombstone: Tombstone;
  readonly sinceMs: number;
  /** The segments that were open when hits of the deleted data could no longer arrive. */
  open: ReadonlySet<string> | undefined;
}

export function createNodeDeletions(options: NodeDeletionsOptions): NodeDeletions {
  const { folder, node, tombstones, nowMs } = options;
  let list: readonly Tombstone[] = [];
  let filter = createDeletionFilter([]);
  let unacknowledged: string[] = [];
  /** Tombstones that may still have data in this journal, by id. */
  const pending = new Map<string, Pending>();
  const known = new Set<string>();
  let isCleaning = false;

  /** Skips what an earlier process of this node has acknowledged. */
  const addNew = async (read: readonly Tombstone[]): Promise<void> => {
    const deletions = new Map((await tombstones.deletions()).map((deletion) => [deletion.id, deletion]));
    for (const tombstone of read) {
      if (known.has(tombstone.id)) continue;
      known.add(tombstone.id);
      const { obeys = {}, cleaned = {} } = deletions.get(tombstone.id) ?? {};
      if (!(node in cleaned)) await forgetDays(tombstone, options.forget);
      if (!(node in obeys)) unacknowledged.push(tombstone.id);
      if (!(node in cleaned)) pending.set(tombstone.id, { tombstone, sinceMs: nowMs(), open: undefined });
    }
    list = read;
    filter = createDeletionFilter(read);
  };

  const cleanDue = async (): Promise<void> => {
    const files = segmentsIn(folder);
    const due = [...pending.values()].filter((one) => isDue(one, files, options)).map(({ tombstone }) => tombstone);
    if (due.length === 0) return;
    // Hits that arrived before the beacons knew of the deletion have updated the sketches of the site again.
    for (const tombstone of due) if (tombstone.deleted.kind === 'site') await forgetDays(tombstone, options.forget);
    await cleanFiles(folder, createDeletionFilter(due));
    for (const { id } of due) {
      await tombstones.acknowledge(id, node, 'cleaned', nowMs());
      pending.delete(id);
    }
  };

  return {
    async apply() {
      const read = await tombstones.read();
      if (read !== list) await addNew(read);
      for (const id of [...unacknowledged]) {
        await tombstones.acknowledge(id, node, 'obeys', nowMs());
        unacknowledged = unacknowledged.filter((other) => other !== id);
      }
      return filter;
    },
    clean(segment) {
      cleanSegment(folder, segment, filter);
    },
    async cleanOld() {
      if (isCleaning || pending.size === 0) return;
      isCleaning = true;
      try {
        await cleanDue();
      } finally {
        isCleaning = false;
      }
    },
    isClean: () => pending.size === 0,
  };
}

async function forgetDays(tombstone: Tombstone, forget: ForgetSketches): Promise<void> {
  const days = daysDeleted(tombstone);
  if (days !== undefined) await forget(tombstone.site, ...days);
}

/**
 * Whether the journal can be cleaned of the deleted data. The segments that are open when no more of it can arrive must
 * be sealed first; segments that are opened later contain nothing of it.
 */
function isDue(pending: Pending, files: readonly SegmentFile[], { folder, nowMs }: NodeDeletionsOptions): boolean {
  if (nowMs() - pending.sinceMs < KNOWN_AFTER_MS) return false;
  const open = files.filter((file) => file.state === 'open' && !isEmpty(folder, file)).map(nameOf);
  pending.open ??= new Set(open);
  return !open.some((name) => pending.open?.has(name));
}

async function cleanFiles(folder: string, filter: DeletionFilter): Promise<void> {
  for (const segment of segmentsIn(folder)) {
    if (segment.state !== 'sealed') continue;
    try {
      cleanSegment(folder, segment, filter);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // removed meanwhile, because it was too old
    }
    await turn();
  }
  for (const pack of packsIn(folder)) await cleanPack(folder, pack, filter);
}

function nameOf({ node, number }: SegmentFile): string {
  return `${node}.${number}`;
}
