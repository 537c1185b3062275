import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS } from '../../src/time/units.js';
import { type Seen, visiting } from '../../test/fixtures/random-visits.js';
import { reporting } from '../../test/fixtures/reporting.js';

describe('the retention report', () => {
  it('equals a recount of all views', async () => {
    await fc.assert(
      fc.asyncProperty(visiting, async ({ seen, hits, timezone }) => {
        const { weeks, months } = await reporting({ hits }).get('retention', '2025-01-01', '2027-12-31', { timezone });
        expect(withoutEnd(weeks)).toEqual(recounted(seen, weekOf));
        expect(withoutEnd(months)).toEqual(recounted(seen, monthOf));
      }),
    );
  });
});

interface Cohort {
  readonly key: string;
  readonly browsers: number;
  readonly returned: readonly number[];
}

/** Removes the zeros at the end, which are weeks and months in which nobody came. */
function withoutEnd(cohorts: readonly Cohort[]): Cohort[] {
  return cohorts.map(({ returned, ...cohort }) => ({
    ...cohort,
    returned: returned.slice(0, returned.findLastIndex((number) => number > 0) + 1),
  }));
}

function recounted(seen: readonly Seen[], keyOf: (atMs: number) => string): Cohort[] {
  const firstOf = new Map<number, string>();
  const here = new Map<string, Map<string, Set<number>>>();
  const periods = new Set<string>();
  for (let atMs = Date.parse('2025-10-01'); atMs < Date.parse('2028-01-01'); atMs += DAY_MS) periods.add(keyOf(atMs));
  const order = [...periods].sort();
  for (const { browser, atMs } of seen) {
    const key = keyOf(atMs);
    const first = firstOf.get(browser) ?? key;
    firstOf.set(browser, first);
    const cohort = here.get(first) ?? new Map<string, Set<number>>();
    here.set(first, cohort.set(key, new Set([...(cohort.get(key) ?? []), browser])));
  }
  const cohorts = [...here].sort(([a], [b]) => (a < b ? -1 : 1));
  return withoutEnd(
    cohorts.map(([key, cohort]) => ({
      key,
      browsers: cohort.get(key)?.size ?? 0,
      returned: order.slice(order.indexOf(key) + 1).map((later) => cohort.get(later)?.size ?? 0),
    })),
  );
}

/** The Monday of the week, in UTC. */
function weekOf(atMs: number): string {
  const date = new Date(atMs);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}
