// Checksums of documents in the embedded store.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Database, RootDatabase } from 'lmdb';
import { plain, trees } from '../../../test/fixtures/trees.js';
import { decode, encode } from '../../counters/codec/codec.js';
import { mergeBytes } from '../../counters/codec/merge-bytes.js';
import { Writer } from '../../counters/codec/writer.js';
import { Counters } from '../../counters/counters.js';
import type { Delta } from '../documents.js';
import { checksumState, isValidTree, withChecksum } from './document-checksum.js';
import { type LmdbDocuments, openLmdbDocuments } from './documents.js';
import { openEnvironment } from './environment.js';
import { openLmdbNodes } from './nodes.js';

const KEY = 'traffic.2026/garden:2026-11-20';
const ID = { collection: 'traffic.2026', id: 'garden:2026-11-20' };

const bytesWithChecksum = (tree: Counters, key = KEY): Buffer => {
  const out = new Writer();
  encode(tree, out);
  return Buffer.from(withChecksum(key, out));
};

describe('a document with its checksum', () => {
  it('can be read and merged like one without', () => {
    fc.assert(
      fc.property(trees(), trees(), (tree, delta) => {
        const bytes = bytesWithChecksum(tree);
        expect(checksumState(KEY, bytes)).toBe('valid');
        expect(plain(decode(bytes))).toEqual(plain(decode(encode(tree))));
        expect(isValidTree(bytes) && isValidTree(encode(tree))).toBe(true);
        expect(checksumState(KEY, encode(tree))).toBe('none');
        const merged = Buffer.from(mergeBytes(bytes, delta));
        expect(merged).toEqual(mergeBytes(encode(tree), delta));
        expect([checksumState(KEY, merged), isValidTree(merged)]).toEqual(['none', true]);
      }),
    );
  });

  it('is damaged when any byte of it changes, it is truncated, or it is under another key', () => {
    fc.assert(
      fc.property(trees(), fc.nat(), fc.integer({ min: 1, max: 255 }), (tree, position, change) => {
        const bytes = bytesWithChecksum(tree);
        expect(checksumState(`${KEY}x`, bytes)).toBe('damaged');
        expect(checksumState(KEY, bytes.subarray(0, position % bytes.length)) === 'valid').toBe(false);
        const at = position % bytes.length;
        bytes[at] = (bytes[at] as number) ^ change;
        // if the change makes the checksum a part of the document, that is not a valid tree
        expect(checksumState(KEY, bytes) === 'damaged' || !isValidTree(bytes)).toBe(true);
      }),
    );
  });
});

