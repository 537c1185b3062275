import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Imports, RangeTrace } from '../../../store/imports.js';
import { emptyLine } from '../formats/log-line.js';
import { createHours, createLineHasher, secondOf } from './fingerprint.js';
import { createMatcher } from './match.js';
import { createStoredLogs } from './stored-logs.js';
import { createTraceBuilder, decodeTrace, encodeTrace } from './trace.js';

const hashLine = createLineHasher('ab'.repeat(32));
const hourOf = createHours();

/** A line: the second of the day, and the requested target. */
interface Line {
  readonly second: number;
  readonly target: string;
}

function hashed(line: Line): { hour: number; second: number; hash: { a: number; b: number } } {
  const atMs = Date.UTC(2026, 2, 17) + line.second * 1000;
  const hash = { a: 0, b: 0 };
  hashLine({ ...emptyLine(), atMs, method: 'GET', target: line.target, status: 200 }, hash);
  return { hour: hourOf(atMs, '2026-03-17'), second: secondOf(atMs), hash };
}

/** The stored traces of logs, each counted in ranges of some lines. */
async function storedOf(logs: ReadonlyArray<ReadonlyArray<readonly Line[]>>) {
  const traces = new Map<string, RangeTrace[]>();
  for (const [i, ranges] of logs.entries()) {
    const ofLog = ranges.map((lines, n): RangeTrace => {
      const builder = createTraceBuilder();
      for (const line of lines) {
        const { hour, second, hash } = hashed(line);
        builder.add(hour, second, hash);
      }
      return { number: n + 1, skipped: [], hours: builder.encoded(), views: {} };
    });
    traces.set(`i${i}`, ofLog);
  }
  const imports = {
    begun: async () => [...traces.keys()].map((id) => ({ id })),
    traces: async (id: string) => traces.get(id) as RangeTrace[],
  } as unknown as Imports;
  return createStoredLogs(
    imports,
    { get: async (id) => ({ number: (traces.get(id) as RangeTrace[]).length, checksum: 0, countedUntilMs: 0 }) },
    'site',
  ).except('');
}

/** The numbers of the new lines, and how many of these are from times of other logs. */
async function compare(logs: ReadonlyArray<ReadonlyArray<readonly Line[]>>, lines: readonly Line[]) {
  const matcher = createMatcher(await storedOf(logs));
  for (const [i, line] of lines.entries()) {
    const { hour, second, hash } = hashed(line);
    matcher.add(hour, second, hash, i, i + 1);
    matcher.passed(hour - 4);
  }
  const match = matcher.finish();
  const found = new Set(match.known.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)));
  expect(found.size).toBe(match.knownLines);
  return { fresh: lines.flatMap((_, i) => (found.has(i) ? [] : [i])), beside: match.besideLines };
}

/** A day of a log in order of time, with a different target on each line. */
const dayOf = (lines: number, from = 0, seconds = 86_400, name = 'p') =>
  Array.from({ length: lines }, (_, i): Line => ({ second: from + Math.floor((i * seconds) / lines), target: `/${name}${i}` }));
