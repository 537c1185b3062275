// An archive: a folder with a file for each collection of a year, and a manifest that lists their contents.
//
//   2019/manifest.json
//   2019/content.2019.jsonl.gz     one line for each document, one gzip member for each site
//
// docs/archives.md describes the format for readers that use other tools.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { toJson } from '../../counters/codec/json.js';
import type { Counters } from '../../counters/counters.js';
import { documentFromJson } from '../../store/document-metadata.js';
import { isKeyIn, keyOf, partsOfName, siteOf } from '../../store/documents.js';
import type { Ledger } from '../../store/ledger.js';
import { readMember } from '../../system/gzip-members.js';
import { fileInside, parseJson, readJson } from '../../system/untrusted-files.js';
import { archivedYears } from '../expired.js';

export const MANIFEST = 'manifest.json';
/** Enough for a hundred thousand sites in all collections. */
const MANIFEST_BYTES_MAX = 512 * 1024 * 1024;

const whole = z.int().min(0);

const member = z.object({
  site: z.string(),
  offset: whole,
  bytes: whole,
  lines: whole,
  sha256: z.string(),
});

const collection = z
  .object({ name: z.string(), file: z.string(), documents: whole, members: z.array(member) })
  .refine(({ name, file }) => file === fileOf(name), 'the file is not that of the collection')
  .refine(({ members }) => areApart(members), 'a site appears twice, or its parts overlap');

const manifest = z
  .object({
    format: z.literal('hitherto-archive'),
    version: z.literal(1),
    year: z.string().regex(/^[0-9]{4}$/, 'no year'),
    /** From 1. Hits that are counted into a year after it was archived go into another part. */
    part: z.int().min(1),
    writtenAt: z.iso.datetime(),
    documents: whole,
    collections: z.array(collection),
  })
  .refine(
    ({ year, collections }) => collections.every(({ name }) => partsOfName(name)?.year === year),
    'a collection is of another year',
  )
  .refine(
    ({ collections }) => new Set(collections.map(({ name }) => name)).size === collections.length,
    'a collection appears twice',
  );

export type Manifest = z.infer<typeof manifest>;
export type ArchivedCollection = Manifest['collections'][number];

export interface Archive {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface ArchivedDocument {
  readonly id: string;
  readonly counters: Counters;
  /** It contains everything that the document of the same id in an earlier part does, and more. */
  readonly replaces: boolean;
}

/** The name of a collection's file in the folder of an archive. */
export function fileOf(collection: string): string {
  return `${collection}.jsonl.gz`;
}

/** Members must not overlap, and no site may have two. */
function areApart(members: ReadonlyArray<z.infer<typeof member>>): boolean {
  const areInOrder = members.every(({ offset }, i) => {
    const before = members[i - 1];
    return before === undefined || offset >= before.offset + before.bytes;
  });
  return areInOrder && new Set(members.map(({ site }) => site)).size === members.length;
}

export function folderOf(archivesDir: string, year: string, part: number): string {
  return join(archivesDir, part === 1 ? year : `${year}.${part}`);
}

/** The archives of one year or of all, in the order of years and parts. Throws when a manifest cannot be read. */
export function archivesIn(archivesDir: string, year?: string): Archive[] {
  return archiveNames(archivesDir, year).map((name) => readNamed(archivesDir, name));
}

/** All archives that can be read, and a message for each that cannot. */
export function readableArchives(archivesDir: string): { archives: Archive[]; problems: string[] } {
  const [archives, problems]: [Archive[], string[]] = [[], []];
  for (const name of archiveNames(archivesDir)) {
    try {
      archives.push(readNamed(archivesDir, name));
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return { archives, problems };
}

/** The years that are archived according to the store, but not in this folder. */
export async function missingYears(ledger: Ledger, archivesDir: string | undefined): Promise<string[]> {
  const here = new Set(archivesDir === undefined ? [] : archiveNames(archivesDir).map((name) => name.slice(0, YEAR_LENGTH)));
  return [...(await archivedYears(ledger))].filter((year) => !here.has(year));
}

const YEAR_LENGTH = '2019'.length;

/** The names of the archives' folders, sorted by year and part: `2019`, `2019.2`. */
function archiveNames(archivesDir: string, year?: string): string[] {
  if (!existsSync(archivesDir)) return [];
  const partOf = (name: string) => Number(name.slice(YEAR_LENGTH + 1) || 1);
  return readdirSync(archivesDir)
    .filter((name) => /^[0-9]{4}(\.[0-9]+)?$/.test(name) && (year === undefined || name.slice(0, YEAR_LENGTH) === year))
    .sort((a, b) => (a.slice(0, YEAR_LENGTH) === b.slice(0, YEAR_LENGTH) ? partOf(a) - partOf(b) : a < b ? -1 : 1));
}

function readNamed(archivesDir: string, name: string): Archive {
  const archive = readArchive(join(archivesDir, name));
  const { year, part } = archive.manifest;
  if (folderOf('', year, part) === name) return archive;
  throw new Error(`${archive.folder} contains the archive ${folderOf('', year, part)}: rename the folder to match`);
}

/** Throws an error that names the file when the manifest cannot be read. */
export function readArchive(folder: string): Archive {
  try {
    return { folder, manifest: readJson(fileInside(folder, MANIFEST), manifest, MANIFEST_BYTES_MAX) };
  } catch (error) {
    throw new Error(`${(error as Error).message}; restore the archive from a copy`);
  }
}

export function lineOf({ id, counters, replaces }: ArchivedDocument): string {
  return `{"_id":${JSON.stringify(id)},${replaces ? '"replaces":true,' : ''}"counters":${toJson(counters)}}`;
}

/** The documents of one site, or of all. Throws when the file is damaged, possibly after some documents were returned. */
export async function* documentsIn(
  { folder }: Archive,
  { name, file, members }: ArchivedCollection,
  site?: string,
): AsyncGenerator<ArchivedDocument> {
  const path = fileInside(folder, file);
  for (const member of members) {
    if (site !== undefined && member.site !== site) continue;
    if (member.offset + member.bytes > statSync(path).size) throw new Error(`${path} is damaged: it is cut short`);
    const ids = new Set<string>();
    for await (const line of readMember(path, member)) {
      const document = documentOf(`${path}, ${member.site}, line ${ids.size + 1},`, line, name, member.site);
      if (ids.has(document.id)) throw new Error(`${path} is damaged: "${document.id}" appears twice`);
      ids.add(document.id);
      yield document;
    }
  }
}

const lineShape = z.object({ _id: z.string(), replaces: z.boolean().default(false), counters: z.unknown() });

/** Throws an error that names the place when the line is not a document of this site and collection. */
function documentOf(place: string, line: string, collection: string, site: string): ArchivedDocument {
  const { _id: id, replaces, counters } = parseJson(place, line, lineShape);
  if (siteOf(id) !== site || !isKeyIn(collection, keyOf(id)))
    throw new Error(`${place} is damaged: "${id}" does not belong there`);
  return { id, replaces, counters: documentFromJson(place, counters) };
}

/** Reads the whole archive. Throws when anything is damaged or missing. */
export async function verify(archive: Archive, isStopped: () => boolean = () => false): Promise<void> {
  for (const collection of archive.manifest.collections) {
    let documents = 0;
    for await (const _ of documentsIn(archive, collection)) {
      if (isStopped()) return;
      documents++;
    }
    if (documents !== collection.documents) {
      throw new Error(`${collection.file} contains ${documents} documents; its manifest says ${collection.documents}`);
    }
  }
}

/** Groups items into arrays of `size`. */
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
