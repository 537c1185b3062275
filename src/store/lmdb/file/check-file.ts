// Checks the embedded store's file before lmdb opens it, because lmdb may crash on a damaged file.
import { freeRuns } from './free-pages.js';
import { DamagedPage, FREE_PAGES, PageFile, type Tree } from './page-file.js';
import { UsedPages, walkTree } from './page-tree.js';

/**
 * The limit for each tree. A small tree is checked completely, a large one near its root. This takes at most a tenth
 * of a second.
 */
const PAGES_MAX = 2000;
/** Another process may overwrite pages while they are read. Then the check starts again. */
const TRIES_MAX = 20;

/** Returns what is wrong with the file, or undefined if the check finds no damage. */
export function problemOfFile(path: string): string | undefined {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    let file: PageFile | undefined;
    try {
      file = new PageFile(path);
      const damage = damageIn(file);
      if (damage === undefined) return undefined;
      if (file.transactionNow() === file.meta.transaction) return damage.message;
    } catch (error) {
      if (!(error instanceof DamagedPage)) throw error;
      // the file may have been read while its beginning was being overwritten
      if (tries === TRIES_MAX - 1) return error.message;
    } finally {
      file?.close();
    }
  }
  return undefined;
}

function damageIn(file: PageFile): DamagedPage | undefined {
  const used = new UsedPages(file);
  const trees: Tree[] = [file.meta.main, file.meta.free];
  for (const tree of trees) {
    let pages = 0;
    for (const { records, damage } of walkTree(file, tree, used)) {
      if (damage !== undefined) return damage;
      trees.push(...records.flatMap((record) => record.tree ?? []));
      // reading a damaged list throws
      if (tree.name === FREE_PAGES) for (const record of records) Array.from(freeRuns(file, record));
      if (++pages === PAGES_MAX) break;
    }
  }
  return undefined;
}
