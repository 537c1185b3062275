// The journal's files. While it is open, a segment is `<node>.<number>.open`; sealed it is `….hits`, and its lines are
// shuffled, so that the order in which they came is lost. The rename is the commit. The header (segment-header.ts) has
// the checksum over the rest. A segment that was rewritten (rewrite.ts) keeps that checksum, because the store knows
// the segment by it, and has a second one over what it holds now.
//
// Format 1 is that of version 0.1, in which sketch points had files of their own: `….open.points`, sealed `….points`,
// and `….points.<generation>` once rewritten, so that the rename of the hits' file commits both.
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

/** A few thousand hits a second. Larger segments are not shuffled: counting would fall behind, and all are packed soon. */
const SHUFFLED_LINES_MAX = 5_000;

export interface SegmentName {
  readonly node: string;
  /** From 1, without gaps. */
  readonly number: number;
}

export interface SegmentFile extends SegmentName {
  readonly state: 'open' | 'sealed';
}

/** Without line breaks, and with the columns of this version, whichever version wrote them. */
export interface SegmentLines {
  readonly format: 1 | 2;
  readonly lines: readonly string[];
  /** Empty except in format 1. */
  readonly points: readonly string[];
}

/** What a sealed segment holds. */
export interface SegmentContent extends SegmentName, SegmentLines {
  /** That it was sealed with. */
  readonly checksum: number;
  readonly bytes: number;
}

const FILE = /^([a-z][a-z0-9]{3,40})\.([0-9]{12})\.(open|hits)$/;

export function pathOf(folder: string, { node, number }: SegmentName, ending: string): string {
  return join(folder, `${node}.${String(number).padStart(12, '0')}.${ending}`);
}

/** By node, then by number. */
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

/** A file to append to; `start` is where the first line goes. */
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

/** Whether an open segment, left by a process that ended, has a whole line in it. */
export function isEmpty(folder: string, name: SegmentName): boolean {
  const bytes = readFileSync(pathOf(folder, name, 'open'));
  return !bytes.includes(0x0a, bytes.indexOf(0x0a) + 1);
}

export function removeOpen(folder: string, name: SegmentName): void {
  rmSync(pathOf(folder, name, 'open'), { force: true });
  rmSync(pathOf(folder, name, 'open.points'), { force: true });
}

/** Puts an open segment out of the way that must not be counted; returns the file's new name. */
export function setAside(folder: string, name: SegmentName): string {
  const aside = pathOf(folder, name, 'set-aside');
  renameSync(pathOf(folder, name, 'open'), aside);
  const points = pathOf(folder, name, 'open.points');
  if (existsSync(points)) renameSync(points, `${aside}.points`);
  return aside;
}

/**
 * After a crash between the last two steps of sealing, points are still there in the order in which they came: they
 * must not stay.
 */
export function removeStrayPoints(folder: string): void {
  const names = new Set(readdirSync(folder));
  for (const name of names) {
    if (name.endsWith('.open.points') && !names.has(name.slice(0, -'.points'.length))) rmSync(join(folder, name));
  }
}

/**
 * Makes a segment final, on disk with its folder, and returns what is in it. A torn last line was never acknowledged
 * and is dropped. Lines are shuffled, so that a kept journal does not tell which of them came together. May be
 * repeated after a crash at any step.
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

/** Lines of another version as lines of this one. */
export function mapped(
  lines: string[],
  { format, columns = UNNAMED_COLUMNS }: SegmentHeader,
  to: Pick<LineFormat, 'columns' | 'emptyTexts'> = LINE_FORMAT,
): string[] {
  const map = format === 1 ? undefined : columnMapping(columns, to.columns, to.emptyTexts);
  return map === undefined ? lines : lines.map(map);
}

/** What is between the line breaks: a text that ends with one. */
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
  lines.pop(); // what follows the last line break: nothing
  if (lines.length === 0) return '';
  lines.sort();
  const text = `${lines.join('\n')}\n`;
  const draft = pathOf(folder, name, 'points.draft');
  writeSynced(draft, [text]);
  renameSync(draft, sealedPath);
  return text;
}

/** Throws when the file is not what was sealed, or rewritten: a damaged segment must never be counted as if it were whole. */
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
      `the journal segment ${file} is damaged: its checksum differs; move it away to go on without its hits, or restore it`,
    );
  }
  const lines = mapped(linesOf(body), header, lineFormat);
  return { ...name, format, checksum, lines, points: linesOf(points), bytes: body.length + points.length };
}

export function pointsEnding(generation = 0): string {
  return generation === 0 ? 'points' : `points.${generation}`;
}

/** Whether a sealed segment is a mark, and nothing more. */
export function isSealedEmpty(folder: string, name: SegmentName): boolean {
  const file = pathOf(folder, name, 'hits');
  return statSync(file).size <= readHeader(file).length;
}

/** Of a sealed segment: which version wrote it. */
export function formatOf(folder: string, name: SegmentName): 1 | 2 {
  return readHeader(pathOf(folder, name, 'hits')).header.format;
}

/** The checksum that a segment was sealed with. */
export function checksumOf(folder: string, name: SegmentName): number | undefined {
  return readHeader(pathOf(folder, name, 'hits')).header.checksum;
}

export function removeSealed(folder: string, name: SegmentName): void {
  const file = pathOf(folder, name, 'hits');
  const generation = existsSync(file) ? (readHeader(file).header.rewritten?.generation ?? 0) : 0;
  for (let old = 0; old <= generation + 1; old++) rmSync(pathOf(folder, name, pointsEnding(old)), { force: true });
  rmSync(pathOf(folder, name, 'hits'), { force: true });
}

/** Where the hits of a segment are at the moment. */
export function segmentPath(folder: string, file: SegmentFile): string {
  return pathOf(folder, file, file.state === 'open' ? 'open' : 'hits');
}

/** What a segment takes on disk. */
export function bytesOf(folder: string, file: SegmentFile): number {
  const hits = segmentPath(folder, file);
  const sealed = () => pointsEnding(readHeader(hits).header.rewritten?.generation);
  const points = pathOf(folder, file, file.state === 'open' ? 'open.points' : sealed());
  return statSync(hits).size + (statSync(points, { throwIfNoEntry: false })?.size ?? 0);
}

export function wholeLines(bytes: Buffer, start: number): Buffer {
  const end = bytes.lastIndexOf(0x0a) + 1;
  return bytes.subarray(Math.min(start, bytes.length), Math.max(start, end));
}
