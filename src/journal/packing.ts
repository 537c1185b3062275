// Packs counted segments: segments are joined into packs, and small packs into larger ones, until a UTC day is one
// pack. A larger pack hides each hit among more hits.
import { statSync } from 'node:fs';
import { roundDownToFiveMinutes } from '../time/calendar.js';
import { utcDay } from '../time/dates.js';
import { receivedAtMs } from './line.js';
import {
  type PackName,
  packContains,
  packedLines,
  packsIn,
  readManifest,
  readPack,
  removeReplacedPacks,
  writePack,
} from './packs.js';
import { emptySegment } from './rewrite.js';
import { formatOf, isSealedEmpty, readSegment, removeSealed, type SegmentFile, segmentPath, segmentsIn } from './segment.js';

/** Writing a larger pack would need too much memory. A pack of this size hides each hit among enough others. */
const PACK_LINES_MAX = 1_000_000;
/** Two packs of a day are always joined up to this size in total, because this takes only a moment. */
const ALWAYS_JOINED_LINES_MAX = 100_000;
/**
 * Larger packs of the current day are joined only if the older one is at most this many times larger than the newer
 * one.
 */
const JOINED_RATIO_MAX = 4;

export interface PackingOrder {
  readonly folder: string;
  /** By node: the number of the last counted segment. */
  readonly countedUpTo: ReadonlyMap<string, number>;
  /** By node: where packs must end. */
  readonly boundaries: ReadonlyMap<string, readonly Range[]>;
  readonly nowMs: number;
}

/** No pack may span `after` or `upTo`, and no segment after `after` and up to `upTo` may be packed at all. */
export interface Range {
  readonly after: number;
  readonly upTo: number;
}

export interface Packed {
  readonly segments: number;
  readonly packs: number;
}

/** A segment or a pack that may be joined with its neighbours. */
interface PackInput {
  readonly node: string;
  readonly first: number;
  readonly last: number;
  /** The UTC day on which its first hit was received. */
  readonly day: string;
  readonly sinceMs: number;
  readonly lastChecksum: number;
  readonly lines: number;
  readonly pack: PackName | undefined;
  read(): Promise<readonly string[]>;
}

/** May be repeated after a crash at any step. Throws a DamagedData if a file is damaged. */
export async function packJournal({ folder, countedUpTo, boundaries, nowMs }: PackingOrder): Promise<Packed> {
  removeReplacedPacks(folder);
  const today = dayOf(nowMs);
  const done = { segments: 0, packs: 0 };
  for (const [node, upTo] of countedUpTo) {
    for (const run of runsOf(await inputsOf(folder, node, upTo), boundaries.get(node) ?? [])) {
      for (const joined of groupsToJoin(run, today)) {
        await packInputs(folder, joined);
        done.packs++;
        done.segments += joined.filter(({ pack }) => pack === undefined).length;
      }
    }
    removePackedSegments(folder, node, upTo);
  }
  return done;
}

/**
 * Sorted by number. Segments of format 1 are never packed, because their documents have more about the reading time of
 * titles than a pack could contain.
 */
async function inputsOf(folder: string, node: string, upTo: number): Promise<PackInput[]> {
  const packs = packsIn(folder).filter((pack) => pack.node === node && pack.last <= upTo);
  const inputs = packs.map((pack) => inputFromPack(folder, pack));
  for (const segment of countedSegments(folder, node, upTo)) {
    if (packs.some((pack) => packContains(pack, segment)) || formatOf(folder, segment) === 1) continue;
    inputs.push(inputFromSegment(folder, segment));
  }
  return inputs.sort((a, b) => a.first - b.first);
}

function countedSegments(folder: string, node: string, upTo: number): SegmentFile[] {
  return segmentsIn(folder).filter((one) => one.node === node && one.state === 'sealed' && one.number <= upTo);
}

function inputFromPack(folder: string, pack: PackName): PackInput {
  const { node, first, last, day } = pack;
  const { sinceMs, lastChecksum, lines } = readManifest(folder, pack);
  return { node, first, last, day, sinceMs, lastChecksum, lines, pack, read: () => packedLines(readPack(folder, pack)) };
}

