import { closeSync, mkdtempSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { plainHit } from '../../test/fixtures/hits.js';
import type { PackBoundary } from '../store/holds.js';
import { DAY_MS } from '../time/units.js';
import { createJournalCleaner, type JournalCleanerParts } from './cleaner.js';
import { hitLine } from './line.js';
import { packJournal } from './packing.js';
import { packsIn } from './packs.js';
import { createSegment, readSegment, sealSegment, segmentPath, segmentsIn } from './segment.js';

const NODE = 'n0123';
const NOW = Date.parse('2026-11-20T12:00:00Z');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function sealed(number: number, daysAgo = 0): void {
  const name = { node: NODE, number };
  const atMs = NOW - daysAgo * DAY_MS;
  const { file, start } = createSegment(folder, name);
  writeSync(file, hitLine(plainHit(atMs, { path: `/${number}` })), start);
  closeSync(file);
  sealSegment(folder, name);
  utimesSync(segmentPath(folder, { ...name, state: 'sealed' }), atMs / 1000, atMs / 1000);
}

function cleaner(changes: Partial<JournalCleanerParts> & { held?: boolean; boundaries?: PackBoundary[]; upTo?: number } = {}) {
  const { held = false, boundaries = [], upTo = 1e9, ...others } = changes;
  return createJournalCleaner({
    folder,
    node: NODE,
    keepMs: 3 * DAY_MS,
    keptBytesMax: 1e9,
    holds: { isHeld: async () => held, packBoundaries: async () => boundaries, removePackBoundaries: async () => {} },
    countedUpTo: async () => upTo,
    pack: packJournal,
    nowMs: () => NOW,
    ...others,
  });
}

const packs = () => packsIn(folder).map(({ first, last }) => `${first}-${last}`);
const segments = () => segmentsIn(folder).map(({ number }) => number);

describe('the cleaner of a journal', () => {
  it('packs counted segments, but nothing while the journals are held', async () => {
    for (const number of [1, 2, 3]) sealed(number);
    await cleaner({ held: true }).pack();
    expect([packs(), segments()]).toEqual([[], [1, 2, 3]]);
    await cleaner({ upTo: 2 }).pack();
    expect([packs(), segments()]).toEqual([['1-2'], [3]]);
  });

  it('starts no packing while nothing is counted', async () => {
    sealed(1);
    const pack = async () => {
      throw new Error('packing was started');
    };
    await cleaner({ upTo: 0, pack }).pack();
    await expect(cleaner({ upTo: 1, pack }).pack()).rejects.toThrow('packing was started');
  });

  it('respects the pack boundaries of earlier backups even if a restored store does not contain them', async () => {
    for (const number of [1, 2, 3]) sealed(number);
    await cleaner({ boundaries: [{ node: NODE, after: 1, upTo: 1, atMs: NOW }], upTo: 1 }).pack();
    await cleaner().pack();
    expect(packs()).toEqual(['1-1', '2-3']);
  });

  it('removes days that were retained long enough, but never the newest segment', async () => {
    for (const [number, daysAgo] of [
      [1, 5],
      [2, 4],
      [3, 2],
      [4, 0],
    ] as const)
      sealed(number, daysAgo);
    await cleaner().pack();
    expect(packs()).toEqual(['1-1', '2-2', '3-3', '4-4']);
    await cleaner().removeExpired();
    expect([packs(), segments()]).toEqual([['3-3', '4-4'], [4]]); // the 16th ended three and a half days ago
    await cleaner({ nowMs: () => NOW + 30 * DAY_MS, held: true }).removeExpired();
    expect(packs()).toEqual(['3-3', '4-4']);
    await cleaner({ nowMs: () => NOW + 30 * DAY_MS }).removeExpired();
    expect([packs(), segments()]).toEqual([[], [4]]);
  });

  it('removes the oldest hits first when they take too much space, but no uncounted hits', async () => {
    for (const [number, daysAgo] of [
      [1, 2],
      [2, 1],
      [3, 0],
      [4, 0],
    ] as const)
      sealed(number, daysAgo);
    await cleaner({ upTo: 3 }).pack();
    expect(packs()).toEqual(['1-1', '2-2', '3-3']);
    await cleaner({ upTo: 3, keptBytesMax: 1e9 }).freeSpace();
    expect(packs()).toEqual(['1-1', '2-2', '3-3']);
    const bytes = statSync(segmentPath(folder, { node: NODE, number: 4, state: 'sealed' })).size;
    expect(bytes).toBeGreaterThan(0);
    await cleaner({ upTo: 3, keptBytesMax: 8000, held: true }).freeSpace();
    expect(packs().at(-1)).toBe('3-3');
    expect(packs().length).toBeLessThan(3);
    await cleaner({ upTo: 3, keptBytesMax: 0 }).freeSpace();
    expect([packs(), segments()]).toEqual([[], [4]]);
    expect(readSegment(folder, { node: NODE, number: 4 }).lines).toHaveLength(1);
  });

  it('removes counted hits at once if none are retained, but leaves the newest segment, empty', async () => {
    for (const number of [1, 2, 3]) sealed(number);
    const all = cleaner({ keepMs: 0 });
    await all.pack();
    expect(packs()).toEqual([]);
    all.discard({ node: NODE, number: 2, state: 'sealed' });
    expect(segments()).toEqual([2, 3]);
    all.discard({ node: NODE, number: 3, state: 'sealed' });
    expect(segments()).toEqual([3]);
    expect(readSegment(folder, { node: NODE, number: 3 }).lines).toEqual([]);
  });
});
