import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EXAMPLE_REQUEST } from '../../test/fixtures/requests.js';
import { exampleSite } from '../../test/fixtures/site.js';
import { type Facet, type SplitOffFacet, textColumn } from '../hit/facet.js';
import { FACETS } from '../hit/facets/index.js';
import { type AcceptedHit, type AnyFacet, emptyHitOf, type Hit } from '../hit/hit.js';
import { createParser } from '../hit/parse.js';
import { createSiteReader } from '../hit/prepared-site.js';
import { UNNAMED_COLUMNS } from './columns.js';
import { createLineReader, hitLine, type Parsed } from './line.js';
import { createLineFormat, LINE_FORMAT, type LineFormat } from './line-format.js';
import { readTable, writeTables } from './pack-tables.js';
import { packedLines, packsIn, readPack } from './packs.js';
import { createSegment, readSegment, sealSegment } from './segment.js';
import { parseHeader } from './segment-header.js';
import { createLineSplitter } from './split-lines.js';

const NODE = 'n0123456789abcdef';
const AT_MS = Date.parse('2026-11-20T10:00:00Z');

const section: Facet<'section', string> = {
  name: 'section',
  empty: '',
  parse: ({ page }) => page.path.split('/')[1] ?? '',
  column: textColumn('section'),
};
const colours: SplitOffFacet<'colours', string> = {
  name: 'colours',
  empty: 'unknown',
  isSplitOff: true,
  parse: ({ fields }) => fields.get('cs') ?? 'unknown',
  column: textColumn('colours'),
};
const price: Facet<'price', number> = {
  name: 'price',
  empty: 0,
  only: 'event',
  parse: ({ fields }) => Number(fields.get('pr') ?? 0),
  column: { write: String, read: Number, cells: [{ name: 'price', type: 'DOUBLE' }], toCells: (text) => [Number(text)] },
};
/** The facets of the last version that did not name its columns. */
const OLD_FACETS: readonly string[] = ['path', 'title', 'referrer', 'technology', 'sizes', 'language', 'visitor', 'event'];
const MORE: readonly AnyFacet[] = [section, ...FACETS, colours, price];
const FEWER: readonly AnyFacet[] = FACETS.filter(({ name }) => !['title', 'sizes'].includes(name));
type WithMore = Hit & { readonly section: string; readonly colours: string; readonly price: number };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const readAll = (lines: readonly string[], format: LineFormat = LINE_FORMAT): Array<Parsed | undefined> =>
  lines.map(createLineReader(format));
const hitsIn = (lines: readonly string[], format: LineFormat) =>
  readAll(lines, format).flatMap((parsed) => (parsed && 'hit' in parsed ? parsed.hit : []));

describe('a journal whose segments name no columns', () => {
  const OLD = join(import.meta.dirname, '../../test/fixtures/journal-unnamed');
  const expected = JSON.parse(readFileSync(join(OLD, 'expected.json'), 'utf8')) as Record<'sealed' | 'open' | 'pack', Parsed[]>;
  /** Reads lines without the facets of later versions, which must have their empty values. */
  const parsed = (lines: readonly string[]) => {
    const later = FACETS.filter(({ name }) => !OLD_FACETS.includes(name));
    const all = readAll(lines).map((one) => {
      if (one === undefined || !('hit' in one)) return one;
      const hit = { ...one.hit } as Partial<Record<string, unknown>>;
      for (const { name, empty } of later) {
        expect([name, hit[name]]).toEqual([name, empty]);
        delete hit[name];
      }
      return { ...one, hit };
    });
    return JSON.parse(JSON.stringify(all)) as Parsed[];
  };
  const sorted = (all: readonly Parsed[]) => all.map((one) => JSON.stringify(one)).sort();
  beforeEach(() => cpSync(OLD, folder, { recursive: true }));

  it('is read with the same result as by the version that wrote it, from sealed segments, open segments and packs', async () => {
    expect(parsed(readSegment(folder, { node: NODE, number: 3 }).lines)).toEqual(expected.sealed);
    expect(parsed(sealSegment(folder, { node: NODE, number: 4 }).lines)).toEqual(expected.open);
    const packs = await Promise.all(packsIn(folder).map((pack) => packedLines(readPack(folder, pack))));
    expect(sorted(parsed(packs.flat()))).toEqual(sorted(expected.pack));
    expect(expected.pack.length).toBeGreaterThan(20);
  });

  it('keeps its columns when this version seals it', () => {
    sealSegment(folder, { node: NODE, number: 4 });
    const again = readSegment(folder, { node: NODE, number: 4 });
    expect(sorted(parsed(again.lines))).toEqual(sorted(expected.open));
    const file = readdirSync(folder).find((name) => name.endsWith('4.hits')) as string;
    expect(parseHeader(readFileSync(join(folder, file)), file).header.columns).toBeUndefined();
  });

  it('has empty values for the facets of a later version', () => {
    const format = createLineFormat(MORE);
    const { lines } = readSegment(folder, { node: NODE, number: 3 }, format);
    const hits = hitsIn(lines, format) as WithMore[];
    expect(hits).toHaveLength(2);
    for (const hit of hits) expect(hit).toMatchObject({ section: '', colours: 'unknown', price: 0 });
    expect(hits.map((hit) => hit.title).sort()).toEqual(['Home', 'Roses']);
  });
});

it('segments that name no columns have the columns of the original facets', () => {
  const first = FACETS.filter(({ name }) => OLD_FACETS.includes(name));
  expect(createLineFormat(first).columns).toEqual(UNNAMED_COLUMNS);
});

