// Takes what was deleted out of a node's journal. What is rewritten folds to the same deltas as before, since the counting had left the same out.
import { readFileSync } from 'node:fs';
import { createEarliest, createLineReader, forEachLine, hitLine, parsePointLine } from '../journal/line.js';
import {
  type OpenContent,
  type SegmentFile,
  readSegment,
  removeOldPoints,
  removeStrayPoints,
  rewriteOpen,
  rewriteSegment,
  segmentPath,
  segmentsIn,
} from '../journal/segment.js';
import type { Obedience } from './tombstone.js';

/** Rewrites a sealed segment if something of it was deleted. Throws when it is damaged. May be repeated after a crash. */
export function cleanSegment(folder: string, segment: SegmentFile, obedience: Obedience): 'rewritten' | 'clean' {
  removeOldPoints(folder, segment);
  const kept = remainsOf(folder, segment, obedience);
  if (kept === undefined) return 'clean';
  rewriteSegment(folder, segment, kept.hits, kept.points);
  return 'rewritten';
}

/** Cleans a journal that no process writes to, and whatever a process that was killed has left in it. */
export function cleanFolder(folder: string, obedience: Obedience): void {
  removeStrayPoints(folder);
  for (const segment of segmentsIn(folder)) {
    if (segment.state === 'sealed') cleanSegment(folder, segment, obedience);
    else cleanOpen(folder, segment, obedience);
  }
}

function cleanOpen(folder: string, segment: SegmentFile, obedience: Obedience): void {
  rewriteOpen(folder, segment, (content) => without(content, obedience));
}

/** Whether a sealed segment holds something that was deleted. */
export function holdsDeleted(folder: string, segment: SegmentFile, obedience: Obedience): boolean {
  return remainsOf(folder, segment, obedience) !== undefined;
}

/** Undefined when nothing of it was deleted. */
function remainsOf(folder: string, segment: SegmentFile, obedience: Obedience): OpenContent | undefined {
  // Most segments know nothing of the site: that is seen without reading their lines. A point is always in the segment of its hit.
  const bytes = readFileSync(segmentPath(folder, segment));
  if (!obedience.sites.some((site) => bytes.includes(`\t${site}\t`))) return undefined;
  const content = readSegment(folder, segment);
  const kept = without(content, obedience);
  return kept.hits === content.hits && kept.points === content.points ? undefined : kept;
}

function without({ hits, points }: OpenContent, obedience: Obedience): OpenContent {
  const read = createLineReader();
  const earliest = createEarliest();
  const kept = { hits: '', points: '' };
  forEachLine(hits, (line) => {
    const parsed = read(line);
    if (parsed === undefined) {
      kept.hits += `${line}\n`; // it counts nothing; the checksum has said that it is what was written
    } else if ('hit' in parsed) {
      earliest.take(parsed.hit.receivedAtMs);
      const hit = obedience.hit(parsed.hit);
      if (hit !== undefined) kept.hits += hit === parsed.hit ? `${line}\n` : hitLine(hit);
    } else {
      earliest.take(parsed.refusal.receivedAtMs);
      if (obedience.keepsRefusal(parsed.refusal)) kept.hits += `${line}\n`;
    }
  });
  forEachLine(points, (line) => {
    const point = parsePointLine(line);
    if (point === undefined || obedience.keepsPoint(point, earliest.ms())) kept.points += `${line}\n`;
  });
  return kept;
}
