// The journal's files. While it is open, a segment is `<node>.<number>.open`; sealed it is `….hits`, and its lines
// are shuffled: the order in which they came is gone. The rename is the commit. The first line, of fixed length, says
// what it is and, once sealed, the checksum over the rest. One that was rewritten (by a deletion, or because what it
// held has been packed) keeps that checksum, by which the store knows it, and has beside it the one over what it
// holds now.
//
// Format 1 is that of version 0.1, where sketch points were in files of their own: `….open.points`, sealed `….points`, and
// `….points.<generation>` once rewritten, so that the rename of the hits' file is the commit of both.

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DamagedData } from '../store/damaged.js';
import { keepRoughTime, syncFolder, writeSynced } from './files.js';
import { shuffled } from './shuffle.js';

const HEADER_BYTES = 256;
/**
 * Of a few thousand hits a second. In larger segments each hit is one of many, and counting would fall behind. All
 * are packed soon.
 */
const SHUFFLED_LINES_MAX = 5_000;

export interface SegmentName {
  readonly node: string;
  /** From 1, without gaps. */
  readonly number: number;
}

export interface SegmentFile extends SegmentName {
  readonly state: 'open' | 'sealed';
}

interface Header extends SegmentName {
  readonly format: 1 | 2;
  /** Over the salt and the lines, then the points of format 1. Absent while the segment is open. */
  readonly checksum?: number;
  /**
   * Random; 0 where there is none. It goes when the lines are packed: without it, nobody can try out which rows of a
   * pack the checksum is of, and so were sealed together.
   */
  readonly salt?: number;
  /** How often it was rewritten, and the checksum over what is in it since. */
  readonly rewritten?: { readonly generation: number; readonly checksum: number };
}

/** Without their line breaks. */
export interface SegmentLines {
  readonly format: 1 | 2;
  readonly lines: readonly string[];
  /** None but in format 1. */
  readonly points: readonly string[];
}

/** What a sealed segment holds. */
export interface SegmentContent extends SegmentName, SegmentLines {
  /** That it was sealed with. */
  readonly checksum: number;
  readonly bytes: number;
}

const FILE = /^([a-z][a-z0-9]{3,40})\.([0-9]{12})\.(open|hits)$/;

