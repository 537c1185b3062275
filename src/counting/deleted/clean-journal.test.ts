import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { pinged, plainHit } from '../../../test/fixtures/hits.js';
import { plain } from '../../../test/fixtures/trees.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import type { Hit, Point } from '../../hit/hit.js';
import { hitLine, refusalLine } from '../../journal/line.js';
import { observationLine } from '../../journal/observation-line.js';
import { packJournal } from '../../journal/packing.js';
import { type PackName, packedLines, packsIn, readPack } from '../../journal/packs.js';
import { createRegisterReader, daysIn, openRegisters } from '../../journal/registers.js';
import { replaySegment } from '../../journal/replay.js';
import { rewriteSegment } from '../../journal/rewrite.js';
import {
  bytesOf,
  checksumOf,
  createSegment,
  readSegment,
  removeSealed,
  type SegmentFile,
  sealSegment,
  segmentsIn,
} from '../../journal/segment.js';
import type { Delta } from '../../store/documents.js';
import type { Deleted, Deletion, Step, Tombstone } from '../../store/tombstones.js';
import { foldSegment } from '../count-segment.js';
import { cleanFolder, cleanSegment, countHolding } from './clean-journal.js';
import { createDeletionFilter } from './filter.js';
import { createNodeDeletions } from './node-deletions.js';

