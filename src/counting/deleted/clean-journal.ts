// Removes deleted data from a node's journal. A rewritten file gives the same deltas as before, because the deletion
// filter had already removed the same data while it was counted.
import { readFileSync } from 'node:fs';
import { referrer } from '../../hit/facets/referrer.js';
import { createLineReader, hitLine, type Parsed } from '../../journal/line.js';
import { observationLine } from '../../journal/observation-line.js';
import { createOldLineReader, parsePointLine } from '../../journal/old-line.js';
import {
  type PackName,
  packContains,
  packedLines,
  packsIn,
  readManifest,
  readPack,
  removeReplacedPacks,
  writePack,
} from '../../journal/packs.js';
import { openRegisters } from '../../journal/registers.js';
import { removeLeftovers, rewriteOpen, rewriteSegment } from '../../journal/rewrite.js';
import {
  readSegment,
  removeStrayPoints,
  type SegmentFile,
  type SegmentLines,
  type SegmentName,
  segmentPath,
  segmentsIn,
} from '../../journal/segment.js';
import type { Tombstone } from '../../store/tombstones.js';
import { createDeletionFilter, type DeletionFilter, daysDeleted } from './filter.js';

/** Rewrites a sealed segment if it contains deleted data. Throws if it is damaged. Can be repeated after a crash. */
export function cleanSegment(folder: string, segment: SegmentName, filter: DeletionFilter): 'rewritten' | 'clean' {
  removeLeftovers(folder, segment);
  const remaining = remainsOf(folder, segment, filter);
  if (remaining === undefined) return 'clean';
  rewriteSegment(folder, segment, remaining);
  return 'rewritten';
}

/** Rewrites a pack if it contains deleted data. Rejects if it is damaged. Can be repeated after a crash. */
export async function cleanPack(folder: string, name: PackName, filter: DeletionFilter): Promise<'rewritten' | 'clean'> {
  const remaining = await remainsOfPack(folder, name, filter);
  if (remaining === undefined) return 'clean';
  const { sinceMs, lastChecksum } = readManifest(folder, name);
  writePack(folder, { ...name, generation: name.generation + 1 }, { lines: remaining, sinceMs, lastChecksum });
  return 'rewritten';
}

/** Returns the remaining lines, or undefined if the pack contains no deleted data. */
async function remainsOfPack(folder: string, name: PackName, filter: DeletionFilter): Promise<readonly string[] | undefined> {
  const pack = readPack(folder, name);
  for (const site of filter.sites) {
    const some = await packedLines(pack, site);
    if (withoutNew(some, filter) !== some) return withoutNew(await packedLines(pack), filter);
  }
  return undefined;
}

/** Cleans a journal that no process writes to, including the leftovers of a process that was killed. */
export async function cleanFolder(folder: string, tombstone: Tombstone): Promise<void> {
  const filter = createDeletionFilter([tombstone]);
  removeStrayPoints(folder);
  removeReplacedPacks(folder);
  for (const segment of segmentsIn(folder)) {
    if (segment.state === 'sealed') cleanSegment(folder, segment, filter);
    else cleanOpen(folder, segment, filter);
  }
  for (const pack of packsIn(folder)) await cleanPack(folder, pack, filter);
  const days = daysDeleted(tombstone);
  if (days === undefined) return;
  const registers = openRegisters(folder);
  registers.forget(tombstone.site, ...days);
  registers.close();
}

function cleanOpen(folder: string, segment: SegmentFile, filter: DeletionFilter): void {
  rewriteOpen(folder, segment, (lines) => without(lines, filter));
}

/** Counts the segments and packs that contain deleted data. */
export async function countHolding(folder: string, filter: DeletionFilter): Promise<number> {
  const packs = packsIn(folder);
  const segments = segmentsIn(folder).filter(
    (one) => one.state === 'sealed' && !packs.some((pack) => packContains(pack, one)) && remainsOf(folder, one, filter),
  );
  const rewritten = await Promise.all(packs.map((pack) => remainsOfPack(folder, pack, filter)));
  return segments.length + rewritten.filter((remaining) => remaining !== undefined).length;
}

