// Finds the logs to read: files, all files in folders, and standard input. Standard input is stored in a file without
// a name while it is needed, because a log is inspected before it is counted.
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cleanText } from '../../hit/text.js';
import { type LogStream, openLog, openLogAt, packingAt } from './log-stream.js';
import { packingOf } from './packing.js';
import { NotImportable } from './ranges.js';

export interface LogSource {
  /** Shown in messages; without control characters. */
  readonly name: string;
  /** It was found in a folder, so it may be something else than a log. */
  readonly isFromFolder: boolean;
  /** When it was last written; infinite when unknown. All its lines are older. */
  readonly writtenMs: number;
  /** Nothing will be appended any more, so the last line is complete even without a line break. */
  readonly isFinal: boolean;
  /** The last bytes; undefined when the file is packed. */
  end(): Buffer | undefined;
  /** Opens it at its start; may be called several times. */
  open(): LogStream;
  close(): void;
}

/** Longer names are cut in messages. */
const NAME_CHARS_MAX = 1000;
/** A folder with more files was probably given by mistake. */
const FILES_MAX = 1_000_000;

/** Throws a NotImportable when there is nothing at a path. */
export async function sourcesOf(paths: readonly string[], standardInput: () => Readable): Promise<LogSource[]> {
  const sources: LogSource[] = [];
  for (const path of paths) {
    const found = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false });
    if (path !== '-' && found === undefined) throw new NotImportable(`there is no file or folder ${path}`);
    if (found?.isDirectory()) sources.push(...filesIn(path).map((file) => fileSource(file, true)));
    else if (found?.isFile()) sources.push(fileSource(path, false));
    else
      sources.push(
        await storedSource(path === '-' ? 'standard input' : path, path === '-' ? standardInput() : createReadStream(path)),
      );
  }
  return sources;
}

function fileSource(path: string, isFromFolder: boolean): LogSource {
  const writtenMs = statSync(path).mtimeMs;
  const isFinal = writtenMs < Date.now() - WRITTEN_AGO_MS || isPacked(path);
  return {
    name: cleanText(path, NAME_CHARS_MAX),
    isFromFolder,
    writtenMs,
    isFinal,
    end: () => endOf(path),
    open: () => openLog(path),
    close: () => {},
  };
}

/** No server pauses this long in the middle of a line. */
const WRITTEN_AGO_MS = 3_600_000;

function isPacked(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    return packingAt(fd) !== undefined;
  } finally {
    closeSync(fd);
  }
}

const END_BYTES = 64 * 1024;

function endOf(path: string): Buffer | undefined {
  if (isPacked(path)) return undefined;
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(END_BYTES);
    return bytes.subarray(0, readSync(fd, bytes, 0, END_BYTES, Math.max(0, fstatSync(fd).size - END_BYTES)));
  } finally {
    closeSync(fd);
  }
}

/** Returns all files below a folder. Follows links to files, but not links to folders. */
function filesIn(folder: string): string[] {
  const files: string[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() || statSync(path, { throwIfNoEntry: false })?.isFile()) files.push(path);
    }
    if (files.length > FILES_MAX) throw new NotImportable(`the folder ${folder} has more than ${FILES_MAX} files in it`);
  }
  if (files.length === 0) throw new NotImportable(`the folder ${folder} has no files in it`);
  return files.sort();
}

/** Stores the stream in a file that has no name any more, so that it disappears with this process however that ends. */
async function storedSource(name: string, stream: Readable): Promise<LogSource> {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  let fd: number;
  try {
    fd = openSync(join(folder, 'log'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
  try {
    const isPacked = packingOf(await firstChunk(stream)) !== undefined;
    const file = createWriteStream('', { fd, autoClose: false });
    if (isPacked) await pipeline(stream, file);
    else await pipeline(stream, createGzip({ level: 1 }), file);
  } catch (error) {
    closeSync(fd);
    throw new NotImportable(`${name} cannot be read: ${(error as Error).message}`);
  }
  const writtenMs = Number.POSITIVE_INFINITY;
  const end = () => undefined;
  return { name, isFromFolder: false, writtenMs, isFinal: true, end, open: () => openLogAt(fd), close: () => closeSync(fd) };
}

async function firstChunk(stream: Readable): Promise<Buffer> {
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) {
      stream.unshift(chunk);
      return chunk;
    }
    if (stream.readableEnded || stream.destroyed) return Buffer.alloc(0);
    await new Promise<void>((resolve, reject) => {
      stream.once('readable', resolve);
      stream.once('end', resolve);
      stream.once('error', reject);
    });
  }
}
