// Takes documents out of an archive for good: of a site that is deleted, or whose time is over. The files of other sites are copied as they
// are, packed.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { createMembersFile } from '../lines/members.js';
import { type Archive, type ArchivedCollection, type ArchivedDocument, MANIFEST, documentsIn, lineOf } from './manifest.js';
import { writeManifest } from './write.js';

export type Keeps = (collection: string, document: ArchivedDocument) => boolean;

/**
 * `sites`: whose documents are looked at. Gives how many are taken out. When it stops in between, the archive is as it was, or as it is to be;
 * where the process dies between two renames, the next call puts the old one back.
 */
export async function thin(archive: Archive, sites: (site: string) => boolean, keeps: Keeps): Promise<number> {
  const { folder, manifest } = archive;
  const parent = dirname(folder);
  const draft = join(parent, `.thinning-${basename(folder)}-${randomBytes(6).toString('hex')}`);
  mkdirSync(draft);
  try {
    const collections: ArchivedCollection[] = [];
    for (const collection of manifest.collections)
      collections.push(await thinCollection(archive, collection, draft, sites, keeps));
    const documents = collections.reduce((sum, { documents }) => sum + documents, 0);
    const removed = manifest.documents - documents;
    if (removed === 0) return 0;
    await writeManifest(draft, { ...manifest, documents, collections });
    const old = join(parent, `.replaced-${basename(folder)}`);
    rmSync(old, { recursive: true, force: true });
    renameSync(folder, old);
    renameSync(draft, folder);
    rmSync(old, { recursive: true, force: true });
    return removed;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** After a process has died between the two renames. */
export function mendThinned(archivesDir: string, name: string): void {
  const [folder, old] = [join(archivesDir, name), join(archivesDir, `.replaced-${name}`)];
  if (existsSync(join(old, MANIFEST)) && !existsSync(folder)) renameSync(old, folder);
}

async function thinCollection(
  archive: Archive,
  collection: ArchivedCollection,
  draft: string,
  sites: (site: string) => boolean,
  keeps: Keeps,
): Promise<ArchivedCollection> {
  const out = await createMembersFile(join(draft, collection.file));
  const members: ArchivedCollection['members'] = [];
  try {
    for (const member of collection.members) {
      const { site } = member;
      if (!sites(site)) {
        members.push({ site, ...(await out.copy(join(archive.folder, collection.file), member)) });
        continue;
      }
      const lines: string[] = [];
      for await (const document of documentsIn(archive, collection, site)) {
        if (keeps(collection.name, document)) lines.push(lineOf(document));
      }
      if (lines.length > 0) members.push({ site, ...(await out.add(lines)) });
    }
  } finally {
    await out.close();
  }
  return { ...collection, members, documents: members.reduce((sum, { lines }) => sum + lines, 0) };
}
