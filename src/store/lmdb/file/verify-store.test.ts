// Damages random bytes in the embedded store's file. Only harmful damage must be reported.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Counters } from '../../../counters/counters.js';
import { composeTool } from '../../../process/compose.js';
import { utcDay } from '../../../time/dates.js';
import { exampleSite } from '../../contracts/accounts.js';
import { withReadTransaction } from '../environment.js';
import { problemOfFile } from './check-file.js';
import { HEAD_BYTES, PageFile } from './page-file.js';
import { UsedPages, walkTree } from './page-tree.js';
import { verifyStore } from './verify-store.js';

const NEVER_STOPPED = { onShare: () => {}, isStopped: () => false };
const PAGE_BYTES = 4096;

let folder: string;
let good: Buffer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-integrity-'));
  const tool = await composeTool({ dataDir: join(folder, 'data') });
  await tool.accounts.addSite({ ...exampleSite, id: 'garden' });
  await tool.accounts.addSite({ ...exampleSite, id: 'shop' });
  await tool.accounts.addRecord('person', 'first', { name: 'Anna Zoë' });
  await tool.ledger.done('tidy', 'garden', '2026-11-18');
  for (let number = 1; number <= 20; number++) {
    const deltas = Array.from({ length: 30 }, (_, i) => {
      const counters = new Counters();
      counters.sum('v', number);
      for (let row = 0; row < (i % 10) * 20; row++) counters.at('rows').sum(`row ${number} ${row}`, row);
      const day = utcDay(Date.UTC(2026, 0, 1 + ((i * 7 + number) % 365)));
      return { collection: 'traffic.2026', id: `garden:${day}`, counters, caps: {} };
    });
    await tool.documents.apply({ node: 'i01', number, checksum: 1 }, deltas, 1);
  }
  await tool.close();
  good = readFileSync(join(folder, 'data/store/data.mdb'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let copies = 0;
/** Writes a store with these bytes. */
function storeOf(bytes: Buffer): string {
  const dataDir = join(folder, `copy-${++copies}`);
  mkdirSync(join(dataDir, 'store'), { recursive: true });
  writeFileSync(join(dataDir, 'store/data.mdb'), bytes);
  return dataDir;
}
const fileOf = (bytes: Buffer) => join(storeOf(bytes), 'store/data.mdb');

function changed(at: number, change: number, length = 1): Buffer {
  const bytes = Buffer.from(good);
  for (let i = at; i < Math.min(at + length, bytes.length); i++) bytes[i] = (bytes[i] as number) ^ change;
  return bytes;
}

/**
 * Reads everything with lmdb, writes something, and prints what it has read. It runs in its own process, because lmdb
 * may crash.
 */
const READER = `
  import { createHash } from 'node:crypto';
  import { createInterface } from 'node:readline';
  import { open } from 'lmdb';
  for await (const path of createInterface({ input: process.stdin })) {
    const root = open({ path, maxDbs: 32, encoding: 'binary' });
    const hash = createHash('sha256');
    for (const name of [...root.getKeys({})]) {
      const db = root.openDB({ name, encoding: 'binary' });
      for (const { key, value } of db.getRange({})) {
        hash.update(JSON.stringify([name, key])).update(value);
        if (!db.get(key)?.equals(value)) hash.update('not found by its key');
      }
    }
    const documents = root.openDB({ name: 'documents', encoding: 'binary' });
    for (const bytes of [3000, 6000])
      root.transactionSync(() => {
        for (let i = 0; i < 50; i++) documents.putSync('zz/' + i, Buffer.alloc(bytes, i));
      });
    await root.close();
    console.log(hash.digest('hex'));
  }`;

/** Writes and removes in small commits without a pause, and reports each commit. */
const WRITER = `
  import { open } from 'lmdb';
  const busy = open({ path: process.argv[1], maxDbs: 32, encoding: 'binary' }).openDB({ name: 'busy', encoding: 'binary' });
  for (let i = 0; ; i++) {
    busy.transactionSync(() => {
      for (let n = 0; n < 20; n++) busy.putSync('k' + ((i * 7 + n * 13) % 200), Buffer.alloc((i * 37 + n * 997) % 9000));
      for (let n = 0; n < 10; n++) busy.removeSync('k' + ((i * 11 + n * 17) % 200));
    });
    process.stdout.write('.');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }`;

function startReader(): { read(dataDir: string): Promise<string>; process: ChildProcess } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', READER], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const ended = once(child, 'exit').then((end) => [`ended by ${end}`]);
  return {
    process: child,
    async read(dataDir) {
      child.stdin?.write(`${join(dataDir, 'store')}\n`);
      const [answer] = await Promise.race([once(answers, 'line'), ended]);
      return answer as string;
    },
  };
}

/** Positions in the heads of pages, in records of trees, and anywhere. */
const positions = () =>
  fc.oneof(
    fc.tuple(fc.nat(good.length / PAGE_BYTES - 1), fc.nat(80)).map(([page, byte]) => page * PAGE_BYTES + byte),
    fc.nat(good.length - 1),
  );

describe('a store’s file', () => {
  it('has a checksum for every record when nothing is damaged', async () => {
    const verified = await verifyStore(fileOf(good), NEVER_STOPPED);
    expect(verified).toMatchObject({ withoutChecksum: 0, unknown: 0, problems: [], complete: true });
    expect(verified.records).toBeGreaterThan(400);
    expect(problemOfFile(fileOf(good))).toBeUndefined();
  });

  it('reads and writes as before with any damage that is not reported', async () => {
    const reader = startReader();
    const truth = await reader.read(storeOf(good));
    expect(truth).toMatch(/^[0-9a-f]{64}$/);
    let named = 0;
    try {
      await fc.assert(
        fc.asyncProperty(positions(), fc.integer({ min: 1, max: 255 }), fc.constantFrom(1, 1, 40), async (at, change, length) => {
          const dataDir = storeOf(changed(at, change, length));
          const { problems } = await verifyStore(join(dataDir, 'store/data.mdb'), NEVER_STOPPED);
          if (problems.length > 0) named++;
          else expect(await reader.read(dataDir)).toBe(truth);
          rmSync(dataDir, { recursive: true });
        }),
        { numRuns: 150 },
      );
    } finally {
      reader.process.kill();
    }
    expect(named).toBeGreaterThan(20);
  });

  it('reports a changed record by its name, whether a document or JSON', async () => {
    const problemsWith = async (from: string, to: string) => {
      const at = good.lastIndexOf(from);
      const bytes = Buffer.from(good);
      bytes.write(to, at);
      return (await verifyStore(fileOf(bytes), NEVER_STOPPED)).problems;
    };
    expect(await problemsWith('"title":"The garden"', '"title":"The gardem"')).toEqual([
      expect.stringMatching(/^accounts site (garden|shop): its checksum differs$/),
    ]);
    expect(await problemsWith('"name":"Anna', '"name":"Anne')).toEqual(['accounts person first: its checksum differs']);
    expect(await problemsWith('"2026-11-18"', '"2026-11-19"')).toEqual(['ledger tidy garden: its checksum differs']);
    expect(await problemsWith('row 20 ', 'row 21 ')).toEqual([
      expect.stringMatching(/^traffic\.2026\/garden:2026-\d\d-\d\d: its checksum differs$/),
    ]);
  });

  it.each([
    ['nothing', 0, 0, /the file ends before byte/],
    ['half a page', 0, 2000, /the file ends before byte/],
    ['its first pages', 0, 3 * PAGE_BYTES, /outside the file|ends before/],
    ['its second half', PAGE_BYTES, 2 * PAGE_BYTES, /meta page 0 is not a meta page/],
  ])('is not opened with only %s left', (_, from, until, message) => {
    const path = fileOf(good.subarray(from, until));
    expect(problemOfFile(path)).toMatch(message);
  });

  it('never leads in circles or out of the file, for any content of its pages', () => {
    const file = new PageFile(fileOf(good));
    const root = file.meta.main.root as number;
    file.close();
    for (const page of [root, 0, 1, 2 ** 40, 0x7fff_ffff]) {
      const bytes = Buffer.from(good);
      // the root describes the tree of documents; the last number of that record is the root of this tree
      const at = bytes.indexOf('documents', root * PAGE_BYTES) + 'documents\0'.length + 40;
      bytes.writeUIntLE(page, at, 6);
      expect(problemOfFile(fileOf(bytes))).toMatch(/^page \d+ of documents: (it is in use twice|it is outside the file)$/);
    }
  });

  it('is not read with the number of a new transaction and the roots of an old one', () => {
    const path = fileOf(good);
    const file = new PageFile(path);
    const { meta } = file;
    file.close();
    let reads = 0;
    class ReadWhileWritten extends PageFile {
      override read(at: number, length: number): Buffer {
        const bytes = super.read(at, length);
        // the first two readings are of the meta pages
        if (++reads <= 2) bytes.writeBigUInt64LE(meta.transaction + BigInt(reads), HEAD_BYTES + 128);
        return bytes;
      }
    }
    const readAgain = new ReadWhileWritten(path);
    expect(readAgain.meta).toEqual(meta);
    readAgain.close();
  });

  it('is not reported as damaged while another process writes', async () => {
    const dataDir = storeOf(good);
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, join(dataDir, 'store')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let commits = 0;
    child.stdout.on('data', (text: Buffer) => {
      commits += text.length;
    });
    try {
      for (let rounds = 0; rounds < 30 || commits < 300; rounds++) {
        const { problems, complete } = await withReadTransaction(dataDir, (path) => verifyStore(path, NEVER_STOPPED));
        expect({ problems, complete }).toEqual({ problems: [], complete: true });
        expect(problemOfFile(join(dataDir, 'store/data.mdb'))).toBeUndefined();
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  it('is read as of the last synced transaction after a restart of the system', () => {
    const file = new PageFile(fileOf(good));
    const { transaction, main } = file.meta;
    file.close();
    const metaAt = (number: bigint) => 24 + Number(number % 2n) * PAGE_BYTES;
    const bytes = Buffer.from(good);
    const newest = bytes.subarray(metaAt(transaction) + 16, metaAt(transaction) + 144);
    newest.copy(bytes, 24 + PAGE_BYTES / 2 + 16); // recorded in the third meta
    // One more transaction, written before the restart and not synced, whose tree was lost in a power cut.
    const lost = bytes.subarray(metaAt(transaction + 1n), metaAt(transaction + 1n) + 144);
    newest.copy(lost, 16);
    lost.writeBigUInt64LE(transaction + 1n, 128);
    lost.writeBigInt64LE(7n, 136);
    lost.writeUInt16LE(lost.readUInt16LE(28) | 0x1000, 28);
    lost.writeBigUInt64LE(BigInt(main.root as number) + 1n, 112);
    const opened = new PageFile(fileOf(bytes));
    opened.close();
    expect(opened.meta).toMatchObject({ transaction, main: { root: main.root } });
    expect(problemOfFile(fileOf(bytes))).toBeUndefined();
    // without a restart, the newest transaction is used
    lost.writeBigInt64LE(BigInt(`0x${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)}`), 136);
    expect(problemOfFile(fileOf(bytes))).toMatch(/^page \d+ of the root tree: /);
  });

  it('is not read further once the check is stopped', async () => {
    expect(await verifyStore(fileOf(good), { ...NEVER_STOPPED, isStopped: () => true })).toMatchObject({
      records: 0,
      complete: false,
    });
  });

  it('walks each tree to its last record', () => {
    const file = new PageFile(fileOf(good));
    const used = new UsedPages(file);
    let records = 0;
    for (const page of walkTree(file, file.meta.main, used)) records += page.records.length;
    expect(records).toBe(file.meta.main.entries);
    file.close();
  });
});
