// The manifest of a backup. It is written last, so a folder without a manifest is an unfinished backup.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readMember } from '../../system/gzip-members.js';
import { fileInside, readJson } from '../../system/untrusted-files.js';
import { Stopped, type Watch } from './watch.js';

export const MANIFEST = 'manifest.json';
const FORMAT = 1;
const MANIFEST_BYTES_MAX = 16 * 1024 * 1024;

/** The only file in a backup of an embedded store. */
export const STORE_FILE = 'store/data.mdb';

/** The kind of store that was backed up. */
export type Mode = 'embedded' | 'mongodb';

const count = z.int().min(0);

const file = z.object({
  /** Relative to the folder of the backup. */
  path: z.string(),
  bytes: count,
  /** Hexadecimal. The checksum of the uncompressed lines if there are `lines`, otherwise of the file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'no checksum'),
  lines: count.optional(),
  /** The MongoDB collection that the file contains. */
  collection: z.string().optional(),
});

const manifest = z
  .object({
    hitherto: z.literal('backup'),
    format: z.literal(FORMAT),
    /** The version of the program that wrote it. */
    version: z.string(),
    /** The backup contains everything that was counted before this time, and perhaps some of what was counted later. */
    begunAt: z.iso.datetime(),
    mode: z.enum(['embedded', 'mongodb']),
    files: z.array(file),
    /** The number of entries in each collection or database. */
    counts: z.record(z.string(), count),
  })
  .superRefine(({ mode, files }, { addIssue }) => {
    const problem = mode === 'embedded' ? problemOfEmbedded(files) : problemOfMongodb(files);
    if (problem !== undefined) addIssue({ code: 'custom', path: ['files'], message: problem });
  });

/** Parsed first, because another format may have another shape. */
const head = z.object({ hitherto: z.unknown(), format: z.unknown() });

export type BackupFile = z.infer<typeof file>;
export type Manifest = Readonly<z.infer<typeof manifest>>;

function problemOfEmbedded(files: readonly BackupFile[]): string | undefined {
  const [only, ...more] = files;
  const isStore = only?.path === STORE_FILE && only.lines === undefined && only.collection === undefined;
  return isStore && more.length === 0 ? undefined : `a backup of an embedded store has one file, ${STORE_FILE}, and no other`;
}

function problemOfMongodb(files: readonly BackupFile[]): string | undefined {
  const collections = new Set<string>();
  for (const { path, lines, collection } of files) {
    if (lines === undefined || collection === undefined)
      return `"${path}" does not say how many lines it has, or which collection it contains`;
    if (!isCollectionName(collection)) return `"${collection}" is not a collection that can be restored`;
    if (path !== fileOfCollection(collection)) return `"${path}" is not the file of the collection "${collection}"`;
    if (collections.has(collection)) return `the collection "${collection}" appears twice`;
    collections.add(collection);
  }
  return undefined;
}

/** Escapes slashes and other special characters. */
export function fileOfCollection(collection: string): string {
  return `${encodeURIComponent(collection)}.jsonl.gz`;
}

const COLLECTION_CHARACTERS_MAX = 200;
/** This collection marks a database whose restore is not finished. */
export const RESTORES = 'restores';

function isCollectionName(name: string): boolean {
  return (
    /^[^$\p{Cc}\p{Cs}]+$/u.test(name) &&
    name.length <= COLLECTION_CHARACTERS_MAX &&
    !name.startsWith('system.') &&
    name !== RESTORES
  );
}

export function writeManifest(folder: string, fields: Omit<Manifest, 'hitherto' | 'format'>): void {
  const manifest: Manifest = { hitherto: 'backup', format: FORMAT, ...fields };
  const draft = join(folder, `${MANIFEST}.draft`);
  writeFileSync(draft, `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  renameSync(draft, join(folder, MANIFEST));
}

/** Throws, with a message of one line, if the folder is not a complete backup in a known format. */
export function readManifest(folder: string): Manifest {
  if (!existsSync(join(folder, MANIFEST))) {
    throw new Error(
      `${folder} is not a finished backup: there is no ${MANIFEST} in it; name the folder that a backup was written to`,
    );
  }
  const path = fileInside(folder, MANIFEST);
  const { hitherto, format } = readJson(path, head, MANIFEST_BYTES_MAX);
  if (hitherto !== 'backup') throw new Error(`${path} is not the manifest of a backup`);
  if (format !== FORMAT) {
    throw new Error(`${path} has another format than this version reads (${FORMAT}): use the version that wrote it`);
  }
  return readJson(path, manifest, MANIFEST_BYTES_MAX);
}

/** Reads every file and compares its checksum. Rejects with the name of the first file that differs. */
export async function verifyBackup(folder: string, { files }: Manifest, watch: Watch): Promise<void> {
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const file of files) {
    const path = fileInside(folder, file.path);
    if (statSync(path).size !== file.bytes) throw new Error(`${path} is damaged: its size differs from the one in the manifest`);
    if (file.lines !== undefined) {
      for await (const _ of linesOf(folder, file)) if (watch.isStopped()) throw new Stopped();
    } else if ((await sizeAndChecksum(path, watch)).sha256 !== file.sha256) {
      throw new Error(`${path} is damaged: its checksum differs`);
    }
    done += file.bytes;
    watch.onShare(all === 0 ? 1 : done / all);
  }
}

/** Reads the lines of a file. Rejects at the end of the file if its checksum differs. */
export function linesOf(folder: string, { path, bytes, lines = 0, sha256 }: BackupFile): AsyncGenerator<string> {
  return readMember(fileInside(folder, path), { offset: 0, bytes, lines, sha256 });
}

export async function sizeAndChecksum(path: string, watch: Pick<Watch, 'isStopped'>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (watch.isStopped()) throw new Stopped();
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
