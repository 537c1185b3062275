// Malicious and broken archives: each is refused with a message that names the problem, and none of it reaches the store.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lmdbStore, type Store } from '../../../test/fixtures/stores.js';
import { archivesIn, readableArchives } from './manifest.js';
import { restore } from './restore.js';

let archivesDir: string;
let store: Store;
beforeEach(async () => {
  archivesDir = mkdtempSync(join(tmpdir(), 'hitherto-archives-'));
  store = await lmdbStore();
});
afterEach(async () => {
  await store.close();
  rmSync(archivesDir, { recursive: true });
});

const LINE = { _id: 'garden:2019-03', counters: { v: 3 } };

interface Made {
  readonly lines?: ReadonlyArray<object | string>;
  readonly member?: object;
  readonly collection?: object;
  readonly manifest?: object;
  readonly folder?: string;
}

/** Writes an archive of one site in one collection, with valid checksums. */
function archiveOf({ lines = [LINE], member = {}, collection = {}, manifest = {}, folder = '2019' }: Made): void {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  const packed = gzipSync(text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const members = [{ site: 'garden', offset: 0, bytes: packed.length, lines: lines.length, sha256, ...member }];
  const collections = [{ name: 'traffic.2019', file: 'traffic.2019.jsonl.gz', documents: lines.length, members, ...collection }];
  const head = { format: 'hitherto-archive', version: 1, year: '2019', part: 1, writtenAt: '2026-11-20T10:00:00.000Z' };
  mkdirSync(join(archivesDir, folder));
  writeFileSync(join(archivesDir, folder, 'traffic.2019.jsonl.gz'), packed);
  writeFileSync(
    join(archivesDir, folder, 'manifest.json'),
    JSON.stringify({ ...head, documents: lines.length, collections, ...manifest }),
  );
}

const putBack = async () =>
  restore({
    ...store,
    year: '2019',
    archives: archivesIn(archivesDir, '2019'),
    isKnown: () => true,
    site: undefined,
    isStopped: () => false,
    onProgress: () => {},
  });

async function isRefused(message: RegExp): Promise<void> {
  await expect(putBack()).rejects.toThrow(message);
  expect(await store.documents.collections()).toEqual([]);
}

const member = { site: 'garden', offset: 0, bytes: 1, lines: 1, sha256: '' };

describe('restoring an archive', () => {
  it('works when nothing is wrong with it', async () => {
    archiveOf({});
    expect(await putBack()).toBe(1);
  });

  it.each<[string, Made, RegExp]>([
    [
      'a path that leads out of it',
      { collection: { file: '../../outside.jsonl.gz' } },
      /manifest\.json is not as expected: collections\.0: the file is not that of the collection/,
    ],
    ['a file of another collection', { collection: { file: 'content.2019.jsonl.gz' } }, /the file is not that of the collection/],
    ['a collection of tokens', { collection: { name: 'tokens', file: 'tokens.jsonl.gz' } }, /a collection is of another year/],
    ['a collection with a path', { collection: { name: '../x', file: '../x.jsonl.gz' } }, /a collection is of another year/],
    ['another year', { collection: { name: 'traffic.2018', file: 'traffic.2018.jsonl.gz' } }, /a collection is of another year/],
    ['a year that is a path', { manifest: { year: '../2019' } }, /manifest\.json is not as expected: year: no year/],
    ['the manifest of another part', { manifest: { part: 2 } }, /contains the archive 2019\.2: rename the folder to match/],
    ['a fraction as its part', { manifest: { part: 1.5 } }, /: part/],
    ['a huge number as its part', { manifest: { part: 1e300 } }, /: part/],
    ['a string as its part', { manifest: { part: '1' } }, /: part/],
    ['no number of documents', { manifest: { documents: Number.NaN } }, /: documents/],
    ['a negative offset', { member: { offset: -5 } }, /members\.0\.offset/],
    ['an offset beyond its file', { member: { offset: 2 ** 40 } }, /is damaged: it is cut short/],
    ['a site twice', { collection: { members: [member, { ...member, offset: 1 }] } }, /a site appears twice/],
    ['overlapping members', { collection: { members: [member, { ...member, site: 'shop' }] } }, /or its parts overlap/],
    ['too few lines in its manifest', { member: { lines: 0 } }, /its checksum differs/],
    ['too many documents in its manifest', { collection: { documents: 7 } }, /contains 1 documents; its manifest says 7/],
    [
      'a document of another site',
      { lines: [{ ...LINE, _id: 'shop:2019-03' }] },
      /garden, line 1, is damaged: "shop:2019-03" does not belong there/,
    ],
    ['a document of month 13', { lines: [{ ...LINE, _id: 'garden:2019-13' }] }, /does not belong there/],
    ['a document of another year', { lines: [{ ...LINE, _id: 'garden:2018-03' }] }, /does not belong there/],
    ['a document twice', { lines: [LINE, LINE] }, /"garden:2019-03" appears twice/],
    ['an id that is a number', { lines: [{ ...LINE, _id: 7 }] }, /line 1, is not as expected: _id/],
    [
      'a document with two ids',
      { lines: [`${JSON.stringify(LINE).slice(0, -1)},"_id":"vic:2019-03"}`] },
      /does not belong there/,
    ],
    ['a negative counter', { lines: [{ ...LINE, counters: { v: -5 } }] }, /line 1, is not a document of counters/],
    ['no counters', { lines: [{ _id: LINE._id }] }, /line 1, is not as expected: counters/],
    ['an invalid mark', { lines: [{ ...LINE, counters: { '@': 'soon' } }] }, /"@" does not contain a day/],
    ['a line that is not JSON', { lines: ['{"secret":'] }, /line 1, is damaged: it is not JSON$/],
  ])('is refused with %s, and nothing is put back', async (_, made, message) => {
    archiveOf(made);
    await isRefused(message);
  });

  it('is refused when it has a collection twice', async () => {
    const collection = { name: 'traffic.2019', file: 'traffic.2019.jsonl.gz', documents: 0, members: [] };
    archiveOf({ manifest: { collections: [collection, collection] } });
    await isRefused(/a collection appears twice/);
  });

  it('is refused with a manifest that is not JSON, whose content is not shown', async () => {
    archiveOf({});
    writeFileSync(join(archivesDir, '2019', 'manifest.json'), 'keep out');
    await isRefused(/2019\/manifest\.json is damaged: it is not JSON; restore the archive from a copy$/);
  });

  it('works for the others when one is damaged', () => {
    archiveOf({});
    archiveOf({ folder: '2019.2', manifest: { part: 2 } });
    writeFileSync(join(archivesDir, '2019', 'manifest.json'), 'keep out');
    const { archives, problems } = readableArchives(archivesDir);
    expect(archives.map(({ manifest }) => manifest.part)).toEqual([2]);
    expect(problems).toEqual([expect.stringMatching(/2019\/manifest\.json is damaged: it is not JSON/)]);
  });

  it('is refused when its files are links, pipes or devices', async () => {
    archiveOf({});
    const path = join(archivesDir, '2019', 'traffic.2019.jsonl.gz');
    const replaced = (make: () => void) => {
      rmSync(path);
      make();
    };
    writeFileSync(join(archivesDir, 'outside.gz'), '');
    replaced(() => symlinkSync('../outside.gz', path));
    await isRefused(/is a link that leads outside/);
    replaced(() => symlinkSync('/dev/zero', path));
    await isRefused(/is a link that leads outside/);
    replaced(() => execFileSync('mkfifo', [path]));
    await isRefused(/is not a regular file but a pipe/);
    replaced(() => {});
    await isRefused(/is missing/);
  });
});
