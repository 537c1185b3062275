import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { type Countable, foldAll, isHit, parsedRequest, plainHit, refusals, viewAfter } from '../../test/fixtures/hits.js';
import { plain } from '../../test/fixtures/trees.js';
import { createFold } from '../counting/fold.js';
import type { Hit } from '../hit/hit.js';
import { VIEWS_ONLY } from '../hit/record.js';
import { FIVE_MINUTES_MS } from '../time/units.js';
import { linesBySite } from './by-site.js';
import { createLineReader, hitLine, receivedAtMs, refusalLine } from './line.js';
import { countedLine, observationLine } from './observation-line.js';
import { createOldLineReader, parsePointLine } from './old-line.js';
import { linesOf } from './segment.js';
import { splitLines, sumPauses } from './split-lines.js';

const lineOf = (one: Countable) => (isHit(one) ? hitLine(one) : observationLine(one)).slice(0, -1);
const rounded = (hit: Hit): Hit => {
  const atMs = hit.receivedAtMs - (hit.receivedAtMs % FIVE_MINUTES_MS);
  return { ...hit, receivedAtMs: atMs, atMs };
};
const documentsOf = (all: readonly Countable[]) => {
  const fold = createFold(DOCUMENT_KINDS);
  foldAll(fold, all);
  return fold.deltas().map(({ collection, id, counters }) => [collection, id, plain(counters)]);
};

