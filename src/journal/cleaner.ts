// Packs a journal's counted hits after a few minutes, and removes them after `JOURNAL_KEEP`, or earlier if they take
// too much space or the disk is nearly full.
import { statfsSync, statSync } from 'node:fs';
import type { Holds, PackBoundary } from '../store/holds.js';
import { DAY_MS } from '../time/units.js';
import { packBoundariesIn, rememberPackBoundaries } from './pack-boundaries.js';
import type { PackingOrder, Range } from './packing.js';
import { type PackName, packBytes, packContains, packsIn, removePack } from './packs.js';
import { registersBytes, removeDaysBefore, roundModifiedTimes } from './registers.js';
import { emptySegment } from './rewrite.js';
import { bytesOf, removeSealed, type SegmentFile, segmentPath, segmentsIn } from './segment.js';

/** If less of the disk is free than the smaller of these, counted hits are removed. */
const FREE_SHARE_MIN = 0.1;
const FREE_BYTES_MIN = 1024 ** 3;

export interface JournalCleanerParts {
  readonly folder: string;
  /** The node that writes. */
  readonly node: string;
  /** How long counted hits are retained; 0: not at all. */
  readonly keepMs: number;
  readonly keptBytesMax: number;
  readonly holds: Pick<Holds, 'isHeld' | 'packBoundaries' | 'removePackBoundaries'>;
  /** The last segment of a node that the store has counted; 0: none. */
  countedUpTo(node: string): Promise<number>;
  pack(order: PackingOrder): Promise<unknown>;
  readonly nowMs: () => number;
}

export interface JournalCleaner {
  /** Packs counted segments, unless the journals are held. */
  pack(): Promise<void>;
  /** Removes hits that were retained long enough. */
  removeExpired(): Promise<void>;
  /** Removes the oldest counted hits while they take too much space, or the disk is nearly full. */
  freeSpace(): Promise<void>;
  /** Removes the hits of a counted segment and all earlier ones. Called after each segment if nothing is retained. */
  discard(segment: SegmentFile): void;
}

/** A counted segment or pack. */
interface Removable {
  readonly node: string;
  readonly last: number;
  readonly endMs: number;
  readonly bytes: number;
  remove(): void;
}

export function createJournalCleaner(parts: JournalCleanerParts): JournalCleaner {
  const { folder, node, keepMs, keptBytesMax, holds, countedUpTo, nowMs } = parts;

  const counted = async (): Promise<Map<string, number>> => {
    const nodes = new Set([...segmentsIn(folder), ...packsIn(folder)].map((one) => one.node));
    return new Map(await Promise.all([...nodes].map(async (id) => [id, await countedUpTo(id)] as const)));
  };

  /** Oldest first. Without the node's newest segment, because the next segment number follows from it. */
  const findRemovable = async (): Promise<Removable[]> => {
    const upTo = await counted();
    const isCounted = (id: string, last: number) => last <= (upTo.get(id) ?? 0);
    const packs = packsIn(folder);
    const segments = segmentsIn(folder);
    const newest = segments.findLast((segment) => segment.node === node)?.number;
    const old = segments.filter(
      (one) =>
        one.state === 'sealed' &&
        isCounted(one.node, one.number) &&
        !(one.node === node && one.number === newest) &&
        !packs.some((pack) => packContains(pack, one)),
    );
    return [...packs.filter((pack) => isCounted(pack.node, pack.last)).map(removablePack), ...old.map(removableSegment)].sort(
      (a, b) => a.endMs - b.endMs || a.last - b.last,
    );
  };

  const removablePack = (pack: PackName): Removable => ({
    node: pack.node,
    last: pack.last,
    endMs: Date.parse(pack.day) + DAY_MS,
    bytes: packBytes(folder, pack),
    remove: () => removePack(folder, pack),
  });

  const removableSegment = (segment: SegmentFile): Removable => ({
    node: segment.node,
    last: segment.number,
    endMs: statSync(segmentPath(folder, segment)).mtimeMs,
    bytes: bytesOf(folder, segment),
    remove: () => removeSealed(folder, segment),
  });

  /** Includes uncounted hits, so that the store need not be read. */
  const totalBytes = (): number => {
    const segments = segmentsIn(folder).reduce((sum, segment) => sum + bytesOf(folder, segment), 0);
    return packsIn(folder).reduce((sum, pack) => sum + packBytes(folder, pack), segments + registersBytes(folder));
  };

  const isDiskNearlyFull = (): boolean => {
    const { bavail, blocks, bsize } = statfsSync(folder);
    return bavail * bsize < Math.min(FREE_BYTES_MIN, FREE_SHARE_MIN * blocks * bsize);
  };

  return {
    async pack() {
      roundModifiedTimes(folder);
      if (keepMs === 0) return;
      // Read before `isHeld`: segments that are counted before a backup begins its hold are in the backup.
      const countedUpTo = await counted();
      const boundaries = (await Promise.all([...countedUpTo.keys()].map((id) => holds.packBoundaries(id)))).flat();
      if (await holds.isHeld(nowMs())) return;
      rememberPackBoundaries(folder, boundaries, nowMs() - keepMs - 2 * DAY_MS);
      if ([...countedUpTo.values()].every((number) => number === 0)) return; // a thread would start for nothing
      await parts.pack({ folder, countedUpTo, boundaries: byNode(packBoundariesIn(folder)), nowMs: nowMs() });
    },

    async removeExpired() {
      removeDaysBefore(folder, nowMs() - keepMs);
      await holds.removePackBoundaries(nowMs() - keepMs - 2 * DAY_MS);
      if (await holds.isHeld(nowMs())) return;
      for (const one of await findRemovable()) if (nowMs() - one.endMs > keepMs) one.remove();
    },

    async freeSpace() {
      if (!isDiskNearlyFull() && totalBytes() <= keptBytesMax) return;
      const all = await findRemovable();
      let kept = all.reduce((sum, { bytes }) => sum + bytes, registersBytes(folder));
      for (const one of all) {
        if (kept <= keptBytesMax && !isDiskNearlyFull()) return;
        one.remove();
        kept -= one.bytes;
      }
    },

    discard(segment) {
      for (const one of segmentsIn(folder)) {
        if (one.node === segment.node && one.state === 'sealed' && one.number < segment.number) removeSealed(folder, one);
      }
      emptySegment(folder, segment);
    },
  };
}

function byNode(boundaries: readonly PackBoundary[]): Map<string, Range[]> {
  const ranges = new Map<string, Range[]>();
  for (const boundary of boundaries) ranges.set(boundary.node, [...(ranges.get(boundary.node) ?? []), boundary]);
  return ranges;
}
