import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { open, type RootDatabase } from 'lmdb';
import { openRecords } from '../records.js';
import { createStoreScrubbing } from './scrub-store.js';
import { verifyStore } from './verify-store.js';

let folder: string;
let root: RootDatabase;
const file = () => join(folder, 'data.mdb');
const opened = () => {
  const environment = open({ path: folder, maxDbs: 32, encoding: 'binary' });
  openRecords<true, string>(environment, 'collections').putSync('traffic.2026', true);
  return environment;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  root = opened();
});
afterEach(async () => {
  await root.close();
  rmSync(folder, { recursive: true });
});

/** Any JSON database is suitable. */
const records = () => openRecords<string, string>(root, 'ledger');
const SIZES = [3, 400, 1900, 5000, 30_000];
/** Identifies the value in the file. */
const textOf = (n: number, size: number) => `<${n}>`.repeat(Math.ceil(size / 3));
const idsIn = (bytes: Buffer) => new Set(bytes.toString('latin1').match(/<\d+>/g) ?? []);
const problemsIn = async (path: string) => (await verifyStore(path, { onShare: () => {}, isStopped: () => false })).problems;

it('leaves only current values in the file, after any sequence of writes and removals', async () => {
  const step = fc.record({ key: fc.nat(12), size: fc.constantFrom(...SIZES), what: fc.constantFrom('put', 'put', 'remove') });
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { maxLength: 8 }), async (rounds) => {
      const scrub = createStoreScrubbing(root, file());
      const kept = new Map([...records().getRange({})].map(({ key, value }) => [key, value]));
      for (const steps of rounds) {
        for (const { key, size, what } of steps) {
          const value = textOf(++number, size);
          if (what === 'put') await records().put(String(key), value);
          else await records().remove(String(key));
          if (what === 'put') kept.set(String(key), value);
          else kept.delete(String(key));
        }
        await scrub();
        const ids = idsIn(readFileSync(file()));
        expect(ids).toEqual(new Set([...kept.values()].map((value) => value.slice(0, value.indexOf('>') + 1))));
      }
      expect(await problemsIn(file())).toEqual([]);
      expect(new Map([...records().getRange({})].map(({ key, value }) => [key, value]))).toEqual(kept);
      await root.close();
      root = opened();
    }),
    { numRuns: 15 },
  );
});

it('does not overwrite data that a reader uses until the reader has finished', async () => {
  const scrub = createStoreScrubbing(root, file());
  for (const size of SIZES) await records().put(`key ${size}`, textOf(1, size));
  await root.flushed;
  const reading = root.useReadTransaction();
  try {
    // the first read fixes the reader's snapshot
    const seen = () => [...records().getRange({ transaction: reading })].map(({ value }) => value);
    const before = seen();
    for (let n = 2; n < 6; n++) for (const size of SIZES) await records().put(`key ${size}`, textOf(n, size));
    await scrub();
    await scrub();
    expect(seen()).toEqual(before);
    expect(idsIn(readFileSync(file()))).toContain('<1>');
  } finally {
    reading.done();
  }
  await records().put('later', 'x');
  await scrub();
  expect(idsIn(readFileSync(file()))).toEqual(new Set(['<5>']));
});

it('leaves the previous transaction valid, from which lmdb continues if the last transaction is lost', async () => {
  const scrub = createStoreScrubbing(root, file());
  for (let n = 0; n < 40; n++) {
    for (const size of SIZES) await records().put(`key ${n % 7} ${size}`, textOf(n, size));
    if (n % 3 === 0) await scrub();
    await root.flushed;
    const copy = join(folder, 'copy.mdb');
    copyFileSync(file(), copy);
    writeFileSync(copy, withoutNewestMeta(readFileSync(copy)));
    expect({ n, problems: await problemsIn(copy) }).toEqual({ n, problems: [] });
  }
});

/** Replaces the newest of the two meta pages by a copy of the other one. page-file.ts describes the layout. */
function withoutNewestMeta(bytes: Buffer): Buffer {
  const pageBytes = bytes.readUInt32LE(24 + 24);
  const transactionAt = (page: number) => bytes.readBigUInt64LE(page * pageBytes + 24 + 128);
  const [newest, other] = transactionAt(0) > transactionAt(1) ? [0, 1] : [1, 0];
  bytes.copy(bytes, newest * pageBytes + 24, other * pageBytes + 24, other * pageBytes + 24 + 144);
  return bytes;
}
