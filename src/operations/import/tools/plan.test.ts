import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlannedRange } from '../../../store/imports.js';
import { dayNames, planOf } from './plan.js';
import { addChecksums, type SurveyedDays } from './survey.js';

type Export = Readonly<Record<string, number>>;

/** The surveyed days of one report, with the checksum of each day. */
function surveyed(exported: Export): SurveyedDays {
  const days = Object.entries(exported).map(
    ([day, checksum]) => [day, { file: 'a', table: 1, lines: 1, amount: 1, checksum }] as const,
  );
  return new Map([['views', new Map(days)]]);
}

// around the ends of a month and of a year, with gaps
const days = fc.constantFrom(...dayNames(20_080, 20_095), ...dayNames(20_115, 20_125));
const exports = fc.array(fc.dictionary(days, fc.integer({ min: 1, max: 3 }), { minKeys: 1, noNullPrototype: true }), {
  minLength: 1,
  maxLength: 6,
});

function numbered(ranges: readonly PlannedRange[], exported: Export): PlannedRange[] {
  const { fresh } = planOf(surveyed(exported), ranges, ranges.length);
  return [...ranges, ...fresh.map((range, i) => ({ ...range, number: ranges.length + i + 1, receivedAtMs: 5 }))];
}

describe('the plan of an import', () => {
  it('contains each day once, from the first export that has it, in ranges within one month', () => {
    fc.assert(
      fc.property(exports, (all) => {
        const ranges = all.reduce(numbered, [] as PlannedRange[]);
        const taken = ranges.flatMap(({ from, to }) => dayNames(from, to));
        expect([...taken].sort()).toEqual([...new Set(all.flatMap((exported) => Object.keys(exported)))].sort());
        for (const { from, to, checksum } of ranges) {
          const names = dayNames(from, to);
          expect(new Set(names.map((day) => day.slice(0, 7))).size).toBe(1);
          const first = all.find((exported) => (names[0] as string) in exported) as Export;
          expect(checksum).toBe(names.reduce((sum, day) => addChecksums(sum, first[day] as number), 0));
        }
      }),
    );
  });

  it('continues an unfinished range if the export has the same numbers, and is refused otherwise', () => {
    fc.assert(
      fc.property(exports, fc.nat(20), fc.constantFrom('same', 'other', 'none'), (all, share, given) => {
        const [first = {}] = all;
        const ranges = numbered([], first);
        const finished = share % ranges.length;
        const { from } = ranges.at(-1) as PlannedRange;
        const [day = ''] = dayNames(from, from + 1);
        const { [day]: value, ...rest } = first;
        const again = given === 'same' ? first : given === 'other' ? { ...rest, [day]: (value as number) + 1 } : rest;
        const plan = () => planOf(surveyed(again), ranges, finished);
        if (given === 'same') expect(plan()).toMatchObject({ begun: ranges.slice(finished), fresh: [], differing: [] });
        else expect(plan).toThrow(/began with other numbers/);
      }),
    );
  });

  it('lists counted days for which the export has different numbers', () => {
    const ranges = numbered([], { '2025-01-01': 1, '2025-01-02': 2, '2025-02-01': 3 });
    const again = surveyed({ '2025-01-01': 1, '2025-01-02': 9, '2025-02-01': 3, '2025-02-02': 4 });
    expect(planOf(again, ranges, 2)).toMatchObject({
      before: ['2025-01-01', '2025-01-02', '2025-02-01'].map((day) => ({ report: 'views', day })),
      differing: [{ report: 'views', from: '2025-01-01', to: '2025-01-02' }],
      fresh: [{ from: 20_121, to: 20_122, checksum: 4 }],
    });
    // a range that is only partly in the export cannot be compared
    expect(planOf(surveyed({ '2025-01-02': 9 }), ranges, 2).differing).toEqual([]);
  });
});