describe('the embedded store', () => {
  let folder: string;
  let root: RootDatabase;
  let stored: Database<Buffer, string>;
  let documents: LmdbDocuments;
  let nowMs: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
    ({ root } = openEnvironment(folder));
    stored = root.openDB<Buffer, string>({ name: 'documents', encoding: 'binary' });
    nowMs = 1_000_000;
    documents = openLmdbDocuments(root, () => nowMs);
  });
  afterEach(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });

  const views = (count: number): Counters => {
    const counters = new Counters();
    counters.sum('v', count);
    return counters;
  };
  const delta = (id = ID, count = 1): Delta => ({ ...id, counters: views(count), caps: {} });
  let number = 0;
  const apply = (...deltas: Delta[]) => documents.apply({ node: 'n01', number: ++number, checksum: 1 }, deltas, 1);
  beforeEach(() => {
    number = 0;
  });
  const state = (key = KEY) => checksumState(key, stored.get(key) as Buffer);
  const viewsNow = async () => (await documents.read([ID]))[0]?.get('v');

  /** Damages a document as a disk might: only the number of views changes. */
  function damage(key = KEY): void {
    const bytes = Buffer.from(stored.get(key) as Buffer);
    const at = bytes.indexOf('v') + 2;
    bytes[at] = (bytes[at] as number) ^ 1;
    stored.putSync(key, bytes);
  }

  it('adds a document’s checksum when it is first written, and again two seconds after the last hit', async () => {
    await apply(delta());
    expect(state()).toBe('valid');
    for (let i = 0; i < 10; i++) {
      nowMs += 500;
      await apply(delta());
      expect(state()).toBe('none');
    }
    nowMs += 2_001;
    await apply(delta({ ...ID, id: 'shop:2026-11-20' }));
    expect(state()).toBe('valid');
    expect(await viewsNow()).toBe(11);
  });

  it('also adds checksums with a heartbeat, and the missing ones when it is closed', async () => {
    const nodes = openLmdbNodes(root, documents.addDueChecksums);
    await nodes.claim('n01', 'boot', undefined);
    await apply(delta());
    await apply(delta());
    expect(state()).toBe('none');
    nowMs += 2_001;
    await nodes.heartbeat('n01', 'boot', 1);
    expect(state()).toBe('valid');
    await apply(delta());
    await apply(delta());
    expect(state()).toBe('none');
    await documents.close();
    expect(state()).toBe('valid');
    expect(await viewsNow()).toBe(4);
  });

  it('counts into documents of an old version, and adds their checksums', async () => {
    stored.putSync(KEY, encode(views(5)));
    expect(await viewsNow()).toBe(5);
    await apply(delta());
    expect(await viewsNow()).toBe(6);
    expect(state()).toBe('valid');
    stored.putSync(KEY, encode(views(5)));
    expect([await documents.compact(ID, {}), state(), await documents.compact(ID, {})]).toEqual([
      'compacted',
      'valid',
      'compact',
    ]);
  });

  it('never counts into a damaged document, but counts into all others', async () => {
    const other = { ...ID, id: 'shop:2026-11-20' };
    await apply(delta(), delta(other));
    damage();
    nowMs += 10_000;
    expect(await apply(delta(), delta(other))).toEqual({
      outcome: 'applied',
      rejected: [
        {
          ...ID,
          reason: expect.stringMatching(/^traffic\.2026\/garden:2026-11-20 is damaged in the store; hitherto verify --store/),
        },
      ],
    });
    expect(state()).toBe('damaged');
    await expect(documents.read([ID])).rejects.toThrow('traffic.2026/garden:2026-11-20 is damaged in the store');
    expect((await documents.read([other]))[0]?.get('v')).toBe(2);
  });

  it('computes nothing from a damaged document, but lets it be deleted or replaced', async () => {
    await apply(delta());
    damage();
    const rewrite = (change: Parameters<LmdbDocuments['rewrite']>[2]) => documents.rewrite(ID.collection, [ID.id], change);
    await expect(rewrite((_, counters) => counters as Counters)).rejects.toThrow('is damaged in the store');
    await expect(documents.rebuild(ID, [], (counters) => counters)).rejects.toThrow('is damaged in the store');
    expect(await documents.rebuild(ID, [], () => 'keep')).toBe('kept');
    // a deletion reads the readable part of it
    expect((await documents.read([ID], { anyway: true }))[0]?.fields.size).toBe(1);
    expect([await documents.compact(ID, {}), state()]).toEqual(['compact', 'damaged']);
    const month = { ...ID, id: 'garden:2026-11' };
    await apply(delta(month));
    await expect(documents.rewriteGroup(ID.collection, [ID.id, month.id], () => new Map([[month.id, views(7)]]))).rejects.toThrow(
      'is damaged in the store',
    );
    await documents.rewriteGroup(ID.collection, [ID.id, month.id], () => new Map([[ID.id, views(7)]]));
    expect([state(), await viewsNow()]).toEqual(['valid', 7]);
    damage();
    expect(await rewrite(() => 'keep')).toMatchObject({ kept: 1 });
    expect(await rewrite(() => 'remove')).toMatchObject({ removed: 1 });
  });

  it('can delete a document that cannot be read at all', async () => {
    stored.putSync(KEY, Buffer.from('no document'));
    await expect(documents.read([ID])).rejects.toThrow('is damaged in the store');
    expect(await documents.rewrite(ID.collection, [ID.id], () => 'remove')).toMatchObject({ removed: 1 });
  });
});
