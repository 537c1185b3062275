// Puts other lines into a segment, because some were deleted or all have been packed.
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { syncToDisk } from '../system/sync-to-disk.js';
import { keepRoughTime, writeSynced } from './files.js';
import { LINE_FORMAT } from './line-format.js';
import { linesOf, mapped, pathOf, pointsEnding, type SegmentLines, type SegmentName, textOf, wholeLines } from './segment.js';
import { checksumSeed, headerBytes, parseHeader, readHeader } from './segment-header.js';

/**
 * Puts other lines in the place of a sealed segment's, on disk with its folder; its age stays, to the five minutes.
 * After a crash at any step there is the old content or the new, whole; what is left of the other goes with the next
 * rewriting, or with `removeOldPoints`.
 */
export function rewriteSegment(folder: string, name: SegmentName, kept: Pick<SegmentLines, 'lines' | 'points'>): void {
  const [hits, points] = [textOf(kept.lines), textOf(kept.points)];
  const file = pathOf(folder, name, 'hits');
  const { rewritten, salt: _, ...before } = readHeader(file).header;
  const header = before.format === 1 ? before : { ...before, columns: LINE_FORMAT.columns };
  const generation = (rewritten?.generation ?? 0) + 1;
  const pointsPath = pathOf(folder, name, pointsEnding(generation));
  rmSync(pointsPath, { force: true });
  if (points !== '') writeSynced(pointsPath, [points]);
  const draft = pathOf(folder, name, 'hits.draft');
  const body = Buffer.from(hits);
  const checksum = crc32(points, crc32(body, checksumSeed(header)));
  writeSynced(draft, [headerBytes({ ...header, rewritten: { generation, checksum } }), body]);
  keepRoughTime(file, draft);
  renameSync(draft, file);
  syncToDisk(folder);
  removeOldPoints(folder, name);
}

/** Removes what a rewriting that was cut short has left: points that are no longer the segment's. */
export function removeOldPoints(folder: string, name: SegmentName): void {
  const file = pathOf(folder, name, 'hits');
  const { rewritten } = readHeader(file).header;
  for (let generation = 0; generation < (rewritten?.generation ?? 0); generation++) {
    rmSync(pathOf(folder, name, pointsEnding(generation)), { force: true });
  }
}

/**
 * Puts other hits and points in the place of an open segment's that nobody writes to. Done in two steps: to be
 * repeated after a crash.
 */
export function rewriteOpen(folder: string, name: SegmentName, change: (lines: SegmentLines) => SegmentLines): void {
  const hitsPath = pathOf(folder, name, 'open');
  const pointsPath = pathOf(folder, name, 'open.points');
  const bytes = readFileSync(hitsPath);
  const { header, length } = parseHeader(bytes, hitsPath);
  const { format } = header;
  const lines = mapped(linesOf(wholeLines(bytes, length)), header);
  const points = existsSync(pointsPath) ? linesOf(wholeLines(readFileSync(pointsPath), 0)) : [];
  const changed = change({ format, lines, points });
  // What a sealing that was cut short has made of them: the next one makes it anew.
  if (existsSync(pointsPath))
    for (const ending of ['points', 'points.draft']) rmSync(pathOf(folder, name, ending), { force: true });
  if (changed.lines === lines && changed.points === points) return;
  const replace = (target: string, parts: ReadonlyArray<string | Buffer>): void => {
    writeSynced(`${target}.draft`, parts);
    renameSync(`${target}.draft`, target);
  };
  if (format === 1) replace(pointsPath, [textOf(changed.points)]);
  const columns = format === 1 ? {} : { columns: LINE_FORMAT.columns };
  replace(hitsPath, [headerBytes({ format, node: name.node, number: name.number, ...columns }), textOf(changed.lines)]);
  syncToDisk(folder);
}

/**
 * Takes out what a segment held, once that is in a pack. The file stays as a mark: its number, and the checksum that
 * it was sealed with.
 */
export function emptySegment(folder: string, name: SegmentName): void {
  rewriteSegment(folder, name, { lines: [], points: [] });
}
