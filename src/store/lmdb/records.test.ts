import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { open, type RootDatabase } from 'lmdb';
import { checksumStateOfText, DamagedRecord, openRecords, textWithChecksum } from './records.js';

let folder: string;
let root: RootDatabase;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-records-'));
  root = open({ path: folder, maxDbs: 8, encoding: 'binary' });
});
afterEach(async () => {
  await root.close();
  rmSync(folder, { recursive: true });
});

const keys = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.integer()), { minLength: 2 }),
);

describe('a JSON record with checksums', () => {
  it('is still the same JSON to other readers', () => {
    fc.assert(
      fc.property(keys, fc.jsonValue(), (key, value) => {
        const text = textWithChecksum(key, JSON.stringify(value));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(checksumStateOfText(text, key)).toBe('valid');
        expect(checksumStateOfText(JSON.stringify(value), key)).toBe('none');
      }),
    );
  });

  it('is damaged when any byte of it changes, or it is under another key', () => {
    fc.assert(
      fc.property(keys, fc.jsonValue(), fc.nat(), fc.integer({ min: 1, max: 255 }), (key, value, position, change) => {
        const bytes = Buffer.from(textWithChecksum(key, JSON.stringify(value)));
        expect(checksumStateOfText(bytes.toString(), [key, 'x'].flat())).toBe('damaged');
        bytes[position % bytes.length] = (bytes[position % bytes.length] as number) ^ change;
        expect(checksumStateOfText(bytes.toString(), key)).not.toBe('valid');
      }),
    );
  });

  it('is read without checksums from an old store, and written with them', async () => {
    const old = root.openDB<unknown, string>({ name: 'old', encoding: 'json' });
    await old.put('a', { title: 'Before' });
    const records = openRecords<{ title: string }, string>(root, 'old');
    expect(records.get('a')).toEqual({ title: 'Before' });
    await records.put('b', { title: 'After' });
    records.putSync('c', { title: 'Again' });
    await records.transaction(() => records.put('d', { title: 'In one' }));
    expect([...records.getRange({})].map(({ key, value }) => [key, value.title])).toEqual([
      ['a', 'Before'],
      ['b', 'After'],
      ['c', 'Again'],
      ['d', 'In one'],
    ]);
    const stored = root.openDB<Buffer, string>({ name: 'old', encoding: 'binary' });
    expect([...stored.getRange({})].map(({ key, value }) => checksumStateOfText(value.toString(), key))).toEqual([
      'none',
      'valid',
      'valid',
      'valid',
    ]);
    expect(old.get('b')).toEqual({ title: 'After' });
  });

  it('is not read when damaged, and the error does not quote it', () => {
    const records = openRecords<object, [string, string]>(root, 'accounts');
    records.putSync(['site', 'garden'], { title: 'Secret' });
    const stored = root.openDB<Buffer, [string, string]>({ name: 'accounts', encoding: 'binary' });
    for (const change of [
      (text: string) => text.replace('Secret', 'Secreu'),
      (text: string) => `keep out ${text}`,
      () => 'keep out',
    ]) {
      stored.putSync(['site', 'garden'], Buffer.from(change((stored.get(['site', 'garden']) as Buffer).toString())));
      const read = () => records.get(['site', 'garden']);
      expect(read).toThrow(DamagedRecord);
      expect(read).toThrow(/^a record of "accounts" in the store is damaged; hitherto verify --store names it$/);
    }
    const tolerant = openRecords<object | undefined, [string, string]>(root, 'accounts', { ifDamaged: undefined });
    expect([...tolerant.getRange({})]).toEqual([{ key: ['site', 'garden'], value: undefined }]);
  });
});
