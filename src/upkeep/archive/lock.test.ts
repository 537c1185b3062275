// Several processes change archives at once, and some of them are killed.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { fromJson } from '../../counters/codec/json.js';
import { lockFolder } from '../../journal/lock.js';
import { archivesForDeletion } from '../../operations/delete/archives.js';
import { mendArchives, withLockedArchives } from './lock.js';
import { archivesIn, verify } from './manifest.js';
import { writeArchive } from './write.js';

const SITES = ['one', 'two', 'three'];

let archivesDir: string;
beforeEach(async () => {
  archivesDir = mkdtempSync(join(tmpdir(), 'hitherto-archives-'));
  await writeArchive({
    documents: {
      async *ids() {
        for (const site of SITES) yield `${site}:2019-03`;
      },
      read: async (ids) => ids.map(() => fromJson({ v: 3 })),
    },
    archivesDir,
    year: '2019',
    part: 1,
    names: ['traffic.2019'],
    nowMs: 0,
    isStopped: () => false,
    onProgress: () => {},
  });
});
afterEach(() => rmSync(archivesDir, { recursive: true }));

const siteOf = (site: string) => ({ id: site, site, deleted: { kind: 'site' as const }, receivedUntilMs: 0 });
const sitesLeft = () =>
  archivesIn(archivesDir).flatMap(({ manifest }) => manifest.collections[0]?.members.map(({ site }) => site));

function draft(name: string): void {
  mkdirSync(join(archivesDir, name));
  writeFileSync(join(archivesDir, name, 'traffic.2019.jsonl.gz'), 'half');
}

/** The lock of a process that was killed. */
function deadLock(): void {
  writeFileSync(join(archivesDir, 'lock.7'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), started: '' }));
}

it('keeps the results of both when two deletions run at once', async () => {
  const archives = archivesForDeletion(archivesDir, DOCUMENT_KINDS);
  await Promise.all([archives.remove(siteOf('one')), archives.remove(siteOf('three'))]);
  expect(sitesLeft()).toEqual(['two']);
  for (const archive of archivesIn(archivesDir)) await verify(archive);
  expect(readdirSync(archivesDir)).toEqual(['2019']);
});

it('removes the leftovers of a killed process at once', async () => {
  draft('.thinning-2019-0ae263d67668');
  draft('.replaced-2019');
  deadLock();
  mendArchives(archivesDir);
  expect(readdirSync(archivesDir)).toEqual(['2019']);
  deadLock();
  mendArchives(archivesDir);
  expect(readdirSync(archivesDir)).toEqual(['2019']);
});

it('restores the old archive when a process was killed between the two renames', async () => {
  renameSync(join(archivesDir, '2019'), join(archivesDir, '.replaced-2019'));
  deadLock();
  const archives = archivesForDeletion(archivesDir, DOCUMENT_KINDS);
  expect(await archives.holding(siteOf('one'))).toEqual([join(archivesDir, '2019')]);
  expect(sitesLeft()).toEqual(SITES);
});

it('waits for a running process, and keeps its files', async () => {
  const lock = lockFolder(archivesDir);
  draft('.thinning-2019-0ae263d67668');
  mendArchives(archivesDir);
  expect(readdirSync(archivesDir)).toContain('.thinning-2019-0ae263d67668');
  let isHeld = false;
  const holding = withLockedArchives(archivesDir, async () => {
    isHeld = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(isHeld).toBe(false);
  lock.release();
  await holding;
  expect(readdirSync(archivesDir)).toEqual(['2019']);
});

it('keeps the draft of a new archive for a day', () => {
  draft('.writing-2020-0ae263d67668');
  draft('.thinning-2019-0ae263d67668');
  mendArchives(archivesDir);
  expect(readdirSync(archivesDir)).toEqual(['.writing-2020-0ae263d67668', '2019']);
  utimesSync(join(archivesDir, '.writing-2020-0ae263d67668'), 0, 0);
  draft('.thinning-2019-0ae263d67668');
  mendArchives(archivesDir);
  expect(readdirSync(archivesDir)).toEqual(['2019']);
});

it('does nothing when there are no archives', async () => {
  const none = archivesForDeletion(join(archivesDir, 'none'), DOCUMENT_KINDS);
  await none.remove(siteOf('one'));
  expect(await none.holding(siteOf('one'))).toEqual([]);
  expect(readdirSync(archivesDir)).toEqual(['2019']);
});
