// Takes documents out of an archive for good: of a site that is deleted, or whose time is over. The files of other
// sites are copied as they are, packed.

import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createMembersFile } from '../../system/gzip-members.js';
import { REPLACED, THINNING } from './lock.js';
import { type Archive, type ArchivedCollection, type ArchivedDocument, documentsIn, lineOf } from './manifest.js';
import { writeManifest } from './write.js';

/** What becomes of a site's documents in one collection; the same list when nothing does. */
export type Thinning = (collection: string, documents: readonly ArchivedDocument[]) => readonly ArchivedDocument[];

/**
 * Call it within `holdingArchives`. `sites` chooses the sites whose documents are looked at. Returns how many
 * documents were removed or changed. If it fails, the archive is either unchanged or done; if the process dies
 * between the two renames, the next one restores the old archive.
 */
export async function thin(archive: Archive, sites: (site: string) => boolean, thinning: Thinning): Promise<number> {
  const { folder, manifest } = archive;
  const parent = dirname(folder);
  const draft = join(parent, `${THINNING}${basename(folder)}-${randomBytes(6).toString('hex')}`);
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
