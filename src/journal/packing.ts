// Packs what is counted: segments become packs, and small packs larger ones, so that in the end a UTC day is one
// pack. A larger pack hides each hit among more hits. The caller passes
// which segments are counted.
import { statSync } from 'node:fs';
import { roundDownToFiveMinutes } from '../time/calendar.js';
import { utcDay } from '../time/dates.js';
import { receivedAtMs } from './line.js';
import {
  holdsSegment,
  type PackName,
  packedLines,
  packsIn,
  readManifest,
  readPack,
  removeReplacedPacks,
  writePack,
} from './packs.js';
import { emptySegment } from './rewrite.js';
import { formatOf, isSealedEmpty, readSegment, removeSealed, type SegmentFile, segmentPath, segmentsIn } from './segment.js';

/** A pack grows no further: it would take too much memory to make, and hides each of its hits among enough others. */
const PACK_LINES_MAX = 1_000_000;
/** Packs of a day are made one as long as that is done in a moment … */
const ALWAYS_JOINED_LINES_MAX = 100_000;
/** … then when the newer one is not much smaller: a large one is not written anew for a few lines. */
const JOINED_RATIO_MAX = 4;

export interface PackingOrder {
  readonly folder: string;
  /** By node: segments up to this number are counted. */
  readonly countedUpTo: ReadonlyMap<string, number>;
  /** By node: numbers after which a pack must end. */
  readonly boundaries: ReadonlyMap<string, readonly Range[]>;
  readonly nowMs: number;
}

/** Numbers of segments: none of those after `after`, up to `upTo`, may be in a pack with another one. */
export interface Range {
  readonly after: number;
  readonly upTo: number;
}

export interface Packed {
  readonly segments: number;
  readonly packs: number;
}

/** A segment or a pack, to be joined with its neighbours. */
interface Piece {
  readonly node: string;
  readonly first: number;
  readonly last: number;
  /** The UTC day on which it was taken. */
  readonly day: string;
  readonly sinceMs: number;
  readonly lastChecksum: number;
  readonly lines: number;
  readonly pack: PackName | undefined;
  read(): Promise<readonly string[]>;
}

/** May be repeated after a crash at any step. Throws when a file is damaged. */
export async function packJournal({ folder, countedUpTo, boundaries, nowMs }: PackingOrder): Promise<Packed> {
  removeReplacedPacks(folder);
  const today = dayOf(nowMs);
  const done = { segments: 0, packs: 0 };
  for (const [node, upTo] of countedUpTo) {
    for (const run of runsOf(await piecesOf(folder, node, upTo), boundaries.get(node) ?? [])) {
      for (const joined of joinedIn(run, today)) {
        await packPieces(folder, joined);
        done.packs++;
        done.segments += joined.filter(({ pack }) => pack === undefined).length;
      }
    }
    removePackedSegments(folder, node, upTo);
  }
  return done;
}

/** In order. Segments of format 1 are left as they are: documents that were counted from them know more of a title's time. */
async function piecesOf(folder: string, node: string, upTo: number): Promise<Piece[]> {
  const packs = packsIn(folder).filter((pack) => pack.node === node && pack.last <= upTo);
  const pieces = packs.map((pack) => pieceOfPack(folder, pack));
  for (const segment of countedSegments(folder, node, upTo)) {
    if (packs.some((pack) => holdsSegment(pack, segment)) || formatOf(folder, segment) === 1) continue;
    pieces.push(pieceOfSegment(folder, segment));
  }
  return pieces.sort((a, b) => a.first - b.first);
}

function countedSegments(folder: string, node: string, upTo: number): SegmentFile[] {
  return segmentsIn(folder).filter((one) => one.node === node && one.state === 'sealed' && one.number <= upTo);
}

function pieceOfPack(folder: string, pack: PackName): Piece {
  const { node, first, last, day } = pack;
  const { sinceMs, lastChecksum, lines } = readManifest(folder, pack);
  return { node, first, last, day, sinceMs, lastChecksum, lines, pack, read: () => packedLines(readPack(folder, pack)) };
}

