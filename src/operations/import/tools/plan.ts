// Which days are counted now, and in which ranges: what was begun before is finished, and no day is counted twice in a report.
import type { PlannedRange } from '../../../store/imports.js';
import { dayNumber, dayOfNumber } from '../../../time/dates.js';
import { NotImportable } from '../ranges.js';
import { addChecksums, type DayShare, type SurveyedDays } from './survey.js';

/** Days of one calendar month, one after the other, in one report. `to` is not included; both in days since 1970. */
export interface DayRange {
  readonly report: string;
  readonly from: number;
  readonly to: number;
  readonly checksum: number;
}

export interface Plan {
  /** Begun by an earlier run and not confirmed. */
  readonly begun: readonly PlannedRange[];
  readonly fresh: readonly DayRange[];
  /** Counted before, in the export again. */
  readonly before: ReadonlyArray<{ readonly report: string; readonly day: string }>;
  /** Counted before from other numbers than the export has now. */
  readonly differing: ReadonlyArray<{ readonly report: string; readonly from: string; readonly to: string }>;
}

/** `ranges` are those of all runs, in order; the first `finished` of them are counted. Throws a NotImportable. */
export function planOf(days: SurveyedDays, ranges: readonly PlannedRange[], finished: number): Plan {
  const taken = new Set<string>();
  const before: Array<Plan['before'][number]> = [];
  const differing: Array<Plan['differing'][number]> = [];
  const begun: PlannedRange[] = [];
  for (const range of ranges) {
    const { report = '', from, to, checksum, number } = range;
    const shares = days.get(report);
    const names = dayNames(from, to);
    const there = names.filter((day) => shares?.has(day));
    for (const day of names) taken.add(keyOf(report, day));
    const isSame = there.length === names.length && sumOf(shares, there) === checksum;
    if (number > finished) {
      if (!isSame)
        throw new NotImportable(
          `an import of ${report} from ${names[0]} to ${names.at(-1)} was begun with other numbers and is not finished: give that export again first`,
        );
      begun.push(range);
    } else {
      for (const day of there) before.push({ report, day });
      if (!isSame && there.length === names.length)
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