const OLD = join(import.meta.dirname, '../../../test/fixtures/journal-0.1');
const SILENT = { hit() {}, observation() {}, refusal() {}, point() {}, unreadable() {} };
const DAY = '2026-11-20';
const AT_MS = Date.parse(`${DAY}T10:00:00Z`);
const gone = (deleted: Deleted = { kind: 'site' }): Tombstone => ({
  id: 'd1',
  site: 'gone',
  deleted,
  receivedUntilMs: AT_MS + 1000,
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(number: number, sites: readonly string[], atMs = AT_MS): SegmentFile {
  const name = { node: 'n0123', number };
  const { file, start } = createSegment(folder, name);
  const lines = sites.flatMap((site, i) => [
    hitLine(plainHit(atMs, { site, path: `/of-${site}/${i}` })),
    refusalLine({ site, day: DAY, receivedAtMs: atMs, reason: 'bot', hits: 1 }),
    ...pinged({ site, path: `/of-${site}/${i}`, atMs, z: 60, x: 5 }).map((observation) => observationLine(observation)),
  ]);
  writeSync(file, lines.join(''), start);
  closeSync(file);
  return { ...name, state: 'open' };
}

function sealed(number: number, sites: readonly string[]): SegmentFile {
  const file = write(number, sites);
  sealSegment(folder, file);
  return { ...file, state: 'sealed' };
}

/** The bytes of all files. */
const bytesIn = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('');
const plainDeltas = (deltas: readonly Delta[]) =>
  deltas.map(({ collection, id, counters }) => [collection, id, plain(counters)] as const).sort();
const foldOf = (file: SegmentFile, deleted?: Tombstone) =>
  plainDeltas(
    foldSegment(readSegment(folder, file), [], DOCUMENT_KINDS, createDeletionFilter(deleted === undefined ? [] : [deleted]))
      .deltas,
  );

describe('a segment with deleted data', () => {
  it('is rewritten without it, keeps its original checksum and age, and gives the deltas that were counted', () => {
    const file = sealed(1, ['gone', 'stays', 'gone', 'stays']);
    utimesSync(join(folder, 'n0123.000000000001.hits'), 1000, 1000);
    const before = readSegment(folder, file);
    const counted = foldOf(file, gone());
    expect(cleanSegment(folder, file, createDeletionFilter([gone()]))).toBe('rewritten');
    expect(bytesIn()).not.toContain('gone');
    const after = readSegment(folder, file);
    expect(after.checksum).toBe(before.checksum);
    expect(checksumOf(folder, file)).toBe(before.checksum);
    expect(after.lines.length).toBe(8);
    expect(foldOf(file)).toEqual(counted);
    expect(statSync(join(folder, 'n0123.000000000001.hits')).mtimeMs).toBe(1_200_000); // the end of its five minutes
    const header = readFileSync(join(folder, 'n0123.000000000001.hits')).indexOf('\n') + 1;
    expect(bytesOf(folder, file)).toBe(header + after.bytes);
    expect(cleanSegment(folder, file, createDeletionFilter([gone()]))).toBe('clean');
    removeSealed(folder, file);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is reported as damaged if its rewritten lines have changed', () => {
    const file = sealed(1, ['gone', 'stays']);
    cleanSegment(folder, file, createDeletionFilter([gone()]));
    const path = join(folder, 'n0123.000000000001.hits');
    const bytes = readFileSync(path);
    bytes[300] = (bytes[300] as number) ^ 1;
    writeFileSync(path, bytes);
    expect(() => readSegment(folder, file)).toThrow('is damaged');
    bytes[300] = (bytes[300] as number) ^ 1;
    writeFileSync(path, bytes);
    expect(readSegment(folder, file).lines.length).toBe(4);
  });

  it('may become empty', () => {
    const file = sealed(1, ['gone']);
    cleanSegment(folder, file, createDeletionFilter([gone()]));
    expect(readSegment(folder, file)).toMatchObject({ lines: [], points: [], bytes: 0 });
    expect(readdirSync(folder)).toEqual(['n0123.000000000001.hits']);
  });

  it('is in its old or new state after a crash at any step, and clean after the next try', () => {
    const path = join(folder, 'n0123.000000000001.hits');
    const file = sealed(1, ['gone', 'stays']);
    const [oldBytes, old] = [readFileSync(path), readSegment(folder, file)];
    cleanSegment(folder, file, createDeletionFilter([gone()]));
    const [newBytes, expected] = [readFileSync(path), readSegment(folder, file)];

    // Half of a draft exists. The segment is still the old one.
    writeFileSync(path, oldBytes);
    writeFileSync(join(folder, 'n0123.000000000001.hits.draft'), newBytes.subarray(0, 100));
    expect(readSegment(folder, file)).toEqual(old);
    expect(segmentsIn(folder).length).toBe(1);
    expect(cleanSegment(folder, file, createDeletionFilter([gone()]))).toBe('rewritten');
    expect(readSegment(folder, file)).toEqual(expected);
    expect(readdirSync(folder)).toEqual(['n0123.000000000001.hits']);
    expect(bytesIn()).not.toContain('gone');
  });

  it('can be rewritten twice', () => {
    const file = sealed(1, ['gone', 'stays', 'stays-too']);
    const { checksum } = readSegment(folder, file);
    cleanSegment(folder, file, createDeletionFilter([gone()]));
    cleanSegment(folder, file, createDeletionFilter([{ ...gone(), site: 'stays' }]));
    expect(readSegment(folder, file).checksum).toBe(checksum);
    expect(foldOf(file).every(([, id]) => String(id).startsWith('stays-too:'))).toBe(true);
    rewriteSegment(folder, file, { lines: [], points: [] });
    expect(readdirSync(folder)).toEqual(['n0123.000000000001.hits']);
  });

  it('is cleaned before it is sealed if no process writes to it', async () => {
    const file = write(1, ['gone', 'stays']);
    await cleanFolder(folder, gone());
    expect(bytesIn()).not.toContain('gone');
    sealSegment(folder, file);
    expect(foldOf(file).length).toBeGreaterThan(0);
    expect(readdirSync(folder).sort()).toEqual(['n0123.000000000001.hits', 'registers']);
  });
});

it.each([
  ['that was being sealed', write],
  ['that was being rewritten', sealed],
])('the draft of a segment %s when its process was killed is removed', async (_, make) => {
  make(1, ['gone', 'stays']);
  const [segment] = readdirSync(folder) as [string];
  copyFileSync(join(folder, segment), join(folder, 'n0123.000000000001.hits.draft'));
  await cleanFolder(folder, gone());
  expect(readdirSync(folder)).toContain(segment);
  expect(bytesIn()).not.toContain('gone');
  expect(bytesIn()).toContain('stays');
});

describe('a pack with deleted data', () => {
  const foldOfPack = async () => {
    const lines = (await Promise.all(packsIn(folder).map((name) => packedLines(readPack(folder, name))))).flat();
    return plainDeltas(foldSegment({ format: 2, lines, points: [] }, [], DOCUMENT_KINDS).deltas);
  };
  const pack = () => packJournal({ folder, countedUpTo: new Map([['n0123', 3]]), boundaries: new Map(), nowMs: AT_MS });

  it('is rewritten without it, and gives the deltas that were counted', async () => {
    for (const number of [1, 2, 3]) sealed(number, ['gone', 'stays']);
    const counted = [1, 2, 3].map(
      (number) =>
        foldSegment(readSegment(folder, { node: 'n0123', number }), [], DOCUMENT_KINDS, createDeletionFilter([gone()])).deltas,
    );
    await pack();
    expect(await countHolding(folder, createDeletionFilter([gone()]))).toBe(1);
    await cleanFolder(folder, gone());
    expect(bytesIn()).not.toContain('gone');
    expect(await countHolding(folder, createDeletionFilter([gone()]))).toBe(0);
    expect(packsIn(folder)).toMatchObject([{ first: 1, last: 3, generation: 2 }]);
    const merged = new Map<string, Counters>();
    for (const { collection, id, counters } of counted.flat()) {
      merged.set(`${collection} ${id}`, mergeInto(merged.get(`${collection} ${id}`) ?? new Counters(), counters));
    }
    expect(await foldOfPack()).toEqual([...merged].map(([key, counters]) => [...key.split(' '), plain(counters)]).sort());
  });

  it('contains no deleted page afterwards, but still its views', async () => {
    sealed(1, ['gone', 'stays']);
    const views = async () => (await foldOfPack()).filter(([collection]) => collection === 'traffic.2026').length;
    await pack();
    const before = await views();
    await cleanFolder(folder, gone({ kind: 'page', pattern: '/of-*' }));
    const lines = await packedLines(readPack(folder, packsIn(folder)[0] as PackName), 'gone');
    expect(lines.join()).not.toContain('/of-gone');
    expect(await views()).toBe(before);
  });
});

describe('the sketches of unfinished days', () => {
  const points = (): Point[] => {
    const registers = createRegisterReader(folder);
    return daysIn(folder).flatMap((day) => registers.sitesOf(day).flatMap((site) => registers.pointsOf(day, site)));
  };

  it('are removed when their days or their site are deleted', async () => {
    const registers = openRegisters(folder);
    for (const site of ['gone', 'stays'])
      for (const day of ['2026-11-19', DAY])
        for (const sketch of ['first', 'second'] as const)
          registers.raise({ site, day, receivedAtMs: AT_MS, sketch, register: 7, rank: 3 });
    registers.close();
    await cleanFolder(folder, gone({ kind: 'period', from: DAY, to: DAY }));
    expect(
      points()
        .map(({ site, day }) => `${site} ${day}`)
        .sort(),
    ).toEqual(['gone 2026-11-19', `stays ${DAY}`, 'stays 2026-11-19'].flatMap((one) => [one, one]).sort());
    await cleanFolder(folder, gone());
    expect(new Set(points().map(({ site }) => site))).toEqual(new Set(['stays']));
    expect(bytesIn()).not.toContain('gone');
  });
});

describe('a journal of version 0.1', () => {
  const deleted = (kind: Deleted): Tombstone => ({
    id: 'd1',
    site: 'garden',
    deleted: kind,
    receivedUntilMs: Date.parse('2026-12-01'),
  });
  beforeEach(() => {
    for (const name of readdirSync(OLD)) if (name !== 'reports.json') copyFileSync(join(OLD, name), join(folder, name));
  });
  const replayedHits = () => {
    const hits: Hit[] = [];
    for (const segment of segmentsIn(folder).filter(({ state }) => state === 'sealed'))
      replaySegment(readSegment(folder, segment), { ...SILENT, hit: (hit) => hits.push(hit) });
    return hits;
  };

  it('contains nothing of a deleted site afterwards', async () => {
    await cleanFolder(folder, deleted({ kind: 'site' }));
    expect(bytesIn()).not.toContain('garden');
    expect(replayedHits()).toEqual([]);
  });

  it('contains no deleted page afterwards, not even as the page before another view, but still its views', async () => {
    const views = replayedHits().length;
    await cleanFolder(folder, deleted({ kind: 'page', pattern: '/beds*' }));
    expect(bytesIn()).not.toMatch(/\/beds|Roses/);
    expect(replayedHits().length).toBe(views);
    expect(replayedHits().filter(({ path }) => path === '/').length).toBe(3);
  });
});

describe('a node', () => {
  const acknowledged: Array<[id: string, step: Step]> = [];
  let list: readonly Tombstone[] = [];
  let now = 0;
  const tombstones = {
    read: async () => list,
    deletions: async (): Promise<Deletion[]> => list.map((one) => ({ ...one, obeys: {}, cleaned: {} })),
    acknowledge: async (id: string, _node: string, step: Step) => {
      acknowledged.push([id, step]);
    },
  };

  it('acknowledges that its journal is clean only after the segments that were open are sealed and rewritten', async () => {
    sealed(1, ['gone', 'stays']);
    const open = write(2, ['gone', 'stays']);
    const forgotten: unknown[][] = [];
    const forget = async (...days: string[]) => void forgotten.push(days);
    const node = createNodeDeletions({ folder, node: 'n0123', tombstones, forget, nowMs: () => now });
    expect((await node.apply()).concerns('gone')).toBe(false);
    list = [gone()];
    expect((await node.apply()).concerns('gone')).toBe(true);
    await node.apply();
    expect(forgotten).toEqual([['gone', '0000-01-01', '9999-12-31']]);
    expect(acknowledged).toEqual([['d1', 'obeys']]);
    await node.cleanOld(); // hits may still arrive
    now = 6_000;
    await node.cleanOld();
    expect(acknowledged).toEqual([['d1', 'obeys']]);
    sealSegment(folder, open);
    write(3, ['stays']);
    await node.cleanOld();
    expect(acknowledged).toEqual([
      ['d1', 'obeys'],
      ['d1', 'cleaned'],
    ]);
    expect(bytesIn()).not.toContain('gone');
    expect(forgotten.length).toBe(2); // hits arrived until the beacons knew
    await node.cleanOld();
    await node.apply();
    expect(acknowledged.length).toBe(2);
  });
});
