// Opens untrusted files: exports, backups, archives. Each must be a regular file, because a device or a pipe never
// ends. A file that another file names must also lie inside its folder, because a link or `../` could lead anywhere.
import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';
import type { z } from 'zod';

/** A file cannot be used. The message has one line, names the file and the reason, and never quotes the content. */
export class UnusableFile extends Error {}

/** Checks a file that a person has named, so it may be a link. Throws an UnusableFile when it is not a regular file. */
export function regularFile(path: string): { readonly bytes: number } {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UnusableFile(`there is no file ${path}`);
  if (!found.isFile()) throw new UnusableFile(`${path} is not a regular file but ${kindOf(found)}`);
  return { bytes: found.size };
}

/**
 * Resolves a name that another file contains, relative to a folder. Throws an UnusableFile when it is not a regular
 * file inside.
 */
export function fileInside(folder: string, name: string): string {
  const path = join(folder, name);
  const isBelow = name !== '' && !name.includes('\0') && !isAbsolute(name) && !normalize(name).split(sep).includes('..');
  if (!isBelow) throw new UnusableFile(`the file "${name}" lies outside ${folder} and is not read`);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) throw new UnusableFile(`${path} is missing`);
  const isLinkedOut = !resolved(path).startsWith(resolved(folder) + sep);
  if (isLinkedOut) throw new UnusableFile(`${path} is a link that leads outside ${folder} and is not read`);
  regularFile(path);
  return path;
}

/** Throws an UnusableFile when the file is not JSON of this shape. */
export function readJson<Shape extends z.ZodType>(path: string, shape: Shape, bytesMax: number): z.infer<Shape> {
  const { bytes } = regularFile(path);
  if (bytes > bytesMax) throw new UnusableFile(`${path} has ${bytes} bytes; at most ${bytesMax} are read`);
  return parseJson(path, readFileSync(path, 'utf8'), shape);
}

/** `place` is the file and the line, for the message. The error of JSON.parse is not passed on, because it quotes the text. */
export function parseJson<Shape extends z.ZodType>(place: string, text: string, shape: Shape): z.infer<Shape> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnusableFile(`${place} is damaged: it is not JSON`);
  }
  const checked = shape.safeParse(value);
  if (!checked.success) throw new UnusableFile(`${place} is not as expected: ${problemOf(checked.error)}`);
  return checked.data;
}

/** The first problem and where it is. */
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