function pieceOfSegment(folder: string, segment: SegmentFile): Piece {
  const { node, number } = segment;
  const { checksum, lines } = readSegment(folder, segment);
  const sinceMs = earliestMs(lines) ?? roundDownToFiveMinutes(statSync(segmentPath(folder, segment)).mtimeMs);
  return {
    node,
    first: number,
    last: number,
    day: dayOf(sinceMs),
    sinceMs,
    lastChecksum: checksum,
    lines: lines.length,
    pack: undefined,
    read: async () => readSegment(folder, segment).lines, // once more: all segments of some minutes would take much memory
  };
}

/** When the first of a segment's hits was taken, cut to the five minutes; undefined where no line tells a time. */
export function earliestMs(lines: readonly string[]): number | undefined {
  let earliest = Number.POSITIVE_INFINITY;
  for (const line of lines) earliest = Math.min(earliest, receivedAtMs(line) ?? Number.POSITIVE_INFINITY);
  return earliest === Number.POSITIVE_INFINITY ? undefined : earliest;
}

/** Pieces that may be in one pack: neighbours of one day, with no backup made between them. */
function runsOf(pieces: readonly Piece[], boundaries: readonly Range[]): Piece[][] {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    if (
      piece.pack === undefined &&
      boundaries.some(({ after, upTo }) => after < piece.last && piece.last <= upTo && upTo > after)
    ) {
      runs.push([]); // it must stay by itself, as a segment
      continue;
    }
    const run = runs.at(-1);
    const before = run?.at(-1);
    const follows =
      before !== undefined &&
      before.last === piece.first - 1 &&
      before.day === piece.day &&
      !boundaries.some(({ after, upTo }) => before.last === after || before.last === upTo);
    if (follows) run?.push(piece);
    else runs.push([piece]);
  }
  return runs;
}

/** Which pieces of a run are to be joined now; each of these holds a segment or several packs. */
function joinedIn(run: readonly Piece[], today: string): Piece[][] {
  const groups: Piece[][] = [];
  for (const piece of run) {
    groups.push([piece]);
    for (;;) {
      const [before, last] = [groups.at(-2), groups.at(-1)] as [Piece[] | undefined, Piece[]];
      if (before === undefined || !areJoined(before, last, today)) break;
      groups.splice(-2, 2, [...before, ...last]);
    }
  }
  return groups.filter((group) => group.some(({ pack, lines }) => pack === undefined && lines > 0) || isSeveralPacks(group));
}

function isSeveralPacks(group: readonly Piece[]): boolean {
  return group.filter(({ pack }) => pack !== undefined).length > 1;
}

function areJoined(before: readonly Piece[], last: readonly Piece[], today: string): boolean {
  const [older, newer] = [before, last].map((pieces) => pieces.reduce((sum, { lines }) => sum + lines, 0)) as [number, number];
  if (older + newer > PACK_LINES_MAX) return false;
  if (last.every(({ pack }) => pack === undefined) && before.every(({ pack }) => pack === undefined)) return true;
  const isOver = (last[0] as Piece).day < today;
  return isOver || older + newer <= ALWAYS_JOINED_LINES_MAX || older <= newer * JOINED_RATIO_MAX;
}

async function packPieces(folder: string, pieces: readonly Piece[]): Promise<void> {
  const [first, last] = [pieces[0], pieces.at(-1)] as [Piece, Piece];
  const lines: string[] = [];
  for (const piece of pieces) for (const line of await piece.read()) lines.push(line);
  const sinceMs = Math.min(...pieces.map((piece) => piece.sinceMs));
  writePack(
    folder,
    { node: first.node, first: first.first, last: last.last, day: first.day, generation: 1 },
    { lines, sinceMs, lastChecksum: last.lastChecksum },
  );
}

/**
 * The newest segment stays, empty: numbers go on from it, and by its checksum the store knows the folder. A segment
 * that a process was killed before removing is in a pack already.
 */
function removePackedSegments(folder: string, node: string, upTo: number): void {
  const packs = packsIn(folder).filter((pack) => pack.node === node);
  const segments = countedSegments(folder, node, upTo);
  const newest = segmentsIn(folder).findLast((segment) => segment.node === node)?.number;
  for (const segment of segments) {
    const isPacked = packs.some((pack) => holdsSegment(pack, segment));
    const isEmpty = isSealedEmpty(folder, segment);
    if (segment.number === newest) {
      if (isPacked && !isEmpty) emptySegment(folder, segment);
    } else if (isPacked || isEmpty) removeSealed(folder, segment);
  }
}

function dayOf(ms: number): string {
  return utcDay(ms);
}
