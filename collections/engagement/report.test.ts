import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Countable, pinged, plainHit } from '../../test/fixtures/hits.js';
import { reporting } from '../../test/fixtures/reporting.js';

const DAY = '2026-11-20';
const NOON = Date.parse(`${DAY}T12:00:00Z`);

/** The pings of one view. Each has the engaged seconds and the depth so far. */
function pings(path: string, reports: ReadonlyArray<readonly [seconds: number, depth: number]>, viewedMs = NOON): Countable[] {
  return reports.flatMap(([x, y], i) => {
    const before = reports[i - 1];
    const z = 6000 + i;
    return pinged({ path, atMs: viewedMs + z * 1000, z, x, y, ...(before && { o: before[0], d: before[1] }) });
  });
}

const report = (hits: readonly Countable[], from = DAY, to = from, options = {}) =>
  reporting({ hits }).get('engagement', from, to, options);
const reached = ({ reached }: { reached: Array<{ depth: number; views: number }> }) => reached.map(({ views }) => views);

/** The most seconds that a later ping may add. */
const ADDED_SECONDS_MAX = 1800;
/** Random readings, with the points at which they are split into pings. */
const views = fc.array(
  fc
    .record({
      path: fc.constantFrom('/a', '/b'),
      seconds: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3600 })),
      depth: fc.integer({ min: 1, max: 100 }), // a window shows more than its upper edge
      splits: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
        maxLength: 4,
      }),
    })
    .map((view) => (view.splits.length === 0 ? view : { ...view, seconds: Math.min(view.seconds, ADDED_SECONDS_MAX) })),
  { minLength: 1, maxLength: 25 },
);

function pingsOf({ path, seconds, depth, splits }: { path: string; seconds: number; depth: number; splits: [number, number][] }) {
  const sorted = (of: 0 | 1, whole: number) => splits.map((split) => Math.floor(split[of] * whole)).sort((a, b) => a - b);
  const [inSeconds, inDepth] = [sorted(0, seconds), sorted(1, depth)];
  const reports = [...splits.map((_, i) => [inSeconds[i] as number, inDepth[i] as number] as const), [seconds, depth] as const];
  // The tracker sends no ping if nothing is new.
  return pings(
    path,
    reports.filter(([x, y], i) => x > (reports[i - 1]?.[0] ?? 0) || y > (reports[i - 1]?.[1] ?? 0)),
  );
}

