import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { COLLECTIONS } from '../../collections/index.js';
import { plainHit } from '../../test/fixtures/hits.js';
import { plain } from '../../test/fixtures/trees.js';
import { foldSegment } from '../flush/flush.js';
import { hitLine, pointLine, refusalLine } from '../journal/line.js';
import {
  type SegmentFile,
  bytesOf,
  checksumOf,
  createSegment,
  readSegment,
  removeSealed,
  rewriteSegment,
  sealSegment,
  segmentsIn,
} from '../journal/segment.js';
import { cleanFolder, cleanSegment, holdsDeleted } from './journal.js';
import { createObedient } from './obedient.js';
import type { Deletion, Step } from './port.js';
import { type Deleted, type Tombstone, createObedience } from './tombstone.js';

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
  const files = createSegment(folder, name);
  for (const [i, site] of sites.entries()) {
    writeSync(files.hits, hitLine(plainHit(atMs, { site, path: `/of-${site}/${i}` })));
    writeSync(files.hits, refusalLine({ site, day: DAY, receivedAtMs: atMs, reason: 'bot', hits: 1 }));
    writeSync(files.points, pointLine({ site, day: DAY, receivedAtMs: atMs, sketch: 'first', register: i, rank: 3 }));
  }
  closeSync(files.hits);
  closeSync(files.points);
  return { ...name, state: 'open' };
}

function sealed(number: number, sites: readonly string[]): SegmentFile {
  const file = write(number, sites);
  sealSegment(folder, file);
  return { ...file, state: 'sealed' };
}

const bytesIn = () =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');
const foldOf = (file: SegmentFile, deleted?: Tombstone) =>
  foldSegment(readSegment(folder, file), COLLECTIONS, createObedience(deleted === undefined ? [] : [deleted])).deltas.map(
    ({ collection, id, counters }) => [collection, id, plain(counters)],
  );

