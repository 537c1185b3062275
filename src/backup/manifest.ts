// What is in a backup: written last, so a folder without it is a backup that was not finished.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMember } from '../lines/members.js';
import { Stopped, type Watch } from './port.js';

const FILE = 'manifest.json';
const FORMAT = 1;

/** Of the store that was backed up. */
export type Mode = 'embedded' | 'mongodb';

export interface BackupFile {
  /** Relative to the folder of the backup. */
  readonly path: string;
  readonly bytes: number;
  /** Hex; where there are `lines` over those, unpacked, else over the file. */
  readonly sha256: string;
  readonly lines?: number;
  /** The MongoDB collection that it holds. */
  readonly collection?: string;
}

export interface Manifest {
  readonly hitherto: 'backup';
  readonly format: typeof FORMAT;
  /** Of the program that wrote it. */
  readonly version: string;
  /** ISO. Everything that was counted before it was begun is in it, and perhaps some of what was counted later. */
  readonly begunAt: string;
  readonly mode: Mode;
  readonly files: readonly BackupFile[];
  /** Entries by the name of the collection or database that they are in. */
  readonly counts: Readonly<Record<string, number>>;
}

export function writeManifest(folder: string, fields: Omit<Manifest, 'hitherto' | 'format'>): void {
  const manifest: Manifest = { hitherto: 'backup', format: FORMAT, ...fields };
  const draft = join(folder, `${FILE}.draft`);
  writeFileSync(draft, `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  renameSync(draft, join(folder, FILE));
}

/** Throws, in one line, for what is no whole backup of a format that is known here. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, FILE);
  if (!existsSync(path)) {
    throw new Error(
      `${folder} holds no finished backup: there is no ${FILE} in it; give the folder that a backup was written to`,
    );
  }
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is damaged: ${(error as Error).message}`);
  }
  if (manifest?.hitherto !== 'backup') throw new Error(`${path} is not of a backup`);
  if (manifest.format !== FORMAT) {
    throw new Error(
      `${path} says format ${manifest.format}, and this version reads format ${FORMAT}: use the version that wrote it`,
    );
  }
  return manifest as Manifest;
}

/** Reads every file and compares its checksum. Throws, naming the file, when one is not what was written. */
export async function verify(folder: string, { files }: Manifest, watch: Watch): Promise<void> {
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const file of files) {
    const path = join(folder, file.path);
    if (!existsSync(path)) throw new Error(`${path} is missing: the backup is not whole`);
    if (file.lines !== undefined) {
      for await (const _ of linesOf(folder, file)) if (watch.isStopped()) throw new Stopped();
    } else {
      const { bytes, sha256 } = await measure(path, watch);
      if (bytes !== file.bytes || sha256 !== file.sha256) throw new Error(`${path} is damaged: its checksum differs`);
    }
    done += file.bytes;
    watch.onShare(all === 0 ? 1 : done / all);
  }
}

/** Of a file of lines. Throws at its end when it is not what was written. */
export function linesOf(folder: string, { path, bytes, lines = 0, sha256 }: BackupFile): AsyncGenerator<string> {
  return readMember(join(folder, path), { offset: 0, bytes, lines, sha256 });
}

export async function measure(path: string, watch: Pick<Watch, 'isStopped'>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (watch.isStopped()) throw new Stopped();
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
