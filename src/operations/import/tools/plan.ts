// Plans which days are counted, and in which ranges. Unfinished ranges come first, and no day is counted twice in a report.
import type { PlannedRange } from '../../../store/imports.js';
import { dayNumber, dayOfNumber } from '../../../time/dates.js';
import { NotImportable } from '../ranges.js';
import { addChecksums, type DayShare, type SurveyedDays } from './survey.js';

/** Consecutive days of one calendar month in one report. `from` and `to` are in days since 1970; `to` is not included. */
export interface DayRange {
  readonly report: string;
  readonly from: number;
  readonly to: number;
  readonly checksum: number;
}

export interface Plan {
  /** Ranges that an earlier run began but did not finish. */
  readonly begun: readonly PlannedRange[];
  readonly fresh: readonly DayRange[];
  /** Days in the export that were counted before. */
  readonly before: ReadonlyArray<{ readonly report: string; readonly day: string }>;
  /** Days that were counted before from different numbers than the export has now. */
  readonly differing: ReadonlyArray<{ readonly report: string; readonly from: string; readonly to: string }>;
}

/** `ranges`: those of all runs, in order, of which the first `finished` are counted. Throws a NotImportable. */
export function planOf(days: SurveyedDays, ranges: readonly PlannedRange[], finished: number): Plan {
  const taken = new Set<string>();
  const before: Array<Plan['before'][number]> = [];
  const differing: Array<Plan['differing'][number]> = [];
  const begun: PlannedRange[] = [];
  for (const range of ranges) {
    const { report = '', from, to, checksum, number } = range;
    const shares = days.get(report);
    const names = dayNames(from, to);
    const found = names.filter((day) => shares?.has(day));
    for (const day of names) taken.add(keyOf(report, day));
    const isSame = found.length === names.length && sumOf(shares, found) === checksum;
    if (number > finished) {
      if (!isSame)
        throw new NotImportable(
          `an unfinished import of ${report} from ${names[0]} to ${names.at(-1)} began with other numbers: ` +
            'give that export again first',
        );
      begun.push(range);
    } else {
      for (const day of found) before.push({ report, day });
      if (!isSame && found.length === names.length)
        differing.push({ report, from: names[0] as string, to: names.at(-1) as string });
    }
  }
  return { begun, before, differing, fresh: [...days].flatMap(([report, shares]) => rangesOf(report, shares, taken)) };
}

function rangesOf(report: string, shares: ReadonlyMap<string, DayShare>, taken: ReadonlySet<string>): DayRange[] {
  const ranges: DayRange[] = [];
  const days = [...shares.keys()].filter((day) => !taken.has(keyOf(report, day))).sort();
  for (const day of days) {
    const { checksum } = shares.get(day) as DayShare;
    const number = dayNumber(day);
    const last = ranges.at(-1);
    if (last !== undefined && last.to === number && dayOfNumber(last.from).slice(0, 7) === day.slice(0, 7)) {
      ranges[ranges.length - 1] = {
        ...last,
        to: number + 1,
        checksum: addChecksums(last.checksum, checksum),
      };
    } else {
      ranges.push({ report, from: number, to: number + 1, checksum });
    }
  }
  return ranges;
}

export function keyOf(report: string, day: string): string {
  return `${report} ${day}`;
}

export function dayNames(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => dayOfNumber(from + i));
}

function sumOf(shares: ReadonlyMap<string, DayShare> | undefined, days: readonly string[]): number {
  return days.reduce((sum, day) => addChecksums(sum, shares?.get(day)?.checksum ?? 0), 0);
}
