// Reads the pages of the embedded store's file without lmdb, which trusts its file and may crash on a damaged one.
// This code checks that every reference is inside the file, and that each page is what its parent expects.
//
// A file consists of two meta pages and of trees of pages. The newer meta page contains the roots of the trees. The
// pages of a tree are branches, leaves with records, and overflow pages with long values. The layout is that of mdb.c
// as lmdb-js builds it, data version 2. All numbers are little-endian.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

export const HEAD_BYTES = 24;
const META_AT = HEAD_BYTES;
const META_BYTES = 144;
/** A process that wrote all the time could keep us from ever reading them twice in the same way. */
const META_TRIES_MAX = 1_000;
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
export const TREE_BYTES = 48;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/** A flag of the tree of free pages: the transaction may not be on disk yet. */
const NOT_SYNCED = 0x1000;
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

const META = 0x08;
export const KINDS = 0xff;

const INTEGER_KEYS = 0x08;
/** The flags that change the layout of a tree's records. Only INTEGER_KEYS is supported. */
const LAYOUT = 0x7e;

/** The message states what is wrong, and in which tree or page. */
export class DamagedPage extends Error {}

export interface Tree {
  /** Such as `documents`; empty for the root tree, `(free pages)` for the list of free pages. */
  readonly name: string;
  readonly depth: number;
  readonly entries: number;
  readonly root: number | undefined;
  readonly integerKeys: boolean;
}

export interface Meta {
  readonly pageBytes: number;
  readonly pages: number;
  readonly transaction: bigint;
  readonly isSynced: boolean;
  /** Identifies the boot of the operating system during which it was written. */
  readonly boot: bigint;
  readonly free: Tree;
  readonly main: Tree;
}

export function nameOf(tree: string): string {
  return tree === '' ? 'the root tree' : tree;
}

export class PageFile {
  readonly bytes: number;
  private readonly file: number;
  readonly meta: Meta;

  /** Throws a DamagedPage if the file does not begin with valid meta pages. */
  constructor(readonly path: string) {
    this.file = openSync(path, 'r');
    try {
      this.meta = this.readMeta();
      // read last, because another process may be extending the file
      this.bytes = fstatSync(this.file).size;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The number of the newest transaction now. If it has changed, pages may have been overwritten meanwhile. */
  transactionNow(): bigint {
    return this.readMeta().transaction;
  }

  read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    if (readSync(this.file, bytes, 0, length, at) !== length) throw new DamagedPage(`the file ends before byte ${at + length}`);
    return bytes;
  }

  close(): void {
    closeSync(this.file);
  }

  private readMeta(): Meta {
    const [first, second] = this.readMetaPages();
    if (second.pageBytes !== first.pageBytes) throw new DamagedPage('its two meta pages state different page sizes');
    const newest = second.transaction > first.transaction ? second : first;
    if (newest.isSynced || newest.boot === bootNow()) return newest;
    // The system was restarted since then. lmdb uses the last synced transaction, which is in the third meta in the
    // first page.
    const third = this.read(META_AT + first.pageBytes / 2, META_BYTES);
    if (third.readBigUInt64LE(128) === 0n) return newest;
    const synced = metaIn(third, 'the third meta');
    return synced.transaction < newest.transaction ? synced : newest;
  }

  /**
   * Another process may write one of them meanwhile, and reading is not atomic: the number of a new transaction may have been
   * read beside the roots of an old one, whose pages are overwritten next. What is read twice in the same way is not mixed.
   */
  private readMetaPages(): readonly [Meta, Meta] {
    let before = Buffer.alloc(0);
    for (let tries = 0; ; tries++) {
      const first = this.read(0, META_AT + META_BYTES);
      const meta = metaOf(first, 0);
      const second = this.read(meta.pageBytes, META_AT + META_BYTES);
      const now = Buffer.concat([first, second]);
      if (now.equals(before) || tries === META_TRIES_MAX) return [meta, metaOf(second, 1)];
      before = now;
    }
  }
}

/** Throws a DamagedPage if it is not a meta page. */
function metaOf(page: Buffer, number: number): Meta {
  const meta = page.subarray(META_AT);
  const isMeta = (page.readUInt16LE(18) & KINDS) === META && page.readBigUInt64LE(0) === BigInt(number);
  if (!isMeta || meta.readUInt32LE(0) !== MAGIC) throw new DamagedPage(`meta page ${number} is not a meta page`);
  if ((meta.readUInt32LE(4) & 0xffff) !== DATA_VERSION)
    throw new DamagedPage(`meta page ${number} was written by another version of lmdb`);
  return metaIn(meta, `meta page ${number}`);
}

/** The id of the current boot, read in the same way as lmdb does; 0 if the system does not provide it. */
function bootNow(): bigint {
  try {
    return BigInt(`0x${readFileSync(BOOT_ID, 'utf8').split('-', 1)[0]}`);
  } catch {
    return 0n;
  }
}

function metaIn(meta: Buffer, name: string): Meta {
  const pageBytes = meta.readUInt32LE(24);
  if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0)
    throw new DamagedPage(`${name} states that pages have ${pageBytes} bytes, which is not valid`);
  const [free, main] = [24, 24 + TREE_BYTES].map((at) => meta.subarray(at, at + TREE_BYTES)) as [Buffer, Buffer];
  return {
    pageBytes,
    pages: Number(meta.readBigUInt64LE(120)) + 1,
    transaction: meta.readBigUInt64LE(128),
    isSynced: (free.readUInt16LE(4) & NOT_SYNCED) === 0,
    boot: meta.readBigInt64LE(136),
    free: treeIn(free, FREE_PAGES, true),
    main: treeIn(main, '', false),
  };
}

export const FREE_PAGES = '(free pages)';

export function treeIn(bytes: Buffer, name: string, integerKeys: boolean): Tree {
  const root = bytes.readBigUInt64LE(40);
  if ((bytes.readUInt16LE(4) & LAYOUT) !== (integerKeys ? INTEGER_KEYS : 0))
    throw new DamagedPage(`${nameOf(name)} has an unexpected kind`);
  return {
    name,
    depth: bytes.readUInt16LE(6),
    entries: Number(bytes.readBigUInt64LE(32)),
    root: root === NO_PAGE ? undefined : Number(root),
    integerKeys,
  };
}
