// Replaces the lines of a segment, after some were deleted or all were packed.
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { syncToDisk } from '../system/sync-to-disk.js';
import { roundModifiedTime, writeSynced } from './files.js';
import { LINE_FORMAT } from './line-format.js';
import { linesOf, mapped, pathOf, pointsEnding, type SegmentLines, type SegmentName, textOf, wholeLines } from './segment.js';
import { checksumSeed, headerBytes, parseHeader, readHeader } from './segment-header.js';

/**
 * Replaces the lines of a sealed segment, and syncs the file and its folder to disk. The file keeps its modification
 * time, rounded to five minutes. After a crash at any step, the segment has either its old or its new content,
 * completely. The next rewrite or `removeLeftovers` removes what is left of the other one.
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
  roundModifiedTime(file, draft);
  renameSync(draft, file);
  syncToDisk(folder);
  removeLeftovers(folder, name);
}

/** Removes what an interrupted rewrite has left: its draft, and files of points that no longer belong to the segment. */
export function removeLeftovers(folder: string, name: SegmentName): void {
  rmSync(pathOf(folder, name, 'hits.draft'), { force: true });
  const file = pathOf(folder, name, 'hits');
  const { rewritten } = readHeader(file).header;
  for (let generation = 0; generation < (rewritten?.generation ?? 0); generation++) {
    rmSync(pathOf(folder, name, pointsEnding(generation)), { force: true });
  }
}

/**
 * Replaces the hits and points of an open segment that no process writes to. This takes two steps, so the caller must
 * repeat it after a crash.
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
  // An interrupted sealing may have written what is sealed. The next sealing writes it again.
  rmSync(pathOf(folder, name, 'hits.draft'), { force: true });
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
 * Removes all lines of a segment, after they were packed or are not to be retained. The file remains with its number
 * and the checksum from when it was sealed.
 */
export function emptySegment(folder: string, name: SegmentName): void {
  rewriteSegment(folder, name, { lines: [], points: [] });
}
