// The segments of a journal. An open segment is the file `<node>.<number>.open`, a sealed one `<node>.<number>.hits`.
// Sealing shuffles the lines, so that their order of arrival is lost, and commits by renaming the file. The header
// (segment-header.ts) contains a checksum of the rest of the file. A rewritten segment (rewrite.ts) keeps this
// checksum, because the store recognises the segment by it, and has a second checksum of its current content.
//
// Format 1 is the format of version 0.1. It stores sketch points in separate files: `….open.points`, sealed
// `….points`, and `….points.<generation>` after a rewrite, so that renaming the file of hits commits both files.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DamagedData } from '../store/damaged.js';
import { syncToDisk } from '../system/sync-to-disk.js';
import { columnMapping, UNNAMED_COLUMNS } from './columns.js';
import { writeSynced } from './files.js';
import { LINE_FORMAT, type LineFormat } from './line-format.js';
import { checksumSeed, headerBytes, parseHeader, readHeader, type SegmentHeader } from './segment-header.js';
import { shuffled } from './shuffle.js';

/**
 * Reached at a few thousand hits a second. Larger segments are not shuffled, because counting would fall behind. They
 * are packed a few minutes later, and packing sorts the lines.
 */
const SHUFFLED_LINES_MAX = 5_000;

export interface SegmentName {
  readonly node: string;
  /** Starts at 1 and has no gaps. */
  readonly number: number;
}

export interface SegmentFile extends SegmentName {
  readonly state: 'open' | 'sealed';
}

/** Lines without line breaks. They have the columns of this version, even if another version wrote them. */
export interface SegmentLines {
  readonly format: 1 | 2;
  readonly lines: readonly string[];
  /** Empty except in format 1. */
  readonly points: readonly string[];
}

/** The content of a sealed segment. */
export interface SegmentContent extends SegmentName, SegmentLines {
  /** The checksum from when the segment was sealed. */
  readonly checksum: number;
  readonly bytes: number;
}

const FILE = /^([a-z][a-z0-9]{3,40})\.([0-9]{12})\.(open|hits)$/;

export function pathOf(folder: string, { node, number }: SegmentName, ending: string): string {
  return join(folder, `${node}.${String(number).padStart(12, '0')}.${ending}`);
}

/** Sorted by node, then by number. */
export function segmentsIn(folder: string): SegmentFile[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const match = FILE.exec(name);
      if (match === null) return [];
      return {
        node: match[1] as string,
        number: Number(match[2]),
        state: match[3] === 'open' ? ('open' as const) : ('sealed' as const),
      };
    })
    .sort((a, b) => (a.node === b.node ? a.number - b.number : a.node < b.node ? -1 : 1));
}

