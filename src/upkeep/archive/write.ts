// Writes an archive to a draft folder, reads it back, and renames the folder. So an archive is always complete.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Counters } from '../../counters/counters.js';
import { isArchived, withoutArchiveState } from '../../store/document-metadata.js';
import { type Documents, siteOf } from '../../store/documents.js';
import { createMembersFile } from '../../system/gzip-members.js';
import { syncToDisk } from '../../system/sync-to-disk.js';
import { removeOldDrafts, WRITING } from './lock.js';
import {
  type Archive,
  type ArchivedCollection,
  fileOf,
  folderOf,
  inBatches,
  lineOf,
  MANIFEST,
  type Manifest,
  readArchive,
  verify,
} from './manifest.js';

const READ_MAX = 50;

export interface Writing {
  readonly documents: Pick<Documents, 'ids' | 'read'>;
  readonly archivesDir: string;
  readonly year: string;
  readonly part: number;
  /** Names of collections, such as `content.2019`. */
  readonly names: readonly string[];
  readonly nowMs: number;
  readonly isStopped: () => boolean;
  /** Called with the number of documents that were written since the last call. */
  readonly onProgress: (documents: number) => void;
}

/** Returns the archive, which another worker may have written; `undefined` when stopped. */
export async function writeArchive(writing: Writing): Promise<Archive | undefined> {
  const { archivesDir, year, part, nowMs, isStopped } = writing;
  const folder = folderOf(archivesDir, year, part);
  mkdirSync(archivesDir, { recursive: true });
  removeOldDrafts(archivesDir, nowMs);
  const draft = join(archivesDir, `${WRITING}${year}-${randomBytes(6).toString('hex')}`);
  mkdirSync(draft);
  try {
    const collections: ArchivedCollection[] = [];
    for (const name of writing.names) {
      const collection = await writeCollection(writing, draft, name);
      if (collection.members.length > 0) collections.push(collection);
      else rmSync(join(draft, collection.file)); // an empty file is not a valid gzip file
    }
    const documents = collections.reduce((sum, { documents }) => sum + documents, 0);
    const manifest: Manifest = {
      format: 'hitherto-archive',
      version: 1,
      year,
      part,
      writtenAt: new Date(nowMs).toISOString(),
      documents,
      collections,
    };
    await writeManifest(draft, manifest);
    await verify(readArchive(draft), isStopped);
    if (isStopped()) return undefined;
    if (!existsSync(folder)) await putInPlace(draft, folder, archivesDir);
    return readArchive(folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The manifest is written last, so an archive with a manifest is complete. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const file = await open(join(folder, MANIFEST), 'wx');
  try {
    await file.writeFile(`${JSON.stringify(manifest)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function putInPlace(draft: string, folder: string, archivesDir: string): Promise<void> {
  syncToDisk(draft);
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another worker was faster, and its archive is complete.
    if (!['EEXIST', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  syncToDisk(archivesDir);
}

async function writeCollection(writing: Writing, draft: string, name: string): Promise<ArchivedCollection> {
  const file = fileOf(name);
  const out = await createMembersFile(join(draft, file));
  const members: ArchivedCollection['members'] = [];
  let documents = 0;
  try {
    for await (const [site, ids] of bySite(writing.documents.ids(name))) {
      if (writing.isStopped()) break;
      const member = await out.add(linesOf(writing, name, ids));
      if (member.lines > 0) members.push({ site, ...member });
      documents += member.lines;
      writing.onProgress(member.lines);
    }
  } finally {
    await out.close();
  }
  return { name, file, documents, members };
}

async function* linesOf({ documents }: Writing, collection: string, ids: readonly string[]): AsyncGenerator<string> {
  for (let i = 0; i < ids.length; i += READ_MAX) {
    const some = ids.slice(i, i + READ_MAX);
    const found = await documents.read(some.map((id) => ({ collection, id })));
    for (const [place, counters = new Counters()] of found.entries()) {
      if (counters.fields.size === 0) continue; // removed meanwhile
      yield lineOf({ id: some[place] as string, counters: withoutArchiveState(counters), replaces: isArchived(counters) });
    }
  }
}

/** Groups ids by site. The ids of a site follow one another. */
async function* bySite(ids: AsyncIterable<string>): AsyncGenerator<[site: string, ids: string[]]> {
  let site: string | undefined;
  let its: string[] = [];
  for await (const batch of inBatches(ids, 1000)) {
    for (const id of batch) {
      const now = siteOf(id);
      if (now !== site) {
        if (site !== undefined) yield [site, its];
        site = now;
        its = [];
      }
      its.push(id);
    }
  }
  if (site !== undefined) yield [site, its];
}
