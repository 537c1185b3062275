// Walks a tree of pages in the embedded store's file, from its root to its records. page-file.ts describes the
// layout. Each page must have the expected kind and depth, its keys must be sorted and within the bounds that its
// parent states, and it must be used only once.
import { DamagedPage, HEAD_BYTES, KINDS, nameOf, type PageFile, TREE_BYTES, type Tree, treeIn } from './page-file.js';

const NODE_BYTES = 8;
const OVERFLOW_BYTES = 24;

const BRANCH = 0x01;
const LEAF = 0x02;
export const OVERFLOW = 0x04;

const BIG_DATA = 0x01;
const SUB_TREE = 0x02;

export interface PageRecord {
  readonly key: Buffer;
  /** The position and length of the value. */
  readonly value: () => Buffer;
  /** The tree that the record describes. */
  readonly tree: Tree | undefined;
}

/** A page to visit, with the depth and the bounds of its keys that its parents state. */
interface Expected {
  readonly page: number;
  readonly level: number;
  readonly from: Buffer | undefined;
  readonly until: Buffer | undefined;
}

/** The result for one page: its records, or its damage. */
export interface WalkedPage {
  readonly records: readonly PageRecord[];
  readonly damage?: DamagedPage;
}

/**
 * Walks level by level, so that a walk that ends early has visited the pages near the root. Skips all pages below a
 * damaged page. Adds the visited pages to `used`.
 */
export function* walkTree(file: PageFile, tree: Tree, used: UsedPages): Generator<WalkedPage> {
  if (tree.root === undefined) return;
  let level: Expected[] = [{ page: tree.root, level: 1, from: undefined, until: undefined }];
  let entries = 0;
  let isWhole = true;
  while (level.length > 0) {
    const below: Expected[] = [];
    for (const expected of level) {
      const walked = walkPage(file, tree, expected, used, below);
      entries += walked.records.length;
      isWhole &&= walked.damage === undefined;
      yield walked;
    }
    level = below;
  }
  if (isWhole && entries !== tree.entries) {
    const damage = new DamagedPage(`${nameOf(tree.name)}: it has ${entries} records instead of ${tree.entries}`);
    yield { records: [], damage };
  }
}

// biome-ignore lint/complexity/useMaxParams: it is the body of the loop above, separate because of its try block
function walkPage(file: PageFile, tree: Tree, expected: Expected, used: UsedPages, below: Expected[]): WalkedPage {
  const records: PageRecord[] = [];
  try {
    used.add(expected.page, 1);
    const page = new TreePage(file, tree, expected);
    if (page.isBranch) below.push(...page.children());
    else for (const record of page.records(used)) records.push(record);
    return { records };
  } catch (error) {
    if (!(error instanceof DamagedPage)) throw error;
    return { records, damage: new DamagedPage(`page ${expected.page} of ${nameOf(tree.name)}: ${error.message}`) };
  }
}

/** The pages that are in use. A page must not be used twice. */
export class UsedPages {
  private readonly used: Uint8Array;

  constructor(private readonly file: PageFile) {
    this.used = new Uint8Array(Math.ceil(file.bytes / file.meta.pageBytes));
  }

  add(page: number, count: number): void {
    const { pages, pageBytes } = this.file.meta;
    if (page < 2 || count < 1 || page + count > pages || (page + count) * pageBytes > this.file.bytes)
      throw new DamagedPage('it is outside the file');
    for (let i = page; i < page + count; i++) if (this.used[i] !== 0) throw new DamagedPage('it is in use twice');
    this.used.fill(1, page, page + count);
  }

  /** Free pages may be missing at the end of the file. */
  addFree(page: number, count: number): void {
    if (this.used.subarray(page, page + count).includes(1))
      throw new DamagedPage('a list of free pages contains pages that are in use');
    this.used.fill(1, page, page + count);
  }

  get count(): number {
    return this.used.reduce((sum, isUsed) => sum + isUsed, 0);
  }
}

/** A branch or a leaf. */
export class TreePage {
  private readonly bytes: Buffer;
  readonly isBranch: boolean;
  /** The number of the transaction that wrote the page. */
  readonly transaction: bigint;
  /**
   * Where its pointers end (`lower`) and its records begin (`upper`), counted from the end of its head. The bytes
   * between are unused.
   */
  readonly lower: number;
  readonly upper: number;
  private readonly nodes: number[];

  constructor(
    private readonly file: PageFile,
    private readonly tree: Tree,
    private readonly expected: Expected,
  ) {
    const { pageBytes, transaction } = file.meta;
    const { page, level } = expected;
    this.bytes = file.read(page * pageBytes, pageBytes);
    const { bytes } = this;
    if (bytes.readBigUInt64LE(0) !== BigInt(page)) throw new DamagedPage('it has the number of another page');
    this.transaction = bytes.readBigUInt64LE(8);
    if (this.transaction > transaction) throw new DamagedPage('it belongs to a transaction that does not exist yet');
    this.isBranch = level < tree.depth;
    if ((bytes.readUInt16LE(18) & KINDS) !== (this.isBranch ? BRANCH : LEAF)) throw new DamagedPage('it has another kind');
    const [lower, upper] = [bytes.readUInt16LE(20), bytes.readUInt16LE(22)];
    if (lower % 2 !== 0 || lower > upper || upper > pageBytes - HEAD_BYTES) throw new DamagedPage('its bounds are wrong');
    if (lower < (this.isBranch ? 4 : 2)) throw new DamagedPage('it is empty');
    this.lower = lower;
    this.upper = upper;
    this.nodes = Array.from({ length: lower / 2 }, (_, i) => HEAD_BYTES + bytes.readUInt16LE(HEAD_BYTES + 2 * i));
    const isInside = (at: number) => at >= HEAD_BYTES + upper && at % 2 === 0 && at + NODE_BYTES <= pageBytes;
    if (!this.nodes.every((at) => isInside(at) && at + NODE_BYTES + this.keyBytes(at) <= pageBytes))
      throw new DamagedPage('a record is outside it');
    this.checkKeys();
  }

