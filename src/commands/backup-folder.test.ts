import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type BackupFolder, beginBackup } from './backup-folder.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-backup-folder-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('removes the leftovers of an unfinished backup', () => {
  const begun = beginBackup(folder) as BackupFolder;
  const mark = readFileSync(join(folder, 'unfinished'));
  begun.finish();
  writeFileSync(join(folder, 'unfinished'), mark);
  writeFileSync(join(folder, 'half.jsonl.gz'), 'half');
  (beginBackup(folder) as BackupFolder).finish();
  expect(existsSync(join(folder, 'half.jsonl.gz'))).toBe(false);
});

it.each([
  ['another file with the name of the mark', () => writeFileSync(join(folder, 'unfinished'), 'a novel')],
  ['a folder with the name of the mark', () => mkdirSync(join(folder, 'unfinished'))],
  ['no mark', () => {}],
])('refuses a folder with other files and %s', (_, prepare) => {
  prepare();
  writeFileSync(join(folder, 'chapter'), 'one');
  expect(() => beginBackup(folder)).toThrow(/is not empty/);
  expect(readFileSync(join(folder, 'chapter'), 'utf8')).toBe('one');
});

it('starts over if even the mark is incomplete', () => {
  writeFileSync(join(folder, 'unfinished'), '');
  (beginBackup(folder) as BackupFolder).finish();
  expect(existsSync(join(folder, 'unfinished'))).toBe(false);
});
