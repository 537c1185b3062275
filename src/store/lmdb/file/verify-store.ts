// Reads the whole file of the embedded store and compares every record with its checksum.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Key } from 'lmdb';
import * as lmdb from 'lmdb';
import { readSite } from '../../site-shape.js';
import { checksumState, isValidTree } from '../document-checksum.js';
import { checksumStateOfText, DATABASES } from '../records.js';
import { checkFreePages } from './free-pages.js';
import { DamagedPage, FREE_PAGES, PageFile, type Tree } from './page-file.js';
import { type PageRecord, UsedPages, walkTree } from './page-tree.js';

/** Pages that are read between two checks of `isStopped`. */
const PAGES_AT_ONCE = 200;

export interface VerifiedStore {
  readonly records: number;
  /** Records without a checksum. They can be read, but damage may be undetected. */
  readonly withoutChecksum: number;
  /** Records in databases that this version does not know. */
  readonly unknown: number;
  /** One message for each damaged page or record, with its location. */
  readonly problems: readonly string[];
  /** False when it was stopped early. */
  readonly complete: boolean;
}

export interface Watch {
  onShare(share: number): void;
  isStopped(): boolean;
}

type Findings = { -readonly [Name in keyof VerifiedStore]: VerifiedStore[Name] } & { problems: string[] };

/**
 * Call this in a read transaction if other processes may write to the store. Otherwise they overwrite freed pages
 * meanwhile.
 */
export async function verifyStore(path: string, { onShare, isStopped }: Watch): Promise<VerifiedStore> {
  const found: Findings = { records: 0, withoutChecksum: 0, unknown: 0, problems: [], complete: false };
  let file: PageFile;
  try {
    file = new PageFile(path);
  } catch (error) {
    if (!(error instanceof DamagedPage)) throw error;
    return { ...found, problems: [error.message], complete: true };
  }
  try {
    const used = new UsedPages(file);
    const trees: Tree[] = [file.meta.main];
    const free: PageRecord[] = [];
    let pages = 0;
    for (const tree of [...trees, file.meta.free]) await walk(tree);
    // the trees that the root tree describes
    for (const tree of trees.slice(1)) await walk(tree);
    for (const record of free) collectDamage(() => checkFreePages(file, record, used));
    found.complete = !isStopped();
    return found;

    async function walk(tree: Tree): Promise<void> {
      for (const { records, damage } of walkTree(file, tree, used)) {
        if (isStopped()) return;
        if (damage !== undefined) found.problems.push(damage.message);
        for (const record of records) {
          if (record.tree !== undefined) trees.push(record.tree);
          else if (tree.name === FREE_PAGES) free.push(record);
          else collectDamage(() => checkRecord(tree.name, record, found));
        }
        if (++pages % PAGES_AT_ONCE !== 0) continue;
        onShare(Math.min(1, used.count / file.meta.pages));
        await nextTurn();
      }
    }
  } finally {
    file.close();
  }

  function collectDamage(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof DamagedPage)) throw error;
      found.problems.push(error.message);
    }
  }
}

function checkRecord(database: string, record: PageRecord, found: Findings): void {
  found.records++;
  const kind = DATABASES[database];
  const key = keyOf(record.key);
  if (kind === undefined || key === undefined) {
    if (kind !== undefined) throw new DamagedPage(`${database}: a record has an invalid key`);
    found.unknown++;
    return;
  }
  const name = nameOf(database, key);
  const value = record.value();
  const checksum = kind === 'json' ? checksumStateOfText(value.toString(), key) : checksumState(key as string, value);
  if (checksum === 'damaged') throw new DamagedPage(`${name}: its checksum differs`);
  if (checksum === 'none') found.withoutChecksum++;
  if (!(kind === 'json' ? isJson(value) : isValidTree(value))) throw new DamagedPage(`${name}: it cannot be read`);
  if (database === 'accounts' && Array.isArray(key) && key[0] === 'site') checkSite(String(key[1]), value);
}

/** A record with a valid checksum may still not be a valid site. */
function checkSite(id: string, value: Buffer): void {
  const { damaged } = readSite(id, JSON.parse(value.toString()));
  if (damaged !== undefined) throw new DamagedPage(damaged.problem);
}

function isJson(value: Buffer): boolean {
  try {
    JSON.parse(value.toString());
    return true;
  } catch {
    return false;
  }
}

/** For a document: its collection and id. */
function nameOf(database: string, key: Key): string {
  const text = [key].flat().map(String).join(' ');
  return database === 'documents' ? text : `${database} ${text}`;
}

/** lmdb's types do not declare this function. */
const { bufferToKeyValue } = lmdb as unknown as { bufferToKeyValue(bytes: Buffer): Key };

function keyOf(bytes: Buffer): Key | undefined {
  try {
    return bufferToKeyValue(Buffer.from(bytes));
  } catch {
    return undefined;
  }
}
