// The files of an export: which they are, and their text, whatever it is encoded and packed in.
import { readdirSync, statSync } from 'node:fs';
import { refuseBomb } from '../../../system/unpack.js';
import { fileInside, regularFile, UnusableFile } from '../../../system/untrusted-files.js';
import { type LogStream, openLog } from '../log-stream.js';
import { NoProgram } from '../packing.js';
import { NotImportable } from '../ranges.js';

const PIECE_BYTES = 1024 * 1024;
const EXPORT_FILE = /\.csv(?:\.gz)?$/i;

/** Folders are replaced by the CSV files that are in them, in the order of their names. Throws a NotImportable. */
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

/** UTF-8, or UTF-16 where its first two bytes say so; gzipped or not. Throws a NotImportable for what is no text. */
export async function* textOf(path: string): AsyncGenerator<{ text: string; bytes: number }> {
  const file = openFile(path);
  try {
    const start = await file.peek(4);
    if (start.toString('latin1') === 'PK\x03\x04')
      throw new NotImportable(`${path} is a zip archive: unpack it first, and give the folder`);
    const decoder = new TextDecoder(encodingOf(start));
    let isFirst = true;
    for (let read = 0; ; read = file.readBytes()) {
      const piece = await file.take(PIECE_BYTES);
      usable(() => refuseBomb(path, file.readBytes(), file.position()));
      const text = decoder.decode(piece, { stream: piece.length > 0 });
      if (isFirst && text.includes('\0')) throw new NotImportable(`${path} is no text`);
      isFirst = false;
      if (text !== '') yield { text, bytes: file.readBytes() - read };
      if (piece.length === 0) return;
    }
  } finally {
    file.close();
  }
}

/** Errors say which file it is. */
function openFile(path: string): LogStream {
  const told = (error: Error): never => {
    throw new NotImportable(error instanceof NoProgram ? `${path} ${error.message}` : `${path} cannot be read: ${error.message}`);
  };
  const file = openLog(path);
  return { ...file, peek: (bytes) => file.peek(bytes).catch(told), take: (bytes) => file.take(bytes).catch(told) };
}

function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
}
