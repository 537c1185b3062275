// A pack is the folder `packed/<day>.<node>.<first>-<last>.<generation>`. It contains the hits of the node's segments
// from the first to the last number, as tables (pack-tables.ts), and a manifest. The day is the UTC day on which the
// hits were received. If two folders overlap, the one with the wider range is valid, or else the one with the later
// generation. Renaming a draft to the folder's name commits it. The folders that it replaces are removed afterwards.
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
  /** Segment numbers, both inclusive. */
  readonly first: number;
  readonly last: number;
  /** UTC. */
  readonly day: string;
  readonly generation: number;
}

/** A segment to be counted, or the segments of a pack. The number of a pack is that of its last segment. */
export type Uncounted = SegmentFile | (SegmentName & { readonly state: 'packed'; readonly pack: PackName });

export interface PackManifest {
  readonly format: 1;
  /** The checksum from when the last segment was sealed. The store recognises the segment by it. */
  readonly lastChecksum: number;
  /** When the first of its hits was received. Milliseconds since 1970, rounded down to five minutes. */
  readonly sinceMs: number;
  /** The number of lines. */
  readonly lines: number;
  /** CRC-32 of each table's file, by table. */
  readonly checksums: Readonly<Record<string, number>>;
}

export interface Pack {
  readonly manifest: PackManifest;
  readonly tables: readonly TableReader[];
}

/** The valid packs, sorted by node, then by number. */
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

/** Removes the leftovers of a killed process: drafts, and folders that other folders have replaced. */
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

/** Writes lines as a pack and syncs it to disk, then removes the packs that it replaces. */
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

/** Throws a DamagedData if a checksum does not match. */
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
  return new DamagedData(
    `the packed journal ${path} is damaged: restore its folder, or move it away to continue without its hits`,
  );
}

/** All lines of a pack, or those of one site. */
export async function packedLines({ tables }: Pack, site?: string): Promise<string[]> {
  const some = await Promise.all(tables.map((table) => (site === undefined ? table.lines() : table.linesOf(site))));
  return some.flat();
}

/** Caches the last packs, for callers that read them for many sites one after the other. */
export function createPackReader(journalFolder: string): (name: PackName) => Pack {
  const cache = new LRUCache<string, Pack>({ max: CACHED_MAX });
  return (name) => {
    const path = pathOf(journalFolder, name);
    let pack = cache.get(path);
    if (pack === undefined) {
      pack = readPack(journalFolder, name);
      cache.set(path, pack);
    }
    return pack;
  };
}

const CACHED_MAX = 8;

export function packContains({ node, first, last }: PackName, segment: SegmentName): boolean {
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
