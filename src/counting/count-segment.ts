// Counts a segment into the documents, exactly once. The same steps run after a crash as in normal operation.
import type { DocumentKind } from '../../collections/document-kind.js';
import type { Point } from '../hit/hit.js';
import { packBytes, packedLines, readPack, type Uncounted } from '../journal/packs.js';
import { type ReplayHandler, replaySegment } from '../journal/replay.js';
import { readSegment, type SegmentContent, type SegmentLines, sealSegment } from '../journal/segment.js';
import { type Delta, type Documents, type Rejected, siteOf } from '../store/documents.js';
import { createDeletionFilter, type DeletionFilter } from './deleted/filter.js';
import { createFold, type Fold } from './fold.js';

export interface CountedSegment {
  readonly node: string;
  readonly number: number;
  readonly hits: number;
  readonly documents: number;
  /** The sites of these documents. */
  readonly sites: readonly string[];
  /** Lines that could not be read. Always 0 unless a disk has lost data that it had confirmed. */
  readonly unreadable: number;
  readonly bytes: number;
  readonly outcome: 'applied' | 'already';
  readonly rejected: readonly Rejected[];
  /** It contains hits that were deleted, so it must be rewritten. */
  readonly holdsDeleted: boolean;
}

export interface CountingInto {
  readonly documents: Pick<Documents, 'apply'>;
  readonly kinds: readonly DocumentKind[];
  readonly countedUntilMs: number;
  readonly filter: DeletionFilter;
  /** Points that were raised while the segment was open. */
  readonly points: readonly Point[];
}

/**
 * Seals the segment if it is open, folds it and applies it to the documents. A pack is applied as one segment, with
 * the number of its last one. May be called again after any failure.
 */
export async function countSegment(
  folder: string,
  segment: Uncounted,
  { documents, kinds, countedUntilMs, filter, points }: CountingInto,
): Promise<CountedSegment> {
  const content = await contentOf(folder, segment);
  const { deltas, hits, unreadable, holdsDeleted } = foldSegment(content, points, kinds, filter);
  const { outcome, rejected } = await documents.apply(content, deltas, countedUntilMs);
  return {
    node: segment.node,
    number: segment.number,
    hits,
    documents: deltas.length,
    sites: [...new Set(deltas.map(({ id }) => siteOf(id)))],
    unreadable,
    bytes: content.bytes,
    outcome,
    rejected,
    holdsDeleted,
  };
}

async function contentOf(folder: string, segment: Uncounted): Promise<SegmentContent> {
  if (segment.state !== 'packed') return segment.state === 'open' ? sealSegment(folder, segment) : readSegment(folder, segment);
  const { node, number } = segment;
  const pack = readPack(folder, segment.pack);
  const lines = await packedLines(pack);
  const bytes = packBytes(folder, segment.pack);
  return { node, number, format: 2, checksum: pack.manifest.lastChecksum, lines, points: [], bytes };
}

/** Folds lines and points without those that were deleted. */
export function foldSegment(
  lines: SegmentLines,
  points: readonly Point[],
  kinds: readonly DocumentKind[],
  filter: DeletionFilter = createDeletionFilter([]),
): { deltas: Delta[]; hits: number; unreadable: number; holdsDeleted: boolean } {
  const fold = createFold(kinds);
  const counts = { hits: 0, unreadable: 0, holdsDeleted: false };
  replaySegment(lines, withoutDeleted(fold, filter, counts));
  for (const point of points) if (filter.keepsPoint(point, point.receivedAtMs)) fold.point(point);
  return { deltas: fold.deltas(), ...counts };
}

interface Counts {
  /** Counted hits, pings included. */
  hits: number;
  unreadable: number;
  holdsDeleted: boolean;
}

function withoutDeleted(fold: Fold, filter: DeletionFilter, counts: Counts): ReplayHandler {
  return {
    hit(original) {
      const hit = filter.hit(original);
      counts.holdsDeleted ||= hit !== original;
      if (hit === undefined) return;
      fold.hit(hit);
      counts.hits++;
    },
    observation(original, times) {
      const observation = filter.observation(original);
      counts.holdsDeleted ||= observation !== original;
      if (observation === undefined) return;
      fold.observation(observation, times);
      if (observation.kind === 'ping') counts.hits += times;
    },
    refusal(refusal) {
      if (filter.keepsRefusal(refusal)) fold.refusal(refusal);
      else counts.holdsDeleted = true;
    },
    point(point, receivedAtMs) {
      if (filter.keepsPoint(point, receivedAtMs)) fold.point(point);
      else counts.holdsDeleted = true;
    },
    unreadable() {
      counts.unreadable++;
    },
  };
}
