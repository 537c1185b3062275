// Folds one site's day again out of a journal folder, with the collections of this version. The hits are in segments and
// packs, the points of sketches in the registers.
import { statSync } from 'node:fs';
import type { DocumentKind } from '../../../collections/document-kind.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import { foldSegment } from '../../counting/count-segment.js';
import { earliestMs } from '../../journal/packing.js';
import { createPackReader, type PackName, packContains, packedLines, packsIn, readManifest } from '../../journal/packs.js';
import { createRegisterReader, type RegisterReader } from '../../journal/registers.js';
import { formatOf, readSegment, type SegmentFile, type SegmentLines, segmentPath, segmentsIn } from '../../journal/segment.js';
import type { Delta } from '../../store/documents.js';
import { DAY_MS, HOUR_MS } from '../../time/units.js';
import type { JournalExtract, JournalQuery } from './port.js';

/**
 * A segment that was sealed this long before the start of a UTC date contains no hit of that local day in any time
 * zone: 14 hours, and a day for clocks that were wrong.
 */
const LONG_BEFORE_MS = 38 * HOUR_MS;

/** A journal folder that answers many queries. */
export interface DayFolder {
  /**
   * Returns one extract for each node whose segments are in the folder. `pause` is awaited now and then, so that other
   * work can be done in between. Rejects if something is damaged, or is removed in the meantime (ENOENT).
   */
  fold(query: JournalQuery, pause: () => Promise<void>): Promise<readonly JournalExtract[]>;
  /** The same synchronously, without packs. Returns undefined if a pack would have to be read. */
  foldNow(query: JournalQuery): readonly JournalExtract[] | undefined;
}

export function openDayFolder(folder: string, kinds: readonly DocumentKind[]): DayFolder {
  const readPack = createPackReader(folder);
  const registers = createRegisterReader(folder);

  const linesOf = async (file: JournalFile, site: string): Promise<SegmentLines> =>
    file.pack === undefined
      ? readSegment(folder, file.segment)
      : { format: 2, lines: await packedLines(readPack(file.pack), site), points: [] };

  const addLines = (lines: SegmentLines, query: JournalQuery, file: JournalFile, trees: Map<string, Counters>): void => {
    const { deltas } = foldSegment(linesOfDay(lines, query), [], kinds);
    addDeltas(deltas, query, trees, (collection) => isQueried(query, collection, file));
  };

  return {
    async fold(query, pause) {
      const extracts: JournalExtract[] = [];
      for (const files of filesByNode(folder)) {
        const trees = treesOfRegisters(registers, kinds, query);
        for (const file of files) {
          await pause();
          if (isNeeded(file, query)) addLines(await linesOf(file, query.site), query, file, trees);
        }
        extracts.push(extractOf(folder, files, trees));
      }
      return extracts;
    },

    foldNow(query) {
      const extracts: JournalExtract[] = [];
      for (const files of filesByNode(folder)) {
        const trees = treesOfRegisters(registers, kinds, query);
        for (const file of files) {
          if (!isNeeded(file, query)) continue;
          if (file.pack !== undefined) return undefined;
          addLines(readSegment(folder, file.segment), query, file, trees);
        }
        extracts.push(extractOf(folder, files, trees));
      }
      return extracts;
    },
  };
}

/** A segment, or a pack of several segments. */
type JournalFile = {
  readonly node: string;
  readonly first: number;
  readonly last: number;
  /** When the segment was sealed, or the end of the pack's last day. Milliseconds since 1970. */
  readonly untilMs: number;
} & ({ readonly pack: PackName } | { readonly pack: undefined; readonly segment: SegmentFile });

/**
 * Returns for each node the files that follow each other without a gap, up to the newest one. Segments of format 1 are
 * ignored, because they do not contain the times that documents have today.
 */
function filesByNode(folder: string): JournalFile[][] {
  const packs = packsIn(folder);
  const files: JournalFile[] = packs.map((pack) => ({ ...pack, pack, untilMs: Date.parse(pack.day) + 2 * DAY_MS }));
  for (const segment of segmentsIn(folder)) {
    if (segment.state !== 'sealed' || packs.some((pack) => packContains(pack, segment))) continue;
    if (formatOf(folder, segment) === 1) continue;
    const { node, number } = segment;
    const untilMs = statSync(segmentPath(folder, segment)).mtimeMs;
    files.push({ node, first: number, last: number, pack: undefined, segment, untilMs });
  }
  const byNode = new Map<string, JournalFile[]>();
  for (const file of files) byNode.set(file.node, [...(byNode.get(file.node) ?? []), file]);
  return [...byNode.values()].map((some) => withoutGap(some.sort((a, b) => a.first - b.first)));
}

/** The last files that follow each other without a gap. */
function withoutGap(files: readonly JournalFile[]): JournalFile[] {
  let begin = files.length - 1;
  while (begin > 0 && files[begin - 1]?.last === (files[begin]?.first as number) - 1) begin--;
  return files.slice(begin);
}

function isNeeded(file: JournalFile, query: JournalQuery): boolean {
  if (file.untilMs < Date.parse(query.day) - LONG_BEFORE_MS) return false;
  return [...query.upTo.keys()].some((collection) => isQueried(query, collection, file));
}

function isQueried({ upTo, after }: JournalQuery, collection: string, { node, first, last }: JournalFile): boolean {
  const [from, to] = [after?.get(collection)?.get(node) ?? 0, upTo.get(collection)?.get(node) ?? 0];
  if (last <= from || first > to) return false;
  // Nothing is packed while journals are read (store/holds.ts), and a pack contains only what every document contains.
  if (first <= from || last > to)
    throw new Error(`segments ${first} to ${last} of node ${node} were packed in the meantime; run this command again`);
  return true;
}

function treesOfRegisters(registers: RegisterReader, kinds: readonly DocumentKind[], query: JournalQuery): Map<string, Counters> {
  const trees = new Map<string, Counters>();
  const points = registers.pointsOf(query.day, query.site);
  const { deltas } = foldSegment({ format: 2, lines: [], points: [] }, points, kinds);
  addDeltas(deltas, query, trees, (collection) => query.upTo.has(collection));
  return trees;
}

function addDeltas(
  deltas: readonly Delta[],
  { site, day }: JournalQuery,
  trees: Map<string, Counters>,
  isWanted: (collection: string) => boolean,
): void {
  for (const { collection, id, counters } of deltas) {
    if (id !== `${site}:${day}` || !isWanted(collection)) continue;
    trees.set(collection, mergeInto(trees.get(collection) ?? new Counters(), counters));
  }
}

/** The lines that may be about the site and the day. In every line the site follows its kind, which is one character. */
function linesOfDay({ lines, ...segment }: SegmentLines, { site, day }: JournalQuery): SegmentLines {
  return { ...segment, lines: lines.filter((line) => line.startsWith(`\t${site}\t`, 1) && line.includes(day)) };
}

function extractOf(folder: string, files: readonly JournalFile[], trees: ReadonlyMap<string, Counters>): JournalExtract {
  const [first, last] = [files[0], files.at(-1)] as [JournalFile, JournalFile];
  return {
    node: first.node,
    first: first.first,
    last: last.last,
    firstReceivedMs: sinceMs(folder, first),
    trees,
    tooLarge: [],
  };
}

/** If no line of a segment has a time, its hits were at least received before it was sealed. */
function sinceMs(folder: string, file: JournalFile): number {
  if (file.pack !== undefined) return readManifest(folder, file.pack).sinceMs;
  return earliestMs(readSegment(folder, file.segment).lines) ?? file.untilMs;
}