describe('a segment of which something is deleted', () => {
  it('holds nothing of it any more, keeps the checksum it was sealed with and its age, and counts as the counting has counted it', () => {
    const file = sealed(1, ['gone', 'stays', 'gone', 'stays']);
    utimesSync(join(folder, 'n0123.000000000001.hits'), 1000, 1000);
    const before = readSegment(folder, file);
    const counted = foldOf(file, gone());
    expect(holdsDeleted(folder, file, createObedience([gone()]))).toBe(true);
    expect(cleanSegment(folder, file, createObedience([gone()]))).toBe('rewritten');
    expect(bytesIn()).not.toContain('gone');
    const after = readSegment(folder, file);
    expect(after.checksum).toBe(before.checksum);
    expect(checksumOf(folder, file)).toBe(before.checksum);
    expect(after.hits.split('\n').length).toBe(5);
    expect(after.points.split('\n').length).toBe(3);
    expect(foldOf(file)).toEqual(counted);
    expect(statSync(join(folder, 'n0123.000000000001.hits')).mtimeMs).toBe(1_000_000);
    expect(bytesOf(folder, file)).toBe(256 + after.bytes);
    expect(cleanSegment(folder, file, createObedience([gone()]))).toBe('clean');
    expect(holdsDeleted(folder, file, createObedience([gone()]))).toBe(false);
    removeSealed(folder, file);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is said to be damaged when what was rewritten is not what is there', () => {
    const file = sealed(1, ['gone', 'stays']);
    cleanSegment(folder, file, createObedience([gone()]));
    const path = join(folder, 'n0123.000000000001.hits');
    const bytes = readFileSync(path);
    bytes[300] = (bytes[300] as number) ^ 1;
    writeFileSync(path, bytes);
    expect(() => readSegment(folder, file)).toThrow('is damaged');
    bytes[300] = (bytes[300] as number) ^ 1;
    writeFileSync(path, bytes);
    rmSync(join(folder, 'n0123.000000000001.points.1'));
    expect(() => readSegment(folder, file)).toThrow('is damaged');
  });

  it('may lose all that it has', () => {
    const file = sealed(1, ['gone']);
    cleanSegment(folder, file, createObedience([gone()]));
    expect(readSegment(folder, file)).toMatchObject({ hits: '', points: '', bytes: 0 });
    expect(readdirSync(folder)).toEqual(['n0123.000000000001.hits']);
  });

  it('is the old or the new one after a crash at any step, and clean after the next try', () => {
    const hitsPath = join(folder, 'n0123.000000000001.hits');
    const file = sealed(1, ['gone', 'stays']);
    const aside = mkdtempSync(join(tmpdir(), 'hitherto-'));
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(aside, name));
    const old = readSegment(folder, file);
    cleanSegment(folder, file, createObedience([gone()]));
    const expected = readSegment(folder, file);
    const newHits = readFileSync(hitsPath);

    // its new points and a draft are there; the hits are the old ones
    copyFileSync(join(aside, 'n0123.000000000001.hits'), hitsPath);
    copyFileSync(join(aside, 'n0123.000000000001.points'), join(folder, 'n0123.000000000001.points'));
    writeFileSync(join(folder, 'n0123.000000000001.hits.draft'), newHits.subarray(0, 100));
    expect(readSegment(folder, file)).toEqual(old);
    expect(segmentsIn(folder).length).toBe(1);
    expect(cleanSegment(folder, file, createObedience([gone()]))).toBe('rewritten');
    expect(readSegment(folder, file)).toEqual(expected);

    // the hits are the new ones, and the old points are still there
    copyFileSync(join(aside, 'n0123.000000000001.points'), join(folder, 'n0123.000000000001.points'));
    expect(readSegment(folder, file)).toEqual(expected);
    expect(cleanSegment(folder, file, createObedience([gone()]))).toBe('clean');
    expect(readdirSync(folder).sort()).toEqual(['n0123.000000000001.hits', 'n0123.000000000001.points.1']);
    expect(bytesIn()).not.toContain('gone');
    rmSync(aside, { recursive: true });
  });

  it('can be rewritten again', () => {
    const file = sealed(1, ['gone', 'stays', 'stays-too']);
    const { checksum } = readSegment(folder, file);
    cleanSegment(folder, file, createObedience([gone()]));
    cleanSegment(folder, file, createObedience([{ ...gone(), site: 'stays' }]));
    expect(readSegment(folder, file).checksum).toBe(checksum);
    expect(foldOf(file).every(([, id]) => String(id).startsWith('stays-too:'))).toBe(true);
    rewriteSegment(folder, file, '', '');
    expect(readdirSync(folder)).toEqual(['n0123.000000000001.hits']);
  });

  it('is cleaned before it is sealed, where no process writes to it', () => {
    const file = write(1, ['gone', 'stays']);
    cleanFolder(folder, createObedience([gone()]));
    expect(bytesIn()).not.toContain('gone');
    sealSegment(folder, file);
    expect(foldOf(file).length).toBeGreaterThan(0);
    expect(readdirSync(folder).sort()).toEqual(['n0123.000000000001.hits', 'n0123.000000000001.points']);
  });

  it('is cleaned wherever the sealing of it was cut short', () => {
    const open = join(folder, 'n0123.000000000001.open');
    const file = write(1, ['gone', 'stays']);
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const);
    sealSegment(folder, file);
    const points = readFileSync(join(folder, 'n0123.000000000001.points'));

    // the points as they came are still there
    for (const [name, bytes] of before) if (name.endsWith('.points')) writeFileSync(join(folder, name), bytes);
    cleanFolder(folder, createObedience([gone()]));
    expect(bytesIn()).not.toContain('gone');
    expect(readdirSync(folder).sort()).toEqual(['n0123.000000000001.hits', 'n0123.000000000001.points.1']);
    const expected = foldOf({ ...file, state: 'sealed' });

    // the sorted points are there, or half of them, and the hits are not sealed yet
    for (const ending of ['points', 'points.draft']) {
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      for (const [name, bytes] of before) writeFileSync(join(folder, name), bytes);
      writeFileSync(open.replace('open', ending), points);
      for (let time = 0; time < 2; time++) cleanFolder(folder, createObedience([gone()]));
      expect(bytesIn()).not.toContain('gone');
      sealSegment(folder, file);
      expect(foldOf(file)).toEqual(expected);
    }
  });
});

describe('a node', () => {
  const said: Array<[id: string, step: Step]> = [];
  let list: readonly Tombstone[] = [];
  let now = 0;
  const tombstones = {
    read: async () => list,
    deletions: async (): Promise<Deletion[]> => list.map((one) => ({ ...one, obeys: {}, cleaned: {} })),
    acknowledge: async (id: string, _node: string, step: Step) => {
      said.push([id, step]);
    },
  };

  it('says that its journal is clean when what was open at the time is sealed and rewritten, and not before', async () => {
    sealed(1, ['gone', 'stays']);
    const open = write(2, ['gone', 'stays']);
    const node = createObedient(folder, 'n0123', tombstones, () => now);
    expect((await node.obey()).concerns('gone')).toBe(false);
    list = [gone()];
    expect((await node.obey()).concerns('gone')).toBe(true);
    await node.obey();
    expect(said).toEqual([['d1', 'obeys']]);
    await node.cleanOld(); // hits may still come
    now = 6_000;
    await node.cleanOld();
    expect(said).toEqual([['d1', 'obeys']]);
    sealSegment(folder, open);
    write(3, ['stays']);
    await node.cleanOld();
    expect(said).toEqual([
      ['d1', 'obeys'],
      ['d1', 'cleaned'],
    ]);
    expect(bytesIn()).not.toContain('gone');
    await node.cleanOld();
    await node.obey();
    expect(said.length).toBe(2);
  });
});
