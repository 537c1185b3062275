// Whether visits can be recognised in the packed journal: simulated people view pages, and for each view the attack
// tries to find the one before. The attack, and `npm run linking`, which runs it against a real service and for quiet
// sites too, are in scripts/linking.
import { closeSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Point } from '../src/hit/hit.js';
import { parseRequest } from '../src/hit/parse.js';
import { createSiteReader } from '../src/hit/prepared-site.js';
import { hitLine, linesOf } from '../src/journal/line.js';
import { LINE_FORMAT } from '../src/journal/line-format.js';
import { packJournal } from '../src/journal/packing.js';
import { packedLines, packsIn, readPack } from '../src/journal/packs.js';
import { createSegment, sealSegment } from '../src/journal/segment.js';

interface View {
  readonly browser: { readonly point: readonly [register: number, rank: number] };
}
interface Sent {
  readonly lines: string;
  readonly atMs: number;
  readonly technology: string;
  readonly step?: object;
}
interface Found {
  /** Of views that follow another one. */
  readonly views: number;
  readonly one: number;
  readonly guessed: number;
}
interface Row {
  readonly before?: number;
}

const load = async (name: string) => import(new URL(`../scripts/linking/${name}.mjs`, import.meta.url).href);
const { viewsOf } = (await load('people')) as { viewsOf(of: object): View[] };
const { sentOf, asVersion01 } = (await load('sent')) as {
  sentOf(views: View[], parts: object): Sent[];
  asVersion01(sent: Sent): object;
};
const { joined } = (await load('truth')) as { joined(sent: Sent[], rows: object[]): Row[] };
const columns = LINE_FORMAT.columns.hit;
const { knowledgeIn, pointsIn } = (await load('rows')) as {
  knowledgeIn(lines: readonly string[], columns: readonly string[]): { views: object[]; pairs: Map<string, Map<string, number>> };
  pointsIn(files: readonly { path: string; bytes: Buffer }[], points: ReadonlyArray<Point | readonly number[]>): string[];
};
const { attack, attackVersion01, problemsOf } = (await load('attack')) as {
  attack(known: object): Found;
  attackVersion01(views: readonly object[]): Found;
  problemsOf(viewsPerHour: number, found: Found, points: readonly string[]): string[];
};

const NODE = 'n0123456789abcdef';
const START_MS = Date.parse('2026-11-20T09:00:00Z');
/** The time after which a segment is sealed. */
const SEGMENT_MS = 500;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One segment for everything within half a second of the one before; then all are packed. */
async function journalled(sent: readonly Sent[]): Promise<string[]> {
  let number = 0;
  for (let i = 0; i < sent.length; ) {
    const endMs = (sent[i] as Sent).atMs + SEGMENT_MS;
    const name = { node: NODE, number: ++number };
    const { file, start } = createSegment(folder, name);
    let lines = '';
    for (; i < sent.length && (sent[i] as Sent).atMs < endMs; i++) lines += (sent[i] as Sent).lines;
    writeSync(file, lines, start);
    closeSync(file);
    sealSegment(folder, name);
  }
  await packJournal({ folder, countedUpTo: new Map([[NODE, number]]), boundaries: new Map(), nowMs: START_MS + 86_400_000 });
  return (await Promise.all(packsIn(folder).map((pack) => packedLines(readPack(folder, pack))))).flat();
}

const filesIn = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: readFileSync(path) }));

describe('an attacker who reads the packed journal', () => {
  it.each([
    [2000, 2],
    [20_000, 0.25],
  ])('finds no visit with %i views an hour', async (viewsPerHour, hours) => {
    const people = viewsOf({ viewsPerHour, hours, startMs: START_MS, seed: 7 });
    const sent = sentOf(people, { parseRequest, createSiteReader, hitLine, linesOf, columns });
    const { views: rows, pairs } = knowledgeIn(await journalled(sent), columns);
    const views = joined(sent, rows);
    const points = pointsIn(
      filesIn(),
      people.map(({ browser }) => browser.point),
    );
    const found = attack({ views, pairs });
    expect(found.views).toBeGreaterThan(1500);
    expect(problemsOf(viewsPerHour, found, points)).toEqual([]);

    // the same attacker finds all of them in what version 0.1 stored
    const before = attackVersion01(views.map((view, place) => ({ ...view, ...asVersion01(sent[place] as Sent) })));
    expect(before.one).toBeGreaterThan(0.9);
    // It would find more here if browsers were easier to distinguish.
    const linked = withVisits(views);
    expect(problemsOf(viewsPerHour, attack({ views: linked, pairs }), [])).not.toEqual([]);
  });
});

/** As if there were a hundred times as many kinds of browsers. */
function withVisits(views: readonly Row[]): object[] {
  const visits: number[] = [];
  return views.map((view, place) => {
    const visit = view.before === undefined ? place : (visits[view.before] as number);
    visits[place] = visit;
    return { ...view, technology: `${(view as { technology: string }).technology} ${visit % 100}` };
  });
}
