// An archive: a folder with a file of lines for each collection of a year, and a manifest that says what is in them.
//
//   2019/manifest.json
//   2019/content.2019.jsonl.gz     a line for each document, a gzip member for each site
//
// docs/archives.md describes the format for those who read it with other tools.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Counters } from '../counters/counters.js';
import { fromJson, toJson } from '../counters/json.js';
import type { Ledger } from '../ledger/port.js';
import { type Member, readMember } from '../lines/members.js';
import { archivedYears } from '../retention/gone.js';

export const MANIFEST = 'manifest.json';

const member = z.object({
  site: z.string(),
  offset: z.int().min(0),
  bytes: z.int().min(0),
  lines: z.int().min(0),
  sha256: z.string(),
});

const manifest = z.object({
  format: z.literal('hitherto-archive'),
  version: z.literal(1),
  year: z.string(),
  /** From 1. What comes into a year after it was archived goes into a part of its own. */
  part: z.int().min(1),
  writtenAt: z.iso.datetime(),
  documents: z.int().min(0),
  collections: z.array(z.object({ name: z.string(), file: z.string(), documents: z.int().min(0), members: z.array(member) })),
});

export type Manifest = z.infer<typeof manifest>;
export type ArchivedCollection = Manifest['collections'][number];

export interface Archive {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface ArchivedDocument {
  readonly id: string;
  readonly counters: Counters;
  /** It holds what a document of the same id in an earlier part does, and more. */
  readonly replaces: boolean;
}

export function folderOf(archivesDir: string, year: string, part: number): string {
  return join(archivesDir, part === 1 ? year : `${year}.${part}`);
}

/** Of a year or of all, in the order of years and parts. Throws when a manifest cannot be read. */
export function archivesIn(archivesDir: string, year?: string): Archive[] {
  if (!existsSync(archivesDir)) return [];
  return readdirSync(archivesDir)
    .filter((name) => /^[0-9]{4}(\.[0-9]+)?$/.test(name) && (year === undefined || name.slice(0, 4) === year))
    .map((name) => readArchive(join(archivesDir, name)))
    .sort((a, b) =>
      a.manifest.year === b.manifest.year ? a.manifest.part - b.manifest.part : a.manifest.year < b.manifest.year ? -1 : 1,
    );
}

/** Years that were put away, according to the store, and of which there is nothing here. */
export async function missingYears(ledger: Ledger, archivesDir: string | undefined): Promise<string[]> {
  const here = new Set(archivesDir === undefined ? [] : archivesIn(archivesDir).map(({ manifest }) => manifest.year));
  return [...(await archivedYears(ledger))].filter((year) => !here.has(year));
}

export function readArchive(folder: string): Archive {
  try {
    return { folder, manifest: manifest.parse(JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'))) };
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s+/g, ' ');
    throw new Error(`${join(folder, MANIFEST)} cannot be read: ${reason}; restore the archive from a copy`);
  }
}

export function lineOf({ id, counters, replaces }: ArchivedDocument): string {
  return `{"_id":${JSON.stringify(id)},${replaces ? '"replaces":true,' : ''}"counters":${toJson(counters)}}`;
}

/** Of one site, or all. Throws when the file is damaged, perhaps after some have come. */
export async function* documentsIn(
  { folder }: Archive,
  { file, members }: ArchivedCollection,
  site?: string,
): AsyncGenerator<ArchivedDocument> {
  for (const member of members) {
    if (site !== undefined && member.site !== site) continue;
    for await (const line of readMember(join(folder, file), member as Member)) yield documentOf(line);
  }
}

function documentOf(line: string): ArchivedDocument {
  const { _id: id, replaces = false, counters } = JSON.parse(line) as { _id: string; replaces?: boolean; counters: unknown };
  return { id, replaces, counters: fromJson(counters) };
}

/** Reads all of it. Throws when anything is damaged or missing. */
export async function verify(archive: Archive, isStopped: () => boolean = () => false): Promise<void> {
  for (const collection of archive.manifest.collections) {
    let documents = 0;
    for await (const { id } of documentsIn(archive, collection)) {
      if (isStopped()) return;
      if (!id.includes(':')) throw new Error(`${collection.file} holds "${id}", which is no document`);
      documents++;
    }
    if (documents !== collection.documents) {
      throw new Error(`${collection.file} holds ${documents} documents; its manifest says ${collection.documents}`);
    }
  }
}

/** Some at once. */
export async function* inBatches<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