/** Returns the remaining lines, or undefined if the segment contains no deleted data. */
function remainsOf(folder: string, segment: SegmentName, filter: DeletionFilter): SegmentLines | undefined {
  // Most segments contain nothing of the site, and this search is faster than parsing their lines. A point is always in
  // the segment of its hit.
  const bytes = readFileSync(segmentPath(folder, { ...segment, state: 'sealed' }));
  if (!filter.sites.some((site) => bytes.includes(`\t${site}\t`))) return undefined;
  const content = readSegment(folder, segment);
  const remaining = without(content, filter);
  return remaining.lines === content.lines && remaining.points === content.points ? undefined : remaining;
}

function without(lines: SegmentLines, filter: DeletionFilter): SegmentLines {
  return lines.format === 1 ? withoutOld(lines, filter) : { ...lines, lines: withoutNew(lines.lines, filter) };
}

/** Returns the same list if nothing in it is deleted. */
function withoutNew(lines: readonly string[], filter: DeletionFilter): readonly string[] {
  const read = createLineReader();
  return changed(lines, (line) => {
    const parsed = read(line);
    if (parsed === undefined) return line; // it counts nothing; the checksum has shown that it was written like this
    if ('hit' in parsed) {
      const hit = filter.hit(parsed.hit);
      return hit === parsed.hit ? line : hit && hitLine(hit).slice(0, -1);
    }
    if ('refusal' in parsed) return filter.keepsRefusal(parsed.refusal) ? line : undefined;
    const observation = filter.observation(parsed.observation);
    return observation === parsed.observation ? line : observation && observationLine(observation, parsed.times).slice(0, -1);
  });
}

function changed(lines: readonly string[], change: (line: string) => string | undefined): readonly string[] {
  const remaining = lines.map(change);
  return remaining.every((line, i) => line === lines[i]) ? lines : remaining.filter((line) => line !== undefined);
}

function withoutOld({ format, lines, points }: SegmentLines, filter: DeletionFilter): SegmentLines {
  const read = createOldLineReader();
  let earliestMs = Number.POSITIVE_INFINITY;
  const keptLines = changed(lines, (line) => {
    const parsed = read(line);
    for (const one of parsed) if ('hit' in one) earliestMs = Math.min(earliestMs, one.hit.receivedAtMs);
    return oldLineWithout(line, parsed, filter);
  });
  const receivedAtMs = earliestMs === Number.POSITIVE_INFINITY ? 0 : earliestMs;
  const keptPoints = changed(points, (line) => {
    const point = parsePointLine(line);
    return point === undefined || filter.keepsPoint(point, receivedAtMs) ? line : undefined;
  });
  return { format, lines: keptLines, points: keptPoints };
}

/** A line of format 1 contains a view and the page before it. Deleted pages and referrers are removed field by field. */
function oldLineWithout(line: string, parsed: readonly Parsed[], filter: DeletionFilter): string | undefined {
  const fields = line.split('\t');
  for (const one of parsed) {
    if ('refusal' in one) {
      if (!filter.keepsRefusal(one.refusal)) return undefined;
    } else if ('hit' in one) {
      const hit = filter.hit(one.hit);
      if (hit === undefined) return undefined;
      if (hit !== one.hit) [fields[5], fields[6], fields[7]] = [hit.path, hit.title, referrer.column.write(hit.referrer)];
    } else if (one.observation.kind === 'ping' || one.observation.kind === 'reading') {
      const redacted = filter.observation(one.observation);
      if (redacted === undefined) return undefined;
      if (redacted.kind === 'reading') fields[5] = redacted.path;
    } else if (one.observation.kind === 'step') {
      const redacted = filter.observation(one.observation);
      if (redacted === undefined)
        fields[11] = ''; // the day of the earlier view is deleted, so the continued visit counts nowhere
      else if (redacted.kind === 'step') fields[10] = redacted.from;
    }
  }
  return fields.join('\t');
}
