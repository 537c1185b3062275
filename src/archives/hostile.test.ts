// Archives that were made to do harm, or by mistake: each is refused with its place, and nothing of it comes into the store.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Store, lmdbStore } from '../../test/fixtures/stores.js';
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

/** An archive of one site in one collection, with checksums that are right. */
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

describe('a hostile archive', () => {
  it('that is none of these is put back', async () => {
    archiveOf({});
    expect(await putBack()).toBe(1);
  });

  it.each<[string, Made, RegExp]>([
    [
      'a file that leads out',
      { collection: { file: '../../outside.jsonl.gz' } },
      /manifest\.json is not as expected: collections\.0: a collection has its own file/,
    ],
    ['a file of another collection', { collection: { file: 'content.2019.jsonl.gz' } }, /has its own file/],
    ['a collection of tokens', { collection: { name: 'tokens', file: 'tokens.jsonl.gz' } }, /it holds another year/],
    ['a collection with a path', { collection: { name: '../x', file: '../x.jsonl.gz' } }, /it holds another year/],
    ['another year', { collection: { name: 'traffic.2018', file: 'traffic.2018.jsonl.gz' } }, /it holds another year/],
    ['a year that leads out', { manifest: { year: '../2019' } }, /manifest\.json is not as expected: year: no year/],
    ['the name of another', { manifest: { part: 2 } }, /holds the archive 2019\.2: give the folder its name back/],
    ['half a part', { manifest: { part: 1.5 } }, /: part/],
    ['a part beyond all', { manifest: { part: 1e300 } }, /: part/],
    ['a part as a text', { manifest: { part: '1' } }, /: part/],
    ['documents without a number', { manifest: { documents: Number.NaN } }, /: documents/],
    ['a negative offset', { member: { offset: -5 } }, /members\.0\.offset/],
    ['an offset beyond its file', { member: { offset: 2 ** 40 } }, /is damaged: it is cut short/],
    ['a site twice', { collection: { members: [member, { ...member, offset: 1 }] } }, /a site is in it twice/],
    ['parts over each other', { collection: { members: [member, { ...member, site: 'shop' }] } }, /or its parts overlap/],
    ['fewer lines than there are', { member: { lines: 0 } }, /its checksum differs/],
    ['more documents than it says', { collection: { documents: 7 } }, /holds 1 documents; its manifest says 7/],
    [
      'a document of another site',
      { lines: [{ ...LINE, _id: 'shop:2019-03' }] },
      /garden, line 1, is damaged: "shop:2019-03" does not belong there/,
    ],
    ['a document of no month', { lines: [{ ...LINE, _id: 'garden:2019-13' }] }, /does not belong there/],
    ['a document of another year', { lines: [{ ...LINE, _id: 'garden:2018-03' }] }, /does not belong there/],
    ['a document twice', { lines: [LINE, LINE] }, /"garden:2019-03" is in it twice/],
    ['an id that is a number', { lines: [{ ...LINE, _id: 7 }] }, /line 1, is not as expected: _id/],
    ['a document named twice', { lines: [`${JSON.stringify(LINE).slice(0, -1)},"_id":"vic:2019-03"}`] }, /does not belong there/],
    ['a negative counter', { lines: [{ ...LINE, counters: { v: -5 } }] }, /line 1, is no document of counters/],
    ['no counters', { lines: [{ _id: LINE._id }] }, /line 1, is not as expected: counters/],
    ['a mark that is no day', { lines: [{ ...LINE, counters: { '@': 'soon' } }] }, /"@" holds no day/],
    ['a line that is no JSON', { lines: ['{"secret":'] }, /line 1, is damaged: it is no JSON$/],
  ])('with %s is refused, and nothing is put back', async (_, made, message) => {
    archiveOf(made);
    await isRefused(message);
  });

  it('of a collection twice is refused', async () => {
    const collection = { name: 'traffic.2019', file: 'traffic.2019.jsonl.gz', documents: 0, members: [] };
    archiveOf({ manifest: { collections: [collection, collection] } });
    await isRefused(/a collection is in it twice/);
  });

  it('with a manifest that is no JSON is refused, and what is in it is not shown', async () => {
    archiveOf({});
    writeFileSync(join(archivesDir, '2019', 'manifest.json'), 'keep out');
    await isRefused(/2019\/manifest\.json is damaged: it is no JSON; restore the archive from a copy$/);
  });

  it('does not keep the others from being read', () => {
    archiveOf({});
    archiveOf({ folder: '2019.2', manifest: { part: 2 } });
    writeFileSync(join(archivesDir, '2019', 'manifest.json'), 'keep out');
    const { archives, problems } = readableArchives(archivesDir);
    expect(archives.map(({ manifest }) => manifest.part)).toEqual([2]);
    expect(problems).toEqual([expect.stringMatching(/2019\/manifest\.json is damaged: it is no JSON/)]);
  });

  it('with links, pipes and devices in the place of its files is refused', async () => {
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
    await isRefused(/is no regular file, but a pipe/);
    replaced(() => {});
    await isRefused(/is missing/);
  });
});
