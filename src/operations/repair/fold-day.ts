// One site's day out of a journal folder, folded anew with the collections as they are now: out of segments, packs and registers.
import { statSync } from 'node:fs';
import type { Collection } from '../../../collections/collection.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import { foldSegment } from '../../counting/count-segment.js';
import { earliestMs } from '../../journal/packing.js';
import { createPackReader, holdsSegment, type PackName, packedLines, packsIn, readManifest } from '../../journal/packs.js';
import { createRegisterReader, type RegisterReader } from '../../journal/registers.js';
import { formatOf, readSegment, type SegmentFile, type SegmentLines, segmentPath, segmentsIn } from '../../journal/segment.js';
import type { Delta } from '../../store/documents.js';
import type { JournalPart, Question } from './port.js';

/**
 * What was sealed so long before a day, by its date in UTC, has nothing of it in any zone: 14 hours, and a day for
 * clocks that were wrong.
 */
const LONG_BEFORE_MS = 38 * 3_600_000;

/** A journal folder that many questions are asked of. */
export interface DayFolder {
  /**
   * The parts of all nodes whose segments are in the folder. `pause` is called now and then, so that other work can
   * be done in between. Rejects when something is damaged, or is removed meanwhile (ENOENT).
   */
  fold(question: Question, pause: () => Promise<void>): Promise<readonly JournalPart[]>;
  /** The same at once, without packs: undefined where one would have to be read. */
  foldNow(question: Question): readonly JournalPart[] | undefined;
}

export function openDayFolder(folder: string, collections: readonly Collection[]): DayFolder {
  const readPack = createPackReader(folder);
  const registers = createRegisterReader(folder);

  const linesOf = async (piece: Piece, site: string): Promise<SegmentLines> =>
    piece.pack === undefined
      ? readSegment(folder, piece.segment)
      : { format: 2, lines: await packedLines(readPack(piece.pack), site), points: [] };

  return {
    async fold(question, pause) {
      const parts: JournalPart[] = [];
      for (const pieces of piecesByNode(folder)) {
        const trees = treesOfRegisters(registers, collections, question);
        for (const piece of pieces) {
          await pause();
          if (isWanted(piece, question)) addLines(await linesOf(piece, question.site), collections, question, piece, trees);
        }
        parts.push(partOf(folder, pieces, trees));
      }
      return parts;
    },

    foldNow(question) {
      const parts: JournalPart[] = [];
      for (const pieces of piecesByNode(folder)) {
        const trees = treesOfRegisters(registers, collections, question);
        for (const piece of pieces) {
          if (!isWanted(piece, question)) continue;
          if (piece.pack !== undefined) return undefined;
          addLines(readSegment(folder, piece.segment), collections, question, piece, trees);
        }
        parts.push(partOf(folder, pieces, trees));
      }
      return parts;
    },
  };
}

/** A segment, or several that are packed. */
type Piece = {
  readonly node: string;
  readonly first: number;
  readonly last: number;
  /** When it was sealed, or the last of its day, in milliseconds since 1970. */
  readonly untilMs: number;
} & ({ readonly pack: PackName } | { readonly pack: undefined; readonly segment: SegmentFile });

/**
 * For each node the pieces that follow each other without a gap, up to the newest. Segments of format 1 tell of no
 * time as documents have it since: they are not looked at.
 */
function piecesByNode(folder: string): Piece[][] {
  const packs = packsIn(folder);
  const pieces: Piece[] = packs.map((pack) => ({ ...pack, pack, untilMs: Date.parse(pack.day) + 2 * 86_400_000 }));
  for (const segment of segmentsIn(folder)) {
    if (segment.state !== 'sealed' || packs.some((pack) => holdsSegment(pack, segment))) continue;
    if (formatOf(folder, segment) === 1) continue;
    const { node, number } = segment;
    const untilMs = statSync(segmentPath(folder, segment)).mtimeMs;
    pieces.push({ node, first: number, last: number, pack: undefined, segment, untilMs });
  }
  const byNode = new Map<string, Piece[]>();
  for (const piece of pieces) byNode.set(piece.node, [...(byNode.get(piece.node) ?? []), piece]);
  return [...byNode.values()].map((some) => withoutGap(some.sort((a, b) => a.first - b.first)));
}

/** The last of them that follow each other. */
function withoutGap(pieces: readonly Piece[]): Piece[] {
  let begin = pieces.length - 1;
  while (begin > 0 && pieces[begin - 1]?.last === (pieces[begin]?.first as number) - 1) begin--;
  return pieces.slice(begin);
}

function isWanted(piece: Piece, question: Question): boolean {
  if (piece.untilMs < Date.parse(question.day) - LONG_BEFORE_MS) return false;
  return [...question.upTo.keys()].some((collection) => wants(question, collection, piece));
}

function wants({ upTo, after }: Question, collection: string, { node, first, last }: Piece): boolean {
  const [from, to] = [after?.get(collection)?.get(node) ?? 0, upTo.get(collection)?.get(node) ?? 0];
  if (last <= from || first > to) return false;
  // Nothing is packed while journals are read (store/holds.ts), and only what every document has.
  if (first <= from || last > to)
    throw new Error(`segments ${first} to ${last} of node ${node} were packed meanwhile; run this again`);
  return true;
}

function addLines(
  lines: SegmentLines,
  collections: readonly Collection[],
  question: Question,
  piece: Piece,
  trees: Map<string, Counters>,
): void {
  const { deltas } = foldSegment(linesOfDay(lines, question), [], collections);
  addDeltas(deltas, question, trees, (collection) => wants(question, collection, piece));
}

function treesOfRegisters(
  registers: RegisterReader,
  collections: readonly Collection[],
  question: Question,
): Map<string, Counters> {
  const trees = new Map<string, Counters>();
  const points = registers.pointsOf(question.day, question.site);
  const { deltas } = foldSegment({ format: 2, lines: [], points: [] }, points, collections);
  addDeltas(deltas, question, trees, (collection) => question.upTo.has(collection));
  return trees;
}

function addDeltas(
  deltas: readonly Delta[],
  { site, day }: Question,
  trees: Map<string, Counters>,
  isWanted: (collection: string) => boolean,
): void {
  for (const { collection, id, counters } of deltas) {
    if (id !== `${site}:${day}` || !isWanted(collection)) continue;
    trees.set(collection, mergeInto(trees.get(collection) ?? new Counters(), counters));
  }
}

/**
 * Lines that can be of the site and tell of the day. The kind of every line is one character, and the site follows it
 * (journal/line.ts).
 */
function linesOfDay({ lines, ...segment }: SegmentLines, { site, day }: Question): SegmentLines {
  return { ...segment, lines: lines.filter((line) => line.startsWith(`\t${site}\t`, 1) && line.includes(day)) };
}

function partOf(folder: string, pieces: readonly Piece[], trees: ReadonlyMap<string, Counters>): JournalPart {
  const [first, last] = [pieces[0], pieces.at(-1)] as [Piece, Piece];
  return {
    node: first.node,
    first: first.first,
    last: last.last,
    firstReceivedMs: sinceMs(folder, first),
    trees,
    tooLarge: [],
  };
}

/** Where no line tells a time, nothing was taken after the sealing. */
function sinceMs(folder: string, piece: Piece): number {
  if (piece.pack !== undefined) return readManifest(folder, piece.pack).sinceMs;
  return earliestMs(readSegment(folder, piece.segment).lines) ?? piece.untilMs;
}
