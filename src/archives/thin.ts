// Takes documents out of an archive for good: of a site that is deleted, or whose time is over. The files of other sites are copied as they
// are, packed.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { createMembersFile } from '../lines/members.js';
import { type Archive, type ArchivedCollection, type ArchivedDocument, MANIFEST, documentsIn, lineOf } from './manifest.js';
import { writeManifest } from './write.js';

const DRAFT = '.thinning-';
const REPLACED = '.replaced-';
/** Nobody who lives writes so long without a new file. */
const DRAFT_MS_MAX = 3_600_000;

/** What becomes of a site's documents in one collection; the same list when nothing does. */
export type Thinning = (collection: string, documents: readonly ArchivedDocument[]) => readonly ArchivedDocument[];

/**
 * `sites`: whose documents are looked at. Gives how many are taken out or changed. When it stops in between, the archive is as it was, or as it is to be;
 * where the process dies between two renames, the next call puts the old one back.
 */
export async function thin(archive: Archive, sites: (site: string) => boolean, thinning: Thinning): Promise<number> {
  const { folder, manifest } = archive;
  const parent = dirname(folder);
  const draft = join(parent, `${DRAFT}${basename(folder)}-${randomBytes(6).toString('hex')}`);
  mkdirSync(draft);
  try {
    const collections: ArchivedCollection[] = [];
    let thinned = 0;
    for (const collection of manifest.collections) {
      const after = await thinCollection(archive, collection, draft, sites, thinning);
      // an empty file is no gzip
      if (after.collection.members.length > 0) collections.push(after.collection);
      else rmSync(join(draft, collection.file));
      thinned += after.thinned;
    }
    if (thinned === 0) return 0;
    const documents = collections.reduce((sum, { documents }) => sum + documents, 0);
    await writeManifest(draft, { ...manifest, documents, collections });
    const old = join(parent, `${REPLACED}${basename(folder)}`);
    rmSync(old, { recursive: true, force: true });
    renameSync(folder, old);
    renameSync(draft, folder);
    rmSync(old, { recursive: true, force: true });
    return thinned;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * After processes that have died: between the two renames the old archive is put back; after them it is removed, since it holds what was to be
 * taken out. Drafts hold that, too.
 */
export function mendArchives(archivesDir: string): void {
  if (!existsSync(archivesDir)) return;
  for (const name of readdirSync(archivesDir)) {
    const path = join(archivesDir, name);
    const isOldDraft = name.startsWith(DRAFT) && Date.now() - statSync(path).mtimeMs > DRAFT_MS_MAX;
    if (isOldDraft) rmSync(path, { recursive: true, force: true });
    if (!name.startsWith(REPLACED)) continue;
    const folder = join(archivesDir, name.slice(REPLACED.length));
    if (existsSync(folder)) rmSync(path, { recursive: true, force: true });
    else if (existsSync(join(path, MANIFEST))) renameSync(path, folder);
  }
}

async function thinCollection(
  archive: Archive,
  collection: ArchivedCollection,
  draft: string,
  sites: (site: string) => boolean,
  thinning: Thinning,
): Promise<{ collection: ArchivedCollection; thinned: number }> {
  const out = await createMembersFile(join(draft, collection.file));
  const members: ArchivedCollection['members'] = [];
  let thinned = 0;
  try {
    for (const member of collection.members) {
      const { site } = member;
      const before = sites(site) ? await documentsOf(archive, collection, site) : [];
      const after = thinning(collection.name, before);
      if (after === before || !sites(site)) {
        members.push({ site, ...(await out.copy(join(archive.folder, collection.file), member)) });
        continue;
      }
      const unchanged = new Set(before);
      thinned += before.length - after.filter((document) => unchanged.has(document)).length;
      if (after.length > 0) members.push({ site, ...(await out.add(after.map(lineOf))) });
    }
  } finally {
    await out.close();
  }
  const documents = members.reduce((sum, { lines }) => sum + lines, 0);
  return { collection: { ...collection, members, documents }, thinned };
}

/** Of a site and year these are some hundred. */
async function documentsOf(archive: Archive, collection: ArchivedCollection, site: string): Promise<ArchivedDocument[]> {
  const documents: ArchivedDocument[] = [];
  for await (const document of documentsIn(archive, collection, site)) documents.push(document);
  return documents;
}