describe('the engagement report', () => {
  it('counts a view once, no matter how many pings it sends', async () => {
    const hits = [
      ...pings('/a', [
        [4, 20],
        [4, 60],
        [31, 60],
      ]),
      ...pings('/a', [[12, 100]]),
      ...pings('/b', [[0, 40]]),
    ];
    const { total, rows } = await report(hits);
    expect(total).toMatchObject({ known: 3, seconds: 43, averageSeconds: 14.3, averageDepth: 66.7 });
    expect(reached(total)).toEqual([3, 2, 1, 1, 1]);
    expect(rows.map(({ key, known, seconds }: { key: string; known: number; seconds: number }) => [key, known, seconds])).toEqual(
      [
        ['/a', 2, 43],
        ['/b', 1, 0],
      ],
    );
    expect(rows[0].medianSeconds).toMatchObject({ least: 10, below: 15 });
    expect(rows[1].medianSeconds).toMatchObject({ least: 0, below: 1 });
    expect([rows[0].averageDepth, rows[1].averageDepth]).toEqual([80, 40]);
  });

  it('counts a view once in a class whose bound was reached exactly by the ping before', async () => {
    const [seconds, depth] = [3, 50];
    const hits = [
      ...pings('/a', [
        [seconds, depth],
        [seconds + 1, depth + 1],
      ]),
      ...pings('/a', [[seconds - 1, 0]]),
    ];
    const { total } = await report(hits);
    expect(total.medianSeconds).toMatchObject({ least: 1, below: 3 });
    expect(reached(total)).toEqual([1, 1, 0, 0, 0]);
  });

  it('counts on the day of the view and in its month', async () => {
    const hits = pings('/a', [[20, 50]], Date.parse('2026-10-31T22:59:50Z')); // the ping arrives after midnight
    expect(hits[0]).toMatchObject({ kind: 'ping', day: '2026-11-01' });
    const { get } = reporting({ hits });
    const { days } = await get('engagement', '2026-10-31', '2026-11-01');
    expect(days).toEqual([
      { key: '2026-10-31', known: 1, seconds: 20, averageSeconds: 20 },
      { key: '2026-11-01', known: 0, seconds: 0, averageSeconds: null },
    ]);
    expect((await get('engagement', '2026-10-01', '2026-10-31')).total).toMatchObject({ known: 1, seconds: 20 });
    expect((await get('engagement', '2026-11-01', '2026-11-30')).total).toMatchObject({ known: 0, seconds: 0 });
  });

  it('counts no view without a ping as known', async () => {
    const { total, rows, days } = await report([plainHit(NOON)]);
    expect(total).toMatchObject({ known: 0, seconds: 0, averageSeconds: null, medianSeconds: null, averageDepth: null });
    expect([rows, days[0].averageSeconds]).toEqual([[], null]);
  });

  it('can be searched by path and limited', async () => {
    const hits = [...pings('/a', [[1, 1]]), ...pings('/a', [[1, 1]]), ...pings('/b', [[1, 1]])];
    expect((await report(hits, DAY, DAY, { search: 'B' })).rows).toHaveLength(1);
    expect((await report(hits, DAY, DAY, { limit: 1 })).rows.map(({ key }: { key: string }) => key)).toEqual(['/a']);
  });

  it('never exceeds the maximum of the known views, even with forged pings', async () => {
    const atMs = NOON + 3_600_000;
    const forged = [
      { z: 3595, x: 3600, y: 1, d: 1 },
      { z: 3595, x: 3600, y: 100, o: 604, d: 99 },
      { z: 3595, x: 9, y: 95, o: 9, d: 10 },
    ];
    const hits = [
      ...Array.from({ length: 10 }, () => pings('/a', [[30, 50]])).flat(),
      ...forged.flatMap((ping) => Array.from({ length: 40 }, () => pinged({ path: '/a', atMs, ...ping })).flat()),
    ];
    const { total, rows, days } = await report(hits);
    for (const { known, seconds, averageSeconds } of [total, rows[0], days[0]])
      expect([known, seconds, averageSeconds]).toEqual([10, 36_000, 3600]);
    for (const level of [total, rows[0]]) {
      expect(level.averageDepth).toBe(100);
      expect(reached(level)).toEqual([10, 10, 10, 10, 10]);
    }
    const deepest = Array.from({ length: 3 }, () => pinged({ path: '/a', atMs, z: 3595, x: 604, y: 100, o: 604, d: 99 })).flat();
    const few = await report([...pings('/a', [[30, 50]]), ...pings('/a', [[30, 20]]), ...deepest]);
    expect(reached(few.total)).toEqual([1, 1, 0, 0, 0]);
    const none = await report(forged.flatMap((ping) => pinged({ path: '/a', atMs, ...ping })));
    expect(none.total).toMatchObject({ known: 0, seconds: 0, averageSeconds: null, averageDepth: null });
  });

  it('has no upper bound for the longest class', async () => {
    const { total } = await report(pings('/a', [[7200, 100]]));
    expect(total.medianSeconds).toEqual({ estimate: 3600, least: 3600, below: null });
  });

  it('finds the median in the right class and all other numbers exactly, no matter how the pings were split', async () => {
    await fc.assert(
      fc.asyncProperty(views, async (all) => {
        const { total, rows } = await report(all.flatMap(pingsOf));
        expectReading(total, all);
        for (const row of rows)
          expectReading(
            row,
            all.filter(({ path }) => path === row.key),
          );
      }),
    );
  });
});

interface Reading {
  readonly known: number;
  readonly seconds: number;
  readonly averageSeconds: number;
  readonly averageDepth: number;
  readonly medianSeconds: { readonly estimate: number; readonly least: number; readonly below: number | null };
  readonly reached: Array<{ readonly depth: number; readonly views: number }>;
}

function expectReading(reading: Reading, all: ReadonlyArray<{ readonly seconds: number; readonly depth: number }>): void {
  const sum = (of: 'seconds' | 'depth') => all.reduce((total, view) => total + view[of], 0);
  expect([reading.known, reading.seconds]).toEqual([all.length, sum('seconds')]);
  const tenths = (value: number) => Math.round(10 * value) / 10;
  expect(reading.averageSeconds).toBe(tenths(sum('seconds') / all.length));
  expect(reading.averageDepth).toBe(tenths(sum('depth') / all.length));
  for (const { depth, views } of reading.reached) expect(views).toBe(all.filter((view) => view.depth >= depth).length);
  const sorted = all.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const median = sorted[Math.ceil(sorted.length / 2) - 1] as number;
  const { estimate, least, below } = reading.medianSeconds;
  expect(median).toBeGreaterThanOrEqual(least);
  expect(median).toBeLessThan(below ?? Number.POSITIVE_INFINITY);
  expect(estimate).toBeGreaterThanOrEqual(least);
  expect(estimate).toBeLessThanOrEqual(below ?? least);
}
