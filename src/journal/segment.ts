// The journal's files. While it is open, a segment is `<node>.<number>.open` (hits) and `….open.points`; sealed it is `….hits` and
// `….points`. The rename of the hits' file is the commit. Its first line, of fixed length, says what it is and, once
// sealed, the checksum over both.
import { closeSync, existsSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const HEADER_BYTES = 256;

export interface SegmentName {
  readonly node: string;
  /** From 1, without gaps. */
  readonly number: number;
}

export interface SegmentFile extends SegmentName {
  readonly state: 'open' | 'sealed';
}

interface Header extends SegmentName {
  readonly format: 1;
  /** Over the hits, then the points. Absent while the segment is open. */
  readonly checksum?: number;
}

/** What a sealed segment holds. Hits and points are whole lines. */
export interface SegmentContent extends SegmentName {
  readonly checksum: number;
  readonly hits: string;
  readonly points: string;
  /** Of hits and points. */
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

/** Files to append to; `hitsStart` is where the first line goes. */
export function createSegment(folder: string, name: SegmentName): { hits: number; points: number; hitsStart: number } {
  const hits = openSync(path(folder, name, 'open'), 'w');
  try {
    writeSync(hits, headerBytes({ format: 1, ...name }));
    return { hits, points: openSync(path(folder, name, 'open.points'), 'w'), hitsStart: HEADER_BYTES };
  } catch (error) {
    closeSync(hits);
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

/** After a crash between the last two steps of sealing, points are still there in the order in which they came: they must not stay. */
export function removeStrayPoints(folder: string): void {
  const names = new Set(readdirSync(folder));
  for (const name of names) {
    if (name.endsWith('.open.points') && !names.has(name.slice(0, -'.points'.length))) rmSync(join(folder, name));
  }
}

/**
 * Makes a segment final, on disk with its folder, and returns what is in it. A torn last line was never acknowledged and is dropped.
 * Points are sorted, so that a kept journal does not tell which hit each came with. May be repeated after a crash at any step.
 */
export function sealSegment(folder: string, name: SegmentName): SegmentContent {
  const openPath = path(folder, name, 'open');
  const body = wholeLines(readFileSync(openPath), HEADER_BYTES);
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
  return { ...name, checksum, hits: body.toString('utf8'), points, bytes: body.length + points.length };
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
  const file = openSync(draft, 'w');
  try {
    writeFileSync(file, text, 'latin1');
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, sealedPath);
  return text;
}

/** Throws when the file is not what was sealed: a damaged segment must never be counted as if it were whole. */
export function readSegment(folder: string, name: SegmentName): SegmentContent {
  const file = path(folder, name, 'hits');
  const bytes = readFileSync(file);
  const header = headerOf(bytes, file);
  const body = bytes.subarray(HEADER_BYTES);
  const pointsPath = path(folder, name, 'points');
  const points = existsSync(pointsPath) ? readFileSync(pointsPath, 'latin1') : '';
  if (header.checksum === undefined || crc32(points, crc32(body)) !== header.checksum) {
    throw new Error(
      `the journal segment ${file} is damaged: its checksum differs; move it away to go on without its hits, or restore it`,
    );
  }
  return { ...name, checksum: header.checksum, hits: body.toString('utf8'), points, bytes: body.length + points.length };
}

/** The checksum that a segment was sealed with. */
export function checksumOf(folder: string, name: SegmentName): number | undefined {
  const file = path(folder, name, 'hits');
  return headerOf(readFileSync(file), file).checksum;
}

export function removeSealed(folder: string, name: SegmentName): void {
  rmSync(path(folder, name, 'points'), { force: true });
  rmSync(path(folder, name, 'hits'), { force: true });
}

/** Where the hits of a segment are at the moment. */
export function segmentPath(folder: string, file: SegmentFile): string {
  return path(folder, file, file.state === 'open' ? 'open' : 'hits');
}

/** What a segment takes on disk. */
export function bytesOf(folder: string, file: SegmentFile): number {
  const points = path(folder, file, file.state === 'open' ? 'open.points' : 'points');
  return statSync(segmentPath(folder, file)).size + (statSync(points, { throwIfNoEntry: false })?.size ?? 0);
}

export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
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
    throw new Error(
      `the journal segment ${file} is damaged: its first line cannot be read; move it away to go on, or restore it`,
    );
  }
}
