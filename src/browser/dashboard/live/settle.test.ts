import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NOTHING_SETTLED, type SeenView, type Settled, withAnswer, withViews } from './settle.js';

const SLOT = '2026-11-20 12';
const view = (receivedAtMs: number, slot = SLOT): SeenView => ({ slot, receivedAtMs });
const answer = (asOfMs: number, untilMs: number, views: number, slot = SLOT) => ({
  asOfMs,
  untilMs,
  views: new Map([[slot, views]]),
});
const shown = (settled: Settled, slot = SLOT): number => settled.views.get(slot) ?? 0;

describe('views that are added to an answer', () => {
  it('are shown before they are counted, and once when they are', () => {
    let settled = withAnswer(NOTHING_SETTLED, answer(1_000, 1_000, 10));
    settled = withViews(settled, [view(1_200)]);
    expect(shown(settled)).toBe(11);
    settled = withAnswer(settled, answer(1_200, 1_500, 10));
    expect(shown(settled)).toBe(11);
    settled = withAnswer(settled, answer(1_600, 1_600, 11));
    expect(shown(settled)).toBe(11);
    expect(withAnswer(settled, answer(9_000, 9_000, 11)).seen).toEqual([]);
  });

  it('are not added to an answer that may contain them', () => {
    const settled = withAnswer(withViews(NOTHING_SETTLED, [view(1_200)]), answer(1_000, 1_500, 11));
    expect(shown(settled)).toBe(11);
    expect(shown(withViews(settled, [view(1_300)]))).toBe(11);
  });

  it('are added to their own slot', () => {
    let settled = withAnswer(NOTHING_SETTLED, answer(1_000, 1_000, 10));
    settled = withViews(settled, [view(1_200, 'next')]);
    expect([shown(settled), shown(settled, 'next')]).toEqual([10, 1]);
  });

  it('that an answer lacks although it must contain them were deleted', () => {
    let settled = withViews(withAnswer(NOTHING_SETTLED, answer(1_000, 1_000, 10)), [view(1_200), view(9_100)]);
    settled = withAnswer(settled, answer(5_000, 5_050, 4));
    expect(shown(settled)).toBe(12);
    settled = withAnswer(settled, answer(9_000, 9_050, 4));
    expect(shown(settled)).toBe(5);
  });

  it('stay although an answer says that they are counted a little too early, as where clocks differ', () => {
    let settled = withViews(withAnswer(NOTHING_SETTLED, answer(1_000, 1_000, 10)), [view(1_200)]);
    settled = withAnswer(settled, answer(3_000, 3_000, 10));
    expect(shown(settled)).toBe(11);
    expect(shown(withAnswer(settled, answer(3_500, 3_500, 11)))).toBe(11);
  });

  it('change nothing by an answer that is older than the one before', () => {
    const settled = withAnswer(NOTHING_SETTLED, answer(2_000, 2_000, 10));
    expect(withAnswer(settled, answer(1_000, 1_000, 3))).toBe(settled);
  });

  it('wait for counting when there are too many of them', () => {
    const many = Array.from({ length: 30_000 }, () => view(1_200));
    const settled = withViews(withAnswer(NOTHING_SETTLED, answer(1_000, 1_000, 10)), many);
    expect(shown(settled)).toBe(20_010);
    expect(shown(withAnswer(settled, answer(1_500, 1_500, 30_010)))).toBe(30_010);
  });
});

interface Happening {
  /** A view: when it was received, when the feed shows it (undefined: never), and when it is counted. Milliseconds. */
  readonly receivedAtMs: number;
  readonly feedMs: number | undefined;
  readonly countedMs: number;
  readonly slot: string;
}

/** An answer is read at one time and shown at a later one. */
interface Asking {
  readonly readAtMs: number;
  readonly takesMs: number;
  /** By how much its `asOf` is ahead of the truth, since clocks differ. */
  readonly aheadMs: number;
}

const happenings = (loses: boolean) =>
  fc.array(
    fc.record({
      receivedAtMs: fc.nat(20_000),
      feedMs: loses ? fc.option(fc.nat(400), { nil: undefined }) : fc.nat(400),
      countedMs: fc.integer({ min: 1, max: 1_500 }),
      slot: fc.constantFrom('a', 'b'),
    }),
    { maxLength: 60 },
  );
const askings = fc.array(fc.record({ readAtMs: fc.nat(22_000), takesMs: fc.nat(1_500), aheadMs: fc.nat(4_000) }), {
  minLength: 1,
  maxLength: 30,
});

/** What the page shows after each step, and what was true then. `isView`: in this step the feed has shown a view. */
function play(all: readonly Happening[], asked: readonly Asking[]) {
  const steps: Array<{ atMs: number; change: (settled: Settled) => Settled; isView: boolean }> = [];
  for (const { receivedAtMs, feedMs, slot } of all) {
    if (feedMs === undefined) continue;
    const change = (settled: Settled) => withViews(settled, [{ slot, receivedAtMs }]);
    steps.push({ atMs: receivedAtMs + feedMs, change, isView: true });
  }
  for (const { readAtMs, takesMs, aheadMs } of [...asked, { readAtMs: 23_000, takesMs: 0, aheadMs: 0 }]) {
    const isCounted = (one: Happening) => one.receivedAtMs + one.countedMs <= readAtMs;
    const waiting = all.filter((one) => one.receivedAtMs < readAtMs && !isCounted(one));
    const asOfMs = Math.min(readAtMs, Math.min(...waiting.map(({ receivedAtMs }) => receivedAtMs)) + aheadMs);
    const views = new Map(['a', 'b'].map((slot) => [slot, all.filter((one) => one.slot === slot && isCounted(one)).length]));
    const change = (settled: Settled) => withAnswer(settled, { asOfMs, untilMs: readAtMs, views });
    steps.push({ atMs: readAtMs + takesMs, change, isView: false });
  }
  let settled = NOTHING_SETTLED;
  return steps
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, change, isView }) => {
      settled = change(settled);
      const truth = (slot: string) => all.filter((one) => one.slot === slot && one.receivedAtMs <= atMs).length;
      return { isView, shown: [shown(settled, 'a'), shown(settled, 'b')], true: [truth('a'), truth('b')] };
    });
}

const sum = ([a = 0, b = 0]: readonly number[]): number => a + b;

describe('any order of views and answers', () => {
  it('never shows more views than there were, never goes back, and shows all once they are counted', () => {
    fc.assert(
      fc.property(happenings(true), askings, (all, asked) => {
        const steps = play(all, asked);
        let before: readonly number[] = [0, 0];
        for (const step of steps) {
          step.shown.forEach((count, slot) => {
            expect(count).toBeLessThanOrEqual(step.true[slot] as number);
            expect(count).toBeGreaterThanOrEqual(before[slot] as number);
          });
          before = step.shown;
        }
        expect(steps.at(-1)?.shown).toEqual(steps.at(-1)?.true);
      }),
      { numRuns: 500 },
    );
  });

  it('shows every view as soon as it is seen, if the feed shows all since the first answer and is quicker than counting', () => {
    fc.assert(
      fc.property(happenings(false), askings, (all, asked) => {
        const later = all.map((one) => ({ ...one, receivedAtMs: one.receivedAtMs + 10, countedMs: one.countedMs + 400 }));
        let seen = 0;
        for (const { isView, shown: now } of play(later, [{ readAtMs: 5, takesMs: 0, aheadMs: 0 }, ...asked])) {
          if (isView) seen++;
          expect(sum(now)).toBeGreaterThanOrEqual(seen);
        }
      }),
      { numRuns: 500 },
    );
  });
});
