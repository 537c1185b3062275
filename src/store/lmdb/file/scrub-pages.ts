// Overwrites old pages in the file of lmdb. lmdb writes a changed page to another position, and the old page remains
// until its position is used again. Somebody who has the file could compare both and see which counters a single hit
// has raised. page-file.ts describes the layout.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { type FreeRun, freeRuns } from './free-pages.js';
import { HEAD_BYTES, KINDS, PageFile, type Tree } from './page-file.js';
import { OVERFLOW, TreePage, UsedPages, walkTree } from './page-tree.js';

/** An overwritten page begins with this, until lmdb uses it again. */
const SCRUBBED = Buffer.from('hitherto: wiped\0');
/** The limit of free pages for one call, because no process can write to the store meanwhile. */
const FREE_MAX = 20_000;

export interface Scrubbing {
  /** Pages that were written by this transaction or an earlier one are clean. */
  readonly clean: bigint;
  /** The free page with which the next call continues. */
  readonly from: number;
}

export const NOTHING_SCRUBBED: Scrubbing = { clean: 0n, from: 0 };

/**
 * Call this in a write transaction that writes nothing, so that no other process writes. `before` is a transaction
 * that is certainly on disk, and no reader uses an older one. Pages that this or a later transaction has freed are
 * not changed, because they may still be read, or may be needed after a power cut.
 */
export function scrubPages(path: string, before: bigint, { clean, from }: Scrubbing): Scrubbing {
  const file = new PageFile(path);
  const out = openSync(path, 'r+');
  try {
    const next = scrubFree(file, out, before, from);
    const trees = [file.meta.main, file.meta.free];
    for (let tree = trees.pop(); tree !== undefined; tree = trees.pop()) trees.push(...scrubGaps(file, out, tree, clean));
    return { clean: file.meta.transaction, from: next };
  } finally {
    closeSync(out);
    file.close();
  }
}

/** Returns the page with which the next call continues. */
function scrubFree(file: PageFile, out: number, before: bigint, from: number): number {
  const { pageBytes, pages, free } = file.meta;
  const blank = Buffer.alloc(pageBytes);
  SCRUBBED.copy(blank);
  const head = Buffer.alloc(SCRUBBED.length);
  const runs: FreeRun[] = [];
  for (const { records } of walkTree(file, free, new UsedPages(file))) {
    for (const record of records) if (record.key.readBigUInt64LE(0) < before) runs.push(...freeRuns(file, record));
  }
  runs.sort((a, b) => a.page - b.page);
  let checked = 0;
  for (const { page, count } of runs) {
    for (let one = Math.max(page, from); one < page + count; one++) {
      if (checked++ === FREE_MAX) return one;
      const found = readSync(out, head, 0, head.length, one * pageBytes);
      // the file may be shorter than its number of pages
      if (one < pages && found === head.length && !head.equals(SCRUBBED)) writeSync(out, blank, 0, pageBytes, one * pageBytes);
    }
  }
  return 0;
}

/**
 * Overwrites old content between the pointers and the records of a page, and after a long value. Returns the trees
 * that this tree describes.
 */
function scrubGaps(file: PageFile, out: number, tree: Tree, clean: bigint): Tree[] {
  const { pageBytes } = file.meta;
  const zeros = Buffer.alloc(pageBytes);
  const clear = (from: number, to: number): void => {
    for (let at = from; at < to; at += pageBytes) writeSync(out, zeros, 0, Math.min(pageBytes, to - at), at);
  };
  const named: Tree[] = [];
  const waiting = tree.root === undefined ? [] : [{ page: tree.root, level: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const page = new TreePage(file, tree, { ...next, from: undefined, until: undefined });
    // when lmdb writes a page, it also writes all pages above it
    if (page.transaction <= clean) continue;
    const at = next.page * pageBytes + HEAD_BYTES;
    clear(at + page.lower, at + page.upper);
    if (page.isBranch) {
      waiting.push(...page.children());
      continue;
    }
    for (const { tree: below, overflow } of page.contents()) {
      if (below !== undefined) named.push(below);
      if (overflow === undefined) continue;
      const head = file.read(overflow.page * pageBytes, HEAD_BYTES);
      const isOverflow = (head.readUInt16LE(18) & KINDS) === OVERFLOW && head.readBigUInt64LE(0) === BigInt(overflow.page);
      if (!isOverflow || head.readBigUInt64LE(8) <= clean) continue;
      const endsAt = overflow.page * pageBytes + HEAD_BYTES + overflow.size;
      clear(endsAt, (overflow.page + head.readUInt32LE(20)) * pageBytes);
    }
  }
  return named;
}