describe('a version with other facets', () => {
  const site = createSiteReader()(exampleSite({ id: 'garden', signals: 'ignored' }));
  const context = { site: () => site, salt: () => Buffer.alloc(32), allows: () => true };
  const taken = (query: string, facets: readonly AnyFacet[]) =>
    createParser(facets)({ ...EXAMPLE_REQUEST, query, receivedAtMs: AT_MS }, context) as AcceptedHit;
  const VIEW = 's=garden&u=https%3A%2F%2Frose.example%2Fa&t=A&ww=800&cs=dark&f=0&n=1&g=1';
  const EVENT = 's=garden&u=https%3A%2F%2Frose.example%2Fa&k=e&en=bought&pr=4.5';

  const written = (facets: readonly AnyFacet[], number: number): LineFormat => {
    const format = createLineFormat(facets);
    const { file, start } = createSegment(folder, { node: NODE, number }, format);
    writeSync(file, [VIEW, EVENT].map((query) => format.hitLine(taken(query, facets).hit)).join(''), start);
    sealSegment(folder, { node: NODE, number }, format);
    return format;
  };
  const readBy = (format: LineFormat, number: number) => {
    const hits = hitsIn(readSegment(folder, { node: NODE, number }, format).lines, format) as WithMore[];
    return hits.sort((a, b) => (a.kind < b.kind ? 1 : -1));
  };

  it('reads its facets from requests and from its own segments', () => {
    const [view, event] = readBy(written(MORE, 1), 1);
    expect(view).toEqual(taken(VIEW, MORE).hit);
    expect(view).toMatchObject({ section: 'a', colours: 'dark', price: 0, title: 'A' });
    expect(event).toMatchObject({ section: 'a', price: 4.5, event: { name: 'bought' } });
  });

  it('writes segments that this version reads without the unknown facets', () => {
    written(MORE, 1);
    expect(readBy(LINE_FORMAT, 1)).toEqual([VIEW, EVENT].map((query) => taken(query, FACETS).hit));
  });

  it('reads the segments of this version with empty values for missing facets', () => {
    written(FACETS, 1);
    const [view, event] = readBy(createLineFormat(MORE), 1);
    expect(view).toEqual({ ...emptyHitOf(MORE), ...taken(VIEW, FACETS).hit });
    expect(event).toMatchObject({ kind: 'event', section: '', colours: 'unknown', price: 0 });
  });

  it('writes segments that this version reads even if it has fewer facets', () => {
    written(FEWER, 1);
    const [view] = readBy(LINE_FORMAT, 1);
    expect(view).toMatchObject({ path: '/a', title: '', sizes: { windowWidth: 'unknown' }, language: 'de' });
    written(FACETS, 2);
    expect(readBy(createLineFormat(FEWER), 2)).toEqual([VIEW, EVENT].map((query) => taken(query, FEWER).hit));
  });

  const tablesOf = (facets: readonly AnyFacet[]) => {
    const format = createLineFormat(facets);
    const lines = [VIEW, EVENT].map((query) => format.hitLine(taken(query, facets).hit).slice(0, -1));
    return { tables: writeTables(lines, format), split: lines.flatMap(createLineSplitter(format)) };
  };
  const linesIn = async (tables: ReadonlyMap<string, Uint8Array>, format: LineFormat) =>
    (await Promise.all([...tables].map(([name, bytes]) => readTable(name, bytes, format).lines()))).flat().sort();

  it('packs its segments, and splits its own split-off facets from the view', async () => {
    const { tables, split } = tablesOf(MORE);
    const format = createLineFormat(MORE);
    const lines = await linesIn(tables, format);
    expect(lines).toEqual([...split].sort());
    expect(lines.find((line) => line[0] === 'v')).not.toContain('dark');
    expect(readAll(lines, format)).toContainEqual({ observation: expect.objectContaining({ colours: 'dark' }), times: 1 });
  });

  it.each([
    ['more', MORE, FACETS],
    ['fewer', FACETS, MORE],
  ])('reads packs with %s columns', async (_, writer, reader) => {
    const format = createLineFormat(reader);
    const all = readAll(await linesIn(tablesOf(writer).tables, format), format);
    expect(all).toHaveLength(4);
    const { section, colours } = emptyHitOf(MORE) as unknown as WithMore;
    const more = reader === MORE;
    expect(all).toContainEqual({
      hit: expect.objectContaining({
        kind: 'view',
        title: 'A',
        visitor: expect.objectContaining({ first: 'y' }),
        ...(more && { section }),
      }),
    });
    const technology = expect.objectContaining({ browser: 'firefox' });
    expect(all).toContainEqual({
      observation: expect.objectContaining({
        kind: 'technology',
        technology,
        language: 'de',
        first: 'y',
        ...(more && { colours }),
      }),
      times: 1,
    });
  });

  it('cannot start if two facets have the same cell', () => {
    const twice: Facet<'section', string> = { ...section, column: textColumn('path') };
    expect(() => createLineFormat([...FACETS, twice])).toThrow(/the facet section has a cell path/);
  });
});

it('a segment is damaged if the name of a column is damaged', () => {
  const name = { node: NODE, number: 1 };
  const { file, start } = createSegment(folder, name);
  writeSync(file, hitLine({ ...emptyHitOf(FACETS), site: 'one', receivedAtMs: AT_MS, title: 'A' }), start);
  sealSegment(folder, name);
  const path = join(folder, readdirSync(folder)[0] as string);
  writeFileSync(path, readFileSync(path, 'latin1').replace('"title"', '"titlf"'), 'latin1');
  expect(() => readSegment(folder, name)).toThrow(/is damaged/);
});
