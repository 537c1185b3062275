// Reads and validates the lines of a backup of a MongoDB database. Each line is parsed only once, so that the validated
// value is the one that is used.
import { BSON } from 'mongodb';
import { problemOf, UnusableFile } from '../../system/untrusted-files.js';
import type { Entry } from './dump-entries.js';
import { type BackupFile, linesOf } from './manifest.js';
import { shapeOf } from './shapes.js';

export interface ReadEntry {
  readonly collection: string;
  readonly entry: Entry;
  /** The length of its line, or its size in BSON if it comes from another store. */
  readonly bytes: number;
}

/** Throws an UnusableFile that names the file and the line if a line is not a valid entry of its collection. */
export async function* entriesIn(folder: string, file: BackupFile): AsyncGenerator<ReadEntry> {
  const collection = file.collection as string; // readManifest has checked that it has one
  let number = 0;
  const ids = new Set<string>();
  for await (const line of linesOf(folder, file)) {
    const place = `${file.path}, line ${++number},`;
    const entry = checkEntry(place, collection, parseLine(place, line));
    if (ids.has(entry._id)) throw new UnusableFile(`${place} is damaged: "${entry._id}" appears twice`);
    ids.add(entry._id);
    yield { collection, entry, bytes: line.length };
  }
}

function parseLine(place: string, line: string): Readonly<Record<string, unknown>> {
  try {
    const value = BSON.EJSON.parse(line, { relaxed: true }) as object;
    // turns binary values into buffers, as the driver does
    return BSON.deserialize(BSON.serialize(value), { promoteBuffers: true });
  } catch {
    throw new UnusableFile(`${place} is damaged: it is not a JSON document`);
  }
}

/** Throws an UnusableFile that names the place if this is not a valid entry of the collection. */
export function checkEntry(place: string, collection: string, { _id, ...fields }: Readonly<Record<string, unknown>>): Entry {
  if (typeof _id !== 'string') throw new UnusableFile(`${place} is damaged: it has no id`);
  const shape = shapeOf(collection, _id);
  if (shape === undefined) return { _id, ...fields };
  const result = shape.safeParse(fields);
  if (!result.success) throw new UnusableFile(`${place} is not as expected: ${problemOf(result.error)}`);
  return { _id, ...result.data };
}