function path(folder: string, { node, number }: SegmentName, ending: string): string {
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
export function createSegment(folder: string, name: SegmentName): { file: number; start: number } {
  const file = openSync(path(folder, name, 'open'), 'w');
  try {
    writeSync(file, headerBytes({ format: 2, ...name }));
    return { file, start: HEADER_BYTES };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Whether an open segment, left by a process that ended, has a whole line in it. */
export function isEmpty(folder: string, name: SegmentName): boolean {
  return !readFileSync(path(folder, name, 'open')).includes(0x0a, HEADER_BYTES);
}

export function removeOpen(folder: string, name: SegmentName): void {
  rmSync(path(folder, name, 'open'), { force: true });
  rmSync(path(folder, name, 'open.points'), { force: true });
}

/** Puts an open segment out of the way that must not be counted; returns the file's new name. */
export function setAside(folder: string, name: SegmentName): string {
  const aside = path(folder, name, 'set-aside');
  renameSync(path(folder, name, 'open'), aside);
  const points = path(folder, name, 'open.points');
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
export function sealSegment(folder: string, name: SegmentName): SegmentContent {
  const openPath = path(folder, name, 'open');
  const bytes = readFileSync(openPath);
  if (headerOf(bytes, openPath).format === 1) return sealOldSegment(folder, name, bytes);
  const lines = linesOf(wholeLines(bytes, HEADER_BYTES));
  const body = lines.length > SHUFFLED_LINES_MAX ? wholeLines(bytes, HEADER_BYTES) : Buffer.from(textOf(shuffled(lines)));
  const salt = randomBytes(4).readUInt32LE(0);
  const checksum = crc32(body, salt);
  const draft = path(folder, name, 'hits.draft');
  writeSynced(draft, [headerBytes({ format: 2, ...name, checksum, salt }), body]);
  renameSync(draft, openPath);
  renameSync(openPath, path(folder, name, 'hits'));
  syncFolder(folder);
  return { ...name, format: 2, checksum, lines, points: [], bytes: body.length };
}

/** What is between the line breaks: a text that ends with one. */
export function linesOf(text: Buffer | string): string[] {
  const lines = text.toString('utf8').split('\n');
  lines.pop();
  return lines;
}

function textOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function sealOldSegment(folder: string, name: SegmentName, bytes: Buffer): SegmentContent {
  const openPath = path(folder, name, 'open');
  const body = wholeLines(bytes, HEADER_BYTES);
  const points = sealPoints(folder, name);
  const checksum = crc32(points, crc32(body));
  const file = openSync(openPath, 'r+');
  try {
    ftruncateSync(file, HEADER_BYTES + body.length);
    writeSync(file, headerBytes({ format: 1, ...name, checksum }), 0, HEADER_BYTES, 0);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(openPath, path(folder, name, 'hits'));
  syncFolder(folder);
  rmSync(path(folder, name, 'open.points'), { force: true });
  return { ...name, format: 1, checksum, lines: linesOf(body), points: linesOf(points), bytes: body.length + points.length };
}

function sealPoints(folder: string, name: SegmentName): string {
  const openPath = path(folder, name, 'open.points');
  const sealedPath = path(folder, name, 'points');
  if (!existsSync(openPath)) return existsSync(sealedPath) ? readFileSync(sealedPath, 'latin1') : '';
  const lines = wholeLines(readFileSync(openPath), 0).toString('latin1').split('\n');
  lines.pop(); // what follows the last line break: nothing
  if (lines.length === 0) return '';
  lines.sort();
  const text = `${lines.join('\n')}\n`;
  const draft = path(folder, name, 'points.draft');
  writeSynced(draft, [text]);
  renameSync(draft, sealedPath);
  return text;
}

/** Throws when the file is not what was sealed, or rewritten: a damaged segment must never be counted as if it were whole. */
export function readSegment(folder: string, name: SegmentName): SegmentContent {
  const file = path(folder, name, 'hits');
  const bytes = readFileSync(file);
  const { format, checksum, salt, rewritten } = headerOf(bytes, file);
  const body = bytes.subarray(HEADER_BYTES);
  const pointsPath = path(folder, name, pointsEnding(rewritten?.generation));
  const points = existsSync(pointsPath) ? readFileSync(pointsPath, 'latin1') : '';
  if (
    checksum === undefined ||
    crc32(points, crc32(body, rewritten === undefined ? salt : 0)) !== (rewritten?.checksum ?? checksum)
  ) {
    throw new DamagedData(
      `the journal segment ${file} is damaged: its checksum differs; move it away to go on without its hits, or restore it`,
    );
  }
  return { ...name, format, checksum, lines: linesOf(body), points: linesOf(points), bytes: body.length + points.length };
}

/**
 * Puts other lines in the place of a sealed segment's, on disk with its folder; its age stays, to the five minutes.
 * After a crash at any step there is the old content or the new, whole; what is left of the other goes with the next
 * rewriting, or with `removeOldPoints`.
 */
export function rewriteSegment(folder: string, name: SegmentName, kept: Pick<SegmentLines, 'lines' | 'points'>): void {
  const [hits, points] = [textOf(kept.lines), textOf(kept.points)];
  const file = path(folder, name, 'hits');
  const { rewritten, salt: _, ...header } = headerOf(readFileSync(file), file);
  const generation = (rewritten?.generation ?? 0) + 1;
  const pointsPath = path(folder, name, pointsEnding(generation));
  rmSync(pointsPath, { force: true });
  if (points !== '') writeSynced(pointsPath, [points]);
  const draft = path(folder, name, 'hits.draft');
  const body = Buffer.from(hits);
  writeSynced(draft, [headerBytes({ ...header, rewritten: { generation, checksum: crc32(points, crc32(body)) } }), body]);
  keepRoughTime(file, draft);
  renameSync(draft, file);
  syncFolder(folder);
  removeOldPoints(folder, name);
}

/** Removes what a rewriting that was cut short has left: points that are no longer the segment's. */
export function removeOldPoints(folder: string, name: SegmentName): void {
  const file = path(folder, name, 'hits');
  const { rewritten } = headerOf(readHeader(file), file);
  for (let generation = 0; generation < (rewritten?.generation ?? 0); generation++) {
    rmSync(path(folder, name, pointsEnding(generation)), { force: true });
  }
}

/**
 * Puts other hits and points in the place of an open segment's that nobody writes to. Done in two steps: to be
 * repeated after a crash.
 */
export function rewriteOpen(folder: string, name: SegmentName, change: (lines: SegmentLines) => SegmentLines): void {
  const hitsPath = path(folder, name, 'open');
  const pointsPath = path(folder, name, 'open.points');
  const bytes = readFileSync(hitsPath);
  const { format } = headerOf(bytes, hitsPath);
  const lines = linesOf(wholeLines(bytes, HEADER_BYTES));
  const points = existsSync(pointsPath) ? linesOf(wholeLines(readFileSync(pointsPath), 0)) : [];
  const changed = change({ format, lines, points });
  // What a sealing that was cut short has made of them: the next one makes it anew.
  if (existsSync(pointsPath))
    for (const ending of ['points', 'points.draft']) rmSync(path(folder, name, ending), { force: true });
  if (changed.lines === lines && changed.points === points) return;
  const replace = (target: string, parts: ReadonlyArray<string | Buffer>): void => {
    writeSynced(`${target}.draft`, parts);
    renameSync(`${target}.draft`, target);
  };
  if (format === 1) replace(pointsPath, [textOf(changed.points)]);
  replace(hitsPath, [headerBytes({ format, node: name.node, number: name.number }), textOf(changed.lines)]);
  syncFolder(folder);
}

function pointsEnding(generation = 0): string {
  return generation === 0 ? 'points' : `points.${generation}`;
}

function readHeader(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(HEADER_BYTES);
    readSync(handle, bytes, 0, HEADER_BYTES, 0);
    return bytes;
  } finally {
    closeSync(handle);
  }
}

/**
 * Takes out what a segment held, once that is in a pack. The file stays as a mark: its number, and the checksum that
 * it was sealed with.
 */
export function emptySegment(folder: string, name: SegmentName): void {
  rewriteSegment(folder, name, { lines: [], points: [] });
}

/** Whether a sealed segment is a mark, and nothing more. */
export function isSealedEmpty(folder: string, name: SegmentName): boolean {
  return statSync(path(folder, name, 'hits')).size <= HEADER_BYTES;
}

/** Of a sealed segment: which version wrote it. */
export function formatOf(folder: string, name: SegmentName): 1 | 2 {
  const file = path(folder, name, 'hits');
  return headerOf(readHeader(file), file).format;
}

/** The checksum that a segment was sealed with. */
export function checksumOf(folder: string, name: SegmentName): number | undefined {
  const file = path(folder, name, 'hits');
  return headerOf(readFileSync(file), file).checksum;
}

export function removeSealed(folder: string, name: SegmentName): void {
  const file = path(folder, name, 'hits');
  const generation = existsSync(file) ? (headerOf(readHeader(file), file).rewritten?.generation ?? 0) : 0;
  for (let old = 0; old <= generation + 1; old++) rmSync(path(folder, name, pointsEnding(old)), { force: true });
  rmSync(path(folder, name, 'hits'), { force: true });
}

/** Where the hits of a segment are at the moment. */
export function segmentPath(folder: string, file: SegmentFile): string {
  return path(folder, file, file.state === 'open' ? 'open' : 'hits');
}

/** What a segment takes on disk. */
export function bytesOf(folder: string, file: SegmentFile): number {
  const hits = segmentPath(folder, file);
  const sealed = () => pointsEnding(headerOf(readHeader(hits), hits).rewritten?.generation);
  const points = path(folder, file, file.state === 'open' ? 'open.points' : sealed());
  return statSync(hits).size + (statSync(points, { throwIfNoEntry: false })?.size ?? 0);
}

function wholeLines(bytes: Buffer, start: number): Buffer {
  const end = bytes.lastIndexOf(0x0a) + 1;
  return bytes.subarray(Math.min(start, bytes.length), Math.max(start, end));
}

function headerBytes(header: Header): Buffer {
  return Buffer.from(`${JSON.stringify(header).padEnd(HEADER_BYTES - 1)}\n`);
}

function headerOf(bytes: Buffer, file: string): Header {
  try {
    return JSON.parse(bytes.subarray(0, HEADER_BYTES).toString('utf8')) as Header;
  } catch {
    throw new DamagedData(
      `the journal segment ${file} is damaged: its first line cannot be read; move it away to go on, or restore it`,
    );
  }
}
