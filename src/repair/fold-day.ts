// One site's day out of the segments in a journal folder, folded anew with the collections as they are now.
import { statSync } from 'node:fs';
import type { Collection } from '../../collections/collection.js';
import { Counters } from '../counters/counters.js';
import { mergeInto } from '../counters/merge.js';
import { foldSegment } from '../flush/flush.js';
import { type SegmentContent, type SegmentFile, readSegment, segmentPath, segmentsIn } from '../journal/segment.js';
import type { Part, Question } from './port.js';

/** What was sealed so long before a day, by its date in UTC, has nothing of it in any zone: 14 hours, and a day for clocks that were wrong. */
const LONG_BEFORE_MS = 38 * 3_600_000;

/**
 * The parts of all nodes whose segments are in the folder. Yields after each segment, so that other work can be done in between. Throws when a
 * segment is damaged, or is removed meanwhile.
 */
export function* foldDay(
  folder: string,
  collections: readonly Collection[],
  question: Question,
): Generator<void, readonly Part[]> {
  const byNode = new Map<string, SegmentFile[]>();
  for (const segment of segmentsIn(folder)) {
    if (segment.state === 'sealed') byNode.set(segment.node, [...(byNode.get(segment.node) ?? []), segment]);
  }
  const parts: Part[] = [];
  for (const [node, all] of byNode) {
    const segments = withoutGap(all);
    const [first, last] = [segments[0] as SegmentFile, segments.at(-1) as SegmentFile];
    const trees = new Map<string, Counters>();
    for (const segment of segments) {
      yield;
      const wanting = [...question.upTo.keys()].filter((collection) => isWanted(question, collection, segment));
      if (wanting.length > 0) addSegment(folder, segment, collections, question, wanting, trees);
    }
    const firstReceivedMs = receivedMs(readSegment(folder, first).hits);
    parts.push({ node, first: first.number, last: last.number, firstReceivedMs, trees, tooLarge: [] });
  }
  return parts;
}

/** The last of them that follow each other. */
function withoutGap(segments: readonly SegmentFile[]): readonly SegmentFile[] {
  let begin = segments.length - 1;
  while (begin > 0 && segments[begin - 1]?.number === (segments[begin]?.number as number) - 1) begin--;
  return segments.slice(begin);
}

function isWanted({ upTo, after }: Question, collection: string, { node, number }: SegmentFile): boolean {
  return number <= (upTo.get(collection)?.get(node) ?? 0) && number > (after?.get(collection)?.get(node) ?? 0);
}

function addSegment(
  folder: string,
  segment: SegmentFile,
  collections: readonly Collection[],
  { site, day }: Question,
  wanting: readonly string[],
  trees: Map<string, Counters>,
): void {
  if (statSync(segmentPath(folder, segment)).mtimeMs < Date.parse(day) - LONG_BEFORE_MS) return;
  const { deltas } = foldSegment(ofDay(readSegment(folder, segment), site, day), collections);
  for (const { collection, id, counters } of deltas) {
    if (id !== `${site}:${day}` || !wanting.includes(collection)) continue;
    trees.set(collection, mergeInto(trees.get(collection) ?? new Counters(), counters));
  }
}

/**
 * Lines that can be of the site and tell of the day: the kind of every line is one character, and the site follows it (journal/line.ts). The day
 * may stand anywhere: a hit of the next day tells of views of this one.
 */
function ofDay({ hits, points }: SegmentContent, site: string, day: string): Pick<SegmentContent, 'hits' | 'points'> {
  const lines = (text: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`\t${site}\t`, 1) && line.includes(day))
      .map((line) => `${line}\n`)
      .join('');
  return { hits: lines(hits), points: lines(points) };
}

/** When the first line's hit was taken. */
function receivedMs(hits: string): number | undefined {
  const field = hits.slice(0, Math.max(0, hits.indexOf('\n'))).split('\t')[2];
  return field === undefined ? undefined : Number(field);
}
