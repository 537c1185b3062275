// Finds the files of an export and reads their text, packed or not, in UTF-8 or UTF-16.
import { readdirSync, statSync } from 'node:fs';
import { refuseBomb } from '../../../system/unpack.js';
import { fileInside, regularFile, UnusableFile } from '../../../system/untrusted-files.js';
import { type LogStream, openLog } from '../log-stream.js';
import { NoProgram } from '../packing.js';
import { NotImportable } from '../ranges.js';

const PIECE_BYTES = 1024 * 1024;
const EXPORT_FILE = /\.csv(?:\.gz)?$/i;

/** Replaces each folder by the CSV files in it, sorted by name. Throws a NotImportable. */
export function exportFiles(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw new NotImportable(`there is no file or folder ${path}`);
    if (!found.isDirectory()) return usable(() => regularFile(path) && [path]);
    const inside = readdirSync(path)
      .filter((name) => EXPORT_FILE.test(name))
      .sort();
    if (inside.length === 0) throw new NotImportable(`the folder ${path} has no .csv or .csv.gz file in it`);
    return usable(() => inside.map((name) => fileInside(path, name)));
  });
  return [...new Set(files)];
}

function usable<Result>(use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    throw error instanceof UnusableFile ? new NotImportable(error.message) : error;
  }
}

export interface TextPiece {
  /** UTF-8. */
  readonly bytes: Buffer;
  /** How much of the file, packed or not, was read for this piece. */
  readonly readBytes: number;
}

/**
 * Yields the file's text as UTF-8, whether the file is gzipped or not. A file in UTF-16 is recognised by its first two
 * bytes. Throws a NotImportable when the file is not a text.
 */
export async function* textOf(path: string): AsyncGenerator<TextPiece> {
  const file = openFile(path);
  try {
    const start = await file.peek(4);
    if (start.toString('latin1') === 'PK\x03\x04')
      throw new NotImportable(`${path} is a zip archive: unpack it first, and give the folder`);
    const toUtf8 = converterOf(start);
    let isFirst = true;
    for (let before = 0; ; before = file.readBytes()) {
      const piece = await file.take(PIECE_BYTES);
      usable(() => refuseBomb(path, file.readBytes(), file.position()));
      const bytes = toUtf8(piece);
      if (isFirst && bytes.includes(0)) throw new NotImportable(`${path} is not a text file`);
      isFirst = false;
      if (bytes.length > 0) yield { bytes, readBytes: file.readBytes() - before };
      if (piece.length === 0) return;
    }
  } finally {
    file.close();
  }
}

/** Opens the log. Its errors name the file. */
function openFile(path: string): LogStream {
  const failed = (error: Error): never => {
    throw new NotImportable(error instanceof NoProgram ? `${path} ${error.message}` : `${path} cannot be read: ${error.message}`);
  };
  const file = openLog(path);
  return { ...file, peek: (bytes) => file.peek(bytes).catch(failed), take: (bytes) => file.take(bytes).catch(failed) };
}

/** The last piece must be empty: it flushes a character that was cut. */
function converterOf(start: Buffer): (piece: Buffer) => Buffer {
  const mark = start.toString('latin1', 0, 2);
  const encoding = { '\xff\xfe': 'utf-16le', '\xfe\xff': 'utf-16be' }[mark];
  if (encoding === undefined) return (piece) => piece;
  const decoder = new TextDecoder(encoding);
  return (piece) => Buffer.from(decoder.decode(piece, { stream: piece.length > 0 }));
}