function inputFromSegment(folder: string, segment: SegmentFile): PackInput {
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
    read: async () => readSegment(folder, segment).lines, // again, because keeping all lines would need much memory
  };
}

/** When the first of these hits was received, rounded down to five minutes; undefined if no line contains a time. */
export function earliestMs(lines: readonly string[]): number | undefined {
  let earliest = Number.POSITIVE_INFINITY;
  for (const line of lines) earliest = Math.min(earliest, receivedAtMs(line) ?? Number.POSITIVE_INFINITY);
  return earliest === Number.POSITIVE_INFINITY ? undefined : earliest;
}

/** Groups inputs that may be in one pack: neighbours of one day, with no pack boundary between them. */
function runsOf(inputs: readonly PackInput[], boundaries: readonly Range[]): PackInput[][] {
  const runs: PackInput[][] = [];
  for (const input of inputs) {
    if (
      input.pack === undefined &&
      boundaries.some(({ after, upTo }) => after < input.last && input.last <= upTo && upTo > after)
    ) {
      runs.push([]); // it must remain a segment
      continue;
    }
    const run = runs.at(-1);
    const before = run?.at(-1);
    const follows =
      before !== undefined &&
      before.last === input.first - 1 &&
      before.day === input.day &&
      !boundaries.some(({ after, upTo }) => before.last === after || before.last === upTo);
    if (follows) run?.push(input);
    else runs.push([input]);
  }
  return runs;
}

/** The groups of a run to be joined now. Each contains a segment that is not empty, or several packs. */
function groupsToJoin(run: readonly PackInput[], today: string): PackInput[][] {
  const groups: PackInput[][] = [];
  for (const input of run) {
    groups.push([input]);
    for (;;) {
      const [before, last] = [groups.at(-2), groups.at(-1)] as [PackInput[] | undefined, PackInput[]];
      if (before === undefined || !shouldJoin(before, last, today)) break;
      groups.splice(-2, 2, [...before, ...last]);
    }
  }
  return groups.filter((group) => group.some(({ pack, lines }) => pack === undefined && lines > 0) || hasSeveralPacks(group));
}

function hasSeveralPacks(group: readonly PackInput[]): boolean {
  return group.filter(({ pack }) => pack !== undefined).length > 1;
}

function shouldJoin(before: readonly PackInput[], last: readonly PackInput[], today: string): boolean {
  const [older, newer] = [before, last].map((inputs) => inputs.reduce((sum, { lines }) => sum + lines, 0)) as [number, number];
  if (older + newer > PACK_LINES_MAX) return false;
  if (last.every(({ pack }) => pack === undefined) && before.every(({ pack }) => pack === undefined)) return true;
  const isOver = (last[0] as PackInput).day < today;
  return isOver || older + newer <= ALWAYS_JOINED_LINES_MAX || older <= newer * JOINED_RATIO_MAX;
}

async function packInputs(folder: string, inputs: readonly PackInput[]): Promise<void> {
  const [first, last] = [inputs[0], inputs.at(-1)] as [PackInput, PackInput];
  const lines: string[] = [];
  for (const input of inputs) for (const line of await input.read()) lines.push(line);
  const sinceMs = Math.min(...inputs.map((input) => input.sinceMs));
  writePack(
    folder,
    { node: first.node, first: first.first, last: last.last, day: first.day, generation: 1 },
    { lines, sinceMs, lastChecksum: last.lastChecksum },
  );
}

/**
 * The newest segment is emptied instead of removed: the next segment number follows from it, and the store recognises
 * the folder by its checksum. If an earlier process was killed before it removed a packed segment, this removes the
 * segment.
 */
function removePackedSegments(folder: string, node: string, upTo: number): void {
  const packs = packsIn(folder).filter((pack) => pack.node === node);
  const segments = countedSegments(folder, node, upTo);
  const newest = segmentsIn(folder).findLast((segment) => segment.node === node)?.number;
  for (const segment of segments) {
    const isPacked = packs.some((pack) => packContains(pack, segment));
    const isEmpty = isSealedEmpty(folder, segment);
    if (segment.number === newest) {
      if (isPacked && !isEmpty) emptySegment(folder, segment);
    } else if (isPacked || isEmpty) removeSealed(folder, segment);
  }
}

function dayOf(ms: number): string {
  return utcDay(ms);
}
