// Overwrites what lmdb leaves in its file: it writes a changed page to another place, and the old one stays until its
// place is needed again. Whoever has the file could compare them, and see which counters a single hit has raised.
// page-file.ts describes the layout.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { type FreeRun, freeRuns } from './free-pages.js';
import { HEAD_BYTES, KINDS, PageFile, type Tree } from './page-file.js';
import { OVERFLOW, TreePage, UsedPages, walkTree } from './page-tree.js';

/** At the beginning of a page that was overwritten; it stays until lmdb uses the page again. */
const WIPED = Buffer.from('hitherto: wiped\0');
/** Looked at in one call, since nobody can write to the store meanwhile. */
const FREE_MAX = 20_000;

export interface Wiping {
  /** Pages that this or an older transaction has written are clean. */
  readonly clean: bigint;
  /** Of the free pages, where the next call goes on. */
  readonly from: number;
}

export const NOTHING_WIPED: Wiping = { clean: 0n, from: 0 };

/**
 * To be called in a write transaction that writes nothing, so that nobody else writes. `before`: this transaction is
 * on disk for certain, and no reader is at an older one; what it or a later one has given up is left alone, since it
 * may still be read, or be needed after a power cut.
 */
export function wipePages(path: string, before: bigint, { clean, from }: Wiping): Wiping {
  const file = new PageFile(path);
  const out = openSync(path, 'r+');
  try {
    const next = wipeFree(file, out, before, from);
    const trees = [file.meta.main, file.meta.free];
    for (let tree = trees.pop(); tree !== undefined; tree = trees.pop()) trees.push(...wipeGaps(file, out, tree, clean));
    return { clean: file.meta.transaction, from: next };
  } finally {
    closeSync(out);
    file.close();
  }
}

/** Gives where to go on. */
function wipeFree(file: PageFile, out: number, before: bigint, from: number): number {
  const { pageBytes, pages, free } = file.meta;
  const blank = Buffer.alloc(pageBytes);
  WIPED.copy(blank);
  const head = Buffer.alloc(WIPED.length);
  const runs: FreeRun[] = [];
  for (const { records } of walkTree(file, free, new UsedPages(file))) {
    for (const record of records) if (record.key.readBigUInt64LE(0) < before) runs.push(...freeRuns(file, record));
  }
  runs.sort((a, b) => a.page - b.page);
  let looked = 0;
  for (const { page, count } of runs) {
    for (let one = Math.max(page, from); one < page + count; one++) {
      if (looked++ === FREE_MAX) return one;
      const found = readSync(out, head, 0, head.length, one * pageBytes);
      // the file may be shorter than its number of pages says
      if (one < pages && found === head.length && !head.equals(WIPED)) writeSync(out, blank, 0, pageBytes, one * pageBytes);
    }
  }
  return 0;
}

/**
 * Between the pointers and the records of a page, and behind a long value, may be what was there before. Gives the
 * trees that a tree names.
 */
function wipeGaps(file: PageFile, out: number, tree: Tree, clean: bigint): Tree[] {
  const { pageBytes } = file.meta;
  const zeros = Buffer.alloc(pageBytes);
  const wipe = (from: number, to: number): void => {
    for (let at = from; at < to; at += pageBytes) writeSync(out, zeros, 0, Math.min(pageBytes, to - at), at);
  };
  const named: Tree[] = [];
  const waiting = tree.root === undefined ? [] : [{ page: tree.root, level: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const page = new TreePage(file, tree, { ...next, from: undefined, until: undefined });
    // a page that is written is written with all that lead to it
    if (page.transaction <= clean) continue;
    const at = next.page * pageBytes + HEAD_BYTES;
    wipe(at + page.lower, at + page.upper);
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
      wipe(endsAt, (overflow.page + head.readUInt32LE(20)) * pageBytes);
    }
  }
  return named;
}
