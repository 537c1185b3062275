// Counted segments, packed: a folder `packed/<day>.<node>.<first>-<last>.<generation>` holds what the node's segments
// from the first number to the last one held, as tables (pack-tables.ts) and a manifest. The day is the UTC day on
// which they were taken. Of folders that overlap, the one with the wider range, or the later generation, is valid;
// the rename that gives a folder its name is the commit, and what it replaces is removed afterwards.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { DamagedData } from '../store/damaged.js';
import { syncToDisk } from '../system/sync-to-disk.js';
import { readTable, type TableReader, writeTables } from './pack-tables.js';
import type { SegmentFile, SegmentName } from './segment.js';

const FOLDER = 'packed';
const NAME = /^([0-9]{4}-[0-9]{2}-[0-9]{2})\.([a-z][a-z0-9]{3,40})\.([0-9]{12})-([0-9]{12})\.([0-9]{6})$/;
const MANIFEST = 'manifest.json';

export interface PackName {
  readonly node: string;
  /** Numbers of segments, both included. */
  readonly first: number;
  readonly last: number;
  /** UTC. */
  readonly day: string;
  readonly generation: number;
}

/** What is to be counted: a segment, or the segments of a pack, whose number is that of the last one. */
export type Uncounted = SegmentFile | (SegmentName & { readonly state: 'packed'; readonly pack: PackName });

export interface PackManifest {
  readonly format: 1;
  /** That the last segment was sealed with: by it the store knows how far the node is counted. */
  readonly lastChecksum: number;
  /** Before this moment nothing was taken of what it holds. Milliseconds since 1970, cut to the five minutes. */
  readonly sinceMs: number;
  /** Lines that it holds. */
  readonly lines: number;
  /** CRC-32 by table. */
  readonly checksums: Readonly<Record<string, number>>;
}

export interface Pack {
  readonly manifest: PackManifest;
  readonly tables: readonly TableReader[];
}

/** The valid ones: by node, then by number. */
export function packsIn(journalFolder: string): PackName[] {
  return namesIn(journalFolder).valid;
}

function namesIn(journalFolder: string): { valid: PackName[]; replaced: PackName[] } {
  const folder = join(journalFolder, FOLDER);
  const all = existsSync(folder) ? readdirSync(folder).flatMap((name) => nameOf(name) ?? []) : [];
  const replaced = all.filter((one) => all.some((other) => replaces(other, one)));
  const valid = all.filter((one) => !replaced.includes(one));
  valid.sort((a, b) => (a.node === b.node ? a.first - b.first : a.node < b.node ? -1 : 1));
  return { valid, replaced };
}

function replaces(other: PackName, one: PackName): boolean {
  if (other === one || other.node !== one.node || other.first > one.first || other.last < one.last) return false;
  const isSame = other.first === one.first && other.last === one.last;
  return !isSame || other.generation > one.generation;
}

/** Removes what a process that was killed has left: drafts, and folders that others have replaced. */
export function removeReplacedPacks(journalFolder: string): void {
  const folder = join(journalFolder, FOLDER);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (name.endsWith('.draft')) rmSync(join(folder, name), { recursive: true, force: true });
  for (const name of namesIn(journalFolder).replaced) removePack(journalFolder, name);
}

export function removePack(journalFolder: string, name: PackName): void {
  rmSync(pathOf(journalFolder, name), { recursive: true, force: true });
}

export function packBytes(journalFolder: string, name: PackName): number {
  const folder = pathOf(journalFolder, name);
  return readdirSync(folder).reduce((sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Puts lines into a folder, on disk when this returns; then removes what it replaces. */
export function writePack(
  journalFolder: string,
  name: PackName,
  { lines, sinceMs, lastChecksum }: { lines: readonly string[]; sinceMs: number; lastChecksum: number },
): void {
  const folder = join(journalFolder, FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = pathOf(journalFolder, name);
  const draft = `${path}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const tables = writeTables(lines);
  const checksums = Object.fromEntries([...tables].map(([table, bytes]) => [table, crc32(bytes)]));
  const manifest: PackManifest = { format: 1, lastChecksum, sinceMs, lines: lines.length, checksums };
  for (const [table, bytes] of tables) writeFileSync(join(draft, `${table}.parquet`), bytes, { flush: true, mode: 0o600 });
  writeFileSync(join(draft, MANIFEST), `${JSON.stringify(manifest)}\n`, { flush: true, mode: 0o600 });
  syncToDisk(draft);
  renameSync(draft, path);
  syncToDisk(folder);
  for (const replaced of namesIn(journalFolder).replaced) removePack(journalFolder, replaced);
}

/** Throws when a file is not what was written. */
export function readPack(journalFolder: string, name: PackName): Pack {
  const manifest = readManifest(journalFolder, name);
  const tables = Object.entries(manifest.checksums).map(([table, checksum]) => {
    const path = join(pathOf(journalFolder, name), `${table}.parquet`);
    const bytes = readFileSync(path);
    if (crc32(bytes) !== checksum) throw damaged(path);
    return readTable(table, bytes);
  });
  return { manifest, tables };
}

export function readManifest(journalFolder: string, name: PackName): PackManifest {
  const path = join(pathOf(journalFolder, name), MANIFEST);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PackManifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    throw damaged(path);
  }
}

function damaged(path: string): Error {
  return new DamagedData(`the packed journal ${path} is damaged: move its folder away to go on without its hits, or restore it`);
}

/** All lines, or those of one site. */
export async function packedLines({ tables }: Pack, site?: string): Promise<string[]> {
  const some = await Promise.all(tables.map((table) => (site === undefined ? table.lines() : table.linesOf(site))));
  return some.flat();
}

/** Packs that were read a moment ago, for whoever asks of many sites. */
export function createPackReader(journalFolder: string): (name: PackName) => Pack {
  const known = new LRUCache<string, Pack>({ max: KEPT_OPEN_MAX });
  return (name) => {
    const path = pathOf(journalFolder, name);
    let pack = known.get(path);
    if (pack === undefined) {
      pack = readPack(journalFolder, name);
      known.set(path, pack);
    }
    return pack;
  };
}

const KEPT_OPEN_MAX = 8;

export function holdsSegment({ node, first, last }: PackName, segment: SegmentName): boolean {
  return segment.node === node && first <= segment.number && segment.number <= last;
}

function pathOf(journalFolder: string, { day, node, first, last, generation }: PackName): string {
  const range = `${String(first).padStart(12, '0')}-${String(last).padStart(12, '0')}`;
  return join(journalFolder, FOLDER, `${day}.${node}.${range}.${String(generation).padStart(6, '0')}`);
}

function nameOf(name: string): PackName | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const [, day, node, first, last, generation] = match as unknown as [string, string, string, string, string, string];
  return { day, node, first: Number(first), last: Number(last), generation: Number(generation) };
}
