// What becomes of a journal's counted hits: they are packed after a few minutes, and removed when they have been kept
// long enough, or earlier when they or the disk need the space.
import { statfsSync, statSync } from 'node:fs';
import type { Holds, PackBoundary } from '../store/holds.js';
import { DAY_MS } from '../time/units.js';
import { packBoundariesIn, rememberPackBoundaries } from './pack-boundaries.js';
import type { PackingOrder, Range } from './packing.js';
import { holdsSegment, type PackName, packBytes, packsIn, removePack } from './packs.js';
import { keepRoughTimes, registersBytes, removeDaysBefore } from './registers.js';
import { emptySegment } from './rewrite.js';
import { bytesOf, removeSealed, type SegmentFile, segmentPath, segmentsIn } from './segment.js';

/** Of the disk: below the smaller of these, kept hits give way to new ones. */
const FREE_SHARE_MIN = 0.1;
const FREE_BYTES_MIN = 1024 ** 3;

export interface JournalCleanerParts {
  readonly folder: string;
  /** The node that writes. */
  readonly node: string;
  /** How long counted hits are kept; 0: not at all. */
  readonly keepMs: number;
  readonly keptBytesMax: number;
  readonly holds: Pick<Holds, 'isHeld' | 'packBoundaries' | 'removePackBoundaries'>;
  /** Up to which segment the store has counted a node; 0: none. */
  countedUpTo(node: string): Promise<number>;
  pack(order: PackingOrder): Promise<unknown>;
  readonly nowMs: () => number;
}

export interface JournalCleaner {
  /** Packs what is counted, unless somebody holds the journals. */
  pack(): Promise<void>;
  /** Removes what was kept long enough. */
  removeOld(): Promise<void>;
  /** Removes the oldest counted hits as long as they take too much space, or the disk is nearly full. */
  makeRoom(): Promise<void>;
  /** With nothing to be kept: to be called after each counted segment. */
  drop(segment: SegmentFile): void;
}

interface Piece {
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

  /** Everything that is counted and could go, in order: oldest first. The newest segment stays, so that numbers go on from it. */
  const pieces = async (): Promise<Piece[]> => {
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
        !packs.some((pack) => holdsSegment(pack, one)),
    );
    return [...packs.filter((pack) => isCounted(pack.node, pack.last)).map(pieceOfPack), ...old.map(pieceOfSegment)].sort(
      (a, b) => a.endMs - b.endMs || a.last - b.last,
    );
  };

  const pieceOfPack = (pack: PackName): Piece => ({
    node: pack.node,
    last: pack.last,
    endMs: Date.parse(pack.day) + DAY_MS,
    bytes: packBytes(folder, pack),
    remove: () => removePack(folder, pack),
  });

  const pieceOfSegment = (segment: SegmentFile): Piece => ({
    node: segment.node,
    last: segment.number,
    endMs: statSync(segmentPath(folder, segment)).mtimeMs,
    bytes: bytesOf(folder, segment),
    remove: () => removeSealed(folder, segment),
  });

  /** With what is not counted, so that the store need not be asked. */
  const bytesInAll = (): number => {
    const segments = segmentsIn(folder).reduce((sum, segment) => sum + bytesOf(folder, segment), 0);
    return packsIn(folder).reduce((sum, pack) => sum + packBytes(folder, pack), segments + registersBytes(folder));
  };

  const isDiskNearlyFull = (): boolean => {
    const { bavail, blocks, bsize } = statfsSync(folder);
    return bavail * bsize < Math.min(FREE_BYTES_MIN, FREE_SHARE_MIN * blocks * bsize);
  };

  return {
    async pack() {
      keepRoughTimes(folder);
      if (keepMs === 0) return;
      // In this order: what is counted when a backup begins to hold the journals is in the backup.
      const countedUpTo = await counted();
      const boundaries = (await Promise.all([...countedUpTo.keys()].map((id) => holds.packBoundaries(id)))).flat();
      if (await holds.isHeld(nowMs())) return;
      rememberPackBoundaries(folder, boundaries, nowMs() - keepMs - 2 * DAY_MS);
      await parts.pack({ folder, countedUpTo, boundaries: byNode(packBoundariesIn(folder)), nowMs: nowMs() });
    },

    async removeOld() {
      removeDaysBefore(folder, nowMs() - keepMs);
      await holds.removePackBoundaries(nowMs() - keepMs - 2 * DAY_MS);
      if (await holds.isHeld(nowMs())) return;
      for (const piece of await pieces()) if (nowMs() - piece.endMs > keepMs) piece.remove();
    },

    async makeRoom() {
      if (!isDiskNearlyFull() && bytesInAll() <= keptBytesMax) return;
      const all = await pieces();
      let kept = all.reduce((sum, { bytes }) => sum + bytes, registersBytes(folder));
      for (const piece of all) {
        if (kept <= keptBytesMax && !isDiskNearlyFull()) return;
        piece.remove();
        kept -= piece.bytes;
      }
    },

    drop(segment) {
      for (const one of segmentsIn(folder)) {
        if (one.node === segment.node && one.state === 'sealed' && one.number < segment.number) removeSealed(folder, one);
      }
      emptySegment(folder, segment);
    },
  };
}

function byNode(boundaries: readonly PackBoundary[]): Map<string, Range[]> {
  const ranges = new Map<string, Range[]>();
  for (const cut of boundaries) ranges.set(cut.node, [...(ranges.get(cut.node) ?? []), cut]);
  return ranges;
}
