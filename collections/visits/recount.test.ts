import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isIn, ranges, type Seen, visiting, visitsOf } from '../../test/fixtures/random-visits.js';
import { reporting } from '../../test/fixtures/reporting.js';

describe('the visits report', () => {
  it('equals a recount of all views, on any day and over any range', async () => {
    await fc.assert(
      fc.asyncProperty(visiting, ranges, async ({ seen, hits, timezone }, range) => {
        const { total, rows } = await reporting({ hits }).get('visits', ...range, { timezone });
        const steps = stepsOf(seen).filter(({ view }) => isIn(range)(view));
        expect(total).toMatchObject(sumOf(steps));
        for (const { key, hours, ...row } of rows) {
          const ofDay = steps.filter(({ view }) => view.at.day === key);
          if (row.views === 0 && ofDay.length === 0) continue;
          expect(row).toMatchObject(sumOf(ofDay));
          for (const { key, ...numbers } of hours)
            expect(numbers).toEqual(sumOf(ofDay.filter(({ view }) => view.at.hour === key)));
        }
      }),
    );
  });
});

interface Step {
  readonly view: Seen;
  readonly isFirst: boolean;
  /** The time to the next view of the visit. */
  readonly seconds: number | undefined;
}

function stepsOf(seen: readonly Seen[]): Step[] {
  return visitsOf(seen).flatMap((visit) =>
    visit.map((view, i) => {
      const next = visit[i + 1];
      return { view, isFirst: i === 0, seconds: next && (next.atMs - view.atMs) / 1000 };
    }),
  );
}

function sumOf(steps: readonly Step[]) {
  const begun = steps.filter(({ isFirst }) => isFirst);
  return {
    visits: begun.length,
    recorded: begun.length,
    bounces: begun.filter(({ seconds }) => seconds === undefined).length,
    views: steps.length,
    seconds: steps.reduce((sum, { seconds = 0 }) => sum + seconds, 0),
  };
}