const DAY = dayOf(6000);
const inRanges = (lines: readonly Line[], size: number) =>
  Array.from({ length: Math.ceil(lines.length / size) }, (_, i) => lines.slice(i * size, (i + 1) * size));
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('lines that other logs have counted', () => {
  it('are all known in the same log, whatever its ranges were', async () => {
    for (const size of [6000, 1000, 333]) expect(await compare([inRanges(DAY, size)], DAY)).toEqual({ fresh: [], beside: 0 });
  });

  it('are all known in a log that was joined from the other logs, in whatever order these were counted', async () => {
    const parts = [DAY.slice(0, 2345), DAY.slice(2345, 2400), DAY.slice(2400)];
    for (const logs of [parts, [...parts].reverse()])
      expect(
        await compare(
          logs.map((log) => inRanges(log, 500)),
          DAY,
        ),
      ).toEqual({ fresh: [], beside: 0 });
  });

  it('are all known in every part of a log that is longer than two chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(5000), fc.integer({ min: 300, max: 2000 }), async (from, length) => {
        expect(await compare([inRanges(DAY, 1000)], DAY.slice(from, from + length))).toEqual({ fresh: [], beside: 0 });
      }),
      { numRuns: 50 },
    );
  });

  it('are distinguished from new lines when a log continues another one, begins before it, or contains it', async () => {
    const cut = fc.integer({ min: 100, max: 5900 });
    await fc.assert(
      fc.asyncProperty(cut, cut, async (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        fc.pre(to > from);
        const counted = inRanges(DAY.slice(from, to), 700);
        expect((await compare([counted], DAY)).fresh).toEqual([...numbers(0, from), ...numbers(to, 6000)]);
        expect((await compare([counted], DAY.slice(from))).fresh).toEqual(numbers(to - from, 6000 - from));
        expect((await compare([counted], DAY.slice(0, to))).fresh).toEqual(numbers(0, from));
      }),
      { numRuns: 50 },
    );
  });

  it('are known when the logs of two machines were merged', async () => {
    const [one, two] = [DAY, dayOf(5000, 0, 86_400, 'q')];
    const merged = [...one, ...two].sort((a, b) => a.second - b.second);
    expect(await compare([[one], [two]], merged)).toEqual({ fresh: [], beside: 0 });
  });

  it('do not include those of another machine at the same time, whose number is returned', async () => {
    const other = dayOf(5000, 0, 86_400, 'q');
    const { fresh, beside } = await compare([[DAY]], other);
    expect(fresh.length).toBe(5000);
    expect(beside).toBeGreaterThan(4900);
  });

  it('do not include the lines of a log that follows another one, and none of these are reported', async () => {
    expect(await compare([[DAY.slice(0, 3017)]], DAY.slice(3017))).toEqual({ fresh: numbers(0, 2983), beside: 0 });
  });

  it('are reported by their number if a part is too short to be sure', async () => {
    const { fresh, beside } = await compare([[DAY]], DAY.slice(3003, 3008));
    expect(fresh.length).toBe(beside);
  });

  it('are known after an import was stopped, except those of ranges that it never began to count', async () => {
    const stored = await storedOf([inRanges(DAY, 1000)]);
    expect(stored.hours().length).toBe(24);
    const traces = inRanges(DAY, 1000).map((_, n): RangeTrace => ({ number: n + 1, skipped: [], hours: '', views: {} }));
    const builder = createTraceBuilder();
    builder.add(7, 0, { a: 1, b: 2 });
    traces[2] = { ...(traces[2] as RangeTrace), hours: builder.encoded() };
    const imports = { begun: async () => [{ id: 'i1' }], traces: async () => traces } as unknown as Imports;
    const until = async (number: number) =>
      (await createStoredLogs(imports, { get: async () => ({ number, checksum: 0, countedUntilMs: 0 }) }, 's').except('')).hours()
        .length;
    expect([await until(1), await until(2), await until(3)]).toEqual([0, 1, 1]);
  });
});

describe('the trace of a range', () => {
  it('is read back as it was written', () => {
    const chunk = fc.record({
      lines: fc.integer({ min: 1, max: 1_000_000 }),
      a: fc.nat(2 ** 32 - 1),
      b: fc.nat(2 ** 32 - 1),
      end: fc.constantFrom('whole' as const, 'open' as const, 'cut' as const),
    });
    const seconds = { first: fc.nat(3600), last: fc.nat(3600) };
    const hour = fc.record({ hour: fc.nat(10_000_000), ...seconds, chunks: fc.array(chunk, { minLength: 1, maxLength: 5 }) });
    fc.assert(
      fc.property(fc.uniqueArray(hour, { selector: ({ hour }) => hour, maxLength: 20 }), (hours) => {
        const sorted = hours.sort((a, b) => a.hour - b.hour);
        expect(decodeTrace(encodeTrace(sorted))).toEqual(sorted);
      }),
    );
  });

  it('takes a few bytes for each chunk of about 32 lines, and is empty if lines are not in order of time', () => {
    const builder = createTraceBuilder();
    for (const line of DAY) {
      const { hour, second, hash } = hashed(line);
      builder.add(hour, second, hash);
    }
    expect(Buffer.from(builder.encoded(), 'base64').length).toBeLessThan(6000 * 0.6);
    const scattered = createTraceBuilder();
    for (let hour = 0; hour < 20_000; hour++) scattered.add(hour, 0, { a: 1, b: 1 });
    expect(scattered.encoded()).toBe('');
  });

  it('does not depend on visitors', () => {
    const [one, two] = [
      { a: 0, b: 0 },
      { a: 0, b: 0 },
    ];
    const line = { ...emptyLine(), atMs: 5000, method: 'GET', target: '/a', status: 200, hasAgent: true };
    hashLine({ ...line, address: '192.0.2.1', agent: 'Firefox', referrer: 'https://example.com/?user=1' }, one);
    hashLine({ ...line, address: '192.0.2.2', agent: 'Chrome' }, two);
    expect(one).toEqual(two);
    for (const other of [{ atMs: 6000 }, { method: 'POST' }, { target: '/b' }, { status: 304 }]) {
      hashLine({ ...line, ...other }, two);
      expect(two).not.toEqual(one);
    }
    createLineHasher('cd'.repeat(32))(line, two);
    expect(two).not.toEqual(one);
  });
});