/** Creates an open segment. `start` is the position of its first line in the file. */
export function createSegment(
  folder: string,
  name: SegmentName,
  { columns }: Pick<LineFormat, 'columns'> = LINE_FORMAT,
): { file: number; start: number } {
  const file = openSync(pathOf(folder, name, 'open'), 'w');
  try {
    const header = headerBytes({ format: 2, ...name, columns });
    writeSync(file, header);
    return { file, start: header.length };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Whether an open segment that an earlier process left behind contains no complete line. */
export function isEmpty(folder: string, name: SegmentName): boolean {
  const bytes = readFileSync(pathOf(folder, name, 'open'));
  return !bytes.includes(0x0a, bytes.indexOf(0x0a) + 1);
}

export function removeOpen(folder: string, name: SegmentName): void {
  rmSync(pathOf(folder, name, 'open'), { force: true });
  rmSync(pathOf(folder, name, 'open.points'), { force: true });
}

/** Moves an open segment out of the way so that it is not counted. Returns the new path of the file. */
export function quarantineSegment(folder: string, name: SegmentName): string {
  const quarantined = pathOf(folder, name, 'set-aside');
  renameSync(pathOf(folder, name, 'open'), quarantined);
  const points = pathOf(folder, name, 'open.points');
  if (existsSync(points)) renameSync(points, `${quarantined}.points`);
  return quarantined;
}

/**
 * A crash between the last two steps of sealing leaves points in their order of arrival. They are removed, because
 * this order must not be stored.
 */
export function removeStrayPoints(folder: string): void {
  const names = new Set(readdirSync(folder));
  for (const name of names) {
    if (name.endsWith('.open.points') && !names.has(name.slice(0, -'.points'.length))) rmSync(join(folder, name));
  }
}

/**
 * Seals a segment, syncs it and its folder to disk, and returns its content. An incomplete last line was never
 * acknowledged and is dropped. Lines are shuffled, so that the journal does not show which of them arrived together.
 * May be repeated after a crash at any step.
 */
export function sealSegment(folder: string, name: SegmentName, format = LINE_FORMAT): SegmentContent {
  const openPath = pathOf(folder, name, 'open');
  const bytes = readFileSync(openPath);
  const { header, length } = parseHeader(bytes, openPath);
  if (header.format === 1) return sealOldSegment(folder, name, bytes);
  const lines = linesOf(wholeLines(bytes, length));
  const body = lines.length > SHUFFLED_LINES_MAX ? wholeLines(bytes, length) : Buffer.from(textOf(shuffled(lines)));
  const salt = randomBytes(4).readUInt32LE(0);
  const checksum = crc32(body, checksumSeed(header, salt));
  const draft = pathOf(folder, name, 'hits.draft');
  writeSynced(draft, [headerBytes({ ...header, ...name, checksum, salt }), body]);
  renameSync(draft, openPath);
  renameSync(openPath, pathOf(folder, name, 'hits'));
  syncToDisk(folder);
  return { ...name, format: 2, checksum, lines: mapped(lines, header, format), points: [], bytes: body.length };
}

/** Converts lines of another version to lines of this version. */
export function mapped(
  lines: string[],
  { format, columns = UNNAMED_COLUMNS }: SegmentHeader,
  to: Pick<LineFormat, 'columns' | 'emptyTexts'> = LINE_FORMAT,
): string[] {
  const map = format === 1 ? undefined : columnMapping(columns, to.columns, to.emptyTexts);
  return map === undefined ? lines : lines.map(map);
}

/** The lines of a text whose last line ends with a line break. */
export function linesOf(text: Buffer | string): string[] {
  const lines = text.toString('utf8').split('\n');
  lines.pop();
  return lines;
}

export function textOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function sealOldSegment(folder: string, name: SegmentName, bytes: Buffer): SegmentContent {
  const openPath = pathOf(folder, name, 'open');
  const { length } = parseHeader(bytes, openPath);
  const body = wholeLines(bytes, length);
  const points = sealPoints(folder, name);
  const checksum = crc32(points, crc32(body));
  const file = openSync(openPath, 'r+');
  try {
    ftruncateSync(file, length + body.length);
    writeSync(file, headerBytes({ format: 1, ...name, checksum }), 0, length, 0);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(openPath, pathOf(folder, name, 'hits'));
  syncToDisk(folder);
  rmSync(pathOf(folder, name, 'open.points'), { force: true });
  return { ...name, format: 1, checksum, lines: linesOf(body), points: linesOf(points), bytes: body.length + points.length };
}

function sealPoints(folder: string, name: SegmentName): string {
  const openPath = pathOf(folder, name, 'open.points');
  const sealedPath = pathOf(folder, name, 'points');
  if (!existsSync(openPath)) return existsSync(sealedPath) ? readFileSync(sealedPath, 'latin1') : '';
  const lines = wholeLines(readFileSync(openPath), 0).toString('latin1').split('\n');
  lines.pop(); // the empty text after the last line break
  if (lines.length === 0) return '';
  lines.sort();
  const text = `${lines.join('\n')}\n`;
  const draft = pathOf(folder, name, 'points.draft');
  writeSynced(draft, [text]);
  renameSync(draft, sealedPath);
  return text;
}

/**
 * Throws a DamagedData if the checksum does not match: a damaged segment must never be counted as if it were
 * complete.
 */
export function readSegment(folder: string, name: SegmentName, lineFormat = LINE_FORMAT): SegmentContent {
  const file = pathOf(folder, name, 'hits');
  const bytes = readFileSync(file);
  const { header, length } = parseHeader(bytes, file);
  const { format, checksum, rewritten } = header;
  const seed = checksumSeed(header, rewritten === undefined ? header.salt : 0);
  const body = bytes.subarray(length);
  const pointsPath = pathOf(folder, name, pointsEnding(rewritten?.generation));
  const points = existsSync(pointsPath) ? readFileSync(pointsPath, 'latin1') : '';
  if (checksum === undefined || crc32(points, crc32(body, seed)) !== (rewritten?.checksum ?? checksum)) {
    throw new DamagedData(
      `the journal segment ${file} is damaged: its checksum differs; restore it, or move it away to continue without its hits`,
    );
  }
  const lines = mapped(linesOf(body), header, lineFormat);
  return { ...name, format, checksum, lines, points: linesOf(points), bytes: body.length + points.length };
}

export function pointsEnding(generation = 0): string {
  return generation === 0 ? 'points' : `points.${generation}`;
}

/** Whether a sealed segment has only a header. */
export function isSealedEmpty(folder: string, name: SegmentName): boolean {
  const file = pathOf(folder, name, 'hits');
  return statSync(file).size <= readHeader(file).length;
}

/** The format of a sealed segment. */
export function formatOf(folder: string, name: SegmentName): 1 | 2 {
  return readHeader(pathOf(folder, name, 'hits')).header.format;
}

/** The checksum from when a sealed segment was sealed. */
export function checksumOf(folder: string, name: SegmentName): number | undefined {
  return readHeader(pathOf(folder, name, 'hits')).header.checksum;
}

export function removeSealed(folder: string, name: SegmentName): void {
  const file = pathOf(folder, name, 'hits');
  const generation = existsSync(file) ? (readHeader(file).header.rewritten?.generation ?? 0) : 0;
  for (let old = 0; old <= generation + 1; old++) rmSync(pathOf(folder, name, pointsEnding(old)), { force: true });
  rmSync(pathOf(folder, name, 'hits'), { force: true });
}

/** The path of a segment's file of hits in its current state. */
export function segmentPath(folder: string, file: SegmentFile): string {
  return pathOf(folder, file, file.state === 'open' ? 'open' : 'hits');
}

/** The size of a segment on disk. */
export function bytesOf(folder: string, file: SegmentFile): number {
  const hits = segmentPath(folder, file);
  const sealedEnding = () => pointsEnding(readHeader(hits).header.rewritten?.generation);
  const points = pathOf(folder, file, file.state === 'open' ? 'open.points' : sealedEnding());
  return statSync(hits).size + (statSync(points, { throwIfNoEntry: false })?.size ?? 0);
}

export function wholeLines(bytes: Buffer, start: number): Buffer {
  const end = bytes.lastIndexOf(0x0a) + 1;
  return bytes.subarray(Math.min(start, bytes.length), Math.max(start, end));
}
