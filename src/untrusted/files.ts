// Files that others may have made: exports, backups, archives. Before one is opened it is known to be a regular file, and of one that a
// file names, that it lies in its folder: a device or a pipe would be read without end, and a link or `../` would lead anywhere.
import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';
import type { z } from 'zod';

/** A file cannot be used. The message, in one line, names it and says why; it shows nothing of what is in it. */
export class UnusableFile extends Error {}

/** A person has named this file, so it may be a link. Throws an UnusableFile. */
export function regularFile(path: string): { readonly bytes: number } {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UnusableFile(`there is no file ${path}`);
  if (!found.isFile()) throw new UnusableFile(`${path} is no regular file, but ${kindOf(found)}`);
  return { bytes: found.size };
}

/** The path of a file that another file names, relative to a folder. Throws an UnusableFile where it is not a regular file inside. */
export function fileInside(folder: string, name: string): string {
  const path = join(folder, name);
  const isBelow = name !== '' && !name.includes('\0') && !isAbsolute(name) && !normalize(name).split(sep).includes('..');
  if (!isBelow) throw new UnusableFile(`the file "${name}" would lie outside ${folder}: it is not read`);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) throw new UnusableFile(`${path} is missing`);
  const isLinkedOut = !resolved(path).startsWith(resolved(folder) + sep);
  if (isLinkedOut) throw new UnusableFile(`${path} is a link that leads outside ${folder}: it is not read`);
  regularFile(path);
  return path;
}

/** Throws an UnusableFile where the file is not JSON of this shape. */
export function readJson<Shape extends z.ZodType>(path: string, shape: Shape, bytesMax: number): z.infer<Shape> {
  const { bytes } = regularFile(path);
  if (bytes > bytesMax) throw new UnusableFile(`${path} has ${bytes} bytes; at most ${bytesMax} are read`);
  return parseJson(path, readFileSync(path, 'utf8'), shape);
}

/** `place`: the file, and where in it the text stands. JSON.parse says what it could not read: that is kept back. */
export function parseJson<Shape extends z.ZodType>(place: string, text: string, shape: Shape): z.infer<Shape> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnusableFile(`${place} is damaged: it is no JSON`);
  }
  const checked = shape.safeParse(value);
  if (!checked.success) throw new UnusableFile(`${place} is not as expected: ${problemOf(checked.error)}`);
  return checked.data;
}

/** The first of the problems, and where it is. */
export function problemOf({ issues }: z.ZodError): string {
  const [first] = issues;
  const where = (first?.path ?? []).map(String).join('.');
  return `${where === '' ? '' : `${where}: `}${first?.message ?? 'unknown'}`;
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw new UnusableFile(`${path} is a link that leads nowhere`);
  }
}

function kindOf(found: ReturnType<typeof statSync> & object): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}
