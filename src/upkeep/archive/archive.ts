// Archives a year that is closed and summarised: writes it to an archive, marks its documents as archived, and only
// then removes them from the store. Each step can be repeated by any process: the archive, the documents and the ledger
// show what is done already.
import { existsSync, rmSync } from 'node:fs';
import type { Counters } from '../../counters/counters.js';
import { areEqual } from '../../counters/equal.js';
import { asArchived, isArchived, withoutArchiveState } from '../../store/document-metadata.js';
import type { Documents } from '../../store/documents.js';
import type { Ledger } from '../../store/ledger.js';
import { ALL_SITES, ARCHIVED } from '../expired.js';
import { archivedPart, noteArchived } from '../summarise.js';
import { type Archive, type ArchivedDocument, documentsIn, folderOf, inBatches, readArchive } from './manifest.js';
import { writeArchive } from './write.js';

/** In the ledger: whether documents are being removed. From then on, the archive must not be written again. */
const STEP = 'archive-step';
const REMOVING = 'removing';
const AT_ONCE = 100;

export interface Archiving {
  readonly documents: Documents;
  readonly ledger: Ledger;
  readonly archivesDir: string;
  readonly year: string;
  /** The collections of the year, all closed and summarised. */
  readonly names: readonly string[];
  readonly nowMs: number;
  readonly isStopped: () => boolean;
  readonly onProgress?: (step: 'written' | 'checked' | 'removed', documents: number) => void;
}

/**
 * Rejects when something was counted into the year meanwhile. Then nothing has been removed, and archiving the year must
 * be tried again from the beginning.
 */
export async function archive(archiving: Archiving): Promise<void> {
  const { ledger, archivesDir, year, names, isStopped, onProgress = () => {} } = archiving;
  const part = (await archivedPart(ledger, year)) + 1;
  const folder = folderOf(archivesDir, year, part);
  const step = `${year}.${part}`;
  const isRemoving = async () => (await ledger.until(STEP, step)) === REMOVING;
  if (!existsSync(folder)) {
    if (await isRemoving()) {
      throw new Error(
        `the archive ${folder} is not here, but its year is being removed: every worker needs the same ARCHIVE_DIR`,
      );
    }
    const writing = { ...archiving, part, onProgress: (count: number) => onProgress('written', count) };
    if ((await writeArchive(writing)) === undefined) return;
  }
  const written = readArchive(folder);
  if (!(await isRemoving())) {
    const changed = await mark(archiving, written, onProgress);
    if (isStopped()) return;
    if (changed !== undefined) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`${changed} was counted into while it was being archived`);
    }
    await ledger.add(ARCHIVED, ALL_SITES, { from: `${year}-01-01`, to: `${year}-12-31` });
    await ledger.done(STEP, step, REMOVING);
  }
  await remove(archiving, written, onProgress);
  if (isStopped()) return;
  for (const name of names) {
    await archiving.documents.drop(name);
    await noteArchived(ledger, name, part);
  }
  await noteArchived(ledger, year, part);
}

type Report = NonNullable<Archiving['onProgress']>;

/** Returns the id of a document that differs from the archive, if there is one. */
async function mark(archiving: Archiving, written: Archive, report: Report): Promise<string | undefined> {
  let changed: string | undefined;
  await throughAll(
    archiving,
    written,
    (id, archived, counters) => {
      if (counters === undefined || (isArchived(counters) && !archived.replaces)) return 'keep';
      if (areEqual(withoutArchiveState(counters), archived.counters)) return isArchived(counters) ? 'keep' : asArchived(counters);
      changed = id;
      return 'keep';
    },
    (count) => report('checked', count),
  );
  return changed;
}

async function remove(archiving: Archiving, written: Archive, report: Report): Promise<void> {
  const isIn = (archived: ArchivedDocument, counters: Counters) =>
    isArchived(counters) && areEqual(withoutArchiveState(counters), archived.counters);
  await throughAll(
    archiving,
    written,
    (_id, archived, counters) => (counters !== undefined && isIn(archived, counters) ? 'remove' : 'keep'),
    (count) => report('removed', count),
  );
}

async function throughAll(
  { documents, isStopped }: Archiving,
  written: Archive,
  change: (id: string, archived: ArchivedDocument, counters: Counters | undefined) => Counters | 'remove' | 'keep',
  onDone: (documents: number) => void,
): Promise<void> {
  for (const collection of written.manifest.collections) {
    for await (const batch of inBatches(documentsIn(written, collection), AT_ONCE)) {
      if (isStopped()) return;
      const archived = new Map(batch.map((document) => [document.id, document]));
      await documents.rewrite(collection.name, [...archived.keys()], (id, counters) =>
        change(id, archived.get(id) as ArchivedDocument, counters),
      );
      onDone(batch.length);
    }
  }
}