describe('a journal line', () => {
  const read = createLineReader();

  it('contains everything that it was written from, with times rounded down to five minutes', () => {
    fc.assert(
      fc.property(parsedRequest, (all) => {
        for (const one of all) {
          const line = lineOf(one);
          expect(line).not.toContain('\n');
          expect(read(line)).toEqual(isHit(one) ? { hit: rounded(one) } : { observation: one, times: 1 });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is counted like the hit that it was written from, because counting needs no exact times', () => {
    fc.assert(
      fc.property(fc.array(parsedRequest, { maxLength: 10 }), (lists) => {
        const all = lists.flat();
        const kept = all
          .map((one) => read(lineOf(one)))
          .map((parsed) => (parsed && 'hit' in parsed ? parsed.hit : (parsed as { observation: Countable }).observation));
        expect(documentsOf(kept)).toEqual(documentsOf(all));
      }),
    );
  });

  it('contains neither the age of a view nor the view before it', () => {
    const atMs = Date.parse('2026-10-25T10:02:17.345Z');
    const [view, ...observations] = viewAfter('2026-10-25T10:02:17.345Z', 83, { path: '/b', title: 'B' });
    const later = viewAfter('2026-10-25T10:03:59.999Z', 71, { path: '/b', title: 'B' });
    expect(lineOf(view as Countable)).toBe(lineOf(later[0] as Countable));
    expect(lineOf(view as Countable)).not.toContain(String(atMs).slice(0, 9));
    for (const one of observations) expect(lineOf(one)).not.toMatch(/chrome|B$/);
  });

  it('records that only the view itself may be counted', () => {
    const hit = plainHit(Date.parse('2026-11-20T10:00:00Z'), { visitor: VIEWS_ONLY });
    expect(read(hitLine(hit).slice(0, -1))).toEqual({ hit });
  });

  it('contains everything about a refusal', () => {
    fc.assert(
      fc.property(refusals, (refusal) => {
        const receivedAtMs = refusal.receivedAtMs - (refusal.receivedAtMs % FIVE_MINUTES_MS);
        expect(read(refusalLine(refusal).slice(0, -1))).toEqual({ refusal: { ...refusal, receivedAtMs } });
      }),
    );
  });

  it('is undefined if the text is not valid', () => {
    for (const line of [
      '',
      'v',
      'x\ty',
      'r\tone',
      '\0\0\0',
      'v\tone\t1',
      's\tone',
      'h\tone\t1\t2\t3',
      '__proto__\tone',
      'constructor\tone',
    ])
      expect(read(line)).toBeUndefined();
    expect(parsePointLine('1\tone')).toBeUndefined();
  });

  it('contains the time of receipt to five minutes, unless it contains only the day', () => {
    fc.assert(
      fc.property(parsedRequest, (all) => {
        for (const one of all) {
          const hasTime = isHit(one) || one.kind === 'presence';
          const roundedMs = one.receivedAtMs - (one.receivedAtMs % FIVE_MINUTES_MS);
          expect(receivedAtMs(lineOf(one))).toBe(hasTime ? roundedMs : undefined);
        }
      }),
    );
  });
});

describe('lines', () => {
  const read = createLineReader();
  const documentsOfLines = (lines: readonly string[]) => {
    const fold = createFold(DOCUMENT_KINDS);
    for (const line of lines) {
      const parsed = read(line);
      if (parsed === undefined) throw new Error(line);
      if ('hit' in parsed) fold.hit(parsed.hit);
      else if ('observation' in parsed) fold.observation(parsed.observation, parsed.times);
      else fold.refusal(parsed.refusal);
    }
    const deltas = fold.deltas().map(({ collection, id, counters }) => [`${collection}/${id}`, plain(counters)]);
    return Object.fromEntries(deltas);
  };
  const some = fc.array(
    fc.oneof(
      parsedRequest.map((all) => all.map(lineOf)),
      refusals.map((refusal) => [refusalLine(refusal).slice(0, -1)]),
    ),
    {
      maxLength: 20,
    },
  );

  it('are counted the same when they are grouped by site, joined with equal lines, or split', () => {
    fc.assert(
      fc.property(some, fc.nat(3), (lists, again) => {
        const lines = Array.from({ length: again + 1 }, () => lists.flat()).flat();
        const expected = documentsOfLines(lines);
        expect(documentsOfLines([...linesBySite(lines)].flat())).toEqual(expected);
        const split = lines.flatMap(splitLines);
        expect(documentsOfLines(split)).toEqual(expected);
        const [pauses, others] = [split.filter((line) => line[0] === 'w'), split.filter((line) => line[0] !== 'w')];
        expect(documentsOfLines([...sumPauses(pauses), ...others])).toEqual(expected);
        expect(split.flatMap(splitLines)).toEqual(split);
      }),
    );
  });

  it('may end with their number', () => {
    const line = 'p\tone\t20000\t2026-11-20';
    expect(countedLine(line)).toEqual([line, 1]);
    expect(countedLine(`${line}\t7`)).toEqual([line, 7]);
    const step = 's\tone\t20000\t2026-11-20\t10\t5\t/a\t/b\t1';
    expect(countedLine(`${step}\t12`)).toEqual([step, 12]);
  });
});

describe('a line of version 0.1', () => {
  const OLD = join(import.meta.dirname, '../../test/fixtures/journal-0.1');
  const lines = readdirSync(OLD)
    .filter((name) => name.endsWith('.hits'))
    .flatMap((name) => linesOf(readFileSync(join(OLD, name))).slice(1));

  it('is read completely: views, their observations, pings, events and refusals', () => {
    const read = createOldLineReader();
    const kinds = lines
      .flatMap(read)
      .map((parsed) =>
        'hit' in parsed ? parsed.hit.kind : 'refusal' in parsed ? parsed.refusal.reason : parsed.observation.kind,
      );
    const numbers = Object.fromEntries(
      [...new Set(kinds)].sort().map((kind) => [kind, kinds.filter((one) => one === kind).length]),
    );
    expect(numbers).toEqual({
      ...{ view: 9, event: 1, presence: 6, step: 3, ping: 2, reading: 2 },
      ...{ bot: 1, 'foreign-host': 1, 'unknown-site': 1 },
    });
  });

  it('is ignored if the text is not valid', () => {
    const read = createOldLineReader();
    for (const line of ['', 'v', 'x\ty', 'r\tone', 'v\tone\t1']) expect(read(line)).toEqual([]);
  });

  it('of the first versions has an hour without minutes, and does not mark the first view of a page', () => {
    const prefix = (kind: string) => `${kind}\tone\t1792857600000\t2026-10-25\t02+\t/a\tA\tdirect\t`;
    const technology = 'chrome|130-0|windows|desktop|1600|1280|768|de';
    const read = (line: string) => createOldLineReader()(line);
    const view = read(`${prefix('v')}${technology}\t3,3600,3,2,2,7200\t/b\t{"t":{"day":"2026-10-25","hour":"02"}}`);
    expect(view).toMatchObject([
      { hit: { at: { hour: '02+', minute: '00' }, visitor: { record: true, first: 'd', firstOfPage: '' } } },
      { observation: { kind: 'presence', firstOfHour: true } },
      { observation: { kind: 'step', day: '2026-10-25', hour: '02', from: '/b', to: '/a', seconds: 3600 } },
    ]);
    const reading = '{"t":{"day":"2026-10-25","hour":"02"},"g":{"engagedSeconds":7,"scrollPercent":40}}';
    const ping = `${prefix('p')}${technology}\t\t\t${reading}`;
    expect(read(ping)).toMatchObject([
      { observation: { kind: 'ping' } },
      { observation: { kind: 'reading', hour: '02', seconds: 7 } },
    ]);
  });
});