  children(): Expected[] {
    const { level, from, until } = this.expected;
    const keys = this.nodes.map((at, i) => (i === 0 ? from : this.key(at)));
    return this.nodes.map((at, i) => ({
      page: this.bytes.readUIntLE(at, 6),
      level: level + 1,
      from: keys[i],
      until: keys[i + 1] ?? until,
    }));
  }

  *records(used: UsedPages): Generator<PageRecord> {
    for (const at of this.nodes) {
      const flags = this.bytes.readUInt16LE(at + 4);
      const size = this.bytes.readUInt32LE(at);
      const dataAt = at + NODE_BYTES + this.keyBytes(at);
      const dataBytes = (flags & BIG_DATA) === 0 ? size : OVERFLOW_BYTES;
      const isTree = flags === SUB_TREE && this.tree.name === '' && size === TREE_BYTES;
      if (dataAt + dataBytes > this.bytes.length) throw new DamagedPage('a record is outside it');
      if (!isTree && flags !== 0 && flags !== BIG_DATA) throw new DamagedPage('a record has another kind');
      const data = this.bytes.subarray(dataAt, dataAt + dataBytes);
      const key = this.key(at);
      yield {
        key,
        value: flags === BIG_DATA ? this.overflow(data, size, used) : () => data,
        tree: isTree ? treeIn(data, key.toString().replace(/\0$/, ''), false) : undefined,
      };
    }
  }

  /** The trees that a leaf describes, and the overflow pages of its long values. */
  *contents(): Generator<{ readonly tree?: Tree; readonly overflow?: { readonly page: number; readonly size: number } }> {
    for (const at of this.nodes) {
      const flags = this.bytes.readUInt16LE(at + 4);
      const dataAt = at + NODE_BYTES + this.keyBytes(at);
      if (flags === SUB_TREE)
        yield { tree: treeIn(this.bytes.subarray(dataAt, dataAt + TREE_BYTES), this.key(at).toString(), false) };
      if (flags === BIG_DATA)
        yield { overflow: { page: Number(this.bytes.readBigUInt64LE(dataAt)), size: this.bytes.readUInt32LE(at) } };
    }
  }

  private overflow(data: Buffer, size: number, used: UsedPages): () => Buffer {
    const { pageBytes, transaction } = this.file.meta;
    const page = Number(data.readBigUInt64LE(0));
    const pages = Math.floor((HEAD_BYTES - 1 + size) / pageBytes) + 1;
    used.add(page, 1);
    const head = this.file.read(page * pageBytes, HEAD_BYTES);
    const isOverflow = (head.readUInt16LE(18) & KINDS) === OVERFLOW && head.readBigUInt64LE(0) === BigInt(page);
    const all = head.readUInt32LE(20);
    if (!isOverflow || all < pages) throw new DamagedPage(`page ${page} is not its overflow page`);
    // lmdb would end the process when it frees the page
    if (head.readBigUInt64LE(8) > transaction) throw new DamagedPage(`overflow page ${page} is from a later transaction`);
    if (all > 1) used.add(page + 1, all - 1);
    return () => this.file.read(page * pageBytes + HEAD_BYTES, size);
  }

  /** Keys must be sorted and within the bounds that the parent states. The first key of a branch has no meaning. */
  private checkKeys(): void {
    const { from, until } = this.expected;
    const keys = this.nodes.slice(this.isBranch ? 1 : 0).map((at) => this.key(at));
    const all = [...(from === undefined ? [] : [from]), ...keys, ...(until === undefined ? [] : [until])];
    for (let i = 1; i < all.length; i++) {
      const order = compareKeys(all[i - 1] as Buffer, all[i] as Buffer, this.tree.integerKeys);
      const mayBeSame = i === 1 && from !== undefined && !this.isBranch;
      if (order > 0 || (order === 0 && !mayBeSame)) throw new DamagedPage('its keys are not sorted');
    }
  }

  private key(at: number): Buffer {
    return this.bytes.subarray(at + NODE_BYTES, at + NODE_BYTES + this.keyBytes(at));
  }

  private keyBytes(at: number): number {
    return this.bytes.readUInt16LE(at + 6);
  }
}

function compareKeys(a: Buffer, b: Buffer, areIntegers: boolean): number {
  if (!areIntegers) return Buffer.compare(a, b);
  if (a.length !== 8 || b.length !== 8) throw new DamagedPage('a key is not a number');
  const [x, y] = [a.readBigUInt64LE(0), b.readBigUInt64LE(0)];
  return x < y ? -1 : x > y ? 1 : 0;
}
