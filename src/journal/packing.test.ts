import {
  appendFileSync,
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { type Countable, isHit, parsedRequest, plainHit, refusals } from '../../test/fixtures/hits.js';
import { plain } from '../../test/fixtures/trees.js';
import { Counters } from '../counters/counters.js';
import { mergeInto } from '../counters/merge.js';
import { foldSegment } from '../counting/count-segment.js';
import { hitLine, refusalLine } from './line.js';
import { observationLine } from './observation-line.js';
import { type PackingOrder, packJournal } from './packing.js';
import { type PackName, packedLines, packsIn, readManifest, readPack, removeReplacedPacks, writePack } from './packs.js';
import { createSegment, readSegment, sealSegment, segmentsIn } from './segment.js';

const NODE = 'n0123';
const AT_MS = Date.parse('2026-11-20T10:00:00Z');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lineOf = (one: Countable) => (isHit(one) ? hitLine(one) : observationLine(one));

function sealed(
  number: number,
  lines: readonly string[] = [hitLine(plainHit(AT_MS, { path: `/${number}` }))],
  node = NODE,
): number {
  const name = { node, number };
  const { file, start } = createSegment(folder, name);
  writeSync(file, lines.join(''), start);
  closeSync(file);
  return sealSegment(folder, name).checksum;
}

const pack = (order: Partial<PackingOrder> & { upTo?: number } = {}) =>
  packJournal({ folder, countedUpTo: new Map([[NODE, order.upTo ?? 1e9]]), boundaries: new Map(), nowMs: AT_MS, ...order });
const ranges = () => packsIn(folder).map(({ first, last, day }) => `${day} ${first}-${last}`);
const left = () =>
  segmentsIn(folder).map(
    ({ number, state }) =>
      `${number} ${state} ${state === 'open' ? '' : readSegment(folder, { node: NODE, number }).lines.length}`,
  );
const linesOfPacks = async () => (await Promise.all(packsIn(folder).map((name) => packedLines(readPack(folder, name))))).flat();
const documentsOf = (lines: readonly string[]) => {
  const documents = new Map<string, Counters>();
  for (const { collection, id, counters } of foldSegment({ format: 2, lines, points: [] }, [], DOCUMENT_KINDS).deltas) {
    const key = `${collection}/${id}`;
    documents.set(key, mergeInto(documents.get(key) ?? new Counters(), counters));
  }
  return Object.fromEntries([...documents].map(([key, counters]) => [key, plain(counters)]));
};

describe('packing', () => {
  it('does not change the documents that are counted from any hits in any segments', async () => {
    const lines = fc.array(
      fc.oneof(
        parsedRequest.map((all) => all.map(lineOf).join('')),
        refusals.map(refusalLine),
      ),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: 5 }), fc.nat(5), async (segments, packedBefore) => {
        rmSync(folder, { recursive: true });
        cpSync(mkdtempSync(join(tmpdir(), 'hitherto-')), folder, { recursive: true });
        segments.forEach((some, i) => void sealed(i + 1, some));
        const expected = documentsOf(segments.flat().join('').split('\n').slice(0, -1));
        await pack({ upTo: packedBefore });
        await pack();
        expect(documentsOf(await linesOfPacks())).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('joins a day into one pack, leaves uncounted segments, and empties the newest segment', async () => {
    const checksums = [1, 2, 3].map((number) => sealed(number));
    expect(await pack({ upTo: 2 })).toEqual({ segments: 2, packs: 1 });
    expect([ranges(), left()]).toEqual([['2026-11-20 1-2'], ['3 sealed 1']]);
    await pack();
    expect([ranges(), left()]).toEqual([['2026-11-20 1-3'], ['3 sealed 0']]);
    expect(readSegment(folder, { node: NODE, number: 3 }).checksum).toBe(checksums[2]);
    expect(readManifest(folder, packsIn(folder)[0] as PackName)).toMatchObject({
      lastChecksum: checksums[2],
      sinceMs: AT_MS,
    });
    expect(await pack()).toEqual({ segments: 0, packs: 0 });
    sealed(4);
    await pack();
    expect([ranges(), left()]).toEqual([['2026-11-20 1-4'], ['4 sealed 0']]);
  });

  it('leaves no checksum that would show which lines were in one segment', async () => {
    const line = [hitLine(plainHit(AT_MS))];
    const checksums = [1, 2, 3].map((number) => sealed(number, line));
    expect(new Set(checksums).size).toBe(3); // although the line is the same
    const segment = () => readFileSync(join(folder, `${NODE}.000000000003.hits`), 'utf8');
    expect(segment()).toContain('"salt"');
    await pack({});
    expect(segment()).toContain(String(checksums[2]));
    for (const text of [segment(), JSON.stringify(packsIn(folder).map((name) => readManifest(folder, name)))])
      expect(text).not.toContain('"salt"');
  });

  it('never joins different days', async () => {
    sealed(1, [hitLine(plainHit(AT_MS - 86_400_000))]);
    sealed(2);
    await pack();
    expect(ranges()).toEqual(['2026-11-19 1-1', '2026-11-20 2-2']);
  });

  it('never joins segments that a backup contains with segments that it does not contain', async () => {
    for (const number of [1, 2, 3, 4]) sealed(number);
    const boundaries = new Map([[NODE, [{ after: 2, upTo: 2 }]]]);
    await pack({ boundaries });
    expect(ranges()).toEqual(['2026-11-20 1-2', '2026-11-20 3-4']);
    sealed(5);
    await pack({ boundaries, nowMs: AT_MS + 5 * 86_400_000 });
    expect(ranges()).toEqual(['2026-11-20 1-2', '2026-11-20 3-5']);
  });

  it('packs no segment that was counted while a backup was made', async () => {
    for (const number of [1, 2, 3, 4, 5, 6]) sealed(number);
    await pack({ boundaries: new Map([[NODE, [{ after: 2, upTo: 4 }]]]) });
    expect([ranges(), left()]).toEqual([
      ['2026-11-20 1-2', '2026-11-20 5-6'],
      ['3 sealed 1', '4 sealed 1', '6 sealed 0'],
    ]);
  });

  it('is completed by the next run after an interruption at any step', async () => {
    for (const number of [1, 2, 3]) sealed(number);
    const before = mkdtempSync(join(tmpdir(), 'hitherto-'));
    cpSync(folder, before, { recursive: true });
    await pack();
    const expected = documentsOf(await linesOfPacks());
    const after = mkdtempSync(join(tmpdir(), 'hitherto-'));
    cpSync(folder, after, { recursive: true });
    const packed = readdirSync(join(after, 'packed'))[0] as string;

    // a draft; half of a draft; the pack and all segments; the pack and some segments; the pack and an older,
    // narrower pack
    const states: Array<() => void> = [
      () => cpSync(join(after, 'packed', packed), join(folder, 'packed', `${packed}.draft`), { recursive: true }),
      () => cpSync(join(after, 'packed', packed, 'manifest.json'), join(folder, 'packed', `${packed}.draft`, 'manifest.json')),
      () => cpSync(join(after, 'packed'), join(folder, 'packed'), { recursive: true }),
      () => {
        cpSync(join(after, 'packed'), join(folder, 'packed'), { recursive: true });
        rmSync(join(folder, `${NODE}.000000000001.hits`));
      },
      () => {
        cpSync(join(after, 'packed'), join(folder, 'packed'), { recursive: true });
        writePackAlone();
      },
    ];
    const writePackAlone = () => {
      const name = { node: NODE, first: 1, last: 2, day: '2026-11-20', generation: 1 };
      const lines = [1, 2].flatMap((number) => readSegment(before, { node: NODE, number }).lines);
      const alone = mkdtempSync(join(tmpdir(), 'hitherto-'));
      writePack(alone, name, { lines, sinceMs: AT_MS, lastChecksum: 1 });
      cpSync(join(alone, 'packed'), join(folder, 'packed'), { recursive: true });
      rmSync(alone, { recursive: true });
    };
    for (const state of states) {
      rmSync(folder, { recursive: true });
      cpSync(before, folder, { recursive: true });
      state();
      await pack();
      expect([ranges(), left()]).toEqual([['2026-11-20 1-3'], ['3 sealed 0']]);
      expect(documentsOf(await linesOfPacks())).toEqual(expected);
      expect(readdirSync(join(folder, 'packed'))).toHaveLength(1);
    }
    for (const one of [before, after]) rmSync(one, { recursive: true });
  });

  it('does not change segments of version 0.1', async () => {
    const old = join(import.meta.dirname, '../../test/fixtures/journal-0.1');
    for (const name of readdirSync(old)) if (name !== 'reports.json') cpSync(join(old, name), join(folder, name));
    const node = segmentsIn(folder)[0]?.node as string;
    const before = readdirSync(folder).sort();
    await packJournal({ folder, countedUpTo: new Map([[node, 3]]), boundaries: new Map(), nowMs: AT_MS });
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('reduces the size of the journal to a twentieth or less', async () => {
    const random = (n: number) =>
      Array.from({ length: n }, (_, i) => hitLine(plainHit(AT_MS + i * 100, { path: `/articles/${(i * 7919) % 50}` })));
    for (const number of [1, 2, 3, 4]) sealed(number, random(2000));
    const bytesIn = (path: string): number =>
      readdirSync(path, { withFileTypes: true }).reduce(
        (sum, entry) =>
          sum + (entry.isDirectory() ? bytesIn(join(path, entry.name)) : readFileSync(join(path, entry.name)).length),
        0,
      );
    const before = bytesIn(folder);
    await pack();
    expect(before / bytesIn(folder)).toBeGreaterThan(20);
  });
});

describe('a pack', () => {
  it('has its rows in an order that does not depend on the order of the lines', async () => {
    const lines = ['/b', '/a', '/c', '/a'].map((path) => hitLine(plainHit(AT_MS, { path })).slice(0, -1));
    const bytesOf = (some: readonly string[]) => {
      const name = { node: NODE, first: 1, last: 1, day: '2026-11-20', generation: 1 };
      writePack(folder, name, { lines: some, sinceMs: AT_MS, lastChecksum: 1 });
      const [only] = readdirSync(join(folder, 'packed'));
      const bytes = readFileSync(join(folder, 'packed', only as string, 'views.parquet'));
      rmSync(join(folder, 'packed'), { recursive: true });
      return bytes;
    };
    expect(bytesOf([...lines].reverse()).equals(bytesOf(lines))).toBe(true);
  });

  it('can be read for one site', async () => {
    sealed(
      1,
      ['one', 'two', 'three'].flatMap((site) => [1, 2].map((i) => hitLine(plainHit(AT_MS, { site, path: `/${i}` })))),
    );
    await pack();
    const lines = await packedLines(readPack(folder, packsIn(folder)[0] as PackName), 'two');
    expect(lines.filter((line) => line[0] === 'v')).toHaveLength(2);
    expect(new Set(lines.map((line) => line.split('\t')[1]))).toEqual(new Set(['two']));
    expect(await packedLines(readPack(folder, packsIn(folder)[0] as PackName), 'none')).toEqual([]);
  });

  it('is reported as damaged, with the name of the file, if a byte is wrong', async () => {
    sealed(1);
    await pack();
    const [name] = packsIn(folder) as [PackName];
    const path = join(folder, 'packed', readdirSync(join(folder, 'packed'))[0] as string);
    const views = readFileSync(join(path, 'views.parquet'));
    views[20] = (views[20] as number) ^ 1;
    writeFileSync(join(path, 'views.parquet'), views);
    expect(() => readPack(folder, name)).toThrow(/views\.parquet is damaged/);
    writeFileSync(join(path, 'manifest.json'), '{');
    expect(() => readManifest(folder, name)).toThrow(/manifest\.json is damaged/);
  });

  it('is not read from folders with other names', () => {
    for (const name of ['x', '2026-11-20.n0123.1-2.1', '..']) if (name !== '..') appendFileSync(join(folder, name), '');
    expect(packsIn(folder)).toEqual([]);
    removeReplacedPacks(folder);
    expect(existsSync(join(folder, 'x'))).toBe(true);
  });
});
