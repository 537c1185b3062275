// Removes documents of sites from an archive, because they were deleted or have expired. The data of other sites is
// copied without being unpacked.
import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createMembersFile } from '../../system/gzip-members.js';
import { PRUNING, REPLACED } from './lock.js';
import { type Archive, type ArchivedCollection, type ArchivedDocument, documentsIn, lineOf } from './manifest.js';
import { writeManifest } from './write.js';

/** Returns what remains of a site's documents in one collection: the same list when nothing changes. */
export type Pruning = (collection: string, documents: readonly ArchivedDocument[]) => readonly ArchivedDocument[];

/**
 * Must be called within `withLockedArchives`. `sites` selects the sites whose documents are read. Returns how many
 * documents were removed or changed. If it fails, the archive is either unchanged or pruned; if the process is killed
 * between the two renames, the next one restores the old archive.
 */
export async function prune(archive: Archive, sites: (site: string) => boolean, pruning: Pruning): Promise<number> {
  const { folder, manifest } = archive;
  const parent = dirname(folder);
  const draft = join(parent, `${PRUNING}${basename(folder)}-${randomBytes(6).toString('hex')}`);
  mkdirSync(draft);
  try {
    const collections: ArchivedCollection[] = [];
    let pruned = 0;
    for (const collection of manifest.collections) {
      const after = await pruneCollection(archive, collection, { draft, sites, pruning });
      // an empty file is not a valid gzip file
      if (after.collection.members.length > 0) collections.push(after.collection);
      else rmSync(join(draft, collection.file));
      pruned += after.pruned;
    }
    if (pruned === 0) return 0;
    const documents = collections.reduce((sum, { documents }) => sum + documents, 0);
    await writeManifest(draft, { ...manifest, documents, collections });
    const old = join(parent, `${REPLACED}${basename(folder)}`);
    rmSync(old, { recursive: true, force: true });
    renameSync(folder, old);
    renameSync(draft, folder);
    rmSync(old, { recursive: true, force: true });
    return pruned;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

interface PruningInto {
  /** The folder of the new archive. */
  readonly draft: string;
  readonly sites: (site: string) => boolean;
  readonly pruning: Pruning;
}

async function pruneCollection(
  archive: Archive,
  collection: ArchivedCollection,
  { draft, sites, pruning }: PruningInto,
): Promise<{ collection: ArchivedCollection; pruned: number }> {
  const out = await createMembersFile(join(draft, collection.file));
  const members: ArchivedCollection['members'] = [];
  let pruned = 0;
  try {
    for (const member of collection.members) {
      const { site } = member;
      const before = sites(site) ? await documentsOf(archive, collection, site) : [];
      const after = pruning(collection.name, before);
      if (after === before || !sites(site)) {
        members.push({ site, ...(await out.copy(join(archive.folder, collection.file), member)) });
        continue;
      }
      const unchanged = new Set(before);
      pruned += before.length - after.filter((document) => unchanged.has(document)).length;
      if (after.length > 0) members.push({ site, ...(await out.add(after.map(lineOf))) });
    }
  } finally {
    await out.close();
  }
  const documents = members.reduce((sum, { lines }) => sum + lines, 0);
  return { collection: { ...collection, members, documents }, pruned };
}

/** A site has a few hundred documents in a year. */
async function documentsOf(archive: Archive, collection: ArchivedCollection, site: string): Promise<ArchivedDocument[]> {
  const documents: ArchivedDocument[] = [];
  for await (const document of documentsIn(archive, collection, site)) documents.push(document);
  return documents;
}
