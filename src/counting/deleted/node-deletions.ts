// A node's side of deletions: its counting reads the tombstones before each segment and says so, and its journal is
// cleaned in the background.
//
// Why nothing deleted is counted again: a node counts its segments one after the other, and reads the tombstones
// before each. Where it says that it obeys one, nothing that it folded without it is under way any more, and all that
// it folds later is folded with it. Whoever deletes first puts the tombstone, then waits until all nodes that run
// have said so, and only then goes through the documents. A node that does not run reads the tombstones when it
// starts, before it counts anything.
import { setImmediate as turn } from 'node:timers/promises';
import { packsIn } from '../../journal/packs.js';
import { isEmpty, type SegmentFile, type SegmentName, segmentsIn } from '../../journal/segment.js';
import type { Tombstone, Tombstones } from '../../store/tombstones.js';
import { cleanPack, cleanSegment } from './clean-journal.js';
import { createDeletionFilter, type DeletionFilter, daysDeleted } from './filter.js';

/** The beacons of all nodes know by then that a site is gone: nothing more of it comes into the journal. */
const KNOWN_AFTER_MS = 5_000;

export interface Obedient {
  /** To be called when nothing is being counted, before each segment and while idle. Rejects when the store cannot be asked. */
  obey(): Promise<DeletionFilter>;
  /** A segment has been counted that holds something deleted. */
  clean(segment: SegmentName): void;
  /**
   * Rewrites what was sealed or packed before a tombstone came, and says so when that is done. Rejects when something
   * is damaged. Not to be called while the journal is packed.
   */
  cleanOld(): Promise<void>;
  /** Nothing is known that has yet to be rewritten. */
  isClean(): boolean;
}

/** Forgets the sketches of a site's days, both included; resolves when they are gone from the journal. */
export type ForgetSketches = (site: string, from: string, to: string) => Promise<void>;

interface Unclean {
  readonly tombstone: Tombstone;
  readonly sinceMs: number;
  /** What was open when hits could come no more. */
  open: ReadonlySet<string> | undefined;
}

export function createNodeDeletions(
  folder: string,
  node: string,
  tombstones: Pick<Tombstones, 'read' | 'acknowledge' | 'deletions'>,
  forget: ForgetSketches,
  nowMs: () => number,
): Obedient {
  let list: readonly Tombstone[] = [];
  let filter = createDeletionFilter([]);
  /** Tombstones that this node has not said yet that it obeys; and those of which its journal is not known to be free. */
  let unsaid: string[] = [];
  const unclean = new Map<string, Unclean>();
  const known = new Set<string>();
  let isCleaning = false;

  const forgetDays = async (tombstone: Tombstone): Promise<void> => {
    const days = daysDeleted(tombstone);
    if (days !== undefined) await forget(tombstone.site, ...days);
  };

  /** What this node had said in an earlier life it need not say again. */
  const learn = async (read: readonly Tombstone[]): Promise<void> => {
    const deletions = new Map((await tombstones.deletions()).map((deletion) => [deletion.id, deletion]));
    for (const tombstone of read) {
      if (known.has(tombstone.id)) continue;
      known.add(tombstone.id);
      const { obeys = {}, cleaned = {} } = deletions.get(tombstone.id) ?? {};
      if (!(node in cleaned)) await forgetDays(tombstone);
      if (!(node in obeys)) unsaid.push(tombstone.id);
      if (!(node in cleaned)) unclean.set(tombstone.id, { tombstone, sinceMs: nowMs(), open: undefined });
    }
    list = read;
    filter = createDeletionFilter(read);
  };

  /**
   * What is open when nothing more comes of it is cleaned with the rest once it is sealed, and what is opened later
   * holds nothing of it.
   */
  const isDue = (waiting: Unclean, files: readonly SegmentFile[]): boolean => {
    if (nowMs() - waiting.sinceMs < KNOWN_AFTER_MS) return false;
    const open = files.filter((file) => file.state === 'open' && !isEmpty(folder, file)).map(nameOf);
    waiting.open ??= new Set(open);
    return !open.some((name) => waiting.open?.has(name));
  };

  const cleanDue = async (): Promise<void> => {
    const files = segmentsIn(folder);
    const due = [...unclean.values()].filter((waiting) => isDue(waiting, files)).map(({ tombstone }) => tombstone);
    if (due.length === 0) return;
    // Until the beacons knew that the site is gone, its hits have raised its sketches again.
    for (const tombstone of due) if (tombstone.deleted.kind === 'site') await forgetDays(tombstone);
    const only = createDeletionFilter(due);
    for (const segment of segmentsIn(folder)) {
      if (segment.state !== 'sealed') continue;
      try {
        cleanSegment(folder, segment, only);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // removed meanwhile, since its time was over
      }
      await turn();
    }
    for (const pack of packsIn(folder)) await cleanPack(folder, pack, only);
    for (const { id } of due) {
      await tombstones.acknowledge(id, node, 'cleaned', nowMs());
      unclean.delete(id);
    }
  };

  return {
    async obey() {
      const read = await tombstones.read();
      if (read !== list) await learn(read);
      for (const id of [...unsaid]) {
        await tombstones.acknowledge(id, node, 'obeys', nowMs());
        unsaid = unsaid.filter((other) => other !== id);
      }
      return filter;
    },
    clean(segment) {
      cleanSegment(folder, segment, filter);
    },
    async cleanOld() {
      if (isCleaning || unclean.size === 0) return;
      isCleaning = true;
      try {
        await cleanDue();
      } finally {
        isCleaning = false;
      }
    },
    isClean: () => unclean.size === 0,
  };
}

function nameOf({ node, number }: SegmentFile): string {
  return `${node}.${number}`;
}
