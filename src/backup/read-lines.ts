// The lines of a backup of a MongoDB database, each parsed once and checked: what is given is what was checked.
import { BSON } from 'mongodb';
import { UnusableFile, problemOf } from '../untrusted/files.js';
import type { Entry } from './dump-entries.js';
import { type BackupFile, linesOf } from './manifest.js';
import { shapeOf } from './shapes.js';

export interface ReadEntry {
  readonly collection: string;
  readonly entry: Entry;
  /** Of its line. */
  readonly bytes: number;
}

/** Throws an UnusableFile, which names the file and the line, for what is no entry of its collection. */
export async function* entriesIn(folder: string, file: BackupFile): AsyncGenerator<ReadEntry> {
  const collection = file.collection as string; // the manifest was checked
  let number = 0;
  const ids = new Set<string>();
  for await (const line of linesOf(folder, file)) {
    const place = `${file.path}, line ${++number},`;
    const entry = checked(place, collection, parsed(place, line));
    if (ids.has(entry._id)) throw new UnusableFile(`${place} is damaged: "${entry._id}" was there before`);
    ids.add(entry._id);
    yield { collection, entry, bytes: line.length };
  }
}

function parsed(place: string, line: string): Readonly<Record<string, unknown>> {
  try {
    const value = BSON.EJSON.parse(line, { relaxed: true }) as object;
    // bytes as the driver gives them
    return BSON.deserialize(BSON.serialize(value), { promoteBuffers: true });
  } catch {
    throw new UnusableFile(`${place} is damaged: it is no JSON of a document`);
  }
}

/** Throws an UnusableFile, which names the place, where it is no entry of this collection. */
export function checked(place: string, collection: string, { _id, ...fields }: Readonly<Record<string, unknown>>): Entry {
  if (typeof _id !== 'string') throw new UnusableFile(`${place} is damaged: it has no id`);
  const shape = shapeOf(collection, _id);
  if (shape === undefined) return { _id, ...fields };
  const result = shape.safeParse(fields);
  if (!result.success) throw new UnusableFile(`${place} is not as expected: ${problemOf(result.error)}`);
  return { _id, ...result.data };
}
